package confcodes.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The running Asterisk's own command line, {@code asterisk -rx}. Immutable.
 *
 * @param program Asterisk's program
 */
record AsteriskShell(String program) {

    private static final int SECONDS = 20;

    /** {@return what a command prints; empty if Asterisk does not run, cannot be reached or does not answer} */
    Optional<String> run(String command) {
        return output(List.of(program, "-rx", command));
    }

    /** {@return what the group has matched in the output of a command; empty if it has not} */
    Optional<String> find(String command, String pattern) {
        return run(command).flatMap(text -> {
            Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        });
    }

    /** {@return what a program prints to its standard output; empty if it fails or takes more than 20 s} */
    static Optional<String> output(List<String> command) {
        try {
            Path out = Files.createTempFile("confcodes", "");
            try {
                Process process = new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();
                process.getOutputStream().close();
                if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                    return Optional.empty();
                }
                return process.exitValue() == 0
                        ? Optional.of(new String(Files.readAllBytes(out), StandardCharsets.UTF_8))
                        : Optional.empty();
            } finally {
                Files.delete(out);
            }
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new UncheckedIOException(new IOException(e));
        }
    }
}
