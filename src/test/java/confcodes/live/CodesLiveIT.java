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
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every service code and every outcome, from the keypad to what Asterisk says of the conference. */
@LiveTest(
        serve = {
            "--first-digit-timeout=3s",
            "--inter-digit-timeout=3s",
            "--dial-string=Local/%s@lab-ring/n",
            "--invite-accept=false"
        })
@Execution(ExecutionMode.CONCURRENT)
class CodesLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    @AutoClose
    private final Room room;

    CodesLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
        this.room = lab.room(server);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_moderator_mutes_one_participant_and_unmutes_them(Kind kind) {
        Caller muted = room.join(kind, "101");
        room.join(kind, "102");
        Caller moderator = room.moderator(kind, "200");
        assertEquals("DONE", moderator.press("*6", "101#"));
        assertEquals(muted.channel(), moderator.variable("CONFCODES_CHANNEL"));
        assertEquals(List.of("101"), room.muted());
        moderator.awaitHears("descending-2tone");
        assertFalse(moderator.hears("ascending-2tone"));
        assertEquals("DONE", moderator.press("*7", "101#"));
        moderator.awaitHears("ascending-2tone");
        assertEquals(List.of(), room.muted());
    }

    /** Who is here but the administrators 200 and 201; what 200 presses: a code, and keys each time they are asked for. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            emptyValue = "",
            value = {
                "101 102 | *8 102# | DONE | '' | 102",
                "101 | *8 200# | DENIED | '' | ''",
                "101 102 | *11 | DONE | 101 102 | ''",
                // Nothing, a star, too many keys, a pause in mid number
                "101 | *8 | CANCELLED | '' | ''",
                "101 | *8 # # # | CANCELLED | '' | ''",
                "101 | *6 *# | CANCELLED | '' | ''",
                "101 | *6 10*1# | CANCELLED | '' | ''",
                "101 | *6 101101101101101101101101101101101101# | CANCELLED | '' | ''",
                "101 | *6 101 * | CANCELLED | '' | ''",
                "101 | *6 101 # | DONE | 101 | ''",
                // Again
                "101 | *6 10# 01# 0000# | NOTFOUND | '' | ''",
                "101 | *6 999# 101# | DONE | 101 | ''",
                // Notations, lengths
                "+79161234567 +79161234568 | *6 89161234567# | DONE | +79161234567 | ''",
                "+79161234567 +79161234568 | *6 79161234567# | DONE | +79161234567 | ''",
                "+79161234567 +79161234568 | *6 9161234567# | DONE | +79161234567 | ''",
                "44791112345 447911123456 | *6 447911123456# | DONE | 447911123456 | ''",
                // Ends of numbers
                "+79161234567 +79161234568 | *6 234567# | DONE | +79161234567 | ''",
                "+79161234567 +79161234568 | *8 4567# 1 | DONE | '' | +79161234567",
                "+79161234567 +79161234568 | *8 4567# * | CANCELLED | '' | ''",
                // Nobody is shielded by an accomplice whose whole number is the end of theirs
                "4567 +79161234567 | *8 4567# 2 1 | DONE | '' | +79161234567",
                // Several
                "14567 24567 | *6 4567# 7 8 9 | AMBIGUOUS | '' | ''",
                "14567 24567 | *6 4567# # | DONE | 14567 24567 | ''",
            })
    void what_is_pressed_hits_exactly_those_who_are_meant(
            String here, String keys, String status, String muted, String kicked) {
        words(here).forEach(room::join);
        room.moderator("201");
        Caller moderator = room.moderator("200");
        List<String> pressed = words(keys);
        assertEquals(
                status, moderator.press(pressed.get(0), pressed.stream().skip(1).toArray(String[]::new)));
        assertEquals(words(muted), room.muted());
        room.awaitHere(Stream.of(here.split(" "), new String[] {"200", "201"})
                .flatMap(Stream::of)
                .filter(number -> !words(kicked).contains(number))
                .toArray(String[]::new));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void code_and_number_may_be_typed_in_one_go(Kind kind) {
        room.join("101");
        room.join("62101");
        Caller moderator = room.moderator(kind, "200");
        moderator.pressInOneGo("*662101#");
        moderator.awaitBack();
        assertEquals("DONE", moderator.status());
        assertEquals(List.of("62101"), room.muted());
    }

    @Test
    void a_moderator_locks_the_conference_and_unlocks_it() {
        Caller moderator = room.moderator("200");
        assertEquals("DONE", moderator.press("*9", "0"));
        assertTrue(room.isLocked());
        moderator.awaitHears("conf-lockednow");
        assertFalse(moderator.hears("conf-unlockednow"));
        assertEquals("DONE", moderator.press("*9", "7", "1"));
        assertFalse(room.isLocked());
        moderator.awaitHears("conf-unlockednow");
    }

    @Test
    void a_moderator_invites_somebody_who_joins_as_an_ordinary_participant() {
        Caller moderator = room.moderator(Kind.SIP, "200");
        assertEquals("DONE", moderator.press("*5", "00447911123456#"));
        Await.until(
                "all of it is called",
                () -> lab.log().contains("[00447911123456@lab-ring:1]"),
                () -> room.logOf(moderator));
        Await.until("they join", () -> room.channels().size() == 2, room::channels);
        assertEquals(
                List.of(false),
                room.participants().stream()
                        .filter(row -> !row.getChannel().equals(moderator.channel()))
                        .map(ConfbridgeListEvent::getAdmin)
                        .toList());
        assertEquals("DONE", moderator.press("*8", "00447911123456#"));
        Await.until("they are gone", () -> room.channels().size() == 1, room::channels);
    }

    @Test
    void those_who_were_counted_are_kicked_after_a_confirming_key() {
        room.join("101");
        room.join("102");
        room.moderator("201");
        Caller moderator = room.moderator("200");
        assertEquals("CANCELLED", moderator.press("*44", "2", "*"));
        assertEquals(List.of("101", "102", "200", "201"), room.here());
        moderator.begin("*44");
        moderator.awaitAsked();
        room.join("103");
        moderator.keys("1");
        moderator.awaitBack();
        assertEquals("DONE", moderator.status());
        moderator.awaitHears("digits/2");
        room.awaitHere("103", "200", "201");
        moderator.press("*8", "103#");
        room.awaitHere("200", "201");
        assertEquals("NOTFOUND", moderator.press("*44"));
    }

    @Test
    void the_count_and_the_roll_call_are_read_out_and_change_nothing() {
        room.join("101");
        room.join("anonymous");
        Caller odd = room.dial(SipPhone.guest(lab.sipPort(), "%D0%96"));
        room.dial(SipPhone.guest(lab.sipPort(), "a".repeat(79)));
        Caller moderator = room.moderator("200");
        assertEquals("DONE", moderator.press("*21"));
        moderator.awaitHears("conf-thereare");
        moderator.awaitHears("digits/5");
        assertEquals("DONE", moderator.press("*22"));
        moderator.awaitHears("vm-unknown-caller");
        moderator.awaitHears("conf-roll-callcomplete");
        assertEquals(5, room.participants().size());
        assertEquals(List.of(), room.muted());
        assertFalse(odd.isMuted());
    }

    @Test
    void of_ten_calls_with_one_number_the_tenth_or_all_can_be_kicked() {
        List<Caller> calls =
                Stream.generate(() -> room.join("5551234")).limit(10).toList();
        Caller moderator = room.moderator("200");
        assertEquals("DONE", moderator.press("*8", "5551234#", "0", "1"));
        Await.until("the tenth is kicked", () -> !calls.get(9).isHere());
        assertEquals(10, room.here().size());
        assertEquals("DONE", moderator.press("*8", "5551234#", "#", "1"));
        room.awaitHere("200");
    }

    @Test
    void of_several_that_a_number_means_the_caller_chooses_one_by_a_key() {
        Caller first = room.join("+79161234567");
        Caller second = room.join("+74951234567");
        Caller moderator = room.moderator("200");
        assertEquals("DONE", moderator.press("*6", "4567#", "2"));
        moderator.awaitHears("dir-multi1");
        List<String> order = room.channels();
        Caller meant = order.indexOf(second.channel()) > order.indexOf(first.channel()) ? second : first;
        assertTrue(meant.isMuted());
        assertEquals(1, room.muted().size());
    }

    @Test
    void who_has_left_in_the_meantime_is_not_found() {
        Caller leaving = room.join("101");
        room.join("102");
        Caller moderator = room.moderator("200");
        moderator.begin("*6");
        moderator.awaitAsked();
        leaving.hangUp();
        Await.until("101 is gone", () -> !leaving.isHere(), room::here);
        moderator.keys("101#");
        while (moderator.awaitAskedOrBack()) {
            moderator.keys("101#");
        }
        assertEquals("NOTFOUND", moderator.status());
        assertEquals(List.of(), room.muted());
    }

    @Test
    void the_conference_may_be_named_by_a_variable() {
        room.join("101");
        Caller moderator = room.join("200", "lab_admin", "confcodes_menu", "CONFNUM=" + room.name());
        assertEquals("DONE", moderator.press("*6", "101#"));
        assertEquals(List.of("101"), room.muted());
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales", "board meeting", "all", "a.b-c_d"})
    void conferences_have_names_that_are_not_numbers(String name) {
        try (Room named = lab.room(server, name)) {
            named.join("101");
            Caller moderator = named.moderator("200");
            assertEquals("DONE", moderator.press("*6", "101#"));
            assertEquals(List.of("101"), named.muted());
        }
    }

    @Test
    void two_administrators_act_at_once() {
        room.join("101");
        room.join("102");
        Caller one = room.moderator("200");
        Caller other = room.moderator("201");
        one.begin("*6");
        other.begin("*6");
        one.awaitAsked();
        other.awaitAsked();
        one.keys("101#");
        other.keys("102#");
        one.awaitBack();
        other.awaitBack();
        assertEquals(List.of("DONE", "DONE"), List.of(one.status(), other.status()));
        assertEquals(List.of("101", "102"), room.muted());
    }

    @Test
    void two_moderators_may_start_recording_together_and_both_stop_it() {
        try (ServerProcess recording = ServerProcess.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room recorded = lab.room(recording)) {
            List<Caller> moderators = List.of(recorded.moderator("200"), recorded.moderator("201"));
            moderators.forEach(moderator -> moderator.begin("*31"));
            for (Caller moderator : moderators) {
                moderator.awaitBack();
                assertEquals("DONE", moderator.status());
                moderator.awaitHears("conf-now-recording");
                assertTrue(recorded.isRecorded());
            }
            for (Caller moderator : moderators) {
                assertEquals("DONE", moderator.press("*32"));
                moderator.awaitHears("vm-msgsaved");
                Await.until("it is no longer recorded", () -> !recorded.isRecorded(), lab::logTail);
            }
        }
    }

    @Test
    void without_the_right_the_caller_is_told_and_the_log_names_the_line() {
        Caller moderator = room.moderator("200");
        assertEquals("DENIED", moderator.press("*31"));
        moderator.awaitHears("confbridge-invalid");
        assertTrue(room.logOf(moderator).get(0).contains("manager_confcodes.conf"), server::logText);
    }
}
