package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.Outcome;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which whisper is said, after which other, and to nobody who only says that it is for them. That it is heard is tried live. */
class WhispersTest {

    private static final String EAR = "Local/w" + uniqueId(MODERATOR) + "@confcodes_whisper-00000001;2";

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx pbx = served.pbx;

    @BeforeEach
    void start() throws IOException {
        served.start(wishes -> wishes.whisper = true);
        pbx.call(EAR);
    }

    /** {@return the moderator's code, which is over as soon as its whisper has begun} */
    private CompletableFuture<FastAgiPeer> code(String script) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return served.call(script).play();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private String token(int whisper) {
        Await.until("whisper " + whisper + " is asked for", () -> pbx.whispers().size() >= whisper, pbx::whispers);
        return pbx.whispers().get(whisper - 1).split(" ")[1];
    }

    /** {@return Asterisk's call back for a whisper to the moderator} */
    private FastAgiPeer callBack(int whisper) throws IOException {
        return served.call(EAR, "whisper?token=" + token(whisper) + "&chanspy=1");
    }

    private static List<String> said(FastAgiPeer peer) {
        return peer.heard().stream().filter(sound -> !sound.isEmpty()).toList();
    }

    @Test
    void the_words_are_said_on_the_call_back_and_not_to_the_caller() throws IOException {
        CompletableFuture<FastAgiPeer> code = code("conference_lock?keys=0&read=OK");
        FastAgiPeer whisper = callBack(1).play();

        assertEquals(List.of("conf-lockednow"), said(whisper));
        assertEquals(List.of(), code.join().heard());
        assertEquals("DONE", code.join().status());
        assertTrue(pbx.whispers().get(0).startsWith(uniqueId(MODERATOR) + " "));
    }

    @Test
    void what_is_said_meanwhile_waits_and_the_newest_stands_for_the_older_but_for_a_failure() throws IOException {
        code("conference_lock?keys=0&read=OK");
        FastAgiPeer first = callBack(1).playUntil("STREAM FILE");
        for (String waiting : List.of("lock?keys=1", "mute?keys=1*", "lock?keys=0", "mute_all?keys=")) {
            assertEquals(
                    List.of(), code("conference_" + waiting + "&read=OK").join().heard(), "not to the caller");
        }
        assertEquals(1, pbx.whispers().size(), "one at a time");
        first.playOn();
        FastAgiPeer second = callBack(2).play();

        assertEquals(List.of("conf-lockednow"), said(first));
        assertEquals(List.of("beeperr", "conf-placeintoconf", "conf-now-muted"), said(second));
        assertEquals(2, pbx.whispers().size());
    }

    @ParameterizedTest
    @CsvSource({
        "guessed, true, 1", // another token
        "'', true, 1", // the token, on a channel that is not the whisper's
        "'', false, 1", // the token, on a channel that the peer does not control
        "'', true, 0", // ChanSpy() is missing
    })
    void what_cannot_be_whispered_is_heard_before_the_return(String token, boolean controls, int chanspy)
            throws IOException {
        CompletableFuture<FastAgiPeer> code = code("conference_lock?keys=0&read=OK");
        String channel = token.isEmpty() && controls && chanspy == 1 ? ONE : EAR;
        String script = "whisper?token=" + token(1) + token + "&chanspy=" + chanspy;
        FastAgiPeer peer =
                controls ? served.call(channel, script) : served.connect(script).names(channel, uniqueId(channel));

        assertEquals(List.of(), said(peer.play()));
        assertEquals(List.of("conf-lockednow"), code.join().heard());
        assertEquals(
                List.of("conf-unlockednow"),
                code("conference_lock?keys=1&read=OK").join().heard());
        assertEquals(
                1,
                served.log
                        .lines("cannot whisper, so words are played before the return")
                        .size());
        assertEquals(1, pbx.whispers().size(), "nobody waits for the next one to fail");
    }

    @Test
    void what_the_pbx_refuses_is_heard_before_the_return() {
        pbx.refuseWith(Outcome.of(Status.DENIED, "the PBX will not"));

        assertEquals(
                List.of("confbridge-invalid"),
                code("conference_lock?keys=0&read=OK").join().heard());
        assertEquals(1, served.log.lines("cannot whisper").size());
    }

    @Test
    void a_pbx_that_fails_is_not_asked_again_before_the_caller_is_told() {
        pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "away"));

        assertEquals(
                List.of("beeperr", "please-try-again"),
                code("conference_lock?keys=0&read=OK").join().heard());
        assertEquals(1, pbx.questions());
    }

    @Test
    void a_pbx_that_fails_in_the_end_is_not_asked_for_a_whisper() {
        pbx.failFor(ONE, new PbxException(PbxException.Reason.UNCONFIRMED, "no answer"));

        assertEquals(
                List.of("beeperr", "please-try-again"),
                code("conference_mute?keys=101&read=OK").join().heard());
        assertEquals(List.of(), pbx.whispers());
    }

    @Test
    void a_peer_without_proof_costs_one_question() throws IOException {
        assertEquals(
                "DENIED",
                served.connect("conference_lock?keys=0&read=OK").play().status());
        assertEquals(1, pbx.questions());
    }

    /** Whoever presses a code hangs up their whispers, also one that has not called back yet. */
    @Test
    void one_whisper_that_does_not_call_back_stops_no_other() throws IOException {
        for (String script : List.of("conference_mute", "conference_unmute")) {
            CompletableFuture<FastAgiPeer> code = code(script + "?keys=101&read=OK");
            callBackForModerator(script.equals("conference_mute") ? 1 : 2).play();
            assertEquals(List.of(), code.join().heard(), "whispered");
        }
        Await.until("the muted hears the next", () -> pbx.whispers().size() == 4, pbx::whispers);
        assertEquals(List.of(), served.log.lines("cannot whisper"));
    }

    private FastAgiPeer callBackForModerator(int whisper) throws IOException {
        Supplier<List<String>> all = () -> pbx.whispers().stream()
                .filter(one -> one.startsWith(uniqueId(MODERATOR)))
                .toList();
        Await.until("the whisper is asked for", () -> all.get().size() == whisper, pbx::whispers);
        return served.call(EAR, "whisper?token=" + all.get().get(whisper - 1).split(" ")[1]);
    }

    @Test
    void an_invitation_s_token_is_needed_to_join() throws IOException {
        for (String script : Stream.of("ANSWER", "BUSY", "")
                .map("invitation?token=guessed&dial="::concat)
                .toList()) {
            FastAgiPeer peer = served.call(ONE, script).types("1").play();
            assertEquals("", peer.status());
            assertEquals(0, peer.asked());
        }
    }
}
