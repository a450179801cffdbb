package confcodes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.ControlChar;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.Terminal.SignalHandler;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.WCWidth;

/**
 * The whole screen of a terminal, line by line, and its keys. Each line is placed by its number and cut at the screen's edge, so
 * that a character which the terminal draws wider than we think spoils one line at most. One thread draws, one reads keys; closing
 * it, which gives the terminal back as it was, is for any thread.
 */
final class Screen implements AutoCloseable {

    /** What a terminal without a size gets. */
    private static final Size USUAL = new Size(80, 24);

    private static final long LONG_MILLIS = 3_600_000;

    private final Terminal terminal;
    private final Attributes before;
    private Size size;
    private List<Line> drawn = List.of();
    private boolean closed;

    /** How a line is drawn. */
    enum Style {
        PLAIN,
        BOLD,
        CHOSEN
    }

    /** One line of it. */
    record Line(Style style, String text) {}

    /** Takes a terminal for as long as it is open. */
    Screen(Terminal terminal) {
        this.terminal = terminal;
        this.before = terminal.getAttributes();
        Attributes keyByKey = new Attributes(before);
        keyByKey.setLocalFlags(EnumSet.of(LocalFlag.ICANON, LocalFlag.ECHO, LocalFlag.IEXTEN), false);
        keyByKey.setInputFlags(EnumSet.of(InputFlag.IXON, InputFlag.ICRNL, InputFlag.INLCR), false);
        keyByKey.setControlChar(ControlChar.VMIN, 1);
        keyByKey.setControlChar(ControlChar.VTIME, 0);
        // Whoever stopped it with Ctrl-Z would have a shell without echo.
        keyByKey.setControlChar(ControlChar.VSUSP, 0);
        terminal.setAttributes(keyByKey);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        terminal.puts(Capability.exit_am_mode);
        resize();
    }

    /**
     * Opens the terminal that standard input and output are. JLine's provider {@code exec} runs stty, which every Debian has;
     * the others bring machine code of their own, which wants a directory where it may be written and run.
     *
     * @throws IOException when it cannot be had
     */
    static Screen open(String type) throws IOException {
        // Reads that wait for a key, in the place of ten reads a second.
        System.setProperty(TerminalBuilder.PROP_NON_BLOCKING_READS, "false");
        Terminal terminal = new ExecTerminalProvider()
                .sysTerminal(
                        "confcodes",
                        type,
                        false,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        StandardCharsets.UTF_8,
                        false,
                        SignalHandler.SIG_DFL,
                        false,
                        SystemStream.Output);
        if (terminal.getStringCapability(Capability.cursor_address) == null) {
            terminal.close();
            throw new IOException("a terminal of the type " + type + " has no lines to write on");
        }
        return new Screen(terminal);
    }

    /** Calls somebody when its size has changed. */
    void onResize(Runnable listener) {
        terminal.handle(Signal.WINCH, signal -> listener.run());
    }

    /** Asks for its size again, and draws all of it the next time. */
    void resize() {
        Size now = terminal.getSize();
        size = now.getRows() > 0 && now.getColumns() > 0 ? now : USUAL;
        drawn = List.of();
    }

    /** {@return how many lines it has} */
    int height() {
        return size.getRows();
    }

    /** {@return the next key, when it is pressed; empty at the end of the input} */
    Optional<Key> key() throws IOException {
        return Key.read(this::next);
    }

    /** JLine's reader has to wait for a limited time: else it keeps a lock that closing the terminal waits for. */
    private int next(long millis) throws IOException {
        int next;
        do {
            next = terminal.reader().read(millis == 0 ? LONG_MILLIS : millis);
        } while (millis == 0 && next == NonBlockingReader.READ_EXPIRED);
        return next;
    }

    /** Draws these lines, the first ones if there are too many. */
    synchronized void draw(List<Line> lines) {
        if (closed) {
            return;
        }
        List<Line> now = lines.subList(0, Math.min(lines.size(), size.getRows()));
        if (drawn.isEmpty()) {
            terminal.puts(Capability.clear_screen);
        }
        for (int i = 0; i < now.size() || i < drawn.size(); i++) {
            Line line = i < now.size() ? now.get(i) : new Line(Style.PLAIN, "");
            if (i >= drawn.size() || !line.equals(drawn.get(i))) {
                draw(i, line);
            }
        }
        terminal.flush();
        drawn = List.copyOf(now);
    }

    private void draw(int row, Line line) {
        terminal.puts(Capability.cursor_address, row, 0);
        switch (line.style()) {
            case PLAIN -> {}
            case BOLD -> terminal.puts(Capability.enter_bold_mode);
            case CHOSEN -> terminal.puts(Capability.enter_reverse_mode);
        }
        // The last column stays free: some terminals go to the next line after it.
        int columns = size.getColumns() - 1;
        String text = cut(line.text(), columns);
        terminal.writer().write(line.style() == Style.CHOSEN ? text + " ".repeat(columns - width(text)) : text);
        if (line.style() != Style.PLAIN) {
            terminal.puts(Capability.exit_attribute_mode);
        }
        terminal.puts(Capability.clr_eol);
    }

    /** {@return how many columns a text takes} */
    static int width(String text) {
        return text.codePoints().map(Screen::width).sum();
    }

    private static int width(int character) {
        return Math.max(0, WCWidth.wcwidth(character));
    }

    /** {@return as much of a text as there is room for, in columns} */
    static String cut(String text, int columns) {
        int end = 0;
        int used = 0;
        while (end < text.length()) {
            int character = text.codePointAt(end);
            used += width(character);
            if (used > columns) {
                break;
            }
            end += Character.charCount(character);
        }
        return text.substring(0, end);
    }

    /** Gives the terminal back as it was. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        terminal.puts(Capability.exit_attribute_mode);
        terminal.puts(Capability.enter_am_mode);
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
        try {
            terminal.close();
        } catch (IOException e) {
            // It is as it was.
        }
    }
}
