package confcodes.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A plain AMI connection of the tests' own, so that what Asterisk says is not seen through the code under test. */
final class LabAmi implements AutoCloseable {

    private final Socket socket;
    private final BufferedReader in;
    private long actions;

    LabAmi(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        in.readLine();
        Map<String, String> login = action("Login", "Username: lab", "Secret: lab", "Events: off");
        if (!"Success".equals(login.get("Response"))) {
            throw new IOException("login of the lab refused: " + login);
        }
    }

    /** Sends an action and returns its response. */
    synchronized Map<String, String> action(String name, String... headers) {
        try {
            String id = send(name, headers);
            Map<String, String> message = read();
            while (!message.containsKey("Response") || !id.equals(message.get("ActionID"))) {
                message = read();
            }
            return message;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends an action and returns the events up to its completion event; none when the response is an error. */
    synchronized List<Map<String, String>> list(String name, String completeEvent, String... headers) {
        try {
            String id = send(name, headers);
            List<Map<String, String>> rows = new ArrayList<>();
            while (true) {
                Map<String, String> message = read();
                if (!id.equals(message.get("ActionID"))) {
                    continue;
                }
                if ("Error".equals(message.get("Response")) || completeEvent.equals(message.get("Event"))) {
                    return rows;
                }
                if (message.containsKey("Event")) {
                    rows.add(message);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String send(String name, String... headers) throws IOException {
        String id = "lab" + actions++;
        StringBuilder text = new StringBuilder("Action: " + name + "\r\nActionID: " + id + "\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        socket.getOutputStream().write(text.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        return id;
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> message = new LinkedHashMap<>();
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.isEmpty()) {
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
