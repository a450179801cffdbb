package confcodes;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged, and whatever else goes to standard error, until it is closed. */
public final class CapturedLog implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** Begins to capture. */
    public CapturedLog() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    }

    /** {@return everything up to now} */
    public String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /** {@return the lines up to now that hold a text} */
    public List<String> lines(String with) {
        return text().lines().filter(line -> line.contains(with)).toList();
    }

    @Override
    public void close() {
        System.setErr(before);
    }
}
