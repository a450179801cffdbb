package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.PbxException;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nobody acts for a channel that they do not control. That those who do can act is in the other tests. */
class ProofTest {

    private static final String MINE = "PJSIP/666-00000042";

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx pbx = served.pbx;

    private void assertRefused(FastAgiPeer call) {
        assertEquals("DENIED", call.status());
        assertEquals("", call.channel());
        assertEquals(List.of("confbridge-invalid"), call.heard());
        assertEquals(0, pbx.lists(), "no conference was looked at");
        served.assertNothingDone();
    }

    static Stream<String> codes() {
        return Codes.ALL.stream().map(Code::name);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void no_code_runs_for_a_peer_that_does_not_control_the_channel(String code) throws IOException {
        assertRefused(served.connect(code).types("1", "1").play());
        assertRefused(
                served.connect(code + "?conference=100&number=1&keys=1&read=OK").play());
        served.awaitLogged(
                "refused a request of 127.0.0.1: it does not control the channel " + MODERATOR + " that it names");
    }

    @Test
    void the_value_must_be_equal() throws IOException {
        assertRefused(served.connect("conference_mute_all")
                .sets((name, value) -> pbx.set(uniqueId(MODERATOR), name, value + "x"))
                .play());
        assertRefused(served.connect("conference_mute_all")
                .sets((name, value) -> pbx.set(uniqueId(MODERATOR), name, ""))
                .play());
    }

    @ParameterizedTest
    @CsvSource({
        "PJSIP/200-00000001, PJSIP/666-00000042", // the moderator's name, an id of one's own
        "PJSIP/666-00000042, PJSIP/200-00000001", // the moderator's id, a name of one's own
        "PJSIP/200-00000001, nobody",
        "nobody, nobody",
    })
    void name_and_unique_id_must_both_be_the_channel_s(String name, String id) throws IOException {
        pbx.call(MINE);
        assertRefused(served.connect("conference_mute_all")
                .names(name, uniqueId(id))
                .sets((variable, value) -> pbx.set(uniqueId(MINE), variable, value))
                .play());
    }

    @ParameterizedTest
    @CsvSource({"agi_channel, ''", "agi_uniqueid, ''", "agi_uniqueid, \u0085", "agi_channel, \u009b2J"})
    void an_odd_name_or_id_is_no_channel_and_no_fault(String header, String value) throws IOException {
        FastAgiPeer call =
                served.call("conference_mute_all").header(header, value).play();

        served.assertNothingDone();
        assertTrue(Set.of("", "DENIED").contains(call.status()), call.status());
        assertFalse(served.log.text().contains(value + "x") || served.log.text().contains("\u0085"));
    }

    @Test
    void a_pbx_that_cannot_be_asked_is_unavailable() throws IOException {
        pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        FastAgiPeer call = served.call("conference_mute").types("101").play();

        assertEquals("UNAVAILABLE", call.status());
        assertTrue(pbx.questions() <= 2, "one while the keys are typed, one after them");
    }

    @Test
    void a_code_is_taken_before_anything_happens_and_not_by_a_server_that_has_lost_its_pbx() throws IOException {
        FastAgiPeer taken = served.call("conference_mute?number=101").playUntil("SET VARIABLE \"CONFCODES_CHANNEL\"");
        assertEquals(1, taken.commands().stream().filter(ProofTest::takes).count());
        assertTrue(takes(taken.commands().get(0)), () -> taken.commands().toString());

        pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        FastAgiPeer notTaken = served.call("conference_mute?number=101").play();
        assertEquals("UNAVAILABLE", notTaken.status());
        assertTrue(notTaken.commands().stream().noneMatch(ProofTest::takes));
    }

    private static boolean takes(String command) {
        return command.matches("SET VARIABLE \"" + Proof.VARIABLE + "\" \"\\w+\"");
    }

    @Test
    void the_value_of_one_request_proves_nothing_in_another() throws IOException {
        served.call("conference_count").play();
        String earlier = pbx.variable(uniqueId(MODERATOR), Proof.VARIABLE);
        assertFalse(earlier.isEmpty(), "it stays on the channel");
        served.call("conference_count").play();
        assertNotEquals(earlier, pbx.variable(uniqueId(MODERATOR), Proof.VARIABLE));

        assertEquals("DENIED", served.connect("conference_mute_all").play().status());
        served.assertNothingDone();
    }

    @Test
    void the_value_is_random_and_has_128_bits() throws IOException {
        Set<String> values = ConcurrentHashMap.newKeySet();
        for (int i = 0; i < 50; i++) {
            served.connect("conference_count")
                    .sets((name, value) -> {
                        pbx.set(uniqueId(MODERATOR), name, value);
                        if (name.equals(Proof.VARIABLE) && !value.isEmpty()) {
                            values.add(value);
                        }
                    })
                    .play();
        }
        assertEquals(50, values.size());
        assertTrue(values.stream().mapToInt(String::length).max().orElse(0) >= 24, "128 bits in base 36");
        assertTrue(values.stream().allMatch(value -> value.matches("[0-9a-z]{16,25}")), values::toString);
    }

    @Test
    void it_is_asked_for_while_keys_are_typed_and_a_slow_pbx_delays_none() throws IOException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch mayAnswer = new CountDownLatch(1);
        pbx.beforeChannel(() -> {
            asked.countDown();
            try {
                mayAnswer.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        FastAgiPeer call = served.call("conference_mute").playUntilAsked();
        Await.until("the PBX is asked during Read", () -> asked.getCount() == 0);
        served.assertNothingDone();
        mayAnswer.countDown();
        call.types("101").playOn();

        assertEquals("DONE", call.status());
        assertEquals(ONE, call.channel());
    }

    @ParameterizedTest
    @ValueSource(strings = {"conference_mute", "conference_kick_all"})
    void it_is_asked_for_again_after_each_question(String code) throws IOException {
        FastAgiPeer call = served.call(code).playUntilAsked();
        pbx.set(uniqueId(MODERATOR), Proof.VARIABLE, "somebody else's");
        call.types("1").playOn();

        assertEquals("DENIED", call.status());
        served.assertNothingDone();
    }
}
