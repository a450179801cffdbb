package confcodes.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for a state, with a limit that is long enough for a busy machine. */
public final class Await {

    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final long PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private Await() {}

    /** Waits until a state is reached, and fails if it is not within 40 s. */
    public static void until(String state, BooleanSupplier reached) {
        until(state, reached, () -> "");
    }

    /** The same; a failure tells the actual state too. */
    public static void until(String state, BooleanSupplier reached, Supplier<?> actual) {
        within(LIMIT, state, reached, actual);
    }

    /** Waits until a state is reached, and fails if it is not within a limit. */
    public static void within(Duration limit, String state, BooleanSupplier reached, Supplier<?> actual) {
        if (!isWithin(limit, reached)) {
            throw new AssertionError("not within " + limit.toMillis() + " ms: " + state + "; instead: " + actual.get());
        }
    }

    /** {@return whether a state is reached within a limit} */
    public static boolean isWithin(Duration limit, BooleanSupplier reached) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!reached.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        return true;
    }
}
