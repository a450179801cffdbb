package confcodes.lab;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Asterisk's side of one FastAGI connection, with a caller whose keys are a script. It answers commands as res_agi.c does,
 * remembers them, and looks at the clock. Used by one thread at a time.
 */
public final class FastAgiPeer implements AutoCloseable {

    /** How a caller goes. */
    public enum HangUp {
        /** A bare HANGUP line, then 511 to most commands. */
        AS_ASTERISK_SAYS_IT,
        /** 511 without a HANGUP line. */
        DEAD_CHANNEL,
        /** The socket is closed. */
        CLOSED,
        /** The answer is -1 and the channel is down. */
        FAILED
    }

    private static final int PATIENCE_MILLIS = 90_000;
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{(URIENCODE\\(\\$\\{(\\w+)}\\)|\\w+)}");

    private final Socket socket;
    private final BufferedReader in;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> commands = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Queue<String> reads = new ArrayDeque<>();
    private final Map<String, Character> keys = new HashMap<>();
    private final Map<String, String> replies = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private BiConsumer<String, String> channel = (name, value) -> {};
    private String missing = "";
    private String unanswered = "";
    private String hangUpAt = "\n";
    private HangUp hangUp = HangUp.CLOSED;
    private boolean gone;
    private final long opened;
    private long typedAt;
    private long toldAt;

    /**
     * Connects.
     *
     * @param port where confcodes serves
     * @param script what the dialplan would write after agi://…/, such as {@code conference_mute?conference=100}
     */
    public FastAgiPeer(int port, String script) throws IOException {
        this(InetAddress.getLoopbackAddress(), port, script);
    }

    /** Connects from one of this machine's addresses. */
    public FastAgiPeer(InetAddress from, int port, String script) throws IOException {
        opened = System.nanoTime();
        typedAt = opened;
        socket = new Socket(InetAddress.getLoopbackAddress(), port, from, 0);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8), 512);
        headers.put("agi_network", "yes");
        headers.put("agi_network_script", script);
        headers.put("agi_request", "agi://127.0.0.1/" + script);
        headers.put("agi_channel", "PJSIP/200-00000001");
        headers.put("agi_language", "en");
        headers.put("agi_type", "PJSIP");
        headers.put("agi_uniqueid", "1700000000.1");
        headers.put("agi_version", "22.0.0");
        headers.put("agi_callerid", "200");
        headers.put("agi_calleridname", "unknown");
        headers.put("agi_callingpres", "0");
        headers.put("agi_dnid", "unknown");
        headers.put("agi_context", "conference_sc");
        headers.put("agi_extension", "conference_mute");
        headers.put("agi_priority", "2");
    }

    /** Names the calling channel, which the peer need not control. */
    public FastAgiPeer names(String channelName, String uniqueId) {
        return header("agi_channel", channelName).header("agi_uniqueid", uniqueId);
    }

    /** Stands for a real channel: what the server sets on it is set there, so that it can prove to be the caller's. */
    public FastAgiPeer standsFor(Crowd.Member member, AmiObserver ami) {
        return names(member.channel(), member.uniqueId()).sets((name, value) -> {
            if (name.equals("CONFCODES_TAKEN") && !value.isEmpty()) {
                ami.setVariable(member.channel(), name, value);
            }
        });
    }

    /** Tells somebody each variable that the server sets, before it is answered. */
    public FastAgiPeer sets(BiConsumer<String, String> listener) {
        channel = listener;
        return this;
    }

    /** Sends this header with the request. */
    public FastAgiPeer header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * What Read returns, in this order: digits, after which a hash is pressed, or {@code ~} for nothing in time; {@code
     * timeout}, {@code hangup}. Then time-outs.
     */
    public FastAgiPeer types(String... results) {
        reads.addAll(Arrays.asList(results));
        return this;
    }

    /** Which key is pressed while something is heard. */
    public FastAgiPeer pressesDuring(String sound, char key) {
        keys.put(sound, key);
        return this;
    }

    /** A variable of the channel. */
    public FastAgiPeer variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** A sound that has no file. */
    public FastAgiPeer misses(String sound) {
        missing = sound;
        return this;
    }

    /** The caller goes when a command that begins so arrives. */
    public FastAgiPeer hangsUpAt(String command, HangUp how) {
        hangUpAt = command;
        hangUp = how;
        return this;
    }

    /** Answers a command that begins so with this line. */
    public FastAgiPeer replies(String command, String line) {
        replies.put(command, line);
        return this;
    }

    /** Sends the request only. */
    public FastAgiPeer request() throws IOException {
        StringBuilder text = new StringBuilder();
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        send(text + "\n");
        return this;
    }

    /** Sends the request and answers commands until the server closes the connection. */
    public FastAgiPeer play() throws IOException {
        request();
        return playOn();
    }

    /** Sends the request and answers commands up to one that begins so, which is not answered. */
    public FastAgiPeer playUntil(String command) throws IOException {
        request();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith(command)) {
                unanswered = line;
                return this;
            }
            answer(line);
        }
        throw new IOException("the server never sent " + command + "; it sent " + commands);
    }

    /** Sends the request and answers commands up to a Read, which is not answered. */
    public FastAgiPeer playUntilAsked() throws IOException {
        return playUntil("EXEC \"Read\"");
    }

    /** Answers the command that {@link #playUntil} left, and the others until the server closes the connection. */
    public FastAgiPeer playOn() throws IOException {
        try {
            if (!unanswered.isEmpty()) {
                answer(unanswered);
            }
            String command = socket.isClosed() ? null : in.readLine();
            while (command != null) {
                answer(command);
                command = socket.isClosed() ? null : in.readLine();
            }
        } catch (SocketException e) {
            // The server has gone.
        }
        return this;
    }

    private void answer(String command) throws IOException {
        commands.add(command);
        if (!gone && command.startsWith(hangUpAt)) {
            gone = true;
            if (hangUp == HangUp.CLOSED) {
                socket.close();
                return;
            }
            if (hangUp == HangUp.AS_ASTERISK_SAYS_IT) {
                send("HANGUP\n");
            }
        }
        send(reply(command) + "\n");
    }

    private String reply(String command) {
        for (Map.Entry<String, String> reply : replies.entrySet()) {
            if (command.startsWith(reply.getKey())) {
                return reply.getValue();
            }
        }
        if (command.startsWith("CHANNEL STATUS")) {
            return gone ? "200 result=-1" : "200 result=6";
        }
        if (gone) {
            return hangUp == HangUp.FAILED
                    ? "200 result=-1"
                    : "511 Command Not Permitted on a dead channel or intercept routine";
        }
        String[] quoted = command.split("\"");
        String first = quoted.length > 1 ? quoted[1] : "";
        String second = quoted.length > 3 ? quoted[3] : "";
        if (command.startsWith("EXEC \"Read\"")) {
            read(second);
            return "200 result=0";
        }
        if (command.startsWith("GET FULL VARIABLE")) {
            return "200 result=1 (" + evaluate(first) + ")";
        }
        if (command.startsWith("GET VARIABLE")) {
            return variables.containsKey(first) ? "200 result=1 (" + variables.get(first) + ")" : "200 result=0";
        }
        if (command.startsWith("SET VARIABLE")) {
            set(first, second);
            return "200 result=1";
        }
        if (command.startsWith("STREAM FILE") && first.equals(missing)) {
            return "200 result=-1 endpos=0";
        }
        heard.add(command.startsWith("EXEC") ? (first + " " + second).strip() : first);
        char key = command.contains("0123456789*#") ? keys.getOrDefault(first, '\0') : 0;
        return "200 result=" + (int) key + (command.startsWith("STREAM") ? " endpos=8000" : "");
    }

    /** Asks for keys: over a dial tone with the option i, else over sounds. */
    private void read(String arguments) {
        String[] argument = arguments.split(",", -1);
        if (!argument[3].equals("i")) {
            heard.addAll(List.of(argument[1].split("&")));
        }
        String typed = reads.isEmpty() ? "timeout" : reads.remove();
        boolean isWord = typed.equals("timeout") || typed.equals("hangup");
        boolean isLate = typed.endsWith("~");
        variables.put("READSTATUS", isWord ? typed.toUpperCase(Locale.ROOT) : isLate ? "TIMEOUT" : "OK");
        variables.put(argument[0], isWord ? "" : typed.replace("~", ""));
        typedAt = System.nanoTime();
    }

    private void set(String name, String value) {
        if (name.equals("CONFCODES_STATUS")) {
            toldAt = System.nanoTime();
        }
        variables.put(name, value);
        channel.accept(name, value);
    }

    private String evaluate(String expression) {
        return REFERENCE
                .matcher(expression)
                .replaceAll(reference -> Matcher.quoteReplacement(
                        reference.group(2) == null
                                ? variables.getOrDefault(reference.group(1), "")
                                : URLEncoder.encode(variables.getOrDefault(reference.group(2), ""), UTF_8)
                                        .replace("+", "%20")));
    }

    /** Sends a text as it stands. */
    public void send(String text) throws IOException {
        send(text.getBytes(UTF_8));
    }

    /** Sends bytes as they stand. */
    public void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** {@return whether the server closes the connection without another word} */
    public boolean isClosedSilently() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    /** {@return all commands that have come} */
    public List<String> commands() {
        return commands;
    }

    /** {@return what the caller heard but dial tones: names of sounds, also those of Read, digits, applications} */
    public List<String> heard() {
        return heard;
    }

    /** {@return how often keys were asked for} */
    public long asked() {
        return commands.stream()
                .filter(command -> command.startsWith("EXEC \"Read\""))
                .count();
    }

    /** {@return the channel variable CONFCODES_STATUS, such as {@code DONE}; empty if it was not set} */
    public String status() {
        return variables.getOrDefault("CONFCODES_STATUS", "");
    }

    /** {@return the channel variable CONFCODES_CHANNEL; empty if it was not set} */
    public String channel() {
        return variables.getOrDefault("CONFCODES_CHANNEL", "");
    }

    /** {@return when it connected, a value of System.nanoTime} */
    public long opened() {
        return opened;
    }

    /** {@return when the last digits were typed, or else when it connected} */
    public long typedAt() {
        return typedAt;
    }

    /** {@return from the last digits, or the connection if there were none, to the outcome told, in nanoseconds} */
    public long nanos() {
        return (toldAt == 0 ? System.nanoTime() : toldAt) - typedAt;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
