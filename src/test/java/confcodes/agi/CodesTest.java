package confcodes.agi;

import static confcodes.Eventually.eventually;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.agi.ScriptedAgi.HangUp;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.PbxException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each code from the request to the last word, over a socket. */
class CodesTest {

    private static final String MODERATOR = ScriptedAgi.MODERATOR;
    private static final String ONE = "PJSIP/101-00000002";
    private static final String TWO = "PJSIP/102-00000003";

    private final InMemoryPbx pbx = new InMemoryPbx()
            .join("100", admin(MODERATOR, "200"), member(ONE, "101"), member(TWO, "102"))
            .join("other", member("PJSIP/300-00000009", "300"));
    private final CapturedLog log = new CapturedLog();
    private CodeServer server;

    @BeforeEach
    void start() throws IOException {
        server = AgiServers.start(pbx);
    }

    @AfterEach
    void stop() throws IOException {
        try {
            eventually("every thread is done", () -> AgiServers.busyThreads(server) == 0);
            server.stop(Duration.ofSeconds(1));
        } finally {
            log.close();
        }
        assertFalse(log.text().contains("\tat "), () -> "a stack trace in the log: " + log.text());
    }

    @Test
    void The_logger_in_whose_name_asterisk_java_speaks_is_that_of_the_class() {
        assertEquals(CodeServer.class.getName(), CodeServer.LIBRARY_LOG);
    }

    private ScriptedAgi call(String script) throws IOException {
        return ScriptedAgi.call(server, script);
    }

    private void assertNothingDone() {
        assertEquals(List.of(), pbx.operations());
        assertEquals(List.of(), pbx.invited());
        assertEquals(Set.of(), pbx.locked());
        assertEquals(Set.of(), pbx.recorded());
    }

    @Test
    void A_participant_is_muted_and_the_caller_hears_who() throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?conference=100").types("101").play()) {
            assertEquals(List.of("MUTE 100 " + ONE), pbx.operations());
            assertEquals("DONE", call.status());
            assertEquals(ONE, call.channel());
            assertEquals(List.of("101", "descending-2tone"), call.heard());
            assertEquals(
                    List.of(
                            "EXEC \"Read\" \"CONFCODES_DIGITS,dial,11,i,2,4.00\"",
                            "GET FULL VARIABLE \"${READSTATUS}:${CONFCODES_DIGITS}\""),
                    call.commands().subList(0, 2));
        }
        eventually("the line in the log", () -> log.lines("outcome=done").size() == 1);
        assertTrue(
                log.text()
                        .contains("by=" + MODERATOR + " conference=100 code=conference_mute number=101 channel=" + ONE
                                + " outcome=done ms="),
                log::text);
        assertEquals(1, pbx.lists(), "one list, fetched before the digits");
    }

    @Test
    void The_variables_are_set_before_anything_is_said() throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?conference=100").types("101").play()) {
            List<String> words = call.commands().stream()
                    .map(command -> command.split(" ")[0])
                    .toList();
            assertTrue(words.indexOf("SAY") > words.indexOf("SET"), words::toString);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conference_mute, MUTE, descending-2tone",
        "conference_unmute, UNMUTE, ascending-2tone",
        "conference_kick, KICK, conf-hasleft"
    })
    void A_number_in_the_request_takes_the_place_of_digits(String code, String operation, String said)
            throws IOException {
        try (ScriptedAgi call = call(code + "?conference=100&number=102").play()) {
            assertEquals(List.of(operation + " 100 " + TWO), pbx.operations());
            assertEquals("DONE", call.status());
            assertEquals(0, call.asked());
            assertEquals(List.of("102", said), call.heard());
        }
    }

    @Test
    void The_conference_is_the_first_argument() throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?number=101").header("agi_arg_1", "100").play()) {
            assertEquals("DONE", call.status());
            assertFalse(call.commands().toString().contains("CONFNUM"));
        }
    }

    @Test
    void The_conference_is_the_variable_CONFNUM() throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?number=101").variable("CONFNUM", "100").play()) {
            assertEquals("DONE", call.status());
        }
    }

    @Test
    void The_conference_is_the_one_where_the_caller_stands() throws IOException {
        try (ScriptedAgi call = call("conference_mute?number=101").play()) {
            assertEquals("DONE", call.status());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "conference=other, PJSIP/200-00000001, DENIED, confbridge-invalid",
        "conference=100, PJSIP/101-00000002, DENIED, confbridge-invalid",
        "conference=100, PJSIP/999-00000042, DENIED, confbridge-invalid",
        "conference=nowhere, PJSIP/200-00000001, NOCONFERENCE, conf-invalid",
        "x=y, PJSIP/999-00000042, NOCONFERENCE, conf-invalid"
    })
    void A_refusal_comes_before_any_digit_is_asked_for(String parameter, String channel, String status, String said)
            throws IOException {
        try (ScriptedAgi call = call("conference_mute?" + parameter)
                .header("agi_channel", channel)
                .types("101")
                .play()) {
            assertEquals(status, call.status());
            assertEquals("", call.channel());
            assertEquals(0, call.asked());
            assertEquals(List.of(said), call.heard());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference_mute", "conference_unmute", "conference_kick", "conference_add"})
    void The_hash_key_alone_and_time_outs_do_nothing(String code) throws IOException {
        try (ScriptedAgi call =
                call(code + "?conference=100").types("", "timeout", "101~").play()) {
            assertEquals("CANCELLED", call.status());
            assertEquals(List.of("vm-sorry", "vm-sorry", "beeperr", "conf-placeintoconf"), call.heard());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference_mute", "conference_kick", "conference_add", "conference_lock"})
    void The_star_key_cancels_at_once(String code) throws IOException {
        try (ScriptedAgi call = call(code + "?conference=100").types("*").play()) {
            assertEquals("CANCELLED", call.status());
            assertEquals(1, call.asked());
        }
        assertNothingDone();
    }

    @Test
    void A_number_that_nobody_has_is_asked_for_again() throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?conference=100").types("999", "102").play()) {
            assertEquals("DONE", call.status());
            assertEquals(TWO, call.channel());
            assertEquals(List.of("privacy-incorrect", "102", "descending-2tone"), call.heard());
        }
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_before_or_within_the_digits_does_nothing(HangUp how) throws IOException {
        assertHangUpDoesNothing(how, "EXEC \"Read\"");
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_while_the_digits_are_fetched_does_nothing(HangUp how) throws IOException {
        assertHangUpDoesNothing(how, "GET FULL VARIABLE");
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_while_the_conference_is_asked_for_does_nothing(HangUp how) throws IOException {
        call("conference_mute?number=101").hangsUpAt("GET VARIABLE", how).play().close();
        // FAILED is an answer: no such variable. The number stands in the request, so there is something to do.
        assertEquals(how == HangUp.FAILED ? 1 : 0, pbx.operations().size());
    }

    private void assertHangUpDoesNothing(HangUp how, String at) throws IOException {
        for (String code : List.of("conference_mute", "conference_kick", "conference_add")) {
            try (ScriptedAgi call = call(code + "?conference=100")
                    .types("101")
                    .hangsUpAt(at, how)
                    .play()) {
                assertTrue(call.asked() >= 1);
            }
        }
        assertNothingDone();
        eventually(
                "three lines in the log", () -> log.lines("outcome=cancelled").size() == 3);
    }

    @Test
    void A_hang_up_that_Read_reports_does_nothing() throws IOException {
        try (ScriptedAgi call =
                call("conference_kick?conference=100").types("hangup").play()) {
            assertEquals("CANCELLED", call.status());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_during_a_prompt_ends_the_code(HangUp how) throws IOException {
        try (ScriptedAgi call = call("conference_mute?conference=100")
                .types("999", "101")
                .hangsUpAt("STREAM FILE \"privacy-incorrect\"", how)
                .play()) {
            assertEquals(1, call.asked());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_during_the_last_words_leaves_done_what_is_done(HangUp how) throws IOException {
        call("conference_mute?conference=100&number=101")
                .hangsUpAt("STREAM FILE", how)
                .play()
                .close();
        assertEquals(List.of("MUTE 100 " + ONE), pbx.operations());
        eventually("it is logged", () -> log.lines("outcome=done").size() == 1);
    }

    @Test
    void One_of_several_is_chosen_by_a_digit() throws IOException {
        pbx.join("100", member("PJSIP/a-00000004", "+79161110101"), member("PJSIP/b-00000005", "+79162220101"));
        try (ScriptedAgi call = call("conference_mute?conference=100&number=0101")
                .pressesDuring("+79161110101", '2')
                .pressesBehind('2')
                .play()) {
            assertEquals(List.of("MUTE 100 PJSIP/b-00000005"), pbx.operations());
            assertEquals("PJSIP/b-00000005", call.channel());
            assertEquals(
                    List.of(
                            "dir-multi1",
                            "1",
                            "dir-multi2",
                            "79161110101",
                            "dir-multi1",
                            "2",
                            "dir-multi2",
                            "79162220101",
                            "0101",
                            "descending-2tone"),
                    call.heard());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "*", "3", "0"})
    void None_of_several_is_touched_when_none_is_chosen(String key) throws IOException {
        pbx.join("100", member("PJSIP/a-00000004", "+79161110101"), member("PJSIP/b-00000005", "+79162220101"));
        ScriptedAgi call = call("conference_kick?conference=100&number=0101");
        for (int i = 0; i < 3 && !key.equals("timeout"); i++) {
            call.pressesBehind(key.charAt(0));
        }
        try (call) {
            call.play();
            assertEquals("AMBIGUOUS", call.status());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void Hanging_up_while_choosing_does_nothing(HangUp how) throws IOException {
        pbx.join("100", member("PJSIP/a-00000004", "+79161110101"), member("PJSIP/b-00000005", "+79162220101"));
        for (String at : List.of("STREAM FILE \"dir-multi1\"", "SAY DIGITS \"1\"")) {
            call("conference_kick?conference=100&number=0101")
                    .hangsUpAt(at, how)
                    .play()
                    .close();
        }
        assertNothingDone();
    }

    @Test
    void A_moderator_cannot_kick_himself() throws IOException {
        try (ScriptedAgi call =
                call("conference_kick?conference=100&number=200").play()) {
            assertEquals("DENIED", call.status());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @CsvSource({"0, conf-lockednow, true", "1, conf-unlockednow, false"})
    void Zero_locks_and_one_unlocks(String digit, String said, boolean locked) throws IOException {
        try (ScriptedAgi call =
                call("conference_lock?conference=100").types(digit).play()) {
            assertEquals("DONE", call.status());
            assertEquals(List.of(said), call.heard());
            assertEquals(locked, pbx.locked().contains("100"));
        }
    }

    @Test
    void Any_other_digit_asks_again_and_locks_nothing() throws IOException {
        try (ScriptedAgi call =
                call("conference_lock?conference=100").types("2", "9", "").play()) {
            assertEquals("CANCELLED", call.status());
            assertEquals(3, call.asked());
        }
        assertNothingDone();
    }

    @Test
    void Somebody_is_called_into_the_conference() throws IOException {
        try (ScriptedAgi call =
                call("conference_add?conference=100").types("105").play()) {
            assertEquals("DONE", call.status());
            assertEquals(List.of("100 PJSIP/105"), pbx.invited());
            assertEquals(List.of("105", "transfer"), call.heard());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1*5", "101%40evil", "101%26PJSIP/102", "%2B79161234567", "101%0d%0aAction:%20Originate"})
    void Only_digits_can_be_called(String number) throws IOException {
        try (ScriptedAgi call =
                call("conference_add?conference=100&number=" + number).play()) {
            assertEquals("NOTFOUND", call.status());
            assertFalse(call.heard().isEmpty());
        }
        assertNothingDone();
    }

    @Test
    void Everyone_is_muted_but_administrators() throws IOException {
        try (ScriptedAgi call = call("conference_mute_all?conference=100").play()) {
            assertEquals("DONE", call.status());
            assertEquals(List.of(ONE, TWO), pbx.muted("100"));
            assertEquals(List.of("conf-now-muted"), call.heard());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"timeout", "", "0", "2", "*", "hangup"})
    void Nobody_is_kicked_without_confirmation(String digit) throws IOException {
        try (ScriptedAgi call =
                call("conference_kick_all?conference=100").types(digit, "1").play()) {
            assertEquals("CANCELLED", call.status());
            assertEquals(1, call.asked());
        }
        assertNothingDone();
    }

    @Test
    void Where_nobody_can_be_named_for_confirmation_nobody_is_kicked() throws IOException {
        pbx.leave("100", ONE);
        pbx.leave("100", TWO);
        try (ScriptedAgi call =
                call("conference_kick_all?conference=100").types("1").play()) {
            assertEquals("NOTFOUND", call.status());
            assertEquals(0, call.asked());
        }
        assertNothingDone();
    }

    @Test
    void What_a_caller_is_called_forges_no_line_in_the_log() throws IOException {
        String forged = "PJSIP/200-1\u001b[2J\rINFO by=forged";
        try (ScriptedAgi call = call("conference_mute?conference=100")
                .header("agi_channel", forged)
                .misses("confbridge-invalid")
                .play()) {
            assertEquals("DENIED", call.status());
        }
        assertFalse(log.text().contains("\u001b") || log.text().contains("\r"), log::text);
    }

    @Test
    void Everyone_is_kicked_once_that_is_confirmed() throws IOException {
        try (ScriptedAgi call =
                call("conference_kick_all?conference=100").types("1").play()) {
            assertEquals("DONE", call.status());
            assertEquals(Set.of(ONE, TWO), pbx.kicked());
            assertEquals(
                    List.of("2", "confbridge-participants", "vm-press", "digits/1", "2", "conf-hasleft"), call.heard());
        }
    }

    @Test
    void The_count_and_the_roll_call_are_read_out() throws IOException {
        try (ScriptedAgi count = call("conference_count?conference=100").play();
                ScriptedAgi roll = call("conference_roll_call?conference=100").play();
                ScriptedAgi stopped = call("conference_roll_call?conference=100")
                        .pressesDuring("101", '5')
                        .play()) {
            assertEquals(List.of("conf-thereare", "3", "confbridge-participants"), count.heard());
            assertEquals(List.of("200", "101", "102", "conf-roll-callcomplete"), roll.heard());
            assertEquals(List.of("200", "101", "conf-roll-callcomplete"), stopped.heard());
        }
    }

    @Test
    void Recording_starts_and_then_stops() throws IOException {
        try (ScriptedAgi start = call("conference_record?conference=100").play();
                ScriptedAgi stop = call("conference_record?conference=100").play()) {
            assertEquals(List.of("conf-now-recording"), start.heard());
            assertEquals(List.of("vm-msgsaved"), stop.heard());
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
    void Hostile_conferences_are_none(String conference) throws IOException {
        try (ScriptedAgi call =
                call("conference_mute?number=101&conference=" + conference).play()) {
            assertEquals("NOCONFERENCE", call.status());
            assertEquals(List.of("conf-invalid"), call.heard());
        }
        assertNothingDone();
        assertTrue(log.text().lines().allMatch(line -> line.contains("code=conference_mute")), log::text);
    }

    @Test
    void A_conference_of_5000_characters_is_none() throws IOException {
        try (ScriptedAgi call = call("conference_mute?number=101&conference=" + "9".repeat(5_000))
                .play()) {
            assertEquals("NOCONFERENCE", call.status());
        }
    }

    @Test
    void A_request_line_of_10000_characters_ends_the_connection() throws IOException {
        try (ScriptedAgi call = call("conference_mute?number=101&conference=" + "9".repeat(10_000))
                .play()) {
            assertEquals(List.of(), call.commands());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"101%0d%0aAction:%20x", "all", "participants", "", "%00", "1", "01", "10", "0000", "%F0"})
    void Hostile_numbers_mean_nobody(String number) throws IOException {
        try (ScriptedAgi call =
                call("conference_kick?conference=100&number=" + number).play()) {
            assertEquals(number.isEmpty() ? "CANCELLED" : "NOTFOUND", call.status());
            assertFalse(call.heard().isEmpty());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conference=%zz",
                "conference=100&number=%",
                "conference=100&conference=other",
                "conference=100&number=101&number=102"
            })
    void Requests_that_cannot_be_read_are_denied(String parameters) throws IOException {
        try (ScriptedAgi call = call("conference_mute?" + parameters).play()) {
            assertEquals("DENIED", call.status());
            assertEquals(List.of("confbridge-invalid"), call.heard());
        }
        assertNothingDone();
    }

    @Test
    void A_CONFNUM_with_line_breaks_is_no_conference() throws IOException {
        try (ScriptedAgi call = call("conference_mute?number=101")
                .variable("CONFNUM", "100\n200 result=1\nx")
                .play()) {
            assertEquals("NOCONFERENCE", call.status());
            assertEquals(List.of("conf-invalid"), call.heard());
        }
        assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"conference_explode", "", "CONFERENCE_MUTE", "conference_mute/x", "java.lang.Runtime", "unknown"
            })
    void Unknown_scripts_are_denied_audibly(String script) throws IOException {
        try (ScriptedAgi call = call(script).play()) {
            assertEquals("DENIED", call.status());
            assertEquals(List.of("confbridge-invalid"), call.heard());
        }
        assertNothingDone();
    }

    @Test
    void A_missing_sound_becomes_a_tone() throws IOException {
        try (ScriptedAgi call = call("conference_mute?conference=100&number=101")
                .misses("descending-2tone")
                .play()) {
            assertEquals("DONE", call.status());
            assertEquals(
                    "Playtones !950/120,!0/40,!1400/240,!0/100", call.heard().get(1));
        }
        assertEquals(1, log.lines("change prompt-muted").size(), log::text);
    }

    @Test
    void A_missing_sound_of_a_refusal_becomes_another_tone() throws IOException {
        try (ScriptedAgi call =
                call("conference_explode").misses("confbridge-invalid").play()) {
            assertEquals("DENIED", call.status());
            assertEquals(
                    "Playtones !480/240,!0/120,!480/240,!0/100", call.heard().get(0));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = PbxException.Reason.class,
            names = {"NOT_PERMITTED"},
            mode = EnumSource.Mode.EXCLUDE)
    void A_failing_PBX_is_unavailable_audibly(PbxException.Reason reason) throws IOException {
        pbx.failWith(new PbxException(reason, "down"));
        try (ScriptedAgi call = call("conference_mute?conference=100").play()) {
            assertEquals("UNAVAILABLE", call.status());
            assertEquals(List.of("beeperr", "please-try-again"), call.heard());
            assertEquals(0, call.asked());
        }
    }

    @Test
    void The_dialplan_may_say_itself_that_the_PBX_is_unavailable() throws IOException {
        pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        try (ScriptedAgi call =
                call("conference_mute?conference=100&unavailable=dialplan").play()) {
            assertEquals("UNAVAILABLE", call.status());
            assertEquals(List.of(), call.heard());
        }
    }

    @Test
    void A_missing_right_is_denied_audibly() throws IOException {
        pbx.failWith(new PbxException(PbxException.Reason.NOT_PERMITTED, "add system"));
        try (ScriptedAgi call = call("conference_record?conference=100").play()) {
            assertEquals("DENIED", call.status());
            assertEquals(List.of("confbridge-invalid"), call.heard());
        }
        assertEquals(1, log.lines("add system").size(), log::text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "200",
                "200 result=",
                "200 result=x",
                "200 result=99999999999999999999",
                "510 Invalid or unknown command",
                "520-Invalid command syntax.  Proper usage follows:\nUsage: x\n520 End of proper usage.",
                "200 result=1 (no colon here)",
                "\u0000\u0000"
            })
    void Answers_that_make_no_sense_do_nothing(String answer) throws IOException {
        for (String command : List.of("GET FULL VARIABLE", "EXEC")) {
            if (command.equals("EXEC") && answer.startsWith("200 result=1")) {
                continue;
            }
            call("conference_kick?conference=100")
                    .types("101")
                    .replies(command, answer)
                    .play()
                    .close();
        }
        assertNothingDone();
    }
}
