package confcodes.live;

import static org.junit.jupiter.api.Assertions.fail;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waiting for a state, with a limit. */
final class Waiting {

    static final Duration LIMIT = Duration.ofSeconds(40);

    private static final long PAUSE = Duration.ofMillis(15).toNanos();

    private Waiting() {}

    static void until(String state, BooleanSupplier reached, Supplier<String> actual) {
        if (!within(LIMIT, reached)) {
            fail("not within " + LIMIT.toSeconds() + " s: " + state + "; instead: " + actual.get());
        }
    }

    static boolean within(Duration limit, BooleanSupplier reached) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE);
        }
        return true;
    }
}
