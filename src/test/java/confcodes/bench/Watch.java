package confcodes.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * An onlooker on AMI, logged in with events: when participants were muted and when keys ended, by Asterisk's own clock (the
 * header Timestamp) and by this JVM's. Safe for concurrent use.
 */
final class Watch implements AutoCloseable {

    private static final long LIMIT_MILLIS = 10_000;

    /**
     * When something happened.
     *
     * @param stamp seconds, Asterisk's clock
     * @param nanos a value of System.nanoTime, when the event was read here
     */
    record Moment(double stamp, long nanos) {}

    private final Socket socket;
    private final BufferedReader in;
    private final Map<String, Moment> moments = new HashMap<>();

    Watch(int port) throws IOException {
        socket = new Socket("127.0.0.1", port);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        in.readLine();
        socket.getOutputStream()
                .write("Action: Login\r\nUsername: lab\r\nSecret: lab\r\nEvents: call,dtmf\r\n\r\n"
                        .getBytes(StandardCharsets.UTF_8));
        Thread reading = new Thread(this::read, "watch");
        reading.setDaemon(true);
        reading.start();
    }

    private void read() {
        Map<String, String> message = new HashMap<>();
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    message.put(line.substring(0, colon), line.substring(colon + 2));
                }
                if (line.isEmpty()) {
                    take(message);
                    message.clear();
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void take(Map<String, String> event) {
        String name = event.getOrDefault("Event", "");
        String what = switch (name) {
            case "ConfbridgeMute" -> "mute " + event.get("Channel");
            case "DTMFEnd" -> "key " + event.get("Digit") + " " + event.get("Channel");
            default -> "";
        };
        if (!what.isEmpty()) {
            Moment moment = new Moment(Double.parseDouble(event.getOrDefault("Timestamp", "0")), System.nanoTime());
            synchronized (moments) {
                moments.put(what, moment);
                moments.notifyAll();
            }
        }
    }

    void forget(String what) {
        synchronized (moments) {
            moments.remove(what);
        }
    }

    /** Waits for what {@link #forget} has made new: {@code mute CHANNEL} or {@code key # CHANNEL}. */
    Moment await(String what) throws InterruptedException, IOException {
        long deadline = System.currentTimeMillis() + LIMIT_MILLIS;
        synchronized (moments) {
            while (!moments.containsKey(what)) {
                long left = deadline - System.currentTimeMillis();
                if (left <= 0) {
                    throw new IOException("waited in vain for: " + what);
                }
                moments.wait(left);
            }
            return moments.get(what);
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
