package confcodes.agi;

import static confcodes.agi.Served.ONE;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.FastAgiPeer;
import confcodes.lab.FastAgiPeer.HangUp;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers who go, and replies that make no sense. */
class HangUpTest {

    @RegisterExtension
    final Served served = new Served();

    static Stream<Arguments> places() {
        return Stream.of(
                        List.of("EXEC \"Read\"", "conference_kick", "101"),
                        List.of("GET FULL VARIABLE \"${READSTATUS}", "conference_add", "101"),
                        List.of("GET FULL VARIABLE \"${URI", "conference_mute?number=101", "x"),
                        List.of("EXEC \"Read\" \"CONFCODES_KEYS,privacy", "conference_mute", "999"),
                        List.of("EXEC \"Read\" \"CONFCODES_KEYS,dir-multi1", "conference_kick", "102"),
                        List.of("EXEC \"Read\"", "conference_kick_all", "1"))
                .flatMap(place -> Stream.of(HangUp.values()).map(how -> Arguments.of(how, place)))
                // FAILED is an answer there: no such variable.
                .filter(place -> !place.get()[1].toString().contains("${URI") || place.get()[0] != HangUp.FAILED);
    }

    @ParameterizedTest
    @MethodSource("places")
    void a_hang_up_before_the_last_key_does_nothing(HangUp how, List<String> place) throws IOException {
        served.pbx.join("100", member("PJSIP/102-00000004", "102"));
        served.call(place.get(1))
                .types(place.get(2), "1")
                .hangsUpAt(place.get(0), how)
                .play();

        served.awaitLogged("outcome=cancelled");
        assertTrue(served.log.text().contains("reason=\"hung up\""), served.log::text);
        served.assertNothingDone();
    }

    @ParameterizedTest
    @EnumSource
    void a_hang_up_during_the_last_words_leaves_done_what_is_done(HangUp how) throws IOException {
        served.call("conference_mute?number=101").hangsUpAt("STREAM FILE", how).play();

        assertEquals(List.of("MUTE 100 " + ONE), served.pbx.everythingDone());
        served.awaitLogged("outcome=done");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "200",
                "200 result=",
                "200 result=x",
                "200 result=99999999999999999999",
                "520-Invalid command syntax.  Proper usage follows:\nUsage: x\n520 End of proper usage.",
                "\u0000\u0000",
                "HANGUP garbage"
            })
    void a_reply_that_makes_no_sense_ends_the_code_and_is_the_reason(String reply) throws IOException {
        for (String command : List.of("EXEC", "GET FULL VARIABLE")) {
            served.call("conference_kick").types("101").replies(command, reply).play();
        }
        assertEquals(2, served.log.lines("reason=\"no AGI reply\"").size(), served.log::text);
        served.assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "510 Invalid or unknown command",
                "200 result=1 (no colon here)",
                "200 result=0",
                "200 result=1 (%)"
            })
    void a_reply_that_is_none_to_the_command_does_nothing(String reply) throws IOException {
        served.call("conference_kick")
                .types("101")
                .replies("GET FULL VARIABLE", reply)
                .play();

        served.awaitLogged("outcome=cancelled");
        served.assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"%", "%zz", "%C3%28"})
    void a_variable_that_is_not_encoded_does_nothing(String value) throws IOException {
        served.call("conference_mute?number=101")
                .replies("GET FULL VARIABLE", "200 result=1 (" + value + ")")
                .play();

        served.assertNothingDone();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HANGUP\n", "100 result=0 Trying...\n"})
    void two_hundred_thousand_lines_that_say_nothing_end_the_code(String line) throws IOException {
        FastAgiPeer call = served.call("conference_kick").playUntilAsked();
        send(call, line.repeat(1_000), 200);

        assertTrue(call.isClosedSilently());
        served.awaitLogged("outcome=cancelled");
    }

    @Test
    void an_endless_reply_ends_the_code_and_is_the_reason() throws IOException {
        for (String reply : List.of("200 result=1 (" + "x".repeat(100_000), "200 result=1 (x\n".repeat(10_000))) {
            FastAgiPeer call = served.call("conference_kick").playUntilAsked();
            send(call, reply, 1);
            assertTrue(call.isClosedSilently());
        }
        served.awaitLogged("a line of more than ");
        served.awaitLogged("an endless value");
    }

    /** Sends as much as the server takes. */
    private static void send(FastAgiPeer peer, String text, int times) {
        try {
            for (int i = 0; i < times; i++) {
                peer.send(text);
            }
        } catch (IOException e) {
            // It takes no more.
        }
    }
}
