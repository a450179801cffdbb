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
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How the server ends when it is told to, what it says if it cannot begin, and what the caller hears without it or its PBX. Alone,
 * since it looks at the clock.
 */
@LiveTest
@Isolated
class ServerLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    /** Longer than running codes are given, which is 10 s. */
    private static final Duration STOPPED = Duration.ofSeconds(16);

    private final Lab lab;

    ServerLiveIT(Lab lab) {
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
            assertToldSoon(late);
            moderator.keys("1");
            moderator.awaitBack();
            assertEquals("DONE", moderator.status());
            room.awaitHere("200", "201");
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

    @Test
    void without_a_server_the_caller_is_told_within_three_seconds() {
        try (Room room = lab.room(null)) {
            Caller moderator = room.moderator("200");
            moderator.codesGoTo(ServerProcess.freePort());
            assertToldSoon(moderator);
        }
    }

    @Test
    void without_a_pbx_the_server_tells_the_caller_within_three_seconds() {
        try (ServerProcess server = ServerProcess.start(ServerProcess.freePort(), "any");
                Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            assertToldSoon(moderator);
            assertEquals("unavailable", room.awaitOutcome(moderator, 1));
            assertEquals(1, server.logged("PBX lost"), server::logText);
        }
    }

    @Test
    void a_server_whose_login_is_refused_tells_the_caller_and_names_the_setting() {
        try (ServerProcess server = ServerProcess.start(lab.amiPort(), "wrong");
                Room room = lab.room(server)) {
            assertToldSoon(room.moderator("200"));
            server.awaitLine(line -> line.contains("PBX lost") && line.contains("ami-secret"));
        }
    }

    private void assertToldSoon(Caller moderator) {
        moderator.begin("*21");
        assertTrue(Await.isWithin(SOON, () -> moderator.hears("beeperr")), lab::logTail);
        moderator.awaitBack();
        assertEquals("UNAVAILABLE", moderator.status());
        assertTrue(moderator.isHere());
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
        "--agi-port=@taken@, '^confcodes: agi-bind, agi-port: cannot listen on 127.0.0.1:@taken@: .* [(]option --agi-port[)]$'",
        "--agi-bind=192.0.2.1, '^confcodes: agi-bind, agi-port: cannot listen on 192.0.2.1:.*$'",
        "--pool-size=0, '^confcodes: .*pool-size.*$'",
    })
    void it_says_in_one_line_why_it_cannot_begin(String option, String said) throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Ran ran = lab.run("serve", option.replace("@taken@", port));
            assertEquals(2, ran.exitCode(), ran::err);
            assertTrue(ran.err().matches(said.replace("@taken@", port) + "\\R"), ran::err);
        }
    }
}
