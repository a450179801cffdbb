package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/** The code that records, with and without the right to. Alone, since it turns all codes to servers of its own. */
@ExtendWith(LiveExtension.class)
@Isolated
class RecordingLiveIT {

    private final Lab lab;

    RecordingLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void one_press_starts_recording_and_the_next_stops_it() throws IOException {
        try (LiveServer server = LiveServer.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room room = Room.of(lab, server)) {
            lab.codesGoTo(server.port());
            Caller moderator = room.moderator("200");
            moderator.press("*31");
            assertEquals("DONE", moderator.status());
            assertTrue(moderator.hears("conf-now-recording"));
            assertTrue(isRecorded(room));
            moderator.press("*31");
            assertEquals("DONE", moderator.status());
            assertTrue(moderator.hears("vm-msgsaved"));
            Waiting.until("it is no longer recorded", () -> !isRecorded(room), lab::logTail);
        }
    }

    @Test
    void without_the_right_the_caller_is_told_and_the_log_names_the_line() throws IOException {
        try (LiveServer server = LiveServer.start(lab);
                Room room = Room.of(lab, server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*31");
            assertEquals("DENIED", moderator.status());
            assertTrue(room.logOf(moderator).get(0).contains("manager_confcodes.conf"), server.log()::toString);
        }
    }

    private boolean isRecorded(Room room) {
        return lab.rx("core show channels concise").lines().anyMatch(line -> line.startsWith("CBRec/" + room.name()));
    }
}
