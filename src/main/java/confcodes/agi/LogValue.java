package confcodes.agi;

/** Values from outside, as they stand in a line of the log: one word, or quoted, without control characters, not endless. */
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
            } else if (Character.isISOControl(c) || c == 0x2028 || c == 0x2029) {
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
}
