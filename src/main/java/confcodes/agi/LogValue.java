package confcodes.agi;

/** Values from outside as they appear in a line of the log: one word, or quoted; no control characters; not endless. */
final class LogValue {

    private static final int MOST = 160;

    private LogValue() {}

    static String of(String value) {
        if (value == null || value.isEmpty()) {
            return "-";
        }
        StringBuilder text = new StringBuilder();
        value.codePoints().limit(MOST).forEach(c -> {
            if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
            } else if (isInvisible(c)) {
                text.append(String.format("\\x%02x", c));
            } else {
                text.appendCodePoint(c);
            }
        });
        if (value.codePointCount(0, value.length()) > MOST) {
            text.append('…');
        }
        String plain = text.toString();
        return plain.matches("[A-Za-z0-9_./@;:+#*-]+") ? plain : '"' + plain + '"';
    }

    /** {@return what a line says of the PBX that it is about, with a space before it; nothing if it has no name} */
    static String pbx(String name) {
        return name.isEmpty() ? "" : " pbx=" + of(name);
    }

    /** Control characters, and those that change how others are shown: zero-width ones, bidirectional overrides. */
    private static boolean isInvisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }
}
