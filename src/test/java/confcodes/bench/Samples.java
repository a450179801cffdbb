package confcodes.bench;

import java.util.Arrays;
import java.util.Locale;

/** Measured durations in nanoseconds. Safe for concurrent use. */
final class Samples {

    private long[] nanos = new long[1024];
    private int count;

    /** Something that is timed. */
    @FunctionalInterface
    interface Timed {
        void run() throws Exception;
    }

    void time(Timed timed) throws Exception {
        long start = System.nanoTime();
        timed.run();
        add(System.nanoTime() - start);
    }

    synchronized void add(long sample) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, count * 2);
        }
        nanos[count++] = sample;
    }

    synchronized int count() {
        return count;
    }

    /** {@return the smallest sample that a share of all do not exceed, in milliseconds; NaN without samples} */
    synchronized double quantile(double share) {
        if (count == 0) {
            return Double.NaN;
        }
        long[] sorted = Arrays.copyOf(nanos, count);
        Arrays.sort(sorted);
        int rank = (int) Math.ceil(share * count) - 1;
        return sorted[Math.max(0, rank)] / 1e6;
    }

    double p50() {
        return quantile(0.5);
    }

    double p99() {
        return quantile(0.99);
    }

    /** {@return {@code p50 / p99} in milliseconds, as the tables have it} */
    String cell() {
        return print(p50()) + " / " + print(p99());
    }

    static String print(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
