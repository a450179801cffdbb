package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.agi.Served.TWO;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.Outcome;
import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import confcodes.conference.Status;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each code does and says, over a socket. */
class CodesTest {

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx pbx = served.pbx;

    private FastAgiPeer play(String script) throws IOException {
        return served.call(script).play();
    }

    private static void assertEnds(FastAgiPeer call, String status, String... heard) {
        assertEquals(status, call.status(), () -> call.commands().toString());
        assertEquals(List.of(heard), call.heard());
    }

    @Test
    void a_participant_is_muted_and_the_caller_hears_who() throws IOException {
        FastAgiPeer call = served.call("conference_mute").types("101").play();

        assertEnds(call, "DONE", "101", "descending-2tone");
        assertEquals(ONE, call.channel());
        assertEquals(List.of("MUTE 100 " + ONE), pbx.everythingDone());
        assertTrue(call.commands().get(0).startsWith("SET VARIABLE \"CONFCODES_TAKEN\" \""));
        assertEquals(
                List.of(
                        "SET VARIABLE \"TIMEOUT(response)\" \"7.000\"",
                        "SET VARIABLE \"TIMEOUT(digit)\" \"4.500\"",
                        "EXEC \"Read\" \"CONFCODES_KEYS,dial,255,i\"",
                        "GET FULL VARIABLE \"${READSTATUS}:${CONFCODES_KEYS}\"",
                        "GET FULL VARIABLE \"${URIENCODE(${CONFNUM})}\"",
                        "SET VARIABLE \"CONFCODES_CHANNEL\" \"" + ONE + "\"",
                        "SET VARIABLE \"CONFCODES_STATUS\" \"DONE\"",
                        Served.asksForName(ONE),
                        "SAY DIGITS \"101\" \"\"",
                        "STREAM FILE \"descending-2tone\" \"\""),
                call.commands().subList(1, 11));
        served.awaitLogged("by=" + MODERATOR + " conference=100 code=conference_mute number=101 channel=" + ONE
                + " outcome=done ms=");
        assertEquals(1, pbx.lists());
    }

    @ParameterizedTest
    @CsvSource({
        "conference_mute, MUTE, descending-2tone",
        "conference_unmute, UNMUTE, ascending-2tone",
        "conference_kick, KICK, conf-hasleft"
    })
    void a_number_in_the_request_takes_the_place_of_keys(String code, String operation, String said)
            throws IOException {
        FastAgiPeer call = play(code + "?conference=100&number=102");

        assertEnds(call, "DONE", "102", said);
        assertEquals(List.of(operation + " 100 " + TWO), pbx.everythingDone());
        assertEquals(0, call.asked());
    }

    @ParameterizedTest
    @CsvSource({"conference=100, x, x", "conference=, x, x", "y=z, 100, x", "y=z, '', 100", "y=z, '', ''"})
    void the_conference_is_a_parameter_an_argument_the_variable_CONFNUM_or_where_the_caller_stands(
            String parameter, String argument, String confnum) throws IOException {
        FastAgiPeer call = served.call("conference_mute?number=101&" + parameter)
                .header("agi_arg_1", argument)
                .variable("CONFNUM", confnum)
                .play();

        assertEquals("DONE", call.status());
        assertEquals(
                argument.isEmpty(), call.commands().toString().contains("CONFNUM"), "asked for only if it is needed");
    }

    @ParameterizedTest
    @CsvSource({
        "conference=other, '', PJSIP/200-00000001, DENIED, confbridge-invalid",
        "x=y, other, PJSIP/200-00000001, DENIED, confbridge-invalid",
        "conference=100, '', PJSIP/101-00000002, DENIED, confbridge-invalid",
        "x=y, '', PJSIP/101-00000002, DENIED, confbridge-invalid",
        "conference=100, '', PJSIP/300-00000009, DENIED, confbridge-invalid",
        "conference=100, '', PJSIP/999-00000042, DENIED, confbridge-invalid",
        "conference=nowhere, '', PJSIP/200-00000001, NOCONFERENCE, conf-invalid",
        "x=y, '', PJSIP/999-00000042, NOCONFERENCE, conf-invalid"
    })
    void whoever_may_not_is_refused_once_they_have_typed(
            String parameter, String confnum, String channel, String status, String said) throws IOException {
        pbx.call("PJSIP/999-00000042");
        FastAgiPeer call = served.call(channel, "conference_mute?" + parameter)
                .variable("CONFNUM", confnum)
                .types("102")
                .play();

        assertEnds(call, status, said);
        assertEquals("", call.channel());
        assertEquals(1, call.asked());
        served.assertNothingDone();
    }

    @ParameterizedTest
    @CsvSource({
        "6101, OK, DONE, conference_mute, '[MUTE 100 PJSIP/101-00000002]', 0",
        "91, OK, DONE, conference_lock, [], 0",
        "21, OK, DONE, conference_count, [], 0",
        "21, TIMEOUT, DONE, conference_count, [], 0",
        "6, OK, DONE, conference_mute, '[MUTE 100 PJSIP/102-00000003]', 1",
        "6, TIMEOUT, DONE, conference_mute, '[MUTE 100 PJSIP/102-00000003]', 1",
        "6101, TIMEOUT, CANCELLED, conference_mute, [], 1",
        "6*, OK, CANCELLED, conference_mute, [], 0",
        "6, HANGUP, CANCELLED, conference_mute, [], 0",
        "1101, OK, CANCELLED, conference_codes, [], 0",
        "2, TIMEOUT, CANCELLED, conference_codes, [], 0",
        "'', TIMEOUT, CANCELLED, conference_codes, [], 0",
    })
    void the_keys_of_any_code_and_its_number_come_in_one_go_or_the_number_is_asked_for(
            String keys, String read, String status, String code, String done, int asked) throws IOException {
        FastAgiPeer call = served.call("conference_codes?keys=" + keys + "&read=" + read)
                .types("102")
                .play();

        assertEquals(status, call.status(), () -> call.commands().toString());
        assertEquals(done, pbx.everythingDone().toString());
        assertEquals(asked, call.asked());
        served.awaitLogged(" code=" + code + " ");
    }

    @Test
    void a_moderator_cannot_kick_themselves() throws IOException {
        assertEnds(play("conference_kick?number=200"), "DENIED", "confbridge-invalid");
        served.assertNothingDone();
    }

    @ParameterizedTest
    @CsvSource({"0, conf-lockednow, [locked 100]", "1, conf-unlockednow, []"})
    void zero_locks_and_one_unlocks(String key, String said, String done) throws IOException {
        FastAgiPeer call = served.call("conference_lock").types(key).play();

        assertEnds(call, "DONE", said);
        assertEquals(done, pbx.everythingDone().toString());
        assertTrue(call.commands().contains("EXEC \"Read\" \"CONFCODES_KEYS,dial,1,i\""));
    }

    @Test
    void somebody_is_called_into_the_conference() throws IOException {
        assertEnds(served.call("conference_add").types("105").play(), "DONE", "105", "transfer");
        assertEquals(List.of("invited 100 PJSIP/105"), pbx.everythingDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1*5", "101%40evil", "101%26PJSIP/102", "%2B79161234567", "101%0d%0aAction:%20Originate"})
    void only_digits_can_be_called(String number) throws IOException {
        assertEnds(play("conference_add?number=" + number), "NOTFOUND", "privacy-incorrect");
        served.assertNothingDone();
    }

    @Test
    void everyone_is_muted_and_unmuted_but_administrators() throws IOException {
        assertEnds(play("conference_mute_all"), "DONE", "conf-now-muted");
        assertEquals(List.of(ONE, TWO), pbx.muted("100"));
        assertEnds(play("conference_unmute_all"), "DONE", "conf-now-unmuted");
        assertEquals(List.of(), pbx.muted("100"));
    }

    @Test
    void a_caller_who_is_no_administrator_does_not_mute_themselves_with_all() throws IOException {
        served.start(wishes -> wishes.allow = Policy.ANYONE);

        assertEquals("DONE", served.call(ONE, "conference_mute_all").play().status());
        assertEquals(List.of(TWO), pbx.muted("100"));
    }

    @Test
    void everybody_raises_a_hand_and_a_moderator_gives_the_floor() throws IOException {
        assertEnds(served.call(ONE, "conference_hand").play(), "DONE", "ascending-2tone");
        assertEnds(served.call(TWO, "conference_hand").play(), "DONE", "ascending-2tone");
        assertEnds(served.call(TWO, "conference_hand").play(), "DONE", "descending-2tone");
        assertEquals("DENIED", served.call(ONE, "conference_floor").play().status());
        assertEnds(play("conference_floor"), "DONE", "101", "ascending-2tone");
        assertEnds(play("conference_floor"), "NOTFOUND", "privacy-incorrect");
    }

    @Test
    void a_number_is_banned_but_a_withheld_one_cannot_be() throws IOException {
        pbx.join("100", member("PJSIP/103-00000004", ""));
        assertEnds(play("conference_ban?number=102"), "DONE", "102", "conf-hasleft");
        assertEnds(play("conference_ban?number=103"), "DENIED", "vm-unknown-caller", "confbridge-invalid");
        assertEquals(Set.of(TWO), pbx.kicked());
    }

    @Test
    void those_who_were_counted_are_kicked_once_that_is_confirmed_and_no_newcomer() throws IOException {
        pbx.join("100", member("PJSIP/103-00000004", "103"));
        FastAgiPeer call = served.call("conference_kick_all").playUntilAsked();
        pbx.leave("100", TWO);
        pbx.join("100", member("PJSIP/104-00000005", "104"));
        call.types("1").playOn();

        assertEnds(call, "DONE", "digits/3", "confbridge-participants", "vm-press", "digits/1", "2", "conf-hasleft");
        assertEquals(Set.of(ONE, "PJSIP/103-00000004"), pbx.kicked());
    }

    @Test
    void where_there_is_nobody_to_kick_nothing_is_asked() throws IOException {
        pbx.leave("100", ONE, TWO);
        FastAgiPeer call = served.call("conference_kick_all").types("1").play();

        assertEnds(call, "NOTFOUND", "privacy-incorrect");
        served.assertNothingDone();
    }

    @Test
    void the_number_of_participants_is_said() throws IOException {
        assertEnds(play("conference_count"), "DONE", "conf-thereare", "3", "confbridge-participants");
        pbx.leave("100", ONE, TWO);
        assertEnds(play("conference_count"), "DONE", "conf-onlyperson");
    }

    @Test
    void the_roll_is_called_the_newest_first_until_a_key_is_pressed() throws IOException {
        pbx.join(
                "100",
                member("PJSIP/x-00000004", ""),
                member("PJSIP/y-00000005", "Ж"),
                member("PJSIP/z-00000006", "+7 916 1234567"),
                member("PJSIP/q-00000007", "a".repeat(75) + "4711"));

        assertEnds(
                play("conference_roll_call"),
                "DONE",
                "4711",
                "79161234567",
                "5",
                "vm-unknown-caller",
                "4",
                "vm-unknown-caller",
                "102",
                "101",
                "200",
                "conf-roll-callcomplete");
        assertEnds(
                served.call("conference_roll_call").pressesDuring("4711", '5').play(), "DONE", "4711");
    }

    @Test
    void recording_starts_and_stops_and_each_is_done_also_if_it_is_so_already() throws IOException {
        for (int i = 0; i < 2; i++) {
            assertEnds(play("conference_record"), "DONE", "conf-now-recording");
            assertEquals(List.of("recorded 100"), pbx.everythingDone());
        }
        for (int i = 0; i < 2; i++) {
            assertEnds(play("conference_record_stop"), "DONE", "vm-msgsaved");
            served.assertNothingDone();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "all",
                "../x",
                "participants",
                "100%0d%0aAction:%20Originate",
                "100%00",
                "%0a",
                "100%0d",
                "*",
                "%20",
                "${CHANNEL}",
                "100;rm%20-rf"
            })
    void hostile_conferences_are_none(String conference) throws IOException {
        assertEnds(play("conference_mute?number=101&conference=" + conference), "NOCONFERENCE", "conf-invalid");
        served.assertNothingDone();
        assertTrue(served.log.text().lines().allMatch(line -> line.contains("code=conference_mute")), served.log::text);
    }

    @Test
    void a_conference_of_5000_characters_is_none() throws IOException {
        assertEnds(play("conference_mute?number=101&conference=" + "9".repeat(5_000)), "NOCONFERENCE", "conf-invalid");
    }

    @Test
    void a_CONFNUM_with_line_breaks_forges_no_reply() throws IOException {
        FastAgiPeer call = served.call("conference_mute?number=101")
                .variable("CONFNUM", "100)\n200 result=1 (x")
                .play();

        assertEnds(call, "NOCONFERENCE", "conf-invalid");
        served.assertNothingDone();
    }

    @Test
    void a_CONFNUM_is_taken_as_it_is_written() throws IOException {
        String name = "a b+c%20ж&\"";
        pbx.join(name, admin("PJSIP/400-0000000a", "400"));
        FastAgiPeer call = served.call("PJSIP/400-0000000a", "conference_lock?number=0")
                .variable("CONFNUM", name)
                .play();

        assertEquals("DONE", call.status());
        assertEquals(List.of("locked " + name), pbx.everythingDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"101%0d%0aAction:%20x", "all", "participants", "%00", "1", "01", "10", "0000", "%F0", "*"})
    void hostile_numbers_mean_nobody(String number) throws IOException {
        assertEnds(play("conference_kick?number=" + number), "NOTFOUND", "privacy-incorrect");
        served.assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference=%zz", "number=%", "conference=100&conference=100", "number=101&number=102"})
    void a_request_that_cannot_be_read_is_closed(String parameters) throws IOException {
        FastAgiPeer call = play("conference_mute?" + parameters);

        assertEnds(call, "");
        assertEquals(0, pbx.questions());
        assertEquals(1, served.log.lines("refused a request of 127.0.0.1: ").size(), served.log::text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"conference_explode", "", "CONFERENCE_MUTE", "conference_mute/x", "java.lang.Runtime", "unknown"
            })
    void an_unknown_code_is_denied_without_a_question_to_the_pbx(String script) throws IOException {
        FastAgiPeer call = play(script);

        assertEnds(call, "DENIED", "confbridge-invalid");
        assertTrue(call.commands().stream().noneMatch(command -> command.startsWith("EXEC")), "nothing is asked");
        assertEquals(0, pbx.questions());
    }

    @Test
    void a_missing_sound_becomes_a_tone() throws IOException {
        FastAgiPeer good = served.call("conference_mute?number=101")
                .misses("descending-2tone")
                .play();
        FastAgiPeer bad =
                served.call("conference_explode").misses("confbridge-invalid").play();

        assertEnds(good, "DONE", "101", "Playtones !950/120,!0/40,!1400/240,!0/100", "Wait 0.7", "StopPlaytones");
        assertEnds(bad, "DENIED", "Playtones !480/240,!0/120,!480/240,!0/100", "Wait 0.7", "StopPlaytones");
        assertEquals(1, served.log.lines("change prompt-muted").size(), served.log::text);
    }

    @ParameterizedTest
    @EnumSource(PbxException.Reason.class)
    void a_failing_pbx_is_unavailable_and_a_missing_right_denied(PbxException.Reason reason) throws IOException {
        boolean isDenied = reason == PbxException.Reason.NOT_PERMITTED;
        pbx.failWith(new PbxException(reason, "add system"));
        FastAgiPeer call = served.call("conference_mute").types("101").play();
        FastAgiPeer quiet = play("conference_record?unavailable=dialplan");

        if (isDenied) {
            assertEnds(call, "DENIED", "confbridge-invalid");
            assertEnds(quiet, "DENIED", "confbridge-invalid");
        } else {
            assertEnds(call, "UNAVAILABLE", "beeperr", "please-try-again");
            assertEnds(quiet, "UNAVAILABLE");
        }
        assertEquals(2, served.log.lines("reason=\"add system\"").size(), served.log::text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference_mute?number=101", "conference_mute_all", "conference_lock?number=0"})
    void what_the_pbx_refuses_is_denied_with_its_reason(String script) throws IOException {
        pbx.refuseWith(Outcome.of(Status.DENIED, "it will not"));

        assertEnds(play(script), "DENIED", "confbridge-invalid");
        assertEquals(1, served.log.lines("reason=\"it will not\"").size(), served.log::text);
    }

    @Test
    void a_fault_is_unavailable_and_logged_with_its_place() throws IOException {
        pbx.beforeChannel(() -> {
            throw new IllegalStateException("a bug");
        });
        served.expectFault();

        assertEnds(play("conference_mute?number=101"), "UNAVAILABLE", "beeperr", "please-try-again");
        assertFalse(served.log.lines("a fault in conference_mute").isEmpty());
    }
}
