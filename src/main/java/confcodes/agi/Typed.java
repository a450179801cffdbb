package confcodes.agi;

/** What the caller typed in one go. */
sealed interface Typed {

    /** The longest number that counts, as long as the longest that can be called. */
    int MAX_KEYS = 32;

    /** Keys, complete: ended with {@code #}, or as many as were asked for. */
    record Keys(String keys) implements Typed {}

    /** Keys, and then none for a while. */
    record Paused(String keys) implements Typed {}

    /** {@code #} alone. */
    record Hash() implements Typed {}

    /** No key. */
    record Nothing() implements Typed {}

    /** Keys that count for nothing: with a star, or too many. */
    record Cancelled(String reason) implements Typed {}

    /** The caller has gone. */
    record HungUp() implements Typed {}

    /**
     * {@return what Asterisk's application Read has read}
     *
     * @param status READSTATUS: OK also when there are as many keys as Read takes
     * @param keys the keys, without {@code #}
     */
    static Typed of(String status, String keys) {
        if (status.equals("HANGUP")) {
            return new HungUp();
        }
        if (keys.indexOf('*') >= 0) {
            return new Cancelled("cancelled by the caller");
        }
        if (keys.length() > MAX_KEYS) {
            return new Cancelled("more than " + MAX_KEYS + " keys");
        }
        if (keys.isEmpty()) {
            return status.equals("OK") ? new Hash() : new Nothing();
        }
        return switch (status) {
            case "OK" -> new Keys(keys);
            case "TIMEOUT" -> new Paused(keys);
            default -> new Cancelled("Read ended with " + status);
        };
    }
}
