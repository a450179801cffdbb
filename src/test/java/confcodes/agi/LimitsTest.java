package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that are no Asterisk, and too many of them. */
class LimitsTest {

    private static final String MUTE_ONE = "conference_mute?conference=100&number=101";
    private static final String REQUEST = "agi_network_script: " + MUTE_ONE + "\nagi_channel: x\nagi_uniqueid: 1\n";

    @RegisterExtension
    final Served served = new Served();

    private FastAgiPeer connect() throws IOException {
        return served.connect(MUTE_ONE);
    }

    private void assertServes() throws IOException {
        assertEquals("DONE", served.call(MUTE_ONE).play().status(), served.log::text);
    }

    private void assertRefused(FastAgiPeer peer, String reason) throws IOException {
        assertTrue(peer.isClosedSilently(), "closed without a command");
        served.assertNothingDone();
        served.awaitLogged("refused a connection from 127.0.0.1: " + reason);
    }

    /** A connection that comes while the kernel closes the port is closed with it. */
    private void assertTakesNoMore() throws IOException {
        try {
            assertTrue(connect().isClosedSilently(), "closed without a command");
        } catch (SocketException e) {
            // Nobody listens, or the kernel has just closed what was in the queue.
        }
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

    @Test
    void a_silent_connection_and_one_that_sends_a_byte_now_and_then_are_closed_when_their_time_is_over()
            throws IOException {
        FastAgiPeer silent = connect();
        FastAgiPeer slow = connect();
        Await.until("the slow one is closed", () -> {
            try {
                slow.send("a");
                return false;
            } catch (IOException e) {
                return true;
            }
        });
        assertTrue(silent.isClosedSilently());
        served.awaitLogged("refused a connection from 127.0.0.1: no request in time");
        assertServes();
    }

    @Test
    void connections_that_are_closed_at_once_leave_nothing() throws IOException {
        served.start(wishes -> wishes.connections = 3);
        for (int i = 0; i < 50; i++) {
            connect().close();
        }
        assertServes();
    }

    @ParameterizedTest
    @CsvSource({
        "'GET / HTTP/1.1\r|', a line that is no FastAGI header",
        "'|', no FastAGI request",
        "'\0\0\0|', a line that is no FastAGI header",
        "'HANGUP|', a line that is no FastAGI header",
        "'agi_channel: x|agi_channel: y|', a header twice: agi_channel",
        "'agi_channel: x|agi_dnid: 1|agi_channel: y|', a header twice: agi_channel",
        "'agi_dnid: 1|agi_dnid: 2|', a header twice: agi_dnid",
        "'agi_channel: x|agi_callerid: 5|agi_channel: y|', a header twice: agi_channel",
        "'agi_channel: x|agi_calleridname: 5|agi_channel: y|', a header twice: agi_channel",
        "'ogi_channel: x|', a line that is no FastAGI header",
        "'AGI_channel: x|', a line that is no FastAGI header",
        "'agi_Channel: x|', a line that is no FastAGI header",
        "' agi_channel: x|', a line that is no FastAGI header",
        "'agi_channel=x|', a line that is no FastAGI header",
        "'agi_channel x: y|', a line that is no FastAGI header",
        "'agi_arg_-1: x|', a line that is no FastAGI header",
        "'agi_dnid: u310%0A|:|', a line that is no FastAGI header",
        "'agi_dnid: a\rb|', a line that is no FastAGI header",
        "'agi_dnid: a\0|', a line that is no FastAGI header",
        "'agi_dnid: a\u001b[2J|', a line that is no FastAGI header",
        "'agi_dnid: a\u0085b|', a line that is no FastAGI header",
        "'agi_channel: x|agi_uniqueid: 1||', no FastAGI request",
        "'agi_network_script: x|agi_channel: x||', no FastAGI request",
        "'agi_network_script: x|agi_uniqueid: 1||', no FastAGI request"
    })
    void what_is_no_request_is_refused_before_a_code_runs(String text, String reason) throws IOException {
        FastAgiPeer peer = connect();
        peer.send(text.replace('|', '\n'));

        assertRefused(peer, reason);
        assertEquals(0, served.pbx.questions());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_request_has_64_lines_at_most(boolean isOneMore) throws IOException {
        FastAgiPeer peer = served.call(MUTE_ONE).header("agi_arg_2147483647", "x");
        for (int lines = 17; lines <= (isOneMore ? 65 : 64); lines++) {
            peer.header("agi_line_" + lines, "x");
        }
        assertEquals(isOneMore ? "" : "DONE", peer.play().status());
    }

    @ParameterizedTest
    @ValueSource(ints = {16 * 1024, 16 * 1024 + 1})
    void a_request_has_16_KB_at_most(int size) throws IOException {
        FastAgiPeer peer = connect();
        String filled = REQUEST + "agi_a: " + "x".repeat(8_000) + "\nagi_b: " + "x".repeat(4_000) + "\nagi_c: ";
        peer.send(filled + "x".repeat(size - filled.length() - 1) + "\n\n");

        if (size > 16 * 1024) {
            assertRefused(peer, "a request of more than 64 lines or 16384 bytes");
        } else {
            peer.playOn();
            assertEquals("DENIED", peer.status());
        }
    }

    @Test
    void megabytes_without_a_line_break_are_refused_at_once() throws IOException {
        FastAgiPeer peer = connect();
        send(peer, "x".repeat(10_000), 1_000);

        assertRefused(peer, "a line of more than 8192 bytes");
    }

    @Test
    void binary_noise_is_closed() throws IOException {
        Random random = new Random(42);
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[random.nextInt(5_000)];
            random.nextBytes(noise);
            FastAgiPeer peer = connect();
            try {
                peer.send(noise);
                peer.send("\n\n");
            } catch (IOException e) {
                continue;
            }
            assertTrue(peer.isClosedSilently());
        }
        assertServes();
    }

    @Test
    void invalid_UTF_8_in_a_request_is_no_fault() throws IOException {
        FastAgiPeer peer = connect();
        peer.send("agi_network_script: conference_mute?number=101&conference=");
        peer.send(new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80});
        peer.send("\nagi_uniqueid: 1\nagi_channel: ");
        peer.send(new byte[] {(byte) 0xfe, (byte) 0x9b});
        peer.send("\n\n");
        peer.playOn();

        assertEquals("DENIED", peer.status());
        served.assertNothingDone();
    }

    @Test
    void a_first_command_that_is_not_answered_in_time_ends_the_code_and_is_the_reason() throws IOException {
        FastAgiPeer peer = served.call(MUTE_ONE).playUntil("SET VARIABLE");

        assertTrue(peer.isClosedSilently());
        served.awaitLogged("reason=\"a command was not answered in 2 s\"");
        served.assertNothingDone();
    }

    @Test
    void whoever_is_not_among_the_peers_is_closed_at_once() throws IOException {
        served.start(wishes -> wishes.peers = Peers.parse("192.0.2.1"));
        for (int i = 0; i < 20; i++) {
            assertTrue(connect().isClosedSilently());
        }
        assertEquals(1, served.log.lines("not in agi-peers").size(), "said once in ten seconds");
    }

    @Test
    void at_the_limit_the_oldest_unproved_connection_goes_and_a_proved_one_never() throws IOException {
        served.start(wishes -> wishes.connections = 3);
        FastAgiPeer running = served.call("conference_kick_all").playUntilAsked();
        FastAgiPeer impostor = served.connect("conference_kick").playUntilAsked();
        connect();
        assertServes();
        assertTrue(impostor.isClosedSilently(), "the oldest that has proved nothing");
        for (int i = 0; i < 20; i++) {
            assertServes();
        }
        assertEquals("CANCELLED", running.types("*").playOn().status(), "a running code stays");
        assertEquals(
                1,
                served.log
                        .lines("too many connections: agi-connections reached")
                        .size());
    }

    @Test
    void proved_connections_make_no_room_for_others() throws IOException {
        served.start(wishes -> wishes.connections = 2);
        FastAgiPeer one = served.call("conference_kick_all").playUntilAsked();
        FastAgiPeer two = served.call("conference_kick_all").playUntilAsked();
        assertTrue(connect().isClosedSilently());
        for (FastAgiPeer running : List.of(one, two)) {
            assertEquals("CANCELLED", running.types("*").playOn().status());
        }
    }

    @Test
    void requests_that_are_not_proved_may_send_2_MB_together_and_then_the_largest_goes() throws IOException {
        FastAgiPeer running = served.call("conference_kick_all").playUntilAsked();
        FastAgiPeer small = served.connect("conference_mute").playUntilAsked();
        String large = REQUEST + "agi_a: " + "x".repeat(8_000) + "\nagi_b: " + "x".repeat(7_500);
        FastAgiPeer largest = connect();
        largest.send(large + "x");
        for (int i = 0; i < 2 * 1024 * 1024 / large.length(); i++) {
            connect().send(large);
        }
        assertTrue(largest.isClosedSilently());
        served.awaitLogged("too many large requests: closed one of 127.0.0.1");
        assertServes();
        assertEquals("CANCELLED", running.types("*").playOn().status(), "a proved one stays");
        assertEquals("CANCELLED", small.types("*").playOn().status(), "a small one stays");
    }

    private void stop(Duration grace) {
        try {
            served.server.stop(grace);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void stopping_lets_a_running_code_finish_and_closes_the_silent_ones() throws IOException {
        FastAgiPeer silent = connect();
        FastAgiPeer running = served.call("conference_mute").playUntilAsked();
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> stop(Duration.ofSeconds(20)));

        assertTrue(silent.isClosedSilently());
        assertTakesNoMore();
        assertFalse(stopped.isDone());
        assertEquals("DONE", running.types("101").playOn().status());
        stopped.join();
        assertFalse(served.log.text().contains("still running"), served.log::text);
    }

    @Test
    void stopping_ends_a_code_that_takes_longer_than_the_grace() throws IOException {
        FastAgiPeer running = served.call("conference_kick").playUntilAsked();
        stop(Duration.ofMillis(200));

        assertTrue(running.isClosedSilently());
        assertEquals(1, served.log.lines("1 codes were still running after 0 s").size(), served.log::text);
        served.assertNothingDone();
    }

    /** What the server says of itself to a watchdog. */
    private boolean serves() {
        return served.server.isServing(Duration.ofSeconds(10));
    }

    @Test
    void a_server_serves_until_it_is_stopped() throws IOException {
        served.start(wishes -> {});
        Await.until("serving", this::serves);
        stop(Duration.ZERO);
        assertFalse(serves());
    }

    @Test
    void a_server_that_is_stopped_before_its_first_connection_does_not_listen() throws IOException {
        served.start(wishes -> {});
        stop(Duration.ZERO);
        assertFalse(serves());
        assertTakesNoMore();
    }

    @Test
    void a_server_that_accepts_no_connections_does_not_serve() throws IOException {
        served.server = new CodeServer(new Served.Wishes().settings(), served.pbx);
        Await.until("not serving", () -> !serves());
    }
}
