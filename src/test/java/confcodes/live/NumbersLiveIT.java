package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Whom a number means: one participant, or the moderator is asked. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class NumbersLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    NumbersLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    @Test
    void a_long_number_is_called_whole() {
        try (ServerProcess calling = lab.serve("--dial-string=Local/%s@lab-ring");
                Room room = lab.room(calling)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.press("*5", "00447911123456#");
            assertEquals("DONE", moderator.status());
            Await.until("it is called", () -> lab.log().contains("[00447911123456@lab-ring:1]"), lab::logTail);
        }
    }

    @Test
    void a_trunk_whose_endpoint_looks_like_a_number_is_nobodys_number() {
        try (Room room = lab.room(server)) {
            Caller caller = room.join("74951234567");
            lab.ami().setVariable(caller.channel(), "CALLERID(num)", "555");
            Caller moderator = room.moderator("200");
            moderator.press("*8", "4567#", "*#");
            assertTrue(caller.isHere());
        }
    }

    @Test
    void an_accomplice_with_the_end_of_a_number_shields_nobody() {
        try (Room room = lab.room(server)) {
            Caller accomplice = room.join("4567");
            Caller shielded = room.join("+79161234567");
            Caller moderator = room.moderator("200");
            moderator.press("*8", "4567#", "2", "1");
            assertEquals("DONE", moderator.status());
            Await.until("the shielded one is kicked", () -> !shielded.isHere());
            assertTrue(accomplice.isHere());
        }
    }

    @Test
    void the_end_of_a_number_kicks_only_after_a_confirmation() {
        try (Room room = lab.room(server)) {
            Caller caller = room.join("+79161234567");
            Caller moderator = room.moderator("200");
            moderator.press("*8", "4567#", "*");
            assertEquals("CANCELLED", moderator.status());
            assertTrue(caller.isHere());
            moderator.press("*6", "4567#");
            assertEquals("DONE", moderator.status());
            moderator.press("*8", "4567#", "1");
            assertEquals("DONE", moderator.status());
            Await.until("they are kicked", () -> !caller.isHere());
        }
    }

    @Test
    void of_ten_calls_with_one_number_the_tenth_or_all_can_be_kicked() {
        try (Room room = lab.room(server)) {
            List<Caller> calls =
                    Stream.generate(() -> room.join("5551234")).limit(10).toList();
            Caller moderator = room.moderator("200");
            moderator.press("*8", "5551234#", "0", "1");
            assertEquals("DONE", moderator.status());
            Await.until("the tenth is kicked", () -> !calls.get(9).isHere());
            assertEquals(10, room.here().size());
            moderator.press("*8", "5551234#", "#", "1");
            assertEquals("DONE", moderator.status());
            room.awaitHere("200");
        }
    }

    @Test
    void a_roll_call_names_everybody_whatever_their_numbers_are() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller odd = room.dial(SipPhone.guest(lab.sipPort(), "%D0%96"));
            room.dial(SipPhone.guest(lab.sipPort(), "a".repeat(79)));
            Caller moderator = room.moderator("200");
            moderator.press("*22");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("vm-unknown-caller");
            moderator.awaitHears("conf-roll-callcomplete");
            assertFalse(odd.isMuted());
        }
    }

    @Test
    void two_moderators_who_start_recording_together_record() {
        try (ServerProcess recording = ServerProcess.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room room = lab.room(recording)) {
            List<Caller> moderators = List.of(room.moderator("200"), room.moderator("201"));
            moderators.forEach(moderator -> moderator.begin("*31"));
            for (Caller moderator : moderators) {
                moderator.awaitBack();
                assertEquals("DONE", moderator.status());
                moderator.awaitHears("conf-now-recording");
            }
            assertTrue(room.isRecorded());
        }
    }
}
