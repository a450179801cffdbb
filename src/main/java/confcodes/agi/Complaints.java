package confcodes.agi;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warnings about peers, one in ten seconds at most, each with how many went unsaid before it: who makes noise shall not fill
 * the disk. Safe for concurrent use.
 */
final class Complaints {

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");
    private static final long PAUSE = Duration.ofSeconds(10).toNanos();

    private long next = System.nanoTime();
    private int unsaid;

    synchronized void say(String complaint) {
        long now = System.nanoTime();
        if (now - next < 0) {
            unsaid++;
            return;
        }
        String more = unsaid == 0 ? "" : " (and " + unsaid + " more such in the last seconds)";
        log.warn("{}{}", complaint, more);
        next = now + PAUSE;
        unsaid = 0;
    }
}
