package confcodes.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
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
        try {
            Process process = builder.start();
            CompletableFuture<String> err = CompletableFuture.supplyAsync(() -> all(process.getErrorStream()));
            String out = all(process.getInputStream());
            return new Ran(process.waitFor(), out, err.join());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String all(java.io.InputStream in) {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what it wrote to standard output, if it succeeded} */
    public String success() {
        if (exitCode != 0) {
            throw new AssertionError("exit code " + exitCode + ": " + err + out);
        }
        return out;
    }
}
