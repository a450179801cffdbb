package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** If the server or its PBX is missing, the caller hears so and is soon back. Alone, since it looks at the clock. */
@LiveTest
@Isolated
class UnavailableLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Lab lab;

    UnavailableLiveIT(Lab lab) {
        this.lab = lab;
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
}
