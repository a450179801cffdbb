package confcodes.lab;

import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.jline.utils.WCWidth;

/**
 * What somebody in front of an xterm sees: a stream of what a program writes, and the screen that it makes. It fails on whatever
 * it does not know. Safe for concurrent use.
 */
public final class TerminalScreen extends OutputStream {

    private static final int ESC = 27;
    private static final int BLANK = ' ';

    /** The right half of a wide character. */
    private static final int HALF = 0;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private final ByteBuffer bytes = ByteBuffer.allocate(8192);
    private final UnaryOperator<Integer> width;
    private int[][] cells;
    private boolean[] reverse;
    private int row;
    private int column;
    private boolean isReverse;
    private boolean wraps = true;
    private boolean alternate;
    private boolean cursor = true;
    private final StringBuilder sequence = new StringBuilder();

    /** Creates an empty screen. */
    public TerminalScreen(int rows, int columns) {
        this(rows, columns, character -> Math.max(0, WCWidth.wcwidth(character)));
    }

    /** Creates one that has its own idea of how many columns a character takes. */
    public TerminalScreen(int rows, int columns, UnaryOperator<Integer> width) {
        this.width = width;
        resize(rows, columns);
    }

    /** Gets another size, and is empty. */
    public synchronized void resize(int rows, int columns) {
        cells = new int[rows][columns];
        reverse = new boolean[rows];
        clear();
    }

    private void clear() {
        for (int[] line : cells) {
            Arrays.fill(line, BLANK);
        }
        Arrays.fill(reverse, false);
    }

    @Override
    public void write(int one) {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] some, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            bytes.put(some[i]);
            bytes.flip();
            CharBuffer text = CharBuffer.allocate(4);
            decoder.decode(bytes, text, false);
            bytes.compact();
            text.flip().codePoints().forEach(this::take);
        }
    }

    private void take(int character) {
        if (sequence.length() > 0 || character == ESC) {
            sequence.appendCodePoint(character);
            if (isComplete(sequence)) {
                obey(sequence.substring(1));
                sequence.setLength(0);
            }
        } else if (character == '\r') {
            column = 0;
        } else if (character == '\n') {
            row++;
        } else if (character < BLANK || character >= 0x7f && character < 0xa0) {
            throw new IllegalStateException("a control character " + character);
        } else {
            put(character);
        }
    }

    private static boolean isComplete(CharSequence sequence) {
        int last = sequence.charAt(sequence.length() - 1);
        return switch (sequence.length()) {
            case 1 -> false;
            case 2 -> last != '[' && last != '(';
            default -> sequence.charAt(1) == '(' || last >= '@' && last <= '~';
        };
    }

    private void put(int character) {
        int columns = width.apply(character);
        if (column + columns > cells[row].length) {
            if (wraps) {
                throw new IllegalStateException("a line is longer than the screen is wide");
            }
            column = cells[row].length - columns;
        }
        if (columns > 0) {
            cells[row][column] = character;
            reverse[row] = isReverse || column > 0 && reverse[row];
        }
        for (int i = 1; i < columns; i++) {
            cells[row][column + i] = HALF;
        }
        column += columns;
    }

    private void obey(String command) {
        if (command.startsWith("(")) {
            return;
        }
        String[] numbers = command.substring(1, command.length() - 1).split(";");
        switch (command.charAt(command.length() - 1)) {
            case 'H' -> {
                row = number(numbers, 0) - 1;
                column = number(numbers, 1) - 1;
            }
            case 'J' -> clear();
            case 'K' -> {
                Arrays.fill(cells[row], Math.min(column, cells[row].length - 1), cells[row].length, BLANK);
                reverse[row] &= column > 0;
            }
            case 'm' -> isReverse = numbers[0].equals("7");
            case 'h' -> mode(numbers[0], true);
            case 'l' -> mode(numbers[0], false);
            case 't' -> {}
            default -> throw new IllegalStateException("unknown: " + command);
        }
    }

    private static int number(String[] numbers, int index) {
        return numbers.length <= index || numbers[index].isEmpty() ? 1 : Integer.parseInt(numbers[index]);
    }

    private void mode(String name, boolean on) {
        switch (name) {
            case "?1049" -> alternate = on;
            case "?7" -> wraps = on;
            case "?25" -> cursor = on;
            default -> {}
        }
    }

    /** {@return its lines, without the blanks at their ends} */
    public synchronized List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int[] line : cells) {
            StringBuilder text = new StringBuilder();
            Arrays.stream(line).filter(cell -> cell != HALF).forEach(text::appendCodePoint);
            lines.add(text.toString().stripTrailing());
        }
        return lines;
    }

    /** {@return the lines in reverse, which are chosen} */
    public synchronized List<String> chosen() {
        List<String> lines = lines();
        return IntStream.range(0, lines.size())
                .filter(i -> reverse[i])
                .mapToObj(lines::get)
                .toList();
    }

    /** {@return everything on it} */
    public String text() {
        return String.join("\n", lines());
    }

    /** {@return whether a program has the whole screen} */
    public synchronized boolean isTaken() {
        return alternate || !cursor || !wraps;
    }
}
