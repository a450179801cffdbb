package confcodes.bench;

import confcodes.lab.Await;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An onlooker on a plain AMI socket: when participants were muted and when keys ended, by Asterisk's own clock (the header
 * Timestamp) and by this JVM's. Safe for concurrent use.
 */
final class Watch implements AutoCloseable {

    /**
     * When something happened.
     *
     * @param stamp seconds, Asterisk's clock
     * @param nanos a value of System.nanoTime, when the event was read here
     */
    record Moment(double stamp, long nanos) {}

    private final PlainAmi ami;
    private final Map<String, Moment> moments = new ConcurrentHashMap<>();

    Watch(int port) throws IOException {
        ami = new PlainAmi(port, "lab", "lab", "call,dtmf");
        Thread reading = new Thread(this::read, "watch");
        reading.setDaemon(true);
        reading.start();
    }

    private void read() {
        while (true) {
            try {
                ami.next().forEach(event -> take(event, System.nanoTime()));
            } catch (SocketTimeoutException e) {
                // Nothing has happened for a while.
            } catch (IOException e) {
                return;
            }
        }
    }

    private void take(Map<String, String> event, long nanos) {
        Moment moment = new Moment(Double.parseDouble(event.getOrDefault("Timestamp", "0")), nanos);
        switch (event.getOrDefault("Event", "")) {
            case "ConfbridgeMute" -> moments.put(muted(event.get("Channel")), moment);
            case "DTMFEnd" -> moments.put(pressed(event.get("Digit"), event.get("Channel")), moment);
            default -> {}
        }
    }

    static String muted(String channel) {
        return "mute " + channel;
    }

    static String pressed(String key, String channel) {
        return "key " + key + " " + channel;
    }

    void forget(String what) {
        moments.remove(what);
    }

    /** Waits for what was forgotten to happen: {@link #muted} or {@link #pressed}. */
    Moment await(String what) {
        Await.until(what, () -> moments.containsKey(what));
        return moments.get(what);
    }

    @Override
    public void close() throws IOException {
        ami.close();
    }
}
