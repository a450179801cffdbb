package confcodes.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A plain AMI connection as the lab's user. Used by one thread. */
final class Ami implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;

    Ami(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        in.readLine();
        if (!"Success"
                .equals(ask("Login", "Username: lab", "Secret: lab", "Events: off")
                        .get("Response"))) {
            throw new IOException("login of the lab refused");
        }
    }

    Map<String, String> ask(String action, String... headers) throws IOException {
        send(action, headers);
        return read();
    }

    /** The rows of a conference's list; none when there is no such conference. */
    List<Map<String, String>> members(String conference) throws IOException {
        return list("ConfbridgeList", "Conference: " + conference);
    }

    /** The rows of the list of conferences; none when there is no conference. */
    List<Map<String, String>> conferences() throws IOException {
        return list("ConfbridgeListRooms");
    }

    private List<Map<String, String>> list(String action, String... headers) throws IOException {
        List<Map<String, String>> rows = new ArrayList<>();
        if ("Success".equals(ask(action, headers).get("Response"))) {
            Map<String, String> row = read();
            while (!(action + "Complete").equals(row.get("Event"))) {
                rows.add(row);
                row = read();
            }
        }
        return rows;
    }

    /** From now on the events of one name are kept for {@link #watched}, and nothing else can be asked. */
    void watch(String event) throws IOException {
        ask("Filter", "Operation: Add", "Filter: Event: " + event);
        ask("Events", "EventMask: on");
    }

    /** The events since {@link #watch}, or since they were last asked for. */
    List<Map<String, String>> watched() throws IOException {
        List<Map<String, String>> events = new ArrayList<>();
        send("Ping");
        Map<String, String> message = read();
        while (message.containsKey("Event")) {
            events.add(message);
            message = read();
        }
        return events;
    }

    private void send(String action, String... headers) throws IOException {
        String text = "Action: " + action + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n";
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> message = new HashMap<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty() && !message.isEmpty()) {
                return message;
            }
            int colon = line.indexOf(": ");
            if (colon > 0) {
                message.put(line.substring(0, colon), line.substring(colon + 2));
            }
        }
        throw new IOException("the lab's AMI connection was closed");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
