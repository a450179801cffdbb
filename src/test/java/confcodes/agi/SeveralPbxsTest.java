package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.CodeServer.Target;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.PbxException;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One server for two PBXs with the same conference, channels and unique ids. */
class SeveralPbxsTest {

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx first = served.pbx;
    private final InMemoryPbx second =
            new InMemoryPbx().join("100", admin(MODERATOR, "200"), member(ONE, "101"), member("PJSIP/105-5", "105"));

    private void start() throws IOException {
        AgiSettings settings = new Served.Wishes().settings();
        served.server = new CodeServer(
                settings, Map.of("pbx1", new Target(first, settings), "pbx2", new Target(second, settings)));
        served.server.start();
    }

    /** {@return a code of the moderator at a PBX} */
    private FastAgiPeer call(InMemoryPbx at, String script) throws IOException {
        return served.connect(script).sets((name, value) -> at.set(uniqueId(MODERATOR), name, value));
    }

    @Test
    void each_code_acts_on_the_pbx_that_its_request_names() throws IOException {
        start();
        assertEquals(
                "DONE", call(second, "pbx2/conference_kick?number=101").play().status());
        served.assertNothingDone();
        assertEquals(List.of("KICK 100 " + ONE), second.operations());
        served.awaitLogged(" pbx=pbx2");

        assertEquals(
                "NOTFOUND",
                call(first, "pbx1/conference_kick?number=105").play().status());
        assertEquals(
                "DONE", call(first, "pbx1/conference_kick?number=102").play().status());
        assertEquals(1, second.operations().size());
        assertEquals(2, served.log.lines(" pbx=pbx1").size());
    }

    @Test
    void a_proof_at_another_pbx_than_the_one_that_is_named_is_none() throws IOException {
        start();
        assertEquals("DENIED", call(first, "pbx2/conference_mute_all").play().status());
        served.assertNothingDone();
        assertEquals(List.of(), second.everythingDone());
        assertEquals(0, first.questions());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conference_mute_all",
                "/conference_mute_all",
                "pbx3/conference_mute_all",
                "PBX1/conference_mute_all",
                "pbx1/pbx2/conference_mute_all",
                "/pbx1/conference_mute_all",
                "pbx1%2fconference_mute_all",
                "pbx3/whisper?token=x",
            })
    void a_name_that_is_missing_or_unknown_is_refused_before_anybody_is_asked(String script) throws IOException {
        start();
        FastAgiPeer refused = call(first, script).play();
        assertFalse(refused.commands().toString().contains("CONFCODES"), "the dialplan's UNAVAILABLE stays");
        served.assertNothingDone();
        assertEquals(0, first.questions() + second.questions());
        served.awaitLogged("refused a request of 127.0.0.1: the setting pbx has no PBX named ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "conference_mute_all",
                "/conference_mute_all",
                "pbx7/conference_mute_all",
                "a/b%20/conference_mute_all"
            })
    void one_without_a_name_is_asked_whatever_the_request_says(String script) throws IOException {
        assertEquals("DONE", call(first, script).play().status());
        assertTrue(served.log.lines("pbx=").isEmpty(), served.log::text);
    }

    @Test
    void one_that_fails_is_unavailable_and_the_other_serves() throws IOException {
        start();
        second.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        assertEquals(
                "UNAVAILABLE", call(second, "pbx2/conference_mute_all").play().status());
        assertEquals("DONE", call(first, "pbx1/conference_mute_all").play().status());
    }
}
