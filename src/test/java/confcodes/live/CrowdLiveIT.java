package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.live.Room.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** Many moderators at once. Alone, since their keys take the processor that other tests' keys would need in time. */
@ExtendWith(LiveExtension.class)
@Isolated
class CrowdLiveIT {

    private final Lab lab;

    CrowdLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void fifty_codes_run_at_once() throws IOException {
        try (LiveServer server = LiveServer.start(lab, "--first-digit-timeout=20s");
                Room room = Room.of(lab, server)) {
            List<Caller> moderators = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                moderators.add(room.moderator(Integer.toString(300 + i)));
            }
            moderators.forEach(moderator -> moderator.keys("*6"));
            moderators.forEach(Caller::awaitAsked);
            moderators.forEach(moderator -> moderator.keys(moderator.number() + "#"));
            moderators.forEach(Caller::awaitBack);
            for (Caller moderator : moderators) {
                assertEquals("DONE", moderator.status(), moderator.number());
            }
            assertEquals(50, room.muted().size());
        }
    }
}
