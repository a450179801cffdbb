package confcodes.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd that the server is ready, and from then on that it still serves. systemd kills and restarts a server that does
 * not say so within {@code WatchdogSec}: a frozen server would hold its callers in AGI(). Does nothing if systemd does not ask.
 *
 * <p>Java 17 has no datagram sockets of Unix, so the program systemd-notify sends each message.
 */
final class Systemd {

    private static final Logger log = LoggerFactory.getLogger("confcodes");
    private static final int MESSAGES_PER_WATCHDOG = 3;
    private static final Duration LIMIT = Duration.ofSeconds(10);

    private final Map<String, String> environment;
    private final String program;
    private final ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor(Systemd::daemon);

    /**
     * Creates the link to systemd.
     *
     * @param environment the environment: {@code NOTIFY_SOCKET} and {@code WATCHDOG_USEC} say what systemd asks for
     * @param program systemd-notify
     */
    Systemd(Map<String, String> environment, String program) {
        this.environment = environment;
        this.program = program;
    }

    /**
     * Says that the server is ready. If systemd has a watchdog, starts a thread that says that the server serves.
     *
     * @param serving whether the server can serve a new caller; is given the longest time that the answer may take
     */
    void ready(Predicate<Duration> serving) {
        if (!environment.containsKey("NOTIFY_SOCKET")) {
            return;
        }
        send("READY=1");
        if (environment.containsKey("WATCHDOG_USEC")) {
            long micros = Long.parseLong(environment.get("WATCHDOG_USEC"));
            Duration period = Duration.of(micros, ChronoUnit.MICROS).dividedBy(MESSAGES_PER_WATCHDOG);
            watchdog.scheduleAtFixedRate(() -> watch(serving, period), 0, period.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private static Thread daemon(Runnable run) {
        Thread thread = new Thread(run, "watchdog");
        thread.setDaemon(true);
        return thread;
    }

    /** Never throws: that would be the last run. */
    private void watch(Predicate<Duration> serving, Duration limit) {
        try {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long[] deadlocked = threads.findDeadlockedThreads();
            if (deadlocked != null) {
                log.error("deadlock: {}", Arrays.toString(threads.getThreadInfo(deadlocked, true, true)));
            } else if (!serving.test(limit)) {
                log.error("no new caller can be served");
            } else {
                send("WATCHDOG=1");
            }
        } catch (RuntimeException | Error e) {
            log.error("cannot tell whether callers can be served", e);
        }
    }

    private void send(String message) {
        try {
            Process process = new ProcessBuilder(program, message).inheritIO().start();
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                log.warn("{} did not end within {} s", program, LIMIT.toSeconds());
            }
        } catch (IOException e) {
            log.warn("systemd is not told {}: {}", message, e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Says nothing more: a server that is stopping does not serve. */
    void stop() {
        watchdog.shutdownNow();
    }
}
