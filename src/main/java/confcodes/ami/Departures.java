package confcodes.ami;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Names a conference that somebody leaves once more every second, for 10 s. Asterisk says that they leave before it takes them
 * off the list; in between it plays conf-kicked, or tells the others that they have left, and says nothing after that
 * (app_confbridge.c; tried on 22). Safe for concurrent use.
 */
final class Departures {

    private static final int TIMES = 10;

    /** More conferences than there are. */
    private static final int MAX = 10_000;

    private final Map<String, Integer> left = new HashMap<>();
    private final Consumer<String> listener;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(run -> {
        Thread daemon = new Thread(run, "ami-departures");
        daemon.setDaemon(true);
        return daemon;
    });

    Departures(Consumer<String> listener) {
        this.listener = listener;
    }

    /** Somebody leaves. */
    synchronized void from(String conference) {
        if (left.isEmpty()) {
            thread.schedule(this::name, 1, TimeUnit.SECONDS);
        }
        if (left.size() < MAX) {
            left.put(conference, TIMES);
        }
    }

    private void name() {
        List<String> now;
        synchronized (this) {
            now = List.copyOf(left.keySet());
            left.replaceAll((conference, times) -> times - 1);
            left.values().removeIf(times -> times == 0);
            if (!left.isEmpty()) {
                thread.schedule(this::name, 1, TimeUnit.SECONDS);
            }
        }
        now.forEach(listener);
    }
}
