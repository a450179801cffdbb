package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/** {@code confcodes serve}: the packaged jar in a process of its own, started as an administrator starts it, and its log. */
public final class ServerProcess implements AutoCloseable {

    private static final String SERVING = "serving on";
    private static final int LOWEST_PORT = 14_000;
    private static final int HIGHEST_PORT = 20_000;

    private final Process process;
    private final int port;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private ServerProcess(Process process) {
        this.process = process;
        Thread reading = new Thread(this::read, "server log");
        reading.setDaemon(true);
        reading.start();
        awaitLine(line -> line.contains(SERVING));
        String line =
                log.stream().filter(it -> it.contains(SERVING)).findFirst().orElseThrow();
        port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    /**
     * Starts one, on a free port, and waits until it serves.
     *
     * @param amiPort where it looks for its PBX on this machine
     * @param secret the secret of its AMI user
     * @param options others, such as {@code --allow=anyone}
     */
    public static ServerProcess start(int amiPort, String secret, String... options) {
        List<String> arguments = new ArrayList<>(List.of("serve", "--ami-port=" + amiPort, "--agi-port=0"));
        arguments.addAll(List.of(options));
        ProcessBuilder builder = launcher(arguments.toArray(String[]::new)).redirectErrorStream(true);
        builder.environment().put("CONFCODES_AMI_SECRET", secret);
        return assertDoesNotThrow(() -> new ServerProcess(builder.start()));
    }

    /** Starts one with a properties file, such as that of {@link Lab#settings}, and waits until it serves. */
    public static ServerProcess start(Path settings) {
        ProcessBuilder builder = launcher("serve", "--config=" + settings).redirectErrorStream(true);
        return assertDoesNotThrow(() -> new ServerProcess(builder.start()));
    }

    /**
     * {@return the launcher, with this JVM and the jar that the system property confcodes.jar names} It becomes the JVM, with
     * the same process id.
     */
    public static ProcessBuilder launcher(String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", "src/main/sh/confcodes"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        builder.environment().put("JAVA", java.toString());
        builder.environment().put("CONFCODES_CONTROL_SOCKET", "none");
        builder.environment().put("CONFCODES_JAR", System.getProperty("confcodes.jar", "target/confcodes.jar"));
        return builder;
    }

    /** {@return a port that nobody listens on, and that the kernel gives to nobody who does not ask for it} */
    public static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST_PORT, HIGHEST_PORT);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // Taken; try another.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            out.lines().forEach(log::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return where it serves} */
    public int port() {
        return port;
    }

    /** {@return what the process holds} */
    public ProcessFigures figures() {
        return new ProcessFigures(process.pid());
    }

    /** {@return the lines of its log so far} */
    public List<String> log() {
        return log;
    }

    /** {@return how many lines of its log contain a text} */
    public long logged(String text) {
        return log.stream().filter(line -> line.contains(text)).count();
    }

    /** {@return its log, for a failure's message} */
    public String logText() {
        return String.join("\n", log) + (process.isAlive() ? "" : "\n(it has ended)");
    }

    /** Waits for a line in its log. */
    public void awaitLine(Predicate<String> wanted) {
        Await.until("a line in the server's log", () -> log.stream().anyMatch(wanted), this::logText);
    }

    /** Tells it to stop, as systemd does. (Process.destroy would also close what it logs.) */
    public void stop() {
        process.toHandle().destroy();
    }

    /** {@return its exit code, if it ends within a limit} */
    public int awaitEnd(Duration limit) {
        Await.within(limit, "the server's end", () -> !process.isAlive(), this::logText);
        return process.exitValue();
    }

    /** Kills it. */
    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
