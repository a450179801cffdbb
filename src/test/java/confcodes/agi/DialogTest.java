package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.agi.Served.TWO;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.People;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Questions and keys: numbers, single keys, choices and confirmations. */
class DialogTest {

    private static final String LEFT = "PJSIP/a-00000004";
    private static final String RIGHT = "PJSIP/b-00000005";

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx pbx = served.pbx;

    /** Every kind of question, with keys that mean nothing and what comes of them. */
    private enum Question {
        NUMBER("conference_kick", "999", "privacy-incorrect", "NOTFOUND"),
        NUMBER_TO_CALL("conference_add", "1A1", "privacy-incorrect", "NOTFOUND"),
        KEY("conference_lock", "2", "conf-errormenu", "CANCELLED"),
        CHOICE("conference_mute?number=0101", "3", "conf-errormenu", "AMBIGUOUS"),
        CONFIRMATION_OF_ONE("conference_kick?number=1110101", "2", "conf-errormenu", "CANCELLED"),
        CONFIRMATION_OF_ALL("conference_kick_all", "2", "conf-errormenu", "CANCELLED");

        private final String script;
        private final String wrong;
        private final String wrongPrompt;
        private final String status;

        Question(String script, String wrong, String wrongPrompt, String status) {
            this.script = script;
            this.wrong = wrong;
            this.wrongPrompt = wrongPrompt;
            this.status = status;
        }
    }

    @BeforeEach
    void join() {
        pbx.join("100", member(LEFT, "+79161110101"), member(RIGHT, "+79162220101"));
    }

    private FastAgiPeer kick(String... keys) throws IOException {
        return served.call("conference_kick").types(keys).play();
    }

    private static List<String> reads(FastAgiPeer call) {
        return call.commands().stream()
                .filter(command -> command.startsWith("EXEC \"Read\""))
                .toList();
    }

    private static void assertLastHeard(FastAgiPeer call, String... words) {
        int size = call.heard().size();
        assertEquals(List.of(words), call.heard().subList(size - words.length, size));
    }

    private void assertCancelled(FastAgiPeer call, int asked, String reason) {
        assertEquals("CANCELLED", call.status());
        assertEquals(asked, call.asked());
        assertLastHeard(call, "beeperr", "conf-placeintoconf");
        served.awaitLogged("outcome=cancelled");
        assertTrue(served.log.text().contains("reason=\"" + reason + "\""), served.log::text);
        served.assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void keys_that_mean_nothing_ask_three_times_each_time_in_one_Read_that_ends_with_a_beep(Question question)
            throws IOException {
        FastAgiPeer call = served.call(question.script)
                .types(question.wrong, question.wrong, question.wrong, "1")
                .play();

        assertEquals(question.status, call.status());
        assertEquals(3, call.asked());
        for (String again : reads(call).subList(1, 3)) {
            assertTrue(
                    again.matches("EXEC \"Read\" \"CONFCODES_KEYS," + question.wrongPrompt + "&(.*&)?beep,.*"), again);
        }
        assertEquals(
                0,
                call.commands().stream()
                                .filter(c -> c.matches("(STREAM|SAY).*"))
                                .count()
                        - (question.status.equals("NOTFOUND") ? 1 : 2),
                "nothing else is played between two questions");
        served.assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void no_keys_ask_three_times(Question question) throws IOException {
        FastAgiPeer call = served.call(question.script).types("timeout", "timeout", "timeout", "1");
        assertCancelled(call.play(), 3, "no digits");
        assertTrue(reads(call).get(1).contains("CONFCODES_KEYS,vm-sorry&"), call.commands()::toString);
    }

    @ParameterizedTest
    @EnumSource
    void a_star_cancels(Question question) throws IOException {
        assertCancelled(served.call(question.script).types("*", "1").play(), 1, "cancelled by the caller");
    }

    @ParameterizedTest
    @EnumSource
    void a_hang_up_in_Read_does_nothing(Question question) throws IOException {
        assertCancelled(served.call(question.script).types("hangup", "1").play(), 1, "hung up");
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_asked_again_if_a_key_can_have_been_lost(Question question) throws IOException {
        served.start(wishes -> wishes.noKeyLost = Duration.ZERO);
        FastAgiPeer call =
                served.call(question.script).types(question.wrong, "1").play();

        assertEquals(question == Question.CHOICE ? "CANCELLED" : question.status, call.status());
        assertEquals(1, call.asked());
        served.assertNothingDone();
    }

    @Test
    void a_confirmation_is_asked_for_after_a_moment_without_keys_if_a_key_can_have_been_lost() throws IOException {
        served.start(wishes -> wishes.noKeyLost = Duration.ZERO);
        FastAgiPeer early = served.call("conference_kick_all").types("101", "1").play();
        assertEquals("CANCELLED", early.status());
        served.assertNothingDone();

        FastAgiPeer call =
                served.call("conference_kick_all").types("timeout", "1").play();
        assertEquals("DONE", call.status());
        assertTrue(reads(call).get(0).contains("CONFCODES_KEYS,,255,,1,0.5"), call.commands()::toString);
    }

    @ParameterizedTest
    @EnumSource
    void after_max_duration_nothing_is_asked(Question question) throws IOException {
        served.start(wishes -> wishes.maxDuration = Duration.ZERO);
        assertCancelled(served.call(question.script).types("1").play(), 0, "max-duration reached");
    }

    @ParameterizedTest
    @CsvSource({"999", "101~"})
    void after_max_duration_nothing_is_asked_again(String keys) throws IOException {
        Duration shortly = Duration.ofSeconds(1);
        served.start(wishes -> wishes.maxDuration = shortly);
        FastAgiPeer call = served.call("conference_kick").playUntilAsked();
        long asked = System.nanoTime();
        Await.until("it is over", () -> System.nanoTime() - asked > shortly.toNanos());

        assertCancelled(call.types(keys, "").playOn(), 1, "max-duration reached");
    }

    @ParameterizedTest
    @EnumSource
    void a_moderator_who_was_kicked_or_demoted_meanwhile_does_nothing(Question question) throws IOException {
        for (String now : List.of("gone", "demoted")) {
            FastAgiPeer call = served.call(question.script).playUntilAsked();
            pbx.leave("100", MODERATOR);
            if (now.equals("demoted")) {
                pbx.join("100", member(MODERATOR, "200"));
            }
            call.types(question == Question.NUMBER ? "101" : "1").playOn();

            assertEquals("DENIED", call.status(), now);
            pbx.leave("100", MODERATOR);
            pbx.join("100", People.admin(MODERATOR, "200"));
        }
        served.assertNothingDone();
    }

    @Test
    void a_hash_alone_is_no_key_but_where_it_means_all() throws IOException {
        assertCancelled(kick("", "", ""), 3, "no digits");
    }

    @Test
    void a_number_that_nobody_has_is_asked_for_again() throws IOException {
        FastAgiPeer call = kick("999", "102");

        assertEquals("DONE", call.status());
        assertEquals(TWO, call.channel());
        assertEquals(List.of("privacy-incorrect", "beep", "102", "conf-hasleft"), call.heard());
        assertEquals(
                "EXEC \"Read\" \"CONFCODES_KEYS,privacy-incorrect&beep,255,\"",
                reads(call).get(1));
    }

    @Test
    void the_list_is_fetched_after_the_last_key() throws IOException {
        FastAgiPeer call = served.call("conference_kick").playUntilAsked();
        pbx.leave("100", ONE);
        pbx.join("100", member("PJSIP/103-00000006", "103"));
        call.types("101", "103").playOn();

        assertEquals("PJSIP/103-00000006", call.channel());
        assertEquals(List.of("KICK 100 PJSIP/103-00000006"), pbx.everythingDone());
    }

    @Test
    void the_list_is_fetched_again_after_a_choice() throws IOException {
        pbx.join("100", member("DAHDI/i1/555-1", "101"));
        FastAgiPeer call = served.call("conference_mute?number=101").playUntilAsked();
        pbx.join("100", member("DAHDI/i1/555-10", "777"));

        assertEquals("AMBIGUOUS", call.types("2").playOn().status(), "the newcomer could be taken for the chosen");
        served.assertNothingDone();
    }

    @ParameterizedTest
    @CsvSource({
        "101, OK, DONE, 0, ''",
        "101, '', DONE, 1, ''",
        "'', OK, CANCELLED, 2, no digits",
        "'', TIMEOUT, CANCELLED, 2, no digits",
        "101, TIMEOUT, CANCELLED, 1, 'a pause in mid number, not accepted'",
        "10*1, OK, CANCELLED, 0, cancelled by the caller",
        "*, TIMEOUT, CANCELLED, 0, cancelled by the caller",
        "111111111111111111111111111111101, OK, CANCELLED, 0, more than 32 keys",
        "101, HANGUP, CANCELLED, 0, hung up",
        "101, INTERRUPTED, CANCELLED, 0, Read ended with INTERRUPTED",
        "101, ERROR, CANCELLED, 0, Read ended with ERROR"
    })
    void keys_can_be_read_by_the_dialplan(String keys, String read, String status, int asked, String reason)
            throws IOException {
        FastAgiPeer call = served.call("conference_mute?keys=" + keys + "&read=" + read);
        if (read.isEmpty()) {
            call.types("101");
        }
        if (status.equals("CANCELLED")) {
            assertCancelled(call.play(), asked, reason);
        } else {
            assertEquals(asked, call.play().asked());
            assertEquals(List.of("MUTE 100 " + ONE), pbx.everythingDone());
        }
    }

    @Test
    void one_key_can_be_read_by_the_dialplan() throws IOException {
        served.call("conference_lock?keys=0&read=OK").play();
        assertEquals(List.of("locked 100"), pbx.everythingDone());
    }

    @Test
    void after_a_pause_in_mid_number_a_hash_accepts_it() throws IOException {
        FastAgiPeer call = kick("101~", "");

        assertEquals(ONE, call.channel());
        assertEquals(
                List.of("digits/1", "digits/0", "digits/1", "vm-press", "digits/pound", "beep", "101", "conf-hasleft"),
                call.heard());
        assertEquals(2, call.asked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "5", "101", "1~", "*~", "timeout"})
    void after_a_pause_in_mid_number_everything_else_cancels(String keys) throws IOException {
        assertCancelled(kick("101~", keys, "101"), 2, "a pause in mid number, not accepted");
    }

    @Test
    void a_hang_up_after_a_pause_is_one() throws IOException {
        assertCancelled(kick("101~", "hangup"), 2, "hung up");
    }

    @Test
    void a_number_has_32_keys_at_most() throws IOException {
        String number = "1".repeat(32);
        assertEquals("DONE", served.call("conference_add").types(number).play().status());
        assertEquals(List.of("invited 100 PJSIP/" + number), pbx.everythingDone());
    }

    @ParameterizedTest
    @ValueSource(strings = {"111111111111111111111111111111101", "1*", "*101", "10*1~"})
    void a_number_with_a_star_or_too_many_keys_is_cancelled_and_no_part_of_it_counts(String keys) throws IOException {
        assertCancelled(kick(keys, "101"), 1, keys.contains("*") ? "cancelled by the caller" : "more than 32 keys");
    }

    @Test
    void max_digits_ends_a_number_without_a_hash() throws IOException {
        served.start(wishes -> wishes.maxDigits = OptionalInt.of(3));

        assertEquals(
                "EXEC \"Read\" \"CONFCODES_KEYS,dial,3,i\"", reads(kick("101")).get(0));
    }

    @Test
    void one_of_several_is_chosen_by_a_key() throws IOException {
        FastAgiPeer call = served.call("conference_mute").types("0101", "2").play();

        assertEquals(RIGHT, call.channel());
        assertEquals(List.of("MUTE 100 " + RIGHT), pbx.everythingDone());
        assertEquals(
                "EXEC \"Read\" \"CONFCODES_KEYS,dir-multi1&digits/1&dir-multi2&" + digits("79161110101")
                        + "&dir-multi1&digits/2&dir-multi2&" + digits("79162220101") + ",1,\"",
                reads(call).get(1));
        assertLastHeard(call, "79162220101", "descending-2tone");
    }

    private static String digits(String number) {
        return "digits/" + String.join("&digits/", number.split(""));
    }

    @Test
    void those_with_one_number_are_told_apart_by_their_endpoints() throws IOException {
        pbx.join("100", member("PJSIP/x7-00000006", "101"));
        FastAgiPeer call = served.call("conference_mute").types("101", "2").play();

        assertEquals("PJSIP/x7-00000006", call.channel());
        assertTrue(reads(call).get(1).contains("dir-multi2&letters/x&digits/7,1,"), reads(call)::toString);
        assertLastHeard(call, "x7", "descending-2tone");
    }

    @Test
    void a_hash_means_all_of_several() throws IOException {
        FastAgiPeer call = served.call("conference_mute").types("0101", "").play();

        assertEquals(List.of(LEFT, RIGHT), pbx.muted("100"));
        assertLastHeard(call, "2", "descending-2tone");
    }

    @Test
    void several_are_kicked_after_a_confirmation() throws IOException {
        FastAgiPeer call = kick("0101", "", "1");

        assertEquals(Set.of(LEFT, RIGHT), pbx.kicked());
        assertEquals(
                "EXEC \"Read\" \"CONFCODES_KEYS,digits/2&confbridge-participants&vm-press&digits/1,1,\"",
                reads(call).get(2));
    }

    @ParameterizedTest
    @CsvSource({"conference_kick, 2", "conference_mute, 1"})
    void one_whose_number_only_ends_so_is_kicked_after_a_confirmation(String code, int asked) throws IOException {
        FastAgiPeer call = served.call(code).types("1110101", "1").play();

        assertEquals("DONE", call.status());
        assertEquals(LEFT, call.channel());
        assertEquals(asked, call.asked());
        assertTrue(call.heard().contains("79161110101"), "the whole number is said");
    }

    @Test
    void a_whole_number_in_another_notation_needs_no_confirmation_and_its_end_is_said() throws IOException {
        FastAgiPeer call = kick("89161110101");

        assertEquals(List.of("0101", "conf-hasleft"), call.heard());
        assertEquals(Set.of(LEFT), pbx.kicked());
    }

    @ParameterizedTest
    @CsvSource({"3, '', '', 3, 2", "0, 2, '', 11, 3", "0, 0, 4, 4, 4"})
    void choices_come_in_pages_of_nine(String first, String second, String third, int chosen, int asked)
            throws IOException {
        IntStream.rangeClosed(1, 12)
                .forEach(i -> pbx.join("100", member(String.format("PJSIP/t-%08x", 0x100 + i), "5" + i + "4711")));
        FastAgiPeer call = served.call("conference_mute")
                .types("4711", first, second, third)
                .play();

        assertEquals(String.format("PJSIP/t-%08x", 0x100 + chosen), call.channel());
        assertTrue(
                reads(call).get(1).contains("&dir-multi1&digits/0&dir-multi2&conf-otherinparty,1,"),
                reads(call)::toString);
        assertEquals(asked, call.asked());
    }
}
