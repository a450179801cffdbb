package confcodes.lab;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PBX's manager interface on a loopback port, whose answer to each action is a script. It checks logins as Asterisk does and
 * remembers what was asked. Scripts run on its own threads and assert nothing.
 */
public final class ScriptedAmi implements AutoCloseable {

    /** Who may log in. */
    public static final String USER = "confcodes";

    /** The secret of a new one. */
    public static final String SECRET = "Zebra-4711-Secret";

    private static final Set<String> HOUSEKEEPING = Set.of("Challenge", "Login", "Ping", "Logoff");

    /** What is answered to an action. */
    @FunctionalInterface
    public interface Script {

        /** Answers an action, given with its fields. */
        void play(Peer peer, Map<String, String> action) throws IOException;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Map<String, String>> received = new CopyOnWriteArrayList<>();
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private volatile ServerSocket listener;
    private volatile Thread accepting;
    private volatile Script otherwise = (peer, action) -> peer.error(action, "Invalid/unknown command");
    private volatile String greeting = "Asterisk Call Manager/11.0.0\r\n";
    private volatile String secret = SECRET;
    private volatile int cut;
    private volatile int cutConnections;

    /** Starts one that knows how to log in, to answer a ping, and to log off. */
    public ScriptedAmi() {
        listen(0);
        on("Challenge", (peer, action) -> peer.send("Response: Success", peer.id(action), "Challenge: 123456789"));
        on("Login", (peer, action) -> {
            if (action.get("Key").equals(md5("123456789" + secret))) {
                peer.success(action, "Authentication accepted");
            } else {
                peer.error(action, "Authentication failed");
                peer.close();
            }
        });
        on("Ping", (peer, action) -> peer.send("Response: Success", peer.id(action), "Ping: Pong"));
        on("Logoff", (peer, action) -> {
            peer.send("Response: Goodbye", peer.id(action), "Message: Thanks for all the fish.");
            peer.close();
        });
    }

    /**
     * {@return one that answers what is in a transcript as a real Asterisk did} Logins are checked as ever. A transcript is a
     * file {@code src/test/resources/confcodes/ami/*.txt}: lines that were sent begin with ">", lines that came back with "<".
     */
    public static ScriptedAmi replaying(String transcript) {
        ScriptedAmi ami = new ScriptedAmi();
        Map<Map<String, String>, List<String>> answers = new LinkedHashMap<>();
        Map<String, String> asked = new LinkedHashMap<>();
        for (String line : lines(transcript)) {
            String text = line.substring(2);
            if (line.startsWith("<") && asked.isEmpty()) {
                ami.greetWith(text + "\r\n");
            } else if (line.startsWith("<")) {
                answers.computeIfAbsent(asked, question -> new ArrayList<>()).add(text);
            } else if (!text.isEmpty()) {
                asked = text.startsWith("Action: ") ? new LinkedHashMap<>() : asked;
                asked.put(text.substring(0, text.indexOf(':')), text.substring(text.indexOf(':') + 2));
                asked.remove("ActionID");
            }
        }
        ami.otherwise((peer, action) -> {
            Map<String, String> question = new LinkedHashMap<>(action);
            question.remove("ActionID");
            for (String line : answers.getOrDefault(
                    question, List.of("Response: Error", "ActionID: ", "Message: not in " + transcript, ""))) {
                peer.raw((line.startsWith("ActionID: ") ? peer.id(action) : line) + "\r\n");
            }
        });
        return ami;
    }

    private static List<String> lines(String transcript) {
        return assertDoesNotThrow(() -> Files.readAllLines(Path.of("src/test/resources/confcodes/ami", transcript)));
    }

    private void listen(int port) {
        assertDoesNotThrow(() -> {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            listener = socket;
            accepting = daemon(() -> accept(socket));
        });
    }

    private static Thread daemon(Runnable run) {
        Thread thread = new Thread(run, "scripted-ami");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private void accept(ServerSocket from) {
        try {
            while (true) {
                Peer peer = new Peer(from.accept(), connections.incrementAndGet());
                peers.add(peer);
                daemon(peer::serve);
            }
        } catch (IOException e) {
            // The listener was closed.
        }
    }

    /** From now on an action is answered by a script. */
    public ScriptedAmi on(String action, Script script) {
        scripts.put(action, script);
        return this;
    }

    /** From now on every action without a script of its own is answered by this one. */
    public ScriptedAmi otherwise(Script script) {
        otherwise = script;
        return this;
    }

    /** From now on connections begin with this greeting; an empty one is silence. */
    public ScriptedAmi greetWith(String text) {
        greeting = text;
        return this;
    }

    /** From now on only this secret is the right one. */
    public void changeSecret(String to) {
        secret = to;
    }

    /** Closes each of the first connections after so many bytes sent. */
    public ScriptedAmi cutAfter(int bytes, int firstConnections) {
        cut = bytes;
        cutConnections = firstConnections;
        return this;
    }

    /** {@return the port} */
    public int port() {
        return listener.getLocalPort();
    }

    /** {@return how many connections there have been} */
    public int connections() {
        return connections.get();
    }

    /** {@return how many bytes were sent, on all connections together} */
    public int sent() {
        return sent.get();
    }

    /** {@return how many connections there are} */
    public int open() {
        return peers.size();
    }

    /** {@return the actions of a name that have arrived, each with its fields} */
    public List<Map<String, String>> received(String action) {
        return received.stream()
                .filter(fields -> action.equals(fields.get("Action")))
                .toList();
    }

    /** {@return all that has arrived but logins, pings and logoffs} */
    public List<Map<String, String>> received() {
        return received.stream()
                .filter(fields -> !HOUSEKEEPING.contains(fields.getOrDefault("Action", "")))
                .toList();
    }

    /** Dies: all connections and the port are closed. */
    public void die() {
        assertDoesNotThrow(() -> {
            listener.close();
            // The port is free only when the thread that accepts has noticed.
            accepting.join();
            for (Peer peer : peers) {
                peer.close();
            }
        });
    }

    /** Comes back on the same port. */
    public void revive() {
        listen(listener.getLocalPort());
    }

    @Override
    public void close() {
        die();
    }

    private static String md5(String text) {
        return assertDoesNotThrow(
                () -> HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8))));
    }

    /** {@return a whole answer to a list action, as Asterisk gives it} */
    public static Script list(String event, List<String> rows) {
        return (peer, action) -> {
            peer.success(action, "Confbridge user list will follow");
            for (String row : rows) {
                peer.send("Event: " + event, peer.id(action), row);
            }
            peer.complete(action, event, rows.size());
        };
    }

    /** {@return a row of ConfbridgeList without its first two lines; 101 is an administrator} */
    public static String row(int number) {
        return ("Conference: 100|Admin: " + (number == 101 ? "Yes" : "No")
                        + "|MarkedUser: No|WaitMarked: No|EndMarked: No|EndMarkedAny: No|Waiting: No|Muted: No|Talking: No"
                        + "|AnsweredTime: 12|Channel: PJSIP/" + number + "-0000" + Integer.toHexString(0x1000 + number)
                        + "|ChannelState: 6|ChannelStateDesc: Up|CallerIDNum: " + number + "|CallerIDName: Number "
                        + number
                        + "|ConnectedLineNum: <unknown>|ConnectedLineName: <unknown>|Language: en|AccountCode: "
                        + "|Context: conference|Exten: s|Priority: 2|Uniqueid: 1700000000." + number
                        + "|Linkedid: 1700000000." + number)
                .replace("|", "\r\n");
    }

    /** One connection. */
    public final class Peer {

        private final Socket socket;
        private final OutputStream out;
        private final int number;
        private int sentHere;

        private Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
            this.number = number;
            socket.setTcpNoDelay(true);
        }

        /** {@return which connection it is, from 1} */
        public int number() {
            return number;
        }

        private void serve() {
            try (socket) {
                raw(greeting);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                Map<String, String> action = new LinkedHashMap<>();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (!line.isEmpty()) {
                        int colon = Math.max(1, line.indexOf(':'));
                        action.put(
                                header(line.substring(0, colon)),
                                line.substring(colon + 1).strip());
                        continue;
                    }
                    received.add(action);
                    scripts.getOrDefault(action.getOrDefault("Action", ""), otherwise)
                            .play(this, action);
                    action = new LinkedHashMap<>();
                }
            } catch (IOException e) {
                // Either side closed the connection.
            } finally {
                peers.remove(this);
            }
        }

        /** Asterisk ignores the case of headers, and asterisk-java writes them small. */
        private static String header(String name) {
            return name.equalsIgnoreCase("ActionID")
                    ? "ActionID"
                    : name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        }

        /** {@return the header with an action's id} */
        public String id(Map<String, String> action) {
            return "ActionID: " + action.get("ActionID");
        }

        /** Answers that it was done. */
        public void success(Map<String, String> action, String message) throws IOException {
            send("Response: Success", id(action), "Message: " + message);
        }

        /** Answers that it was not done. */
        public void error(Map<String, String> action, String message) throws IOException {
            send("Response: Error", id(action), "Message: " + message);
        }

        /** Ends a list of so many rows. */
        public void complete(Map<String, String> action, String event, int items) throws IOException {
            send("Event: " + event + "Complete", id(action), "EventList: Complete", "ListItems: " + items);
        }

        /** Sends a message of these lines. */
        public void send(String... lines) throws IOException {
            raw(String.join("\r\n", lines) + "\r\n\r\n");
        }

        /** Sends a text as it is. */
        public void raw(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            boolean isCut = number <= cutConnections;
            int most = isCut ? Math.min(bytes.length, cut - sentHere) : bytes.length;
            out.write(bytes, 0, most);
            out.flush();
            sentHere += most;
            sent.addAndGet(most);
            if (isCut && sentHere >= cut) {
                close();
                throw new IOException("cut");
            }
        }

        /** Closes the connection. */
        public void close() throws IOException {
            socket.close();
        }
    }
}
