package confcodes.ami;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Locale.ROOT;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A PBX's manager interface on a loopback port, whose answer to each action is a script. It checks logins as Asterisk does
 * and remembers all that was asked. Scripts run on threads of its own and assert nothing.
 */
final class ScriptedAmi implements AutoCloseable {

    static final String USER = "confcodes";
    static final String SECRET = "Zebra-4711-Secret";

    /** What is answered to an action. */
    @FunctionalInterface
    interface Script {
        void play(Peer peer, Map<String, String> action) throws IOException;
    }

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Map<String, String>> received = new CopyOnWriteArrayList<>();
    private final Set<Peer> peers = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger allSent = new AtomicInteger();
    private volatile ServerSocket listener;
    private volatile Thread door;
    private volatile String greeting = "Asterisk Call Manager/11.0.0\r\n";
    private volatile String secret = SECRET;
    private volatile int cut = Integer.MAX_VALUE;
    private volatile int cutConnections;

    ScriptedAmi() {
        listen(0);
        on("Challenge", (peer, action) -> peer.send("Response: Success", peer.id(action), "Challenge: 123456789"));
        on("Login", (peer, action) -> {
            if (action.get("Key").equals(md5("123456789" + secret))) {
                peer.success(action, "Authentication accepted");
                peer.send("Event: FullyBooted", "Privilege: system,all", "Uptime: 10", "Status: Fully Booted");
            } else {
                peer.error(action, "Authentication failed");
                peer.close();
            }
        });
        on(
                "Ping",
                (peer, action) ->
                        peer.send("Response: Success", peer.id(action), "Ping: Pong", "Timestamp: 1700000000.000000"));
        on("Logoff", (peer, action) -> {
            peer.send("Response: Goodbye", peer.id(action), "Message: Thanks for all the fish.");
            peer.close();
        });
        on(
                "CoreSettings",
                (peer, action) -> peer.send(
                        "Response: Success", peer.id(action), "AMIversion: 11.0.0", "AsteriskVersion: 22.0.0"));
    }

    /**
     * {@return a PBX that answers what is in a transcript as a real one did} Logins are checked as ever. A transcript is a
     * resource: lines that were sent begin with ">", lines that came back with "<".
     */
    static ScriptedAmi replaying(String transcript) {
        ScriptedAmi ami = new ScriptedAmi();
        Map<Map<String, String>, List<String>> answers = new LinkedHashMap<>();
        Map<String, String> asked = null;
        for (String line : lines(transcript)) {
            String text = line.substring(2);
            if (asked == null && line.startsWith("<")) {
                ami.greetWith(text + "\r\n");
            } else if (line.startsWith(">")) {
                boolean begins = text.startsWith("Action: ");
                asked = begins ? new LinkedHashMap<>() : asked;
                if (!text.isEmpty() && !text.startsWith("ActionID: ")) {
                    asked.put(text.substring(0, text.indexOf(':')), text.substring(text.indexOf(':') + 2));
                }
            } else {
                answers.computeIfAbsent(asked, question -> new ArrayList<>()).add(text);
            }
        }
        answers.keySet().stream()
                .map(question -> question.get("Action"))
                .filter(action -> !ami.scripts.containsKey(action))
                .distinct()
                .forEach(action -> ami.on(action, (peer, fields) -> {
                    Map<String, String> question = new LinkedHashMap<>(fields);
                    question.remove("ActionID");
                    List<String> answer = answers.getOrDefault(
                            question, List.of("Response: Error", "ActionID: ", "Message: not in " + transcript, ""));
                    for (String line : answer) {
                        peer.raw((line.startsWith("ActionID: ") ? peer.id(fields) : line) + "\r\n");
                    }
                }));
        return ami;
    }

    private static List<String> lines(String resource) {
        try (InputStream in = ScriptedAmi.class.getResourceAsStream(resource)) {
            return new String(in.readAllBytes(), UTF_8).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void listen(int port) {
        try {
            ServerSocket socket = new ServerSocket();
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
            listener = socket;
            door = daemon(() -> accept(socket));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
    ScriptedAmi on(String action, Script script) {
        scripts.put(action, script);
        return this;
    }

    /** From now on connections begin with this greeting; an empty one is silence. */
    ScriptedAmi greetWith(String text) {
        greeting = text;
        return this;
    }

    /** From now on only this secret is the right one. */
    void changeSecret(String to) {
        secret = to;
    }

    /** Closes the first connections each behind so many bytes sent. */
    ScriptedAmi cutBehind(int bytes, int firstConnections) {
        cut = bytes;
        cutConnections = firstConnections;
        return this;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** {@return how many connections there have been} */
    int connections() {
        return connections.get();
    }

    /** {@return how many bytes were sent, on all connections together} */
    int sent() {
        return allSent.get();
    }

    /** {@return how many connections there are} */
    int open() {
        return peers.size();
    }

    /** {@return the actions of a name that have arrived, each with its fields} */
    List<Map<String, String>> received(String action) {
        return received.stream()
                .filter(fields -> fields.getOrDefault("Action", "").equals(action))
                .toList();
    }

    /** {@return all that has arrived but logins, pings and logoffs} */
    List<Map<String, String>> received() {
        return received.stream()
                .filter(fields ->
                        !Set.of("Challenge", "Login", "Ping", "Logoff").contains(fields.getOrDefault("Action", "")))
                .toList();
    }

    /** Dies: all connections and the port are closed. */
    void die() {
        try {
            listener.close();
            // The port is free only when the thread that accepts has noticed.
            door.join();
            for (Peer peer : peers) {
                peer.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Comes back on the same port. */
    void revive() {
        listen(listener.getLocalPort());
    }

    @Override
    public void close() {
        die();
    }

    private static String md5(String text) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A whole answer to a list action, as Asterisk gives it. */
    static Script list(String event, List<String> rows) {
        return (peer, action) -> {
            peer.send(
                    "Response: Success",
                    peer.id(action),
                    "EventList: start",
                    "Message: Confbridge user list will follow");
            for (String row : rows) {
                peer.send("Event: " + event, peer.id(action), row);
            }
            peer.complete(action, event, rows.size());
        };
    }

    /** A row of ConfbridgeList without its first two lines; the numbers begin with 101. */
    static String row(int number) {
        return String.join(
                "\r\n",
                "Conference: 100",
                "CallerIDNum: " + number,
                "CallerIDName: Number " + number,
                "Channel: PJSIP/" + number + "-0000" + Integer.toHexString(0x1000 + number),
                "Admin: " + (number == 101 ? "Yes" : "No"),
                "MarkedUser: No",
                "WaitMarked: No",
                "EndMarked: No",
                "EndMarkedAny: No",
                "Waiting: No",
                "Muted: No",
                "Talking: No",
                "AnsweredTime: 12",
                "Uniqueid: 1700000000." + number,
                "Language: en");
    }

    /** One connection. */
    final class Peer {

        private final Socket socket;
        private final OutputStream out;
        private final int number;
        private int sent;

        private Peer(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
            this.number = number;
            socket.setTcpNoDelay(true);
        }

        /** {@return which connection it is, from 1} */
        int number() {
            return number;
        }

        private void serve() {
            try (socket) {
                raw(greeting);
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
                Map<String, String> action = new LinkedHashMap<>();
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    if (!line.isEmpty()) {
                        int colon = line.indexOf(':');
                        action.put(
                                header(line.substring(0, Math.max(1, colon))),
                                line.substring(colon + 1).strip());
                        continue;
                    }
                    received.add(action);
                    scripts.getOrDefault(
                                    action.get("Action"),
                                    (peer, unknown) -> peer.error(unknown, "Invalid/unknown command"))
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
            return name.equals("actionid") ? "ActionID" : name.substring(0, 1).toUpperCase(ROOT) + name.substring(1);
        }

        /** {@return the header with an action's id} */
        String id(Map<String, String> action) {
            return "ActionID: " + action.get("ActionID");
        }

        void success(Map<String, String> action, String message) throws IOException {
            send("Response: Success", id(action), "Message: " + message);
        }

        void error(Map<String, String> action, String message) throws IOException {
            send("Response: Error", id(action), "Message: " + message);
        }

        void complete(Map<String, String> action, String event, int items) throws IOException {
            send("Event: " + event + "Complete", id(action), "EventList: Complete", "ListItems: " + items);
        }

        /** Sends a message of these lines. */
        void send(String... lines) throws IOException {
            raw(String.join("\r\n", lines) + "\r\n\r\n");
        }

        /** Sends a text as it is. */
        void raw(String text) throws IOException {
            byte[] bytes = text.getBytes(UTF_8);
            int most = number <= cutConnections ? Math.min(bytes.length, cut - sent) : bytes.length;
            out.write(bytes, 0, most);
            out.flush();
            sent += most;
            allSent.addAndGet(most);
            if (number <= cutConnections && sent >= cut) {
                close();
                throw new IOException("cut");
            }
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
