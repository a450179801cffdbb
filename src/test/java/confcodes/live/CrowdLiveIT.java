package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** Many moderators at once. Alone, since their keys take the processor that other tests' keys would need in time. */
@LiveTest
@Isolated
class CrowdLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    CrowdLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    @Test
    void fifty_codes_run_at_once() {
        try (Room room = lab.room(server)) {
            List<Caller> moderators = room.moderators(IntStream.range(300, 350));
            moderators.forEach(moderator -> moderator.pressInOneGo("*6" + moderator.number() + "#"));
            moderators.forEach(Caller::awaitBack);
            for (Caller moderator : moderators) {
                assertEquals("DONE", moderator.status(), moderator.number());
            }
            assertEquals(50, room.muted().size());
        }
    }
}
