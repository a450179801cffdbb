package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;

/**
 * A command that has ended.
 *
 * @param exitCode its exit code
 * @param out what it wrote to standard output, read as UTF-8
 * @param err what it wrote to standard error
 */
public record Ran(int exitCode, String out, String err) {

    /** Runs a command to its end. */
    public static Ran of(ProcessBuilder builder) {
        Process process = assertDoesNotThrow(builder::start);
        CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
        String out = all(process.getInputStream());
        return new Ran(assertDoesNotThrow(() -> process.waitFor()), out, err.join());
    }

    private static String all(InputStream in) {
        return assertDoesNotThrow(() -> new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }

    /** {@return what it wrote to standard output, if it succeeded} */
    public String success() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + ": " + err + out);
        }
        return out;
    }
}
