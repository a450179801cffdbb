package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** The host's own Prometheus, which scrapes one port of loopback each second; a test that wants one is skipped without it. */
public final class Prometheus implements AutoCloseable {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    private final Process process;
    private final int port;
    private final Path log;

    private Prometheus(Process process, int port, Path log) {
        this.process = process;
        this.port = port;
        this.log = log;
    }

    /** Starts one. What it keeps is in a directory. */
    public static Prometheus scraping(int port, Path directory) throws IOException {
        requires("prometheus");
        Path config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s}
                scrape_configs:
                - job_name: confcodes
                  static_configs: [{targets: ['127.0.0.1:%d']}]
                """.formatted(port));
        int own = ServerProcess.freePort();
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(
                        "prometheus",
                        "--config.file=" + config,
                        "--storage.tsdb.path=" + directory.resolve("data"),
                        "--web.listen-address=127.0.0.1:" + own)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        return new Prometheus(process, own, log);
    }

    /** Checks metrics as promtool does: their names, types and helps, and that they can be parsed. */
    public static void check(String metrics) throws IOException {
        requires("promtool");
        Path file = Files.createTempFile("confcodes", ".metrics");
        Files.writeString(file, metrics);
        Ran ran = Ran.of(new ProcessBuilder("promtool", "check", "metrics").redirectInput(file.toFile()));
        Files.delete(file);
        if (ran.exitCode() != 0 || !(ran.out() + ran.err()).isBlank()) {
            throw new AssertionError("promtool says: " + ran.out() + ran.err() + "\nof\n" + metrics);
        }
    }

    private static void requires(String program) {
        Ran ran = Ran.of(new ProcessBuilder("sh", "-c", "command -v " + program));
        Assumptions.assumeTrue(ran.exitCode() == 0, "no " + program + " on this machine");
    }

    /** {@return a page of a server on loopback} */
    public static HttpResponse<String> get(int port, String path) {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .build();
        return assertDoesNotThrow(() -> CLIENT.send(request, HttpResponse.BodyHandlers.ofString()));
    }

    /** {@return what an expression is worth now; empty if it is worth nothing, or if it does not answer yet} */
    public String query(String expression) {
        try {
            String path = "/api/v1/query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                    .build();
            HttpResponse<String> response = CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                return "";
            }
            JsonArray results = JsonParser.parseString(response.body())
                    .getAsJsonObject()
                    .getAsJsonObject("data")
                    .getAsJsonArray("result");
            return results.isEmpty()
                    ? ""
                    : results.get(0)
                            .getAsJsonObject()
                            .getAsJsonArray("value")
                            .get(1)
                            .getAsString();
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return what it has logged} */
    public String log() {
        return assertDoesNotThrow(() -> Files.readString(log));
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
