package confcodes.agi;

import static confcodes.agi.Served.ONE;
import static confcodes.agi.Served.TWO;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a balancer is told, and what a server does for it that is being stopped. */
class HealthTest {

    @RegisterExtension
    final Served served = new Served();

    private String health() {
        try {
            FastAgiPeer peer = served.connect("health").play();
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
        assertEquals(says("UP"), health());
        served.pbx.failWith(new PbxException(PbxException.Reason.UNREACHABLE, "down"));
        assertEquals(says("DOWN"), health());

        assertEquals(0, served.pbx.questions());
        assertEquals("", served.log.text());
    }

    @Test
    void whoever_is_not_among_the_peers_is_not_told() throws IOException {
        served.start(wishes -> wishes.peers = Peers.parse("192.0.2.1"));
        assertTrue(served.connect("health").isClosedSilently());
    }

    @Test
    void a_balancer_hears_that_the_server_stops_while_codes_that_it_has_sent_are_done() throws IOException {
        served.start(wishes -> wishes.allow = Policy.ANYONE);
        assertEquals(says("UP"), health());
        FastAgiPeer running = served.call("conference_mute").playUntilAsked();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(this::stop);

        Await.until("it says that it stops", () -> health().equals(says("DOWN")));
        assertEquals("DONE", served.call(TWO, "conference_count").play().status(), "sent before it was heard");
        Await.until("it takes no more", this::takesNone);
        assertEquals(says("DOWN"), health(), "the port is open while a code runs");
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
