package confcodes.ami;

/**
 * One AMI message: lines of {@code Name: value}. Immutable.
 *
 * <p>Asterisk writes a caller's number, and a conference's name, as it came: one with a line break adds lines, one with an empty
 * line ends the message (tried on 16 and 22). What stands before such a value is Asterisk's own, so of several headers of a name
 * the first one counts.
 *
 * @param text the lines, with a line break before the first and after the last
 */
record AmiMessage(String text) {

    private static final String END = "\r\n";

    /** {@return a message} Its lines come without the empty one after them. */
    static AmiMessage of(String lines) {
        return new AmiMessage(END + lines + END);
    }

    /** {@return the value of the first header of that name, spelled as Asterisk does; empty when there is none} */
    String get(String name) {
        return lines().next(name);
    }

    /** {@return the value of the last header of that name; empty when there is none} */
    String last(String name) {
        Lines lines = lines();
        String last = "";
        while (lines.find(name)) {
            last = lines.value();
        }
        return last;
    }

    /** {@return whether one of its lines is an action's whole id, which nobody but Asterisk can know} */
    boolean isOf(String actionId) {
        return hasLine("ActionID", actionId);
    }

    /** {@return whether one of its lines is a header with this whole value} */
    boolean hasLine(String name, String value) {
        return text.contains(END + name + ": " + value + END);
    }

    /**
     * {@return whether the message has each of these headers once, one right after the other} A line break in a value doubles
     * one or parts them.
     */
    boolean isPlain(String... names) {
        Lines lines = lines();
        boolean plain = lines.find(names[0]);
        for (int i = 1; i < names.length; i++) {
            plain &= lines.step(names[i]);
        }
        for (String name : names) {
            plain &= !lines.find(name);
        }
        return plain;
    }

    /** {@return its lines, to be looked at one after the other} */
    Lines lines() {
        return new Lines(text);
    }

    /** A walk along the lines, in which those in their documented order are looked at once. Used by one thread. */
    static final class Lines {

        private final String text;
        private int value;
        private int next = END.length();

        private Lines(String text) {
            this.text = text;
        }

        /** {@return whether one of the next lines is of that name} It is the current one then; if not, nothing changes. */
        boolean find(String name) {
            for (int line = next; line < text.length(); line = text.indexOf(END, line) + END.length()) {
                if (isAt(line, name)) {
                    moveTo(line, name);
                    return true;
                }
            }
            return false;
        }

        /** {@return whether the very next line is of that name} It is the current one then; if not, nothing changes. */
        boolean step(String name) {
            boolean is = isAt(next, name);
            if (is) {
                moveTo(next, name);
            }
            return is;
        }

        private boolean isAt(int line, String name) {
            return text.startsWith(name, line) && text.startsWith(": ", line + name.length());
        }

        private void moveTo(int line, String name) {
            value = line + name.length() + 2;
            next = text.indexOf(END, value) + END.length();
        }

        /** {@return the value of the current line} */
        String value() {
            return text.substring(value, next - END.length());
        }

        /** {@return the value of the next line of that name; empty when there is none} */
        String next(String name) {
            return find(name) ? value() : "";
        }
    }
}
