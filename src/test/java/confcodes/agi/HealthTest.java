package confcodes.agi;

import static confcodes.agi.Served.ONE;
import static confcodes.agi.Served.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.CodeServer.Target;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a balancer is told, and what a server does for it that is being stopped. */
class HealthTest {

    @RegisterExtension
    final Served served = new Served();

    private String health(String script) {
        try {
            FastAgiPeer peer = served.connect(script).play();
            peer.close();
            return String.join(", ", ours(peer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** asterisk-java sets a variable of its own at the end. */
    private static List<String> ours(FastAgiPeer peer) {
        return peer.commands().stream()
                .filter(command -> !command.contains("AJ_AGISTATUS"))
                .toList();
    }

    private static String says(String health) {
        return "SET VARIABLE \"CONFCODES_HEALTH\" \"" + health + "\"";
    }

    @Test
    void health_is_up_while_the_PBX_answers_and_needs_no_proof_no_question_and_no_log() {
        assertEquals(says("UP"), health("health"));
        served.pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        assertEquals(says("DOWN"), health("health"));

        assertEquals(0, served.pbx.questions());
        assertEquals("", served.log.text());
    }

    @Test
    void of_several_PBXs_each_has_its_own_health_and_one_that_answers_is_enough_for_the_server_s() throws IOException {
        InMemoryPbx lost = new InMemoryPbx();
        lost.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        AgiSettings settings = new Served.Wishes().settings();
        Map<String, Target> targets =
                Map.of("pbx1", new Target(served.pbx, settings), "pbx2", new Target(lost, settings));
        served.server = new CodeServer(settings, targets);
        served.server.start();

        assertEquals(says("UP"), health("pbx1/health"));
        assertEquals(says("DOWN"), health("pbx2/health"));
        assertEquals(says("UP"), health("health"));
        assertEquals("", health("pbx3/health"), "there is none of that name");
    }

    @Test
    void whoever_is_not_among_the_peers_is_not_told() throws IOException {
        served.start(wishes -> wishes.peers = Peers.parse("192.0.2.1"));
        assertTrue(served.connect("health").isClosedSilently());
    }

    @Test
    void a_balancer_hears_that_the_server_stops_while_codes_that_it_has_sent_are_done() throws IOException {
        served.start(wishes -> wishes.allow = Policy.ANYONE);
        assertEquals(says("UP"), health("health"));
        FastAgiPeer running = served.call("conference_mute").playUntilAsked();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(this::stop);

        Await.until("it says that it stops", () -> health("health").equals(says("DOWN")));
        assertEquals("DONE", served.call(TWO, "conference_count").play().status(), "sent before it was heard");
        Await.until("it takes no more", this::takesNone);
        assertEquals(says("DOWN"), health("health"), "the port is open while a code runs");
        assertFalse(stopped.isDone());
        assertEquals("DONE", running.types("101").playOn().status());
        assertEquals(ONE, running.channel());
        stopped.join();
        assertFalse(served.log.text().contains("still running"), served.log::text);
    }

    private boolean takesNone() {
        try {
            return ours(served.call(TWO, "conference_count").play()).isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void stop() {
        try {
            served.server.stop(Duration.ofSeconds(20));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
