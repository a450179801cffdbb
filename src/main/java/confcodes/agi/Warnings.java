package confcodes.agi;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about peers: one in ten seconds at most, each with the number of those left out before it, so that nobody can fill
 * the disk. Safe for concurrent use.
 */
final class Warnings {

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    /** So many lines at once, and then one a second. */
    private static final int LINES = 20;

    private static final long LINE = Duration.ofSeconds(1).toNanos();

    private long lines = System.nanoTime() - LINES * LINE;
    private long next = System.nanoTime();
    private int leftOut;
    private long refused;

    /** {@return whether a line may be logged that anybody can cause} */
    synchronized boolean mayLog() {
        long now = System.nanoTime();
        lines = Math.max(lines, now - LINES * LINE);
        if (now - lines < LINE) {
            return false;
        }
        lines += LINE;
        return true;
    }

    /** Says that a peer was refused, and counts it. */
    synchronized void refused(String warning) {
        refused++;
        say(warning);
    }

    /** {@return how often a peer was refused} */
    synchronized long refused() {
        return refused;
    }

    synchronized void say(String warning) {
        long now = System.nanoTime();
        if (now - next < 0) {
            leftOut++;
            return;
        }
        String more = leftOut == 0 ? "" : " (and " + leftOut + " more such in the last seconds)";
        log.warn("{}{}", warning, more);
        next = now + PAUSE;
        leftOut = 0;
    }
}
