package confcodes.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Where each caller is with his code, as Asterisk's own events tell it: begun, asked for digits, back in the conference. */
final class CodeEvents implements AutoCloseable {

    /** What happens to a caller. */
    enum Kind {
        /** The code's dialplan begins. */
        BEGUN,
        /** A dial tone asks for digits. */
        ASKED,
        /** The code's dialplan ends. */
        BACK
    }

    private final Socket socket;
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();

    CodeEvents(int amiPort) throws IOException {
        socket = new Socket("127.0.0.1", amiPort);
        socket.getOutputStream()
                .write("Action: Login\r\nUsername: lab\r\nSecret: lab\r\nEvents: agi,dialplan\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        Thread reading = new Thread(this::read, "lab events");
        reading.setDaemon(true);
        reading.start();
    }

    int count(String channel, Kind kind) {
        return counts.getOrDefault(kind + channel, 0);
    }

    private void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            Map<String, String> event = new HashMap<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty()) {
                    take(event);
                    event.clear();
                } else {
                    String[] header = line.split(": ", 2);
                    event.put(header[0], header.length == 2 ? header[1] : "");
                }
            }
        } catch (IOException e) {
            counts.put("closed", 1);
        }
    }

    private void take(Map<String, String> event) {
        String channel = event.getOrDefault("Channel", "");
        switch (event.getOrDefault("Event", "")) {
            case "AGIExecStart" -> {
                if (event.getOrDefault("Command", "").contains(",dial,")) {
                    add(channel, Kind.ASKED);
                }
            }
            case "Newexten" -> {
                String data = event.getOrDefault("AppData", "");
                if (data.equals("CONFCODES_STATUS=UNAVAILABLE")) {
                    add(channel, Kind.BEGUN);
                } else if (data.equals("DIALSTATUS=")) {
                    add(channel, Kind.BACK);
                }
            }
            default -> {}
        }
    }

    private void add(String channel, Kind kind) {
        counts.merge(kind + channel, 1, Integer::sum);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
