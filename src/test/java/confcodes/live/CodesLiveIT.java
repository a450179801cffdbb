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
import java.util.List;
import java.util.stream.Stream;
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every service code and every outcome, from the keypad to what Asterisk says of the conference. */
@LiveTest(serve = {"--first-digit-timeout=3s", "--inter-digit-timeout=3s", "--dial-string=Local/%s@lab-ring/n"})
@Execution(ExecutionMode.CONCURRENT)
class CodesLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    CodesLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_moderator_mutes_one_participant_and_unmutes_them(Kind kind) {
        try (Room room = lab.room(server)) {
            Caller muted = room.join(kind, "101");
            room.join(kind, "102");
            Caller moderator = room.moderator(kind, "200");
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(muted.channel(), moderator.variable("CONFCODES_CHANNEL"));
            assertEquals(List.of("101"), room.muted());
            moderator.awaitHears("descending-2tone");
            assertFalse(moderator.hears("ascending-2tone"));
            moderator.press("*7", "101#");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("ascending-2tone");
            assertEquals(List.of(), room.muted());
        }
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
                // Several
                "14567 24567 | *6 4567# 7 8 9 | AMBIGUOUS | '' | ''",
                "14567 24567 | *6 4567# # | DONE | 14567 24567 | ''",
            })
    void what_is_pressed_hits_exactly_those_who_are_meant(
            String here, String keys, String status, String muted, String kicked) {
        try (Room room = lab.room(server)) {
            words(here).forEach(room::join);
            room.moderator("201");
            Caller moderator = room.moderator("200");
            List<String> pressed = words(keys);
            moderator.press(pressed.get(0), pressed.stream().skip(1).toArray(String[]::new));
            assertEquals(status, moderator.status());
            assertEquals(words(muted), room.muted());
            room.awaitHere(Stream.of(here.split(" "), new String[] {"200", "201"})
                    .flatMap(Stream::of)
                    .filter(number -> !words(kicked).contains(number))
                    .toArray(String[]::new));
        }
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void code_and_number_may_be_typed_in_one_go(Kind kind) {
        try (Room room = lab.room(server)) {
            room.join("101");
            room.join("62101");
            Caller moderator = room.moderator(kind, "200");
            moderator.pressInOneGo("*662101#");
            moderator.awaitBack();
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("62101"), room.muted());
        }
    }

    @Test
    void a_moderator_locks_the_conference_and_unlocks_it() {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*9", "0");
            assertEquals("DONE", moderator.status());
            assertTrue(room.isLocked());
            moderator.awaitHears("conf-lockednow");
            assertFalse(moderator.hears("conf-unlockednow"));
            moderator.press("*9", "7", "1");
            assertEquals("DONE", moderator.status());
            assertFalse(room.isLocked());
            moderator.awaitHears("conf-unlockednow");
        }
    }

    @Test
    void a_moderator_invites_somebody_who_joins_as_an_ordinary_participant() {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*5", "105#");
            assertEquals("DONE", moderator.status());
            Await.until("105 joins", () -> room.channels().size() == 2, room::channels);
            assertEquals(
                    List.of(false),
                    room.participants().stream()
                            .filter(row -> !row.getChannel().equals(moderator.channel()))
                            .map(ConfbridgeListEvent::getAdmin)
                            .toList());
            moderator.press("*8", "105#");
            assertEquals("DONE", moderator.status());
            Await.until("105 is gone", () -> room.channels().size() == 1, room::channels);
        }
    }

    @Test
    void those_who_were_counted_are_kicked_after_a_confirming_key() {
        try (Room room = lab.room(server)) {
            room.join("101");
            room.join("102");
            room.moderator("201");
            Caller moderator = room.moderator("200");
            moderator.press("*44", "2", "*");
            assertEquals("CANCELLED", moderator.status());
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
            moderator.press("*44");
            assertEquals("NOTFOUND", moderator.status());
        }
    }

    @Test
    void the_count_and_the_roll_call_are_read_out_and_change_nothing() {
        try (Room room = lab.room(server)) {
            room.join("101");
            room.join("anonymous");
            Caller moderator = room.moderator("200");
            moderator.press("*21");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("conf-thereare");
            moderator.awaitHears("digits/3");
            moderator.press("*22");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("vm-unknown-caller");
            moderator.awaitHears("conf-roll-callcomplete");
            assertEquals(3, room.participants().size());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void of_several_that_a_number_means_the_caller_chooses_one_by_a_key() {
        try (Room room = lab.room(server)) {
            Caller first = room.join("+79161234567");
            Caller second = room.join("+74951234567");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "4567#", "2");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("dir-multi1");
            List<String> order = room.channels();
            Caller meant = order.indexOf(second.channel()) > order.indexOf(first.channel()) ? second : first;
            assertTrue(meant.isMuted());
            assertEquals(1, room.muted().size());
        }
    }

    @Test
    void who_has_left_in_the_meantime_is_not_found() {
        try (Room room = lab.room(server)) {
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
    }

    @Test
    void a_plain_participant_with_the_menu_is_refused() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller plain = room.join("102", "lab_user", "confcodes_menu");
            plain.press("*6", "101#");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void who_names_a_conference_that_they_are_not_in_is_refused() {
        try (Room other = lab.room(server);
                Room own = lab.room(server)) {
            other.join("101");
            own.join("102");
            Caller moderator = own.join("200", "lab_admin", "confcodes_menu", "CONFNUM=" + other.name());
            moderator.press("*11");
            assertEquals("DENIED", moderator.status());
            assertEquals(List.of(), other.muted());
            assertEquals(List.of(), own.muted());
        }
    }

    @Test
    void the_conference_may_be_named_by_a_variable() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.join("200", "lab_admin", "confcodes_menu", "CONFNUM=" + room.name());
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales", "board meeting", "all", "a.b-c_d"})
    void conferences_have_names_that_are_not_numbers(String name) {
        try (Room room = lab.room(server, name)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @Test
    void two_administrators_act_at_once() {
        try (Room room = lab.room(server)) {
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
    }

    @Test
    void one_code_starts_recording_and_another_stops_it_and_each_may_be_repeated() {
        try (ServerProcess recording = ServerProcess.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room room = lab.room(recording)) {
            Caller moderator = room.moderator("200");
            for (int i = 0; i < 2; i++) {
                moderator.press("*31");
                assertEquals("DONE", moderator.status());
                moderator.awaitHears("conf-now-recording");
                assertTrue(room.isRecorded());
            }
            for (int i = 0; i < 2; i++) {
                moderator.press("*32");
                assertEquals("DONE", moderator.status());
                moderator.awaitHears("vm-msgsaved");
                Await.until("it is no longer recorded", () -> !room.isRecorded(), lab::logTail);
            }
        }
    }

    @Test
    void without_the_right_the_caller_is_told_and_the_log_names_the_line() {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*31");
            assertEquals("DENIED", moderator.status());
            moderator.awaitHears("confbridge-invalid");
            assertTrue(room.logOf(moderator).get(0).contains("manager_confcodes.conf"), server::logText);
        }
    }
}
