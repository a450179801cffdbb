package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.agi.Served.TWO;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.talking;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Codes that need no number: who talks, who joined last, recorded names, and the roll call to act on. */
class WhomTest {

    private static final String TALKER = "PJSIP/103-00000004";
    private static final String OTHER = "PJSIP/104-00000005";
    private static final String MEMORY = "CONFCODES_TALKERS";

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx pbx = served.pbx;

    private static void assertEnds(FastAgiPeer call, String status, String... heard) {
        assertEquals(status, call.status(), () -> call.commands().toString());
        assertEquals(List.of(heard), call.heard());
    }

    @Test
    void who_joined_last_is_kicked_after_a_confirmation_and_no_administrator_and_no_newcomer() throws IOException {
        pbx.join("100", admin("PJSIP/201-00000006", "201"));
        FastAgiPeer call = served.call("conference_kick_last").playUntilAsked();
        pbx.join("100", member(OTHER, "104"));
        call.types("1").playOn();

        assertEnds(call, "DONE", "digits/1", "digits/0", "digits/2", "vm-press", "digits/1", "102", "conf-hasleft");
        assertEquals(Set.of(TWO), pbx.kicked());
        assertEquals(TWO, call.channel());
    }

    @ParameterizedTest
    @CsvSource({"2, CANCELLED", "*, CANCELLED", "1, NOTFOUND"})
    void who_joined_last_stays_without_the_confirmation_or_if_there_is_nobody(String key, String status)
            throws IOException {
        if (status.equals("NOTFOUND")) {
            pbx.leave("100", ONE, TWO);
        }
        assertEquals(
                status, served.call("conference_kick_last").types(key).play().status());
        served.assertNothingDone();
    }

    @Test
    void who_talks_is_muted_and_soon_afterwards_unmuted_by_the_same_code() throws IOException {
        pbx.join("100", talking(TALKER, "103"));
        assertEnds(served.call("conference_mute_talking").play(), "DONE", "103", "descending-2tone");
        assertEquals(List.of(TALKER), pbx.muted("100"));

        String memory = pbx.variable(uniqueId(MODERATOR), MEMORY);
        FastAgiPeer again = served.call("conference_mute_talking").variable(MEMORY, memory);
        assertEnds(again.play(), "DONE", "103", "ascending-2tone");
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals("", pbx.variable(uniqueId(MODERATOR), MEMORY));
    }

    @Test
    void what_was_muted_longer_ago_is_not_unmuted() throws IOException {
        pbx.join("100", talking(TALKER, "103"));
        served.call("conference_mute_talking").play();
        long before = Instant.now().minus(Duration.ofMinutes(1)).getEpochSecond();
        FastAgiPeer again = served.call("conference_mute_talking").variable(MEMORY, before + " " + uniqueId(TALKER));

        assertEnds(again.play(), "NOTFOUND", "beeperr", "dir-nomatch");
        assertEquals(List.of(TALKER), pbx.muted("100"));
        served.awaitLogged("talk_detection_events");
    }

    @ParameterizedTest
    @CsvSource({"2, [PJSIP/104-00000005]", "'', '[PJSIP/103-00000004, PJSIP/104-00000005]'", "*, []"})
    void of_several_who_talk_a_key_chooses(String key, String muted) throws IOException {
        pbx.join("100", talking(TALKER, "103"), talking(OTHER, "104"));
        FastAgiPeer call = served.call("conference_mute_talking").types(key).play();

        assertEquals(muted, pbx.muted("100").toString(), () -> call.commands().toString());
        assertTrue(call.commands()
                .toString()
                .contains("dir-multi1&digits/1&dir-multi2&digits/1&digits/0&digits/3&dir-multi1&digits/2"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference_mute?number=101", "conference_mute?number=0101"})
    void a_recorded_name_is_heard_in_place_of_a_number(String script) throws IOException {
        pbx.join("100", member(OTHER, "+79161110101"));
        FastAgiPeer call = served.call(script)
                .types("1")
                .replies(Served.asksForName(ONE), "200 result=1 (16000:/spool/one)")
                .replies(Served.asksForName(OTHER), "200 result=1 (16000:/spool/other)")
                .play();

        assertEquals("DONE", call.status());
        assertEquals(
                List.of(script.endsWith("0101") ? "/spool/other" : "/spool/one", "descending-2tone"), call.heard());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "320", "x"})
    void an_empty_or_a_missing_recording_is_no_name(String size) throws IOException {
        FastAgiPeer call = served.call("conference_mute?number=101")
                .replies(Served.asksForName(ONE), "200 result=1 (" + size + ":/spool/one)");

        assertEnds(call.play(), "DONE", "101", "descending-2tone");
    }

    @Test
    void a_name_that_is_gone_meanwhile_is_a_number() throws IOException {
        FastAgiPeer call = served.call("conference_kick?number=101")
                .replies(Served.asksForName(ONE), "200 result=1 (16000:/spool/one)")
                .misses("/spool/one");

        assertEnds(call.play(), "DONE", "101", "conf-hasleft");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a b", "x,y", "${X}", "a&b", "x)"})
    void a_conference_s_name_becomes_no_path_and_no_expression(String name) throws IOException {
        pbx.join(name, admin("PJSIP/400-0000000a", "400"), member("PJSIP/401-0000000b", "401"));
        FastAgiPeer call = served.call("PJSIP/400-0000000a", "conference_mute?number=401")
                .variable("CONFNUM", name)
                .play();

        assertEnds(call, "DONE", "401", "descending-2tone");
        assertTrue(call.commands().stream().noneMatch(command -> command.contains("STAT(")));
    }

    @ParameterizedTest
    @CsvSource({"conference_help, 10, 5", "conference_help_public, 6, 35"})
    void the_help_says_each_key_and_what_it_does_until_a_key_is_pressed(String code, String myself, String add)
            throws IOException {
        List<String> heard = served.call(code).play().heard();

        assertEquals(
                List.of("vm-press", "digits/star", myself, "confbridge-mute-out", "vm-press", "digits/star", add),
                heard.subList(0, 7));
        assertEquals(
                Codes.ALL.size(), heard.stream().filter("digits/star"::equals).count(), "itself is left out");
        assertEquals(
                3, served.call(code).pressesDuring(myself, '*').play().heard().size());
    }

    /** The roll: 103 without a number at position 4, 102, 101, 200. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 * | MUTE 4",
                "1 1 * | MUTE 4, UNMUTE 4",
                "6 1 * | MUTE 3",
                "timeout 1 * | MUTE 4",
                "6 4 1 * | MUTE 4",
                "4 1 * | MUTE 4",
                "9 2 1 * | MUTE 2",
                "9 7 1 * | MUTE 4",
                "9 * 1 * | MUTE 4",
                "3 1 * | KICK 4",
                "3 1 1 * | KICK 4, MUTE 4",
                "3 2 * | ''",
                "3 * 6 1 * | MUTE 3",
                "5 0 * | ''",
                "6 6 6 6 1 | ''",
                "* 1 | ''",
                "hangup 1 | ''",
            })
    void the_keys_act_on_the_one_who_is_read_out(String keys, String done) throws IOException {
        pbx.join("100", member("PJSIP/x-00000004", ""));
        List<String> channels = List.of("", MODERATOR, ONE, TWO, "PJSIP/x-00000004");
        String expected = done;
        for (int i = 1; i < channels.size(); i++) {
            expected = expected.replace(" " + i, " 100 " + channels.get(i));
        }
        FastAgiPeer call =
                served.call("conference_roll_call_act").types(keys.split(" ")).play();

        assertEquals(
                "[" + expected + "]",
                pbx.everythingDone().toString(),
                () -> call.commands().toString());
        assertEquals(keys.startsWith("hangup") ? "CANCELLED" : "DONE", call.status());
        assertEquals(List.of("digits/4", "vm-unknown-caller"), call.heard().subList(0, 2), "the newest is the first");
    }

    @Test
    void each_is_one_Read_which_says_what_was_done() throws IOException {
        FastAgiPeer call = served.call("conference_roll_call_act")
                .types("1", "3", "1", "*")
                .play();

        assertEquals(
                List.of("", "&descending-2tone", "&vm-press&digits/1", "&conf-hasleft"),
                call.commands().stream()
                        .filter(command -> command.startsWith("EXEC \"Read\""))
                        .map(command -> command.replaceFirst(
                                "EXEC \"Read\" \"CONFCODES_KEYS,digits/1&digits/0&digits/2(.*)&beep,1,\"", "$1"))
                        .toList());
        assertEquals(3, served.log.lines("code=conference_roll_call_act").size(), "one line for each act, and the end");
    }

    @Test
    void who_is_kicked_or_demoted_in_mid_roll_call_does_nothing_more() throws IOException {
        FastAgiPeer call = served.call("conference_roll_call_act").playUntilAsked();
        pbx.leave("100", MODERATOR);
        pbx.join("100", member(MODERATOR, "200"));
        call.types("1").playOn();

        assertEquals("DENIED", call.status());
        served.assertNothingDone();
    }

    @Test
    void keys_that_may_be_the_rest_of_lost_ones_do_nothing() throws IOException {
        served.start(wishes -> wishes.noKeyLost = Duration.ZERO);
        FastAgiPeer call = served.call("conference_roll_call_act")
                .types("61~", "timeout", "*")
                .play();

        assertEquals("DONE", call.status());
        served.assertNothingDone();
    }

    @Test
    void max_duration_counts_from_the_last_key() throws IOException {
        served.start(wishes -> wishes.maxDuration = Duration.ZERO);
        assertEquals(
                0, served.call("conference_roll_call_act").types("1").play().asked());
        served.assertNothingDone();
    }
}
