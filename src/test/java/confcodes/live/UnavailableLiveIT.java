package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** When the server or its PBX is missing, the caller hears so and is soon back. Alone, since it turns all codes elsewhere. */
@ExtendWith(LiveExtension.class)
@Isolated
class UnavailableLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Lab lab;

    UnavailableLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void without_a_server_the_caller_is_told_within_three_seconds() {
        try (Room room = Room.of(lab, null)) {
            Caller moderator = room.moderator("200");
            lab.codesGoTo(1);
            assertToldSoon(moderator);
        }
    }

    @Test
    void without_a_pbx_the_server_tells_the_caller_within_three_seconds() throws IOException {
        int nobody = LiveServer.freePort();
        try (LiveServer server = LiveServer.start(nobody, "any");
                Room room = Room.of(lab, server)) {
            lab.codesGoTo(server.port());
            Caller moderator = room.moderator("200");
            assertToldSoon(moderator);
            assertTrue(room.logOf(moderator).get(0).contains("outcome=unavailable"), room.logOf(moderator)::toString);
            assertEquals(
                    1,
                    server.log().stream()
                            .filter(line -> line.contains("PBX lost"))
                            .count(),
                    server.log()::toString);
        }
    }

    @Test
    void a_server_whose_login_is_refused_tells_the_caller_and_names_the_setting() throws IOException {
        try (LiveServer server = LiveServer.start(lab.amiPort(), "wrong");
                Room room = Room.of(lab, server)) {
            lab.codesGoTo(server.port());
            assertToldSoon(room.moderator("200"));
            server.awaitLine(line -> line.contains("PBX lost") && line.contains("ami-secret"));
        }
    }

    private static void assertToldSoon(Caller moderator) {
        moderator.begin("*6");
        assertTrue(Waiting.within(SOON, () -> moderator.hears("beeperr")), "he is told");
        moderator.awaitBack();
        assertEquals("UNAVAILABLE", moderator.status());
        assertTrue(moderator.isHere());
    }
}
