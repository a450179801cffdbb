package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The private Asterisk of src/lab/asterisk, one for all live tests, in the words of the trade. */
final class Lab {

    private static final Path SCRIPT = Path.of("src/lab/asterisk").toAbsolutePath();
    private static final int NONE_TO_BE_HAD = 77;

    private static Lab shared;
    private static String unavailable;

    private final Map<String, String> facts;
    private LabAmi ami;
    private CodeEvents events;

    private Lab(Map<String, String> facts) throws IOException {
        this.facts = facts;
        connect();
    }

    /** Starts the Asterisk when it does not run yet; empty when none can be had, and then {@link #reason} says why. */
    static synchronized Optional<Lab> start() {
        if (shared == null && unavailable == null) {
            try {
                Process process = script(
                        "start",
                        "--with-pid",
                        Long.toString(ProcessHandle.current().pid()));
                String out = new String(process.getInputStream().readAllBytes());
                String err = new String(process.getErrorStream().readAllBytes());
                int exit = process.waitFor();
                if (exit == NONE_TO_BE_HAD) {
                    unavailable = err.strip();
                    return Optional.empty();
                }
                assertEquals(0, exit, "src/lab/asterisk start: " + err);
                shared = new Lab(out.lines()
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1])));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        return Optional.ofNullable(shared);
    }

    /** Why no Asterisk can be had. */
    static synchronized String reason() {
        return unavailable;
    }

    static synchronized void stop() throws IOException, InterruptedException {
        if (shared != null) {
            shared.ami.close();
            shared.events.close();
            script("stop", shared.facts.get("dir")).waitFor();
            shared = null;
        }
    }

    private static Process script(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command).start();
    }

    int amiPort() {
        return Integer.parseInt(facts.get("ami_port"));
    }

    Path file(String name) {
        return Path.of(facts.get("dir")).resolve(name);
    }

    long pid() {
        return Long.parseLong(facts.get("pid"));
    }

    int majorVersion() {
        return Integer.parseInt(facts.get("version").replaceFirst("\\..*", ""));
    }

    private void connect() throws IOException {
        ami = new LabAmi(amiPort());
        events = new CodeEvents(amiPort());
    }

    LabAmi ami() {
        return ami;
    }

    CodeEvents events() {
        return events;
    }

    /** Starts the Asterisk again after it was killed, on the same ports. */
    void restart() throws IOException, InterruptedException {
        Process process = script("restart", facts.get("dir"));
        String out = new String(process.getInputStream().readAllBytes());
        assertEquals(0, process.waitFor(), out);
        for (String line : out.lines().toList()) {
            String[] pair = line.split("=", 2);
            facts.put(pair[0], pair[1]);
        }
        connect();
    }

    /** Connects again to an Asterisk that has restarted itself, as soon as it is booted. */
    void reconnect() throws IOException {
        Waiting.until("Asterisk is back", () -> rx("core waitfullybooted").contains("fully booted"), this::logTail);
        connect();
    }

    /** The AMI connections of a user, each by the file descriptor that `manager kick session` takes. */
    List<String> connected(String user) {
        return rx("manager show connected")
                .lines()
                .map(line -> line.strip().split(" +"))
                .filter(columns -> columns.length > 4 && columns[0].equals(user))
                .map(columns -> columns[4])
                .toList();
    }

    /** Runs a command of Asterisk's CLI. */
    String rx(String command) {
        try {
            Process process = script("rx", facts.get("dir"), command);
            String out = new String(process.getInputStream().readAllBytes());
            process.waitFor(20, TimeUnit.SECONDS);
            return out;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets the dialplan's codes go to a server on another port. */
    void codesGoTo(int agiPort) {
        rx("dialplan set global CONFCODES_SERVER 127.0.0.1:" + agiPort);
    }

    /** Asterisk's log, everything down to the keys. */
    String log() {
        try {
            return Files.readString(Path.of(facts.get("dir"), "log", "full"), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The last lines of Asterisk's log, for a failure's message. */
    String logTail() {
        List<String> lines = log().lines().toList();
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }
}
