package confcodes.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Standard error, which remembers the last warning or error of the log. slf4j-simple writes there, a line in one go, and has no
 * other way to listen to it. Safe for concurrent use.
 */
final class LastProblem extends PrintStream {

    private static final Pattern LINE = Pattern.compile("\\S+ \\S+ (WARN|ERROR) \\S+ - (.*)", Pattern.DOTALL);

    private volatile Optional<Problem> last = Optional.empty();

    /** A line of the log. */
    record Problem(Instant time, String level, String message) {}

    private LastProblem(PrintStream err) {
        super(err, true, StandardCharsets.UTF_8);
    }

    /** Takes the place of standard error. */
    static LastProblem begin() {
        LastProblem begun = new LastProblem(System.err);
        System.setErr(begun);
        return begun;
    }

    @Override
    public void println(String line) {
        super.println(line);
        Matcher found = LINE.matcher(String.valueOf(line));
        if (found.matches()) {
            last = Optional.of(new Problem(Instant.now(), found.group(1), found.group(2)));
        }
    }

    /** {@return the last one; empty if there was none} */
    Optional<Problem> last() {
        return last;
    }
}
