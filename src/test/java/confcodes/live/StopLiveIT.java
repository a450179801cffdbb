package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.Packaged;
import confcodes.live.Room.Caller;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the server ends when it is told to, and what it says when it cannot begin. */
@ExtendWith(LiveExtension.class)
class StopLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Lab lab;

    @TempDir
    private Path directory;

    StopLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void a_running_code_is_finished_and_no_other_begins() throws Exception {
        try (LiveServer server = LiveServer.start(lab.amiPort(), "change-me-confcodes");
                Room room = Room.of(lab, server)) {
            room.join("101");
            String codes = "CONFCODES_SERVER=127.0.0.1:" + server.port();
            Caller moderator = room.moderator("200", codes);
            Caller late = room.moderator("201", codes);
            moderator.begin("*6");
            moderator.awaitAsked();
            CompletableFuture<Integer> exit = CompletableFuture.supplyAsync(() -> exit(server));
            server.awaitLine(line -> line.contains("stopping"));
            Waiting.until(
                    "it listens no more",
                    () -> !accepts(server.port()),
                    () -> server.log().toString());
            late.begin("*6");
            assertTrue(Waiting.within(SOON, () -> late.hears("beeperr")), "he is told");
            moderator.keys("101#");
            moderator.awaitBack();
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
            late.awaitBack();
            assertEquals("UNAVAILABLE", late.status());
            assertEquals(0, exit.get(15, TimeUnit.SECONDS));
            server.awaitLine(line -> line.endsWith(" stopped"));
        }
    }

    @Test
    void its_connections_are_logged_off_and_a_code_that_takes_longer_than_the_grace_is_ended() throws Exception {
        try (LiveServer server = LiveServer.start(lab.amiPort(), "change-me-confcodes", "--grace=1s");
                Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200", "CONFCODES_SERVER=127.0.0.1:" + server.port());
            moderator.begin("*8");
            moderator.awaitAsked();
            long logoffs = logoffs();
            assertEquals(0, server.stop(Duration.ofSeconds(6)));
            moderator.awaitBack();
            assertEquals("UNAVAILABLE", moderator.status());
            assertEquals(List.of("101", "200"), room.here());
            Waiting.until("four connections were logged off", () -> logoffs() >= logoffs + 4, lab::logTail);
        }
    }

    private long logoffs() {
        return lab.log()
                .lines()
                .filter(line -> line.contains("Manager 'confcodes' logged off"))
                .count();
    }

    private static boolean accepts(int port) {
        try {
            new java.net.Socket("127.0.0.1", port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static int exit(LiveServer server) {
        try {
            return server.stop(Duration.ofSeconds(15));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void it_logs_every_setting_when_it_begins_but_not_the_secret() throws Exception {
        try (LiveServer server = LiveServer.start(lab.amiPort(), "change-me-confcodes", "--pool-size=3")) {
            String settings = server.log().stream()
                    .filter(line -> line.contains("agi-port=" + server.port()))
                    .findFirst()
                    .orElseThrow();

            for (String setting :
                    List.of("pool-size=3", "ami-timeout=2s", "pool-wait=2s", "allow=ADMIN", "grace=10s")) {
                assertTrue(settings.contains(" " + setting), settings);
            }
            assertFalse(settings.contains("change-me-confcodes"), settings);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "--agi-port=@taken@, agi-port, another server",
        "--agi-bind=192.0.2.1, agi-bind, 192.0.2.1",
        "--agi-bind=nowhere, agi-bind, nowhere",
        "--agi-port=many, agi-port, many",
        "--agi-port=70000, agi-port, 65535",
        "--first-digit-timeout=soon, first-digit-timeout, soon",
        "--allow=nobody, allow, nobody",
        "--agi-peers=all, agi-peers, all",
        "--pool-size=0, pool-size, 1 to 64",
        "--ami-secret-file=@missing@, ami-secret-file, missing",
        "--ami-secret-file=@directory@, ami-secret-file, directory",
        "--ami-secret-file=@empty@, ami-secret-file, empty",
        "--config=@unknown@, ami-hosst, line 2",
        "--config=@wrong@, pool-size, line 1",
        "--config=@missing@, missing, missing",
    })
    void it_says_in_one_line_why_it_cannot_begin(String option, String setting, String mend) throws Exception {
        Path unknown = Files.writeString(directory.resolve("unknown"), "ami-secret=x\nami-hosst=pbx\n");
        Path wrong = Files.writeString(directory.resolve("wrong"), "pool-size=four\n");
        Path empty = Files.writeString(directory.resolve("empty"), "");
        Files.setPosixFilePermissions(empty, PosixFilePermissions.fromString("rw-------"));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            List<String> command = new ArrayList<>(Packaged.confcodes(
                    "serve",
                    option.replace("@taken@", Integer.toString(taken.getLocalPort()))
                            .replace("@missing@", directory.resolve("missing").toString())
                            .replace("@directory@", directory.toString())
                            .replace("@empty@", empty.toString())
                            .replace("@unknown@", unknown.toString())
                            .replace("@wrong@", wrong.toString())));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            if (!setting.equals("ami-secret-file")) {
                builder.environment().put("CONFCODES_AMI_SECRET", "any");
            }
            Process process = builder.start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(2, process.waitFor(), said);
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.startsWith("confcodes: ") && said.contains(setting), said);
            assertTrue(said.contains(mend.equals("directory") ? directory.toString() : mend), said);
        }
    }
}
