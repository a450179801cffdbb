package confcodes.agi;

import static confcodes.Eventually.eventually;
import static confcodes.Eventually.within;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.agi.AgiServers.Wishes;
import confcodes.conference.InMemoryPbx;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that are no Asterisk, and too many of them. */
class LimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Wishes QUICK = new Wishes().requestTime(SECOND);

    private final InMemoryPbx pbx =
            new InMemoryPbx().join("100", admin(ScriptedAgi.MODERATOR, "200"), member("PJSIP/101-00000002", "101"));
    private final CapturedLog log = new CapturedLog();
    private CodeServer server;

    private void start(Wishes wishes) throws IOException {
        server = AgiServers.start(pbx, wishes);
    }

    @AfterEach
    void stop() throws IOException {
        try {
            server.stop(SECOND);
            eventually("every thread is done", () -> AgiServers.busyThreads(server) == 0);
        } finally {
            log.close();
        }
        assertFalse(log.text().contains("\tat "), () -> "a stack trace in the log: " + log.text());
    }

    private ScriptedAgi connect() throws IOException {
        return new ScriptedAgi(server.getPort());
    }

    private ScriptedAgi code() throws IOException {
        return ScriptedAgi.call(server, "conference_mute?conference=100&number=101");
    }

    private void assertServes() throws IOException {
        try (ScriptedAgi code = code().play()) {
            assertEquals("DONE", code.status());
        }
    }

    private void assertClosed(ScriptedAgi peer) throws IOException {
        assertTrue(peer.isClosedSilently(), "closed without a command");
        assertEquals(List.of(), pbx.operations());
    }

    /** A connection that comes while the kernel closes the port is closed with it. */
    private void assertTakesNoMore() throws IOException {
        try (ScriptedAgi late = connect()) {
            assertTrue(late.isClosedSilently(), "closed without a command");
        } catch (ConnectException e) {
            // Nobody listens.
        }
    }

    /** Sends as much as the server takes. */
    private static void flood(ScriptedAgi peer, String text, int times) throws IOException {
        try {
            for (int i = 0; i < times; i++) {
                peer.send(text);
            }
        } catch (SocketException e) {
            // It takes no more.
        }
    }

    @Test
    void A_silent_connection_is_closed_when_its_time_is_over() throws IOException {
        start(QUICK);
        try (ScriptedAgi peer = connect()) {
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
        }
        assertServes();
    }

    @Test
    void A_byte_now_and_then_does_not_make_the_time_longer() throws IOException {
        start(QUICK);
        long end = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        try (ScriptedAgi peer = connect()) {
            CompletableFuture<Boolean> closed = CompletableFuture.supplyAsync(() -> {
                try {
                    return peer.isClosedSilently();
                } catch (IOException e) {
                    return true;
                }
            });
            within(Duration.ofSeconds(3), "it is closed", () -> {
                try {
                    peer.send("a");
                } catch (IOException e) {
                    return true;
                }
                return closed.isDone();
            });
        }
        assertTrue(System.nanoTime() - end < 0);
    }

    @Test
    void A_connection_that_is_closed_at_once_leaves_nothing() throws IOException {
        start(new Wishes());
        for (int i = 0; i < 50; i++) {
            connect().close();
        }
        eventually("no thread is busy", () -> AgiServers.busyThreads(server) == 0);
        assertServes();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n",
                "\n",
                "\u0000\u0000\u0000\n",
                "agi_channel: x\nagi_channel: y\n",
                "agi_network_script: x\n\n",
                "agi_channel: x\n\n",
                "HANGUP\n"
            })
    void What_is_no_request_is_closed_at_once(String text) throws IOException {
        start(new Wishes());
        try (ScriptedAgi peer = connect()) {
            peer.send(text);
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
        }
        assertEquals(1, log.lines("refused a connection from 127.0.0.1").size(), log::text);
    }

    @Test
    void Megabytes_without_a_line_break_are_closed_at_once() throws IOException {
        start(new Wishes());
        try (ScriptedAgi peer = connect()) {
            flood(peer, "x".repeat(10_000), 1_000);
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
        }
    }

    @Test
    void A_request_of_many_headers_is_closed_at_once() throws IOException {
        start(new Wishes());
        try (ScriptedAgi peer = connect()) {
            for (int i = 0; i < 100; i++) {
                flood(peer, "agi_" + i + ": " + "x".repeat(1_000) + "\n", 1);
            }
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
        }
    }

    @Test
    void Binary_noise_is_closed() throws IOException {
        start(QUICK);
        Random random = new Random(42);
        for (int i = 0; i < 50; i++) {
            byte[] noise = new byte[random.nextInt(5_000)];
            random.nextBytes(noise);
            try (ScriptedAgi peer = connect()) {
                try {
                    peer.send(noise);
                    peer.send("\n\n");
                } catch (SocketException e) {
                    continue;
                }
                assertClosed(peer);
            }
        }
        assertServes();
    }

    @Test
    void Invalid_UTF_8_in_a_request_is_no_fault() throws IOException {
        start(new Wishes());
        try (ScriptedAgi peer = connect()) {
            peer.send("agi_network_script: conference_mute?conference=");
            peer.send(new byte[] {(byte) 0xff, (byte) 0xc0, (byte) 0x80});
            peer.send("&number=101\nagi_channel: ");
            peer.send(new byte[] {(byte) 0xfe, 0});
            peer.send("\n\n");
            peer.play();
        } catch (SocketException e) {
            // It is served or closed; either will do.
        }
        assertEquals(List.of(), pbx.operations());
        assertServes();
    }

    @Test
    void A_huge_argument_index_is_no_fault() throws IOException {
        start(new Wishes());
        try (ScriptedAgi code = code().header("agi_arg_2147483647", "x")
                .header("agi_arg_-1", "y")
                .play()) {
            assertEquals("DONE", code.status());
        }
    }

    @Test
    void Two_hundred_thousand_HANGUP_lines_end_the_code() throws IOException {
        start(new Wishes());
        try (ScriptedAgi code =
                ScriptedAgi.call(server, "conference_kick?conference=100").playUntil("EXEC")) {
            flood(code, "HANGUP\n".repeat(1_000), 200);
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(code));
        }
        assertEquals(1, log.lines("outcome=cancelled").size(), log::text);
    }

    @Test
    void An_endless_reply_ends_the_code() throws IOException {
        start(new Wishes());
        for (String reply : List.of("200 result=1 (" + "x".repeat(100_000), "200 result=1 (x\n".repeat(10_000))) {
            try (ScriptedAgi code =
                    ScriptedAgi.call(server, "conference_kick?conference=100").playUntil("EXEC")) {
                flood(code, reply, 1);
                assertTimeout(Duration.ofSeconds(3), () -> assertClosed(code));
            }
        }
    }

    @Test
    void Who_is_not_among_the_peers_is_closed_at_once() throws IOException {
        start(new Wishes().peers("192.0.2.1"));
        for (int i = 0; i < 20; i++) {
            try (ScriptedAgi peer = connect()) {
                assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
            }
        }
        assertEquals(1, log.lines("not in agi-peers").size(), "said once in ten seconds");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void The_longest_silent_connection_makes_room(boolean perPeer) throws IOException {
        start(perPeer ? new Wishes().connections(100, 3) : new Wishes().connections(3, 100));
        try (ScriptedAgi running = ScriptedAgi.call(server, "conference_kick?conference=100")
                        .playUntil("EXEC");
                ScriptedAgi first = connect();
                ScriptedAgi second = connect()) {
            eventually("three are in", () -> AgiServers.busyThreads(server) == 3);
            assertServes();
            assertClosedFirst(first);
            for (int i = 0; i < 20; i++) {
                assertServes();
            }
            second.request();
            running.types("*").playOn();
            assertEquals("CANCELLED", running.status(), "a running code stays");
        }
    }

    @Test
    void Whoever_has_as_many_as_it_may_takes_no_place_from_others() throws IOException {
        start(new Wishes().connections(6, 3));
        List<Socket> quiet = new ArrayList<>();
        List<Socket> greedy = new ArrayList<>();
        try {
            for (int i = 0; i < 3; i++) {
                quiet.add(connectFrom("127.0.0.2"));
            }
            for (int i = 0; i < 6; i++) {
                greedy.add(connectFrom("127.0.0.3"));
            }
            for (Socket closed : greedy.subList(0, 3)) {
                assertEquals(-1, closed.getInputStream().read());
            }
            for (Socket open : quiet) {
                open.setSoTimeout(50);
                assertThrows(
                        SocketTimeoutException.class,
                        () -> open.getInputStream().read());
            }
        } finally {
            for (Socket socket : quiet) {
                socket.close();
            }
            for (Socket socket : greedy) {
                socket.close();
            }
        }
    }

    private Socket connectFrom(String address) throws IOException {
        Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.getPort(), InetAddress.getByName(address), 0);
        socket.setSoTimeout(3_000);
        return socket;
    }

    @Test
    void A_request_of_very_many_lines_is_none() throws IOException {
        start(QUICK);
        try (ScriptedAgi peer = connect()) {
            for (int i = 0; i < 200; i++) {
                peer.send("agi_arg_" + i + ": x\n");
            }
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(peer));
        }
        assertServes();
        assertTrue(log.text().contains("a request of more than 100 lines"), log::text);
    }

    private static void assertClosedFirst(ScriptedAgi first) {
        assertTimeout(Duration.ofSeconds(3), () -> assertTrue(first.isClosedSilently()));
    }

    @Test
    void Running_codes_never_make_room() throws IOException {
        start(new Wishes().connections(2, 2));
        try (ScriptedAgi one = ScriptedAgi.call(server, "conference_lock?conference=100")
                        .playUntil("EXEC");
                ScriptedAgi two = ScriptedAgi.call(server, "conference_lock?conference=100")
                        .playUntil("EXEC");
                ScriptedAgi three = connect()) {
            assertTimeout(Duration.ofSeconds(3), () -> assertClosed(three));
            one.types("*").playOn();
            two.types("*").playOn();
            assertEquals("CANCELLED", one.status());
            assertEquals("CANCELLED", two.status());
        }
    }

    @Test
    void A_thousand_silent_connections_do_not_keep_a_code_out() throws IOException {
        start(new Wishes());
        List<ScriptedAgi> silent = new ArrayList<>();
        try {
            for (int i = 0; i < 1_000; i++) {
                silent.add(connect());
            }
            for (int i = 0; i < 5; i++) {
                assertServes();
            }
        } finally {
            for (ScriptedAgi peer : silent) {
                peer.close();
            }
        }
    }

    @Test
    void A_code_ends_with_its_longest_duration() throws IOException {
        start(new Wishes().maxDuration(Duration.ofSeconds(10)));
        try (ScriptedAgi hanging =
                ScriptedAgi.call(server, "conference_kick?conference=100").playUntil("EXEC")) {
            assertTimeout(Duration.ofSeconds(13), () -> assertClosed(hanging));
        }
        assertEquals(1, log.lines("outcome=cancelled").size(), log::text);
    }

    @Test
    void Stopping_lets_a_running_code_finish_and_closes_the_silent_ones() throws Exception {
        start(new Wishes());
        try (ScriptedAgi silent = connect();
                ScriptedAgi running = ScriptedAgi.call(server, "conference_mute?conference=100")
                        .playUntil("EXEC")) {
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
                try {
                    server.stop(Duration.ofSeconds(10));
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertClosedFirst(silent);
            assertTakesNoMore();
            assertFalse(stopped.isDone());
            running.types("101").playOn();
            assertEquals("DONE", running.status());
            within(Duration.ofSeconds(2), "the server has stopped", stopped::isDone);
            stopped.get();
        }
    }

    @Test
    void Stopping_ends_a_code_that_takes_longer_than_the_grace() throws IOException {
        start(new Wishes());
        try (ScriptedAgi running =
                ScriptedAgi.call(server, "conference_kick?conference=100").playUntil("EXEC")) {
            assertTimeout(Duration.ofSeconds(3), () -> server.stop(Duration.ofMillis(200)));
            assertClosed(running);
        }
        assertEquals(1, log.lines("still running after the grace period").size(), log::text);
    }

    @Test
    void A_server_that_is_stopped_before_it_begins_does_not_listen() throws IOException {
        start(new Wishes());
        server.stop(SECOND);
        assertTakesNoMore();
    }
}
