package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.Packaged;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** {@code confcodes serve}, the packaged jar in a process of its own, and what it logs. */
final class LiveServer implements AutoCloseable {

    private final Process process;
    private final int port;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private LiveServer(Process process, int port) {
        this.process = process;
        this.port = port;
        Thread reading = new Thread(this::read, "server log");
        reading.setDaemon(true);
        reading.start();
    }

    /** Starts a server that reaches the lab's Asterisk, and lets the dialplan's codes go to it. */
    static LiveServer start(Lab lab, String... options) throws IOException {
        LiveServer server = start(lab.amiPort(), "change-me-confcodes", options);
        lab.codesGoTo(server.port);
        return server;
    }

    static LiveServer start(int amiPort, String secret, String... options) throws IOException {
        int port = freePort();
        List<String> command = Packaged.confcodes(
                "serve", "--ami-port", Integer.toString(amiPort), "--agi-port", Integer.toString(port));
        command.addAll(List.of(options));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("CONFCODES_AMI_SECRET", secret);
        LiveServer server = new LiveServer(builder.start(), port);
        server.awaitLine(line -> line.contains("serving on"));
        return server;
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void read() {
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                log.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    List<String> log() {
        return log;
    }

    void awaitLine(Predicate<String> wanted) {
        Waiting.until(
                "a line in the server's log",
                () -> log.stream().anyMatch(wanted),
                () -> String.join("\n", log) + (process.isAlive() ? "" : "\n(it has ended)"));
    }

    /** Tells it to stop, as systemd does, and returns its exit code. (Process.destroy would also close what it logs.) */
    int stop(Duration limit) throws InterruptedException {
        process.toHandle().destroy();
        assertTrue(process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS), "the server does not stop");
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
