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

    private static String header(String name) {
        return END + name + ": ";
    }

    /** {@return the value of the first header of that name, spelled as Asterisk does; empty when there is none} */
    String get(String name) {
        return value(name, text.indexOf(header(name)));
    }

    /** {@return the value of the last header of that name; empty when there is none} */
    String last(String name) {
        return value(name, text.lastIndexOf(header(name)));
    }

    private String value(String name, int at) {
        if (at < 0) {
            return "";
        }
        int begin = at + header(name).length();
        return text.substring(begin, text.indexOf(END, begin));
    }

    /** {@return whether one of its lines is an action's whole id, which nobody but Asterisk can know} */
    boolean isOf(String actionId) {
        return text.contains(header("ActionID") + actionId + END);
    }

    /**
     * {@return whether the message has each of these headers once, one right after the other} A line break in a value doubles
     * one or parts them.
     */
    boolean isPlain(String... names) {
        int at = text.indexOf(header(names[0]));
        for (String name : names) {
            if (at < 0 || !text.startsWith(header(name), at) || text.lastIndexOf(header(name)) != at) {
                return false;
            }
            at = text.indexOf(END, at + header(name).length());
        }
        return true;
    }
}
