package confcodes.agi;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

/**
 * Asterisk's side of one FastAGI call, with a caller whose keys are a script. It answers commands as res_agi.c does and
 * remembers them. Used by the test's thread.
 */
final class ScriptedAgi implements AutoCloseable {

    static final String MODERATOR = "PJSIP/200-00000001";

    /** How a caller goes. */
    enum HangUp {
        /** A bare HANGUP line, then 511 to most commands. */
        AS_ASTERISK_SAYS_IT,
        /** 511 without a HANGUP line. */
        DEAD_CHANNEL,
        /** The socket is closed. */
        CLOSED,
        /** The answer is -1 and the channel is down. */
        FAILED
    }

    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final BufferedReader in;
    private final Map<String, String> headers = new LinkedHashMap<>();
    private final List<String> commands = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final Queue<String> reads = new ArrayDeque<>();
    private final Queue<Character> waits = new ArrayDeque<>();
    private final Map<String, Character> keys = new HashMap<>();
    private final Map<String, String> replies = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private String missing = "";
    private String unanswered;
    private String hangUpAt = "\n";
    private HangUp hangUp;
    private boolean gone;

    ScriptedAgi(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        headers.put("agi_network", "yes");
        headers.put("agi_network_script", "");
        headers.put("agi_request", "agi://127.0.0.1/");
        headers.put("agi_channel", MODERATOR);
        headers.put("agi_language", "en");
        headers.put("agi_type", "PJSIP");
        headers.put("agi_uniqueid", "1700000000.1");
        headers.put("agi_version", "22.0.0");
        headers.put("agi_callerid", "200");
        headers.put("agi_extension", "conference_mute");
        headers.put("agi_priority", "2");
    }

    /** Calls a code: a script's name and its parameters. */
    static ScriptedAgi call(CodeServer server, String script) throws IOException {
        return new ScriptedAgi(server.getPort()).header("agi_network_script", script);
    }

    ScriptedAgi header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /**
     * What Read returns, in this order: digits, behind which a hash is pressed, or "~" for nothing in time; "timeout",
     * "hangup". Then time-outs.
     */
    ScriptedAgi types(String... results) {
        reads.addAll(Arrays.asList(results));
        return this;
    }

    /** Which key is pressed while something is heard. */
    ScriptedAgi pressesDuring(String sound, char key) {
        keys.put(sound, key);
        return this;
    }

    /** Which keys are waited for, in this order. */
    ScriptedAgi pressesBehind(char key) {
        waits.add(key);
        return this;
    }

    ScriptedAgi variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    /** A sound that has no file. */
    ScriptedAgi misses(String sound) {
        missing = sound;
        return this;
    }

    /** The caller goes when a command that begins so arrives. */
    ScriptedAgi hangsUpAt(String command, HangUp how) {
        hangUpAt = command;
        hangUp = how;
        return this;
    }

    /** Answers a command that begins so with this line. */
    ScriptedAgi replies(String command, String line) {
        replies.put(command, line);
        return this;
    }

    /** Sends the request and answers commands until the server closes the connection. */
    ScriptedAgi play() throws IOException {
        request();
        while (!socket.isClosed() && answerOne()) {
            // Goes on.
        }
        return this;
    }

    /** Sends the request only. */
    ScriptedAgi request() throws IOException {
        StringBuilder text = new StringBuilder();
        headers.forEach(
                (name, value) -> text.append(name).append(": ").append(value).append('\n'));
        send(text + "\n");
        return this;
    }

    /** Answers commands up to one that begins so, which is not answered. */
    ScriptedAgi playUntil(String command) throws IOException {
        request();
        String line = in.readLine();
        while (!line.startsWith(command)) {
            commands.add(line);
            send(answer(line) + "\n");
            line = in.readLine();
        }
        unanswered = line;
        return this;
    }

    /** Answers the command that {@link #playUntil} left, and the others. */
    void playOn() throws IOException {
        commands.add(unanswered);
        send(answer(unanswered) + "\n");
        while (!socket.isClosed() && answerOne()) {
            // Goes on.
        }
    }

    private boolean answerOne() throws IOException {
        String command;
        try {
            command = in.readLine();
        } catch (SocketException e) {
            return false;
        }
        if (command == null) {
            return false;
        }
        commands.add(command);
        if (!gone && command.startsWith(hangUpAt)) {
            gone = true;
            if (hangUp == HangUp.CLOSED) {
                socket.close();
                return false;
            }
            if (hangUp == HangUp.AS_ASTERISK_SAYS_IT) {
                send("HANGUP\n");
            }
        }
        try {
            send(answer(command) + "\n");
        } catch (SocketException e) {
            return false;
        }
        return true;
    }

    void send(String text) throws IOException {
        send(text.getBytes(UTF_8));
    }

    void send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** {@return whether the server closes the connection without another word} */
    boolean isClosedSilently() throws IOException {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            return true;
        }
    }

    private String answer(String command) {
        for (Map.Entry<String, String> reply : replies.entrySet()) {
            if (command.startsWith(reply.getKey())) {
                return reply.getValue();
            }
        }
        String[] quoted = command.split("\"");
        String first = quoted.length > 1 ? quoted[1] : "";
        if (command.startsWith("CHANNEL STATUS")) {
            return gone ? "200 result=-1" : "200 result=6";
        }
        if (gone) {
            return hangUp == HangUp.FAILED
                    ? "200 result=-1"
                    : "511 Command Not Permitted on a dead channel or intercept routine";
        }
        if (command.startsWith("EXEC \"Read\"")) {
            String typed = reads.isEmpty() ? "timeout" : reads.remove();
            boolean word = typed.equals("timeout") || typed.equals("hangup");
            boolean late = typed.endsWith("~");
            variables.put("READSTATUS", word ? typed.toUpperCase(Locale.ROOT) : late ? "TIMEOUT" : "OK");
            variables.put("CONFCODES_DIGITS", word ? "" : typed.replace("~", ""));
            return "200 result=0";
        }
        if (command.startsWith("GET FULL VARIABLE")) {
            return "200 result=1 (" + variables.getOrDefault("READSTATUS", "") + ":"
                    + variables.getOrDefault("CONFCODES_DIGITS", "") + ")";
        }
        if (command.startsWith("GET VARIABLE")) {
            String value = variables.get(first);
            return value == null ? "200 result=0" : "200 result=1 (" + value + ")";
        }
        if (command.startsWith("SET VARIABLE")) {
            variables.put(first, quoted.length > 3 ? quoted[3] : "");
            return "200 result=1";
        }
        if (command.startsWith("STREAM FILE") && first.equals(missing)) {
            return "200 result=-1 endpos=0";
        }
        if (command.startsWith("WAIT FOR DIGIT")) {
            return "200 result=" + (waits.isEmpty() ? 0 : (int) waits.remove());
        }
        heard.add(command.startsWith("EXEC") ? first + (quoted.length > 3 ? " " + quoted[3] : "") : first);
        char key = keys.getOrDefault(first, (char) 0);
        return "200 result=" + (command.contains("0123456789*#") ? (int) key : 0)
                + (command.startsWith("STREAM") ? " endpos=8000" : "");
    }

    /** {@return all commands that have come} */
    List<String> commands() {
        return commands;
    }

    /** {@return what the caller heard but dial tones: names of sounds, digits} */
    List<String> heard() {
        return heard;
    }

    /** {@return how often digits were asked for} */
    long asked() {
        return commands.stream()
                .filter(command -> command.startsWith("EXEC \"Read\"") || command.startsWith("WAIT"))
                .count();
    }

    /** {@return the channel variable CONFCODES_STATUS; empty when it was not set} */
    String status() {
        return variables.getOrDefault("CONFCODES_STATUS", "");
    }

    /** {@return the channel variable CONFCODES_CHANNEL; empty when it was not set} */
    String channel() {
        return variables.getOrDefault("CONFCODES_CHANNEL", "");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
