package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import confcodes.live.Room.Kind;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every service code and every outcome, from the keypad to what Asterisk says of the conference. */
@ExtendWith(LiveExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class CodesLiveIT {

    private static Lab lab;
    private static LiveServer server;

    @BeforeAll
    static void start(Lab started) throws IOException {
        lab = started;
        server = LiveServer.start(
                lab, "--first-digit-timeout=8s", "--inter-digit-timeout=4s", "--dial-string=Local/%s@lab-ring/n");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_moderator_mutes_one_participant_and_unmutes_him(Kind kind) {
        try (Room room = Room.of(lab, server, kind)) {
            room.join("101");
            room.join("102");
            Caller moderator = room.moderator("200");
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
        try (Room room = Room.of(lab, server, kind)) {
            room.join("101");
            Caller kicked = room.join("102");
            Caller moderator = room.moderator("200");
            moderator.press("*8", "102#");
            assertEquals("DONE", moderator.status());
            assertEquals(kicked.channel(), moderator.variable("CONFCODES_CHANNEL"));
            Waiting.until(
                    "102 is gone",
                    () -> room.here().equals(List.of("101", "200")),
                    () -> room.here().toString());
        }
    }

    @Test
    void a_moderator_locks_the_conference_and_unlocks_it() {
        try (Room room = Room.of(lab, server)) {
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
        try (Room room = Room.of(lab, server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*5", "105#");
            assertEquals("DONE", moderator.status());
            Waiting.until(
                    "105 joins",
                    () -> room.channels().size() == 2,
                    () -> room.channels().toString());
            assertEquals(
                    List.of("No"),
                    room.rows().stream()
                            .filter(row -> !row.get("Channel").equals(moderator.channel()))
                            .map(row -> row.get("Admin"))
                            .toList());
            moderator.press("*8", "105#");
            assertEquals("DONE", moderator.status());
            Waiting.until(
                    "105 is gone",
                    () -> room.channels().size() == 1,
                    () -> room.channels().toString());
        }
    }

    @Test
    void everyone_but_administrators_is_muted_unmuted_and_kicked_after_a_confirming_digit() {
        try (Room room = Room.of(lab, server)) {
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
            moderator.press("*44", "2");
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of("101", "102", "200", "201"), room.here());
            moderator.press("*44", "1");
            assertEquals("DONE", moderator.status());
            Waiting.until(
                    "all others are gone",
                    () -> room.here().equals(List.of("200", "201")),
                    () -> room.here().toString());
            moderator.press("*44");
            assertEquals("NOTFOUND", moderator.status());
        }
    }

    @Test
    void the_count_and_the_roll_call_are_read_out_and_change_nothing() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            room.join("anonymous");
            Caller moderator = room.moderator("200");
            moderator.press("*21");
            assertEquals("DONE", moderator.status());
            moderator.press("*22");
            assertEquals("DONE", moderator.status());
            assertEquals(3, room.rows().size());
            assertEquals(List.of(), room.muted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"#", "10", "*", "*#"})
    void without_a_whole_number_nobody_is_touched(String keys) {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            if (keys.startsWith("*")) {
                moderator.press("*6", keys);
            } else {
                moderator.press("*6", keys, keys, keys);
            }
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void without_any_digit_nobody_is_touched() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*8");
            assertEquals("CANCELLED", moderator.status());
            assertEquals(List.of("101", "200"), room.here());
        }
    }

    @Test
    void a_number_that_nobody_has_may_be_tried_again() {
        try (Room room = Room.of(lab, server)) {
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
    @ValueSource(strings = {"89161234567#", "79161234567", "9161234567#", "4567#", "234567#"})
    void a_subscriber_is_meant_in_every_notation(String keys) {
        try (Room room = Room.of(lab, server)) {
            room.join("+79161234567");
            room.join("+79161234568");
            Caller moderator = room.moderator("200");
            moderator.press("*6", keys);
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("+79161234567"), room.muted());
        }
    }

    @Test
    void of_several_that_a_number_means_the_caller_chooses_one_by_a_digit() {
        try (Room room = Room.of(lab, server)) {
            Caller first = room.join("+79161234567");
            Caller second = room.join("+74951234567");
            Caller moderator = room.moderator("200");
            moderator.begin("*6");
            moderator.awaitAsked();
            moderator.keys("4567#");
            Waiting.until(
                    "the choices are read out", () -> lab.logTail().contains("Playing 'dir-multi1"), lab::logTail);
            moderator.keys("2");
            moderator.awaitBack();
            assertEquals("DONE", moderator.status());
            boolean isSecondOfTheList =
                    room.channels().indexOf(second.channel()) > room.channels().indexOf(first.channel());
            Caller meant = isSecondOfTheList ? second : first;
            assertTrue(meant.isMuted());
            assertEquals(1, room.muted().size());
        }
    }

    @Test
    void when_none_of_several_is_chosen_nobody_is_touched() {
        try (Room room = Room.of(lab, server)) {
            room.join("14567");
            room.join("24567");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "4567#");
            assertEquals("AMBIGUOUS", moderator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void who_has_left_in_the_meantime_is_not_found() {
        try (Room room = Room.of(lab, server)) {
            Caller leaving = room.join("101");
            room.join("102");
            Caller moderator = room.moderator("200");
            moderator.begin("*6");
            moderator.awaitAsked();
            leaving.hangUp();
            Waiting.until(
                    "101 is gone", () -> !leaving.isHere(), () -> room.here().toString());
            moderator.keys("101#");
            Waiting.until(
                    "he is asked again or told",
                    () -> !room.logOf(moderator).isEmpty(),
                    () -> server.log().toString());
            moderator.awaitBack();
            assertEquals("NOTFOUND", moderator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void a_plain_participant_with_the_menu_is_refused_before_any_digit() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller plain = room.joinAs("102", "lab_user", "confcodes_menu");
            plain.press("*6");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void who_names_a_conference_that_he_is_not_in_is_refused() {
        try (Room other = Room.of(lab, server);
                Room own = Room.of(lab, server)) {
            other.join("101");
            Caller moderator = own.moderator("200", "CONFNUM=" + other.name());
            moderator.press("*11");
            assertEquals("DENIED", moderator.status());
            assertEquals(List.of(), other.muted());
        }
    }

    @Test
    void the_conference_may_be_named_by_a_variable() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200", "CONFNUM=" + room.name());
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @Test
    void an_administrator_cannot_kick_himself_by_number() {
        try (Room room = Room.of(lab, server)) {
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
        try (Room room = new Room(lab, server, Kind.LOCAL, name)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @Test
    void two_administrators_act_at_once() {
        try (Room room = Room.of(lab, server)) {
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
    void who_hangs_up_within_the_digits_has_done_nothing() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.begin("*6");
            moderator.awaitAsked();
            moderator.keys("10");
            moderator.hangUp();
            Waiting.until(
                    "the code ends",
                    () -> !room.logOf(moderator).isEmpty(),
                    () -> server.log().toString());
            assertTrue(room.logOf(moderator).get(0).contains("outcome=cancelled"), room.logOf(moderator)::toString);
            assertEquals(List.of(), room.muted());
            assertTrue(server.log().stream().noneMatch(line -> line.startsWith("\tat ")), server.log()::toString);
        }
    }
}
