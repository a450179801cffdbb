package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the server ends when it is told to, and what it says if it cannot begin. */
@LiveTest
class StopLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    /** Longer than running codes are given, which is 10 s. */
    private static final Duration STOPPED = Duration.ofSeconds(16);

    private final Lab lab;

    @TempDir
    private Path directory;

    StopLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void a_running_code_is_finished_and_no_other_begins() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            Caller late = room.moderator("201");
            moderator.begin("*44");
            moderator.awaitAsked();
            server.stop();
            server.awaitLine(line -> line.contains("stopping"));
            Await.until("it listens no more", () -> !accepts(server.port()), server::logText);
            late.begin("*21");
            assertTrue(Await.isWithin(SOON, () -> late.hears("beeperr")), "the caller is told");
            moderator.keys("1");
            moderator.awaitBack();
            assertEquals("DONE", moderator.status());
            room.awaitHere("200", "201");
            late.awaitBack();
            assertEquals("UNAVAILABLE", late.status());
            assertEquals(0, server.awaitEnd(STOPPED));
            server.awaitLine(line -> line.endsWith(" stopped"));
        }
    }

    @Test
    void its_connections_are_logged_off_and_a_code_that_takes_too_long_is_ended() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.begin("*44");
            moderator.awaitAsked();
            long logoffs = logoffs();
            server.stop();
            assertEquals(0, server.awaitEnd(STOPPED));
            moderator.awaitBack();
            assertEquals("UNAVAILABLE", moderator.status());
            assertEquals(List.of("101", "200"), room.here());
            Await.until("four connections were logged off", () -> logoffs() >= logoffs + 4, lab::logTail);
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
            new Socket("127.0.0.1", port).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void it_logs_every_setting_when_it_begins_but_not_the_secret() {
        try (ServerProcess server = lab.serve("--pool-size=3")) {
            String settings = server.log().stream()
                    .filter(line -> line.contains("agi-port="))
                    .findFirst()
                    .orElseThrow();
            for (String setting : List.of("pool-size=3", "ami-timeout=2s", "allow=admin", "max-duration=60s")) {
                assertTrue(settings.contains(" " + setting), settings);
            }
            assertFalse(settings.contains(Lab.SECRET), settings);
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
            ProcessBuilder builder = ServerProcess.launcher(
                    "serve",
                    option.replace("@taken@", Integer.toString(taken.getLocalPort()))
                            .replace("@missing@", directory.resolve("missing").toString())
                            .replace("@directory@", directory.toString())
                            .replace("@empty@", empty.toString())
                            .replace("@unknown@", unknown.toString())
                            .replace("@wrong@", wrong.toString()));
            if (!setting.equals("ami-secret-file")) {
                builder.environment().put("CONFCODES_AMI_SECRET", "any");
            }
            Ran ran = Ran.of(builder);
            String said = ran.out() + ran.err();
            assertEquals(2, ran.exitCode(), said);
            assertEquals(1, said.lines().count(), said);
            assertTrue(said.startsWith("confcodes: ") && said.contains(setting), said);
            assertTrue(said.contains(mend.equals("directory") ? directory.toString() : mend), said);
        }
    }
}
