package confcodes;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a state, with a limit. */
public final class Eventually {

    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration LOOK = Duration.ofMillis(5);

    private Eventually() {}

    /** Waits until a condition holds, and fails when it does not within 10 s. */
    public static void eventually(String what, BooleanSupplier condition) {
        within(LIMIT, what, condition);
    }

    /** Waits until a condition holds, and fails when it does not within a limit. */
    public static void within(Duration limit, String what, BooleanSupplier condition) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                fail("not within " + limit.toMillis() + " ms: " + what);
            }
            LockSupport.parkNanos(LOOK.toNanos());
        }
    }
}
