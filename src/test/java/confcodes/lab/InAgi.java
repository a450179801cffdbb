package confcodes.lab;

import java.time.Duration;

/**
 * When a caller's last code was in AGI(), as Asterisk's events tell it.
 *
 * @param begun a value of System.nanoTime
 * @param ended a value of System.nanoTime; the same as {@code begun} for one that goes on
 * @param isOver whether it has ended
 */
public record InAgi(long begun, long ended, boolean isOver) {

    /** Events arrive a little later. */
    private static final long LATER = Duration.ofMillis(200).toNanos();

    /** {@return how long it took; zero for one that goes on} */
    public Duration length() {
        return Duration.ofNanos(ended - begun);
    }

    /** {@return whether some of the time from one moment to another is in it, or just beside it} */
    public boolean overlaps(long from, long to) {
        return begun - LATER <= to && (!isOver || from <= ended);
    }
}
