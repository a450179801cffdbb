package confcodes.ami;

import static confcodes.Eventually.eventually;
import static confcodes.Eventually.within;
import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.rows;
import static confcodes.ami.AmiPeers.settings;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.conference.Operation;
import confcodes.conference.Pbx.Answer;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections come back, go away, and leave nothing behind. */
class AmiPoolTest {

    private static final Duration SHORT = Duration.ofMillis(600);

    private final ScriptedAmi ami = new ScriptedAmi();

    @BeforeEach
    void listParticipants() {
        ami.on("ConfbridgeList", ScriptedAmi.list("ConfbridgeList", rows(3)));
    }

    @AfterEach
    void close() {
        ami.close();
        eventually(
                "no thread of a session is left",
                () -> AmiPeers.sessionThreads().isEmpty());
    }

    @Test
    void A_pool_that_keeps_open_opens_all_connections_and_logs_all_off() {
        try (AmiPbx pbx = new AmiPbx(settings(ami, AmiPeers.TIMEOUT, 4, true))) {
            pbx.open();
            assertEquals(4, ami.open());
        }
        assertEquals(4, ami.received("Logoff").size());
        eventually("every connection is closed", () -> ami.open() == 0);
    }

    @Test
    void The_PBX_is_lost_once_and_back_once_and_the_pool_whole_again_within_two_seconds() throws PbxException {
        try (CapturedLog log = new CapturedLog();
                AmiPbx pbx = new AmiPbx(settings(ami, AmiPeers.TIMEOUT, 4, true))) {
            pbx.open();
            assertEquals(3, pbx.participants("100").size());

            ami.die();
            eventually("it is said that the PBX is lost", () -> log.text().contains("PBX lost"));
            for (int i = 0; i < 5; i++) {
                assertTimeout(SHORT, () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
            }
            int before = ami.connections();
            ami.revive();
            within(Duration.ofSeconds(2), "the pool is whole", () -> ami.open() == 4);
            assertEquals(3, pbx.participants("100").size());
            assertEquals(4, ami.connections() - before, "nothing else reconnects");
            assertEquals(1, log.lines("PBX lost").size(), log::text);
            eventually("it is said that the PBX is back", () -> log.text().contains("PBX is back"));
            assertEquals(1, log.lines("PBX is back").size(), log::text);
        }
    }

    @Test
    void A_server_starts_without_its_PBX_and_works_as_soon_as_it_is_there() {
        ami.die();
        try (CapturedLog log = new CapturedLog();
                AmiPbx pbx = new AmiPbx(settings(ami, AmiPeers.TIMEOUT, 4, true))) {
            pbx.open();
            assertFails(UNREACHABLE, () -> pbx.participants("100"));
            ami.revive();
            within(Duration.ofSeconds(2), "the pool is whole", () -> ami.open() == 4);
            assertEquals(1, log.lines("PBX lost").size(), log::text);
        }
    }

    @Test
    void An_idle_connection_is_pinged_and_kept_when_it_answers() {
        Duration ping = Duration.ofSeconds(1);
        try (AmiPbx pbx = new AmiPbx(settings(ami.port(), AmiPeers.TIMEOUT, 1, ping, true))) {
            pbx.open();
            eventually("two pings", () -> ami.received("Ping").size() >= 2);
            assertEquals(1, ami.connections());
        }
    }

    @Test
    void An_idle_connection_that_does_not_answer_its_ping_is_thrown_away() throws PbxException {
        ami.on("Ping", (peer, action) -> {
            if (peer.number() > 1) {
                peer.success(action, "Pong");
            }
        });
        Duration ping = Duration.ofSeconds(1);
        try (AmiPbx pbx = new AmiPbx(settings(ami.port(), SHORT, 1, ping, true))) {
            pbx.open();
            eventually("another connection", () -> ami.connections() == 2);
            eventually("and only that", () -> ami.open() == 1);
            assertEquals(3, pbx.participants("100").size());
            assertEquals(0, ami.received("Logoff").size(), "who is silent is not told");
        }
    }

    @Test
    void Borrowing_never_takes_longer_than_it_may() throws PbxException {
        try (AmiPool pool = new AmiPool(settings(ami.port(), SHORT, 4, Duration.ofSeconds(1), false))) {
            List<AmiSession> sessions = List.of(
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT));
            assertTimeout(SHORT.plus(AmiPeers.SLACK), () -> assertFails(UNREACHABLE, () -> pool.borrow(SHORT)));
            sessions.forEach(pool::giveBack);
            ami.on("Ping", (peer, action) -> {});
            ami.on("Challenge", (peer, action) -> {});
            long idleFrom = System.nanoTime();
            eventually("they are idle for long enough", () -> System.nanoTime() - idleFrom > 1_100_000_000L);

            assertTimeout(SHORT.plus(AmiPeers.SLACK), () -> assertFails(UNREACHABLE, () -> pool.borrow(SHORT)));
        }
    }

    @Test
    void Borrowing_without_time_fails_at_once() {
        try (AmiPool pool = new AmiPool(settings(ami, SHORT, 1, false))) {
            assertTimeout(
                    Duration.ofSeconds(1), () -> assertFails(UNREACHABLE, () -> pool.borrow(Duration.ofMillis(-1))));
            assertEquals(0, ami.connections());
        }
    }

    @Test
    void Idle_connections_that_the_PBX_has_all_closed_are_made_up_for_by_one_new_one() throws PbxException {
        AmiSettings settings = settings(ami, AmiPeers.TIMEOUT, 4, false);
        try (AmiPool pool = new AmiPool(settings)) {
            List<AmiSession> idle = List.of(
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT),
                    pool.borrow(AmiPeers.TIMEOUT));
            idle.forEach(pool::giveBack);
            ami.die();
            ami.revive();
            AmiSession session = pool.borrowStanding(AmiPeers.TIMEOUT);
            assertFalse(idle.contains(session));
            assertTrue(session.ask(new AmiAction("Ping"), AmiPeers.TIMEOUT).success());
            assertEquals(5, ami.connections());
            pool.giveBack(session);
        }
    }

    @Test
    void A_kick_on_an_idle_connection_that_was_closed_is_done_only_when_the_PBX_says_so() throws PbxException {
        ami.on("ConfbridgeKick", (peer, action) -> peer.error(action, "No active conferences."));
        for (int i = 0; i < 5; i++) {
            try (AmiPbx pbx = new AmiPbx(settings(ami, AmiPeers.TIMEOUT, 4, true))) {
                pbx.open();
                ami.die();
                ami.revive();
                assertEquals(Answer.NO_CONFERENCE, pbx.applyToParticipants(Operation.KICK, "100"));
            }
        }
    }

    @Test
    void A_response_to_nothing_does_not_take_the_place_of_the_login() throws PbxException {
        ami.on("Challenge", (peer, action) -> {
            peer.send("Response: Success", peer.id(action), "Challenge: 123456789");
            peer.send("Response: Success", "Message: Unasked");
        });
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(AmiPeers.TIMEOUT);
            assertTrue(session.ask(new AmiAction("Ping"), AmiPeers.TIMEOUT).success());
            pool.giveBack(session);
        }
    }

    @Test
    void A_PBX_that_closes_what_it_has_let_in_is_not_logged_in_to_again_and_again() throws PbxException {
        ami.on("Login", (peer, action) -> {
            peer.success(action, "Authentication accepted");
            peer.close();
        });
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 2, false))) {
            AmiSession session = pool.borrowStanding(AmiPeers.TIMEOUT);
            eventually("its loss is seen", () -> !session.isStanding());
            assertTrue(ami.connections() <= 3, () -> ami.connections() + " connections");
            pool.discard(session);
        }
    }

    @Test
    void What_comes_unasked_while_nobody_reads_is_the_answer_to_nothing() throws PbxException {
        ami.on("Ping", (peer, action) -> {
            peer.send("Response: Success", peer.id(action), "Ping: Pong");
            peer.send("Event: Reload", "Privilege: system,all", "Module: All");
            peer.send("Response: Error", "Message: Unasked");
            peer.send("Response: Error", "ActionID: 0_0#0", "Message: Another's");
        });
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(AmiPeers.TIMEOUT);
            for (int i = 0; i < 3; i++) {
                assertTrue(session.ask(new AmiAction("Ping"), AmiPeers.TIMEOUT).success());
                assertTrue(session.isStanding());
            }
            pool.giveBack(session);
        }
        assertEquals(1, ami.received("Logoff").size());
    }

    @Test
    void A_connection_has_no_thread_of_its_own() throws PbxException {
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 4, true))) {
            pool.open();
            assertEquals(4, ami.open());
            eventually("no thread is left", () -> AmiPeers.sessionThreads().isEmpty());
        }
    }

    @Test
    void A_discarded_connection_is_closed() throws PbxException {
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(AmiPeers.TIMEOUT);
            pool.discard(session);
            eventually("it is closed", () -> ami.open() == 0);
            AmiSession other = pool.borrow(AmiPeers.TIMEOUT);
            assertNotSame(session, other);
            pool.giveBack(other);
            assertSame(other, pool.borrow(AmiPeers.TIMEOUT));
            pool.giveBack(other);
        }
    }

    @Test
    void Discarding_does_not_connect_on_behalf_of_those_who_wait() throws Exception {
        try (AmiPool pool = new AmiPool(settings(ami, AmiPeers.TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(AmiPeers.TIMEOUT);
            Thread waiting = new Thread(() -> {
                try {
                    pool.borrow(Duration.ofSeconds(2));
                } catch (PbxException e) {
                    // Expected: nobody gives one back.
                }
            });
            waiting.start();
            eventually("somebody waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
            ami.on("Challenge", (peer, action) -> {});
            assertTimeout(Duration.ofMillis(500), () -> pool.discard(session));
            waiting.join();
        }
    }

    @Test
    void A_peer_that_closes_connections_again_and_again_leaves_no_thread_behind() {
        ami.on("ConfbridgeList", (peer, action) -> peer.close());
        try (AmiPbx pbx = AmiPeers.pbx(ami)) {
            for (int i = 0; i < 50; i++) {
                assertFails(UNREACHABLE, () -> pbx.participants("100"));
            }
            eventually("no thread is left", () -> AmiPeers.sessionThreads().isEmpty());
            eventually("no connection is left", () -> ami.open() == 0);
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().contains("-Reconnect-")));
        }
    }

    @Test
    void Closing_beside_a_silent_peer_takes_bounded_time() {
        AmiPbx pbx = new AmiPbx(settings(ami, AmiPeers.TIMEOUT, 4, true));
        pbx.open();
        assertEquals(4, ami.open());
        ami.on("Logoff", (peer, action) -> {});
        assertTimeout(Duration.ofSeconds(4), pbx::close);
        eventually("every connection is closed", () -> ami.open() == 0);
    }
}
