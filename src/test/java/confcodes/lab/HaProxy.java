package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** HAProxy with the sample's configuration, between a PBX and two servers on this machine, and its log. */
public final class HaProxy implements AutoCloseable {

    private static final Path SAMPLE = Path.of("etc-asterisk", "haproxy_confcodes.cfg");
    private static final String PROGRAM = "haproxy";

    private final Process process;
    private final Path configuration;
    private final List<String> log = new CopyOnWriteArrayList<>();

    private HaProxy(Path configuration) throws IOException {
        this.configuration = configuration;
        process = new ProcessBuilder(PROGRAM, "-f", configuration.toString())
                .redirectErrorStream(true)
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        Thread reading = new Thread(this::read, "haproxy log");
        reading.setDaemon(true);
        reading.start();
    }

    /** {@return why there is no HAProxy to be had here; empty if there is one} */
    public static Optional<String> whyNot() {
        try {
            Ran ran = Ran.of(new ProcessBuilder(PROGRAM, "-v"));
            return ran.exitCode() == 0 ? Optional.empty() : Optional.of("haproxy -v: " + ran.err());
        } catch (AssertionError | RuntimeException e) {
            return Optional.of("no haproxy on this machine");
        }
    }

    /** {@return what HAProxy itself says of the sample} */
    public static Ran check() {
        return Ran.of(new ProcessBuilder(PROGRAM, "-c", "-f", SAMPLE.toString()));
    }

    /**
     * Starts one.
     *
     * @param port where the PBX finds it
     * @param pbx the PBX's name
     * @param one the port of the first server
     * @param two the port of the second server
     */
    public static HaProxy start(int port, String pbx, int one, int two) {
        return assertDoesNotThrow(() -> {
            Path file = Files.createTempFile("haproxy", ".cfg");
            Files.writeString(
                    file,
                    Files.readString(SAMPLE)
                            .replace("/dev/log", "stdout format raw")
                            .replace("127.0.0.1:4580", "127.0.0.1:" + port)
                            .replace("pbx1/health", pbx + "/health")
                            .replace("192.0.2.11:4580", "127.0.0.1:" + one)
                            .replace("192.0.2.12:4580", "127.0.0.1:" + two));
            return new HaProxy(file);
        });
    }

    private void read() {
        try (BufferedReader out = process.inputReader()) {
            out.lines().forEach(log::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return how many lines it has logged} */
    public int logSize() {
        return log.size();
    }

    /** {@return its log} */
    public String logText() {
        return String.join("\n", log);
    }

    /** Waits until it has said of a server, after some lines of its log, that it is so, such as {@code UP} or {@code DOWN}. */
    public void await(String server, String state, int after) {
        String said = "Server confcodes/" + server + " is " + state;
        Await.until(said, () -> log.stream().skip(after).anyMatch(line -> line.contains(said)), this::logText);
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
        assertDoesNotThrow(() -> Files.deleteIfExists(configuration));
    }
}
