package confcodes.cli;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/** What is pressed on the screen of {@code confcodes watch}. */
enum Key {
    UP,
    DOWN,
    PAGE_UP,
    PAGE_DOWN,
    HOME,
    END,
    ENTER,
    ESCAPE,
    MUTE,
    UNMUTE,
    KICK,
    LOCK,
    YES,
    QUIT,
    /** One that does nothing. */
    OTHER,
    /** None was pressed, but something else has happened. */
    NONE;

    private static final int ESC = 27;

    /** A terminal sends what follows Esc at once, even if the line is slow; a person does not. */
    private static final int PAUSE_MILLIS = 100;

    private static final Map<Integer, Key> LETTERS = Map.of(
            (int) 'm', MUTE, (int) 'u', UNMUTE, (int) 'k', KICK, (int) 'l', LOCK, (int) 'y', YES, (int) 'q', QUIT, 13,
            ENTER, 10, ENTER);

    /** What terminals send after Esc and [ or O: of xterm, of the Linux console, of screen and of tmux. */
    private static final Map<String, Key> SEQUENCES = Map.ofEntries(
            Map.entry("A", UP),
            Map.entry("B", DOWN),
            Map.entry("H", HOME),
            Map.entry("F", END),
            Map.entry("1~", HOME),
            Map.entry("7~", HOME),
            Map.entry("4~", END),
            Map.entry("8~", END),
            Map.entry("5~", PAGE_UP),
            Map.entry("6~", PAGE_DOWN));

    /** The characters that are typed. */
    @FunctionalInterface
    interface Typed {

        /**
         * {@return the next character; negative at the end of the input, or when none has come in time}
         *
         * @param millis how long to wait; 0 for ever
         */
        int next(long millis) throws IOException;
    }

    /** {@return the next key; empty at the end of the input} */
    static Optional<Key> read(Typed typed) throws IOException {
        int first = typed.next(0);
        if (first != ESC) {
            return first < 0 ? Optional.empty() : Optional.of(LETTERS.getOrDefault(first, OTHER));
        }
        return Optional.of(sequence(typed));
    }

    private static Key sequence(Typed typed) throws IOException {
        int introducer = typed.next(PAUSE_MILLIS);
        if (introducer < 0) {
            return ESCAPE;
        }
        if (introducer != '[' && introducer != 'O') {
            return OTHER;
        }
        StringBuilder rest = new StringBuilder();
        int next;
        do {
            next = typed.next(PAUSE_MILLIS);
            if (next < 0) {
                return OTHER;
            }
            rest.append((char) next);
        } while (next < '@' && rest.length() < 8);
        return SEQUENCES.getOrDefault(rest.toString(), OTHER);
    }
}
