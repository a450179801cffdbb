package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The codes that record, with and without the right to. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class RecordingLiveIT {

    private final Lab lab;

    RecordingLiveIT(Lab lab) {
        this.lab = lab;
    }

    @Test
    void one_code_starts_recording_and_another_stops_it_and_each_may_be_repeated() {
        try (ServerProcess server = ServerProcess.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            for (int i = 0; i < 2; i++) {
                moderator.press("*31");
                assertEquals("DONE", moderator.status());
                assertTrue(moderator.hears("conf-now-recording"));
                assertTrue(room.isRecorded());
            }
            for (int i = 0; i < 2; i++) {
                moderator.press("*32");
                assertEquals("DONE", moderator.status());
                assertTrue(moderator.hears("vm-msgsaved"));
                Await.until("it is no longer recorded", () -> !room.isRecorded(), lab::logTail);
            }
        }
    }

    @Test
    void without_the_right_the_caller_is_told_and_the_log_names_the_line() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*31");
            assertEquals("DENIED", moderator.status());
            assertTrue(moderator.hears("confbridge-invalid"));
            assertTrue(room.logOf(moderator).get(0).contains("manager_confcodes.conf"), server::logText);
        }
    }
}
