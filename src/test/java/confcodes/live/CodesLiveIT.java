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
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
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
            room.join(kind, "101");
            room.join(kind, "102");
            Caller moderator = room.moderator(kind, "200");
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
            assertTrue(moderator.hears("descending-2tone") && !moderator.hears("ascending-2tone"));
            moderator.press("*7", "101#");
            assertEquals("DONE", moderator.status());
            assertTrue(moderator.hears("ascending-2tone"));
            assertEquals(List.of(), room.muted());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_moderator_kicks_one_participant(Kind kind) {
        try (Room room = lab.room(server)) {
            room.join(kind, "101");
            Caller kicked = room.join(kind, "102");
            Caller moderator = room.moderator(kind, "200");
            moderator.press("*8", "102#");
            assertEquals("DONE", moderator.status());
            assertEquals(kicked.channel(), moderator.variable("CONFCODES_CHANNEL"));
            room.awaitHere("101", "200");
        }
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
            assertTrue(moderator.hears("conf-lockednow") && !moderator.hears("conf-unlockednow"));
            moderator.press("*9", "7", "1");
            assertEquals("DONE", moderator.status());
            assertFalse(room.isLocked());
            assertTrue(moderator.hears("conf-unlockednow"));
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
    void everyone_but_administrators_is_muted_and_unmuted() {
        try (Room room = lab.room(server)) {
            room.join("101");
            room.join("102");
            room.moderator("201");
            Caller moderator = room.moderator("200");
            moderator.press("*11");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101", "102"), room.muted());
            moderator.press("*12");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of(), room.muted());
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
            assertTrue(moderator.hears("digits/2"));
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
            assertTrue(moderator.hears("conf-thereare") && moderator.hears("digits/3"));
            moderator.press("*22");
            assertEquals("DONE", moderator.status());
            assertTrue(moderator.hears("vm-unknown-caller") && moderator.hears("conf-roll-callcomplete"));
            assertEquals(3, room.participants().size());
            assertEquals(List.of(), room.muted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*#", "10*1#", "101101101101101101101101101101101101#"})
    void a_star_or_too_many_keys_cancel(String keys) {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", keys);
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void after_a_pause_in_mid_number_the_keys_count_only_if_they_are_accepted() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "101", "*");
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of(), room.muted());
            moderator.press("*6", "101", "#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @Test
    void without_any_key_nobody_is_touched() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*8");
            assertEquals("CANCELLED", moderator.status());
            moderator.press("*8", "#", "#", "#");
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of("101", "200"), room.here());
        }
    }

    @Test
    void a_number_that_nobody_has_may_be_tried_again() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "10#", "01#", "0000#");
            assertEquals("NOTFOUND", moderator.status());
            assertEquals(List.of(), room.muted());
            moderator.press("*6", "999#", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"89161234567#", "79161234567#", "9161234567#", "4567#", "234567#"})
    void a_subscriber_is_meant_in_every_notation(String keys) {
        try (Room room = lab.room(server)) {
            room.join("+79161234567");
            room.join("+79161234568");
            Caller moderator = room.moderator("200");
            moderator.press("*6", keys);
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("+79161234567"), room.muted());
        }
    }

    @Test
    void a_number_of_more_than_eleven_digits_is_read_whole() {
        try (Room room = lab.room(server)) {
            room.join("44791112345");
            room.join("447911123456");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "447911123456#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("447911123456"), room.muted());
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
            assertTrue(moderator.hears("dir-multi1"));
            List<String> order = room.channels();
            Caller meant = order.indexOf(second.channel()) > order.indexOf(first.channel()) ? second : first;
            assertTrue(meant.isMuted());
            assertEquals(1, room.muted().size());
        }
    }

    @Test
    void if_none_of_several_is_chosen_nobody_is_touched() {
        try (Room room = lab.room(server)) {
            room.join("14567");
            room.join("24567");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "4567#", "7", "8", "9");
            assertEquals("AMBIGUOUS", moderator.status());
            assertEquals(List.of(), room.muted());
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

    @Test
    void administrators_cannot_kick_themselves_by_number() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*8", "200#");
            assertEquals("DENIED", moderator.status());
            assertEquals(List.of("101", "200"), room.here());
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
}
