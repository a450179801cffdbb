package confcodes.ami;

import java.nio.charset.StandardCharsets;

/**
 * One AMI message where it lies in the wire's buffer: lines of {@code Name: value}. Valid until the next message is read, and
 * used by the reading thread only. Values become strings when asked for: a list's row has fourteen headers, and half of them
 * interest nobody.
 */
final class AmiMessage {

    /** The longest message that Asterisk sends here, a row of a list, has 16 lines. */
    private static final int MAX_LINES = 256;

    private byte[] buffer;
    private int start;
    private int lines;
    private final int[] begins = new int[MAX_LINES];
    private final int[] ends = new int[MAX_LINES];

    void begin(byte[] newBuffer, int newStart) {
        moveTo(newBuffer, newStart);
        lines = 0;
    }

    /** The same message, after the buffer's content was moved. */
    void moveTo(byte[] newBuffer, int newStart) {
        buffer = newBuffer;
        start = newStart;
    }

    /** Adds a line, its end without the line break; false when there are too many. */
    boolean addLine(int begin, int end) {
        if (lines == MAX_LINES) {
            return false;
        }
        begins[lines] = begin - start;
        ends[lines++] = end - start;
        return true;
    }

    boolean isEmpty() {
        return lines == 0;
    }

    /** {@return how many bytes it has} */
    int length() {
        return lines == 0 ? 0 : ends[lines - 1];
    }

    /** {@return the first line; empty when there is none} */
    String firstLine() {
        return lines == 0 ? "" : text(begins[0], ends[0]);
    }

    /** {@return the value of the first header of that name, whatever its case; empty when there is none} */
    String get(String name) {
        int length = name.length();
        for (int line = 0; line < lines; line++) {
            int begin = begins[line];
            if (ends[line] - begin > length && buffer[start + begin + length] == ':' && startsWith(begin, name)) {
                int value = begin + length + 1;
                while (value < ends[line] && buffer[start + value] == ' ') {
                    value++;
                }
                return text(value, ends[line]);
            }
        }
        return "";
    }

    /** {@return whether its ActionID is an action's; before the hash in it stands asterisk-java's own part} */
    boolean isOf(String actionId) {
        String id = get("ActionID");
        int hash = id.length() - actionId.length() - 1;
        return hash >= 0 && id.charAt(hash) == '#' && id.endsWith(actionId);
    }

    private boolean startsWith(int begin, String name) {
        for (int i = 0; i < name.length(); i++) {
            int expected = name.charAt(i);
            int actual = buffer[start + begin + i];
            if (actual != expected && (!Character.isLetter(expected) || (actual ^ expected) != 0x20)) {
                return false;
            }
        }
        return true;
    }

    private String text(int begin, int end) {
        return new String(buffer, start + begin, end - begin, StandardCharsets.UTF_8);
    }
}
