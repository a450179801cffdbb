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
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The moderator knows no number: who talks, who joined last, recorded names, and the roll call to act on. */
@LiveTest(serve = {"--first-digit-timeout=3s", "--max-duration=10s"})
@Execution(ExecutionMode.CONCURRENT)
class WhomLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    @AutoClose
    private final Room room;

    private final Caller moderator;

    WhomLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
        this.room = lab.room(server);
        this.moderator = room.moderator(Kind.SIP, "200");
    }

    private void awaitTalking(String... numbers) {
        Await.until(
                List.of(numbers) + " talk",
                () -> room.participants().stream()
                        .filter(row -> "Yes".equals(row.getTalking()))
                        .map(ConfbridgeListEvent::getCallerIdNum)
                        .sorted()
                        .toList()
                        .equals(List.of(numbers)),
                room::participants);
    }

    @Test
    void who_joined_last_is_kicked_after_a_confirmation() {
        room.join("101");
        room.join(Kind.SIP, "102");
        room.moderator("201");
        assertEquals("CANCELLED", moderator.press("*18", "*"));
        assertEquals("DONE", moderator.press("*18", "1"));
        moderator.awaitHears("conf-hasleft");
        room.awaitHere("101", "200", "201");
    }

    @Test
    void who_talks_is_muted_and_told_so_and_the_same_code_takes_it_back() {
        Caller talker = room.join("101", "confcodes_user", "");
        Caller other = room.join("102", "confcodes_user", "");
        assertEquals("NOTFOUND", moderator.press("*13"));
        moderator.awaitHears("dir-nomatch");
        talker.playsTone();
        awaitTalking("101");
        assertEquals("DONE", moderator.press("*13"));
        assertEquals(List.of("101"), room.muted());
        moderator.awaitHears("descending-2tone");
        talker.awaitHears("conf-muted");
        try (ServerProcess another = lab.serve()) {
            moderator.codesGoTo(another.port());
            assertEquals("DONE", moderator.press("*13"));
            assertEquals(List.of(), room.muted());
            moderator.awaitHears("ascending-2tone");
        }
        moderator.codesGoTo(server.port());
        other.playsTone();
        awaitTalking("101", "102");
        assertEquals("DONE", moderator.press("*13", "2"));
        assertEquals(List.of("102"), room.muted());
    }

    @Test
    void a_recorded_name_is_heard_in_place_of_the_number() {
        Caller named = room.dial(SipPhone.named(lab.sipPort(), "101"), "#wwww#");
        String name = lab.file("spool/confbridge/confbridge-name-" + room.name() + "-" + named.variable("UNIQUEID"))
                .toString();
        assertEquals("DONE", moderator.press("*6", "101#"));
        moderator.awaitHears(name);
        moderator.awaitHears("descending-2tone");
        assertEquals("DONE", moderator.press("*18", "1"));
        assertTrue(lab.logged("<" + moderator.channel() + "> Playing '" + name), "in the confirmation too");
        room.awaitHere("200");
    }

    @Test
    void a_recording_that_is_empty_is_no_name() {
        room.dial(SipPhone.named(lab.sipPort(), "101"), "#".repeat(12));
        assertEquals("DONE", moderator.press("*6", "101#"));
        moderator.awaitHears("digits/1");
    }

    @Test
    void the_roll_call_acts_on_the_one_who_is_read_out() {
        room.join("101");
        room.join("102");
        room.join(Kind.SIP, "103");
        assertEquals("DONE", moderator.press("*26", "1", "6", "3", "1", "9", "2#", "1", "*"));
        moderator.awaitHears("conf-roll-callcomplete");
        room.awaitHere("101", "103", "200");
        assertEquals(List.of("101", "103"), room.muted());
    }

    @Test
    void the_help_is_heard_until_the_next_code() {
        assertEquals("DONE", moderator.press("*0"));
        moderator.awaitHears("confbridge-mute-out");
        assertEquals("DONE", moderator.press("*21"));
        moderator.awaitHears("conf-onlyperson");
        assertFalse(moderator.hears("conf-roll-callcomplete"), "its rest");
    }

    @Test
    void everybody_mutes_themselves_and_the_public_menu_has_other_keys() {
        Caller other = room.join("101", "lab_user", "confcodes_user_menu");
        Caller leader = room.join("201", "lab_admin", "confcodes_menu_public");
        for (Caller caller : List.of(moderator, other, leader)) {
            caller.keys(caller == moderator ? "*10" : "*6");
            Await.until(caller.number() + " is muted", caller::isMuted, lab::logTail);
        }
        other.keys("*0");
        other.awaitHears("confbridge-mute-out");
        assertEquals("DONE", leader.press("*37", "101#"));
        assertEquals(List.of("200", "201"), room.muted());
        assertEquals("DONE", leader.press("*5"));
        assertEquals(List.of("101", "200", "201"), room.muted());
    }

    @Test
    void the_roll_call_takes_keys_in_one_go() {
        room.join("101");
        room.join("102");
        room.join("103");
        // Keys that can have been lost do nothing, but to nobody else either.
        for (int attempt = 0; attempt < 5 && room.muted().isEmpty(); attempt++) {
            moderator.pressInOneGo("*26661*");
            moderator.awaitBack();
        }
        assertEquals(List.of("101"), room.muted());
    }
}
