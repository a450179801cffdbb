package confcodes.ami;

import static confcodes.ami.AmiPeers.SHORT;
import static confcodes.ami.AmiPeers.TIMEOUT;
import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.assertFailsWithin;
import static confcodes.ami.AmiPeers.in;
import static confcodes.ami.AmiPeers.rows;
import static confcodes.ami.AmiPeers.server;
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
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import confcodes.lab.Await;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections come back, go away, and leave nothing behind. */
class AmiPoolTest {

    private static final AmiAction PING = new AmiAction("Ping");
    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final ScriptedAmi ami = new ScriptedAmi();

    @BeforeEach
    void listParticipants() {
        ami.on("ConfbridgeList", ScriptedAmi.list("ConfbridgeList", rows(3)));
    }

    @AfterEach
    void nothingIsLeft() {
        Await.until("no connection is left", () -> ami.open() == 0);
        Await.until(
                "no thread is left",
                () -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("ami-upkeep")));
        ami.close();
    }

    private void poolIsWholeSoon() {
        Await.within(TWO_SECONDS, "the pool is whole", () -> ami.open() == 4, ami::open);
    }

    private static List<AmiSession> borrowAll(AmiPool pool) throws PbxException {
        List<AmiSession> sessions = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sessions.add(pool.borrow(in(TIMEOUT)));
        }
        return sessions;
    }

    private static boolean answersPing(AmiSession session) throws PbxException {
        return session.ask(PING, in(TIMEOUT)).get("Response").equals("Success");
    }

    @Test
    void A_pool_that_keeps_open_opens_all_connections_and_logs_all_off() {
        try (AmiPbx pbx = server(ami, 4)) {
            pbx.open();
            assertEquals(4, ami.open());
        }
        assertEquals(4, ami.received("Logoff").size());
    }

    @Test
    void A_server_starts_without_its_PBX_and_works_as_soon_as_it_is_there() {
        ami.die();
        try (CapturedLog log = new CapturedLog();
                AmiPbx pbx = server(ami, 4)) {
            pbx.open();
            assertFails(UNREACHABLE, () -> pbx.participants("100"));
            assertTrue(pbx.problem().orElse("").contains("127.0.0.1:"), pbx.problem()::toString);
            assertEquals(new AmiPbx.Connections(0, 0, 0, 4), pbx.connections());
            ami.revive();
            poolIsWholeSoon();
            assertEquals(1, log.lines("PBX lost").size(), log::text);
            Await.until("it is known", () -> pbx.problem().isEmpty());
            Await.until("all are counted", () -> pbx.connections().equals(new AmiPbx.Connections(0, 4, 0, 4)));
        }
    }

    @Test
    void An_idle_connection_is_pinged_and_kept_if_it_answers() {
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 1, true), Duration.ofSeconds(1), System::nanoTime)) {
            pool.open();
            Await.until("two pings", () -> ami.received("Ping").size() >= 2);
            assertEquals(1, ami.connections());
        }
    }

    @Test
    void An_idle_connection_that_does_not_answer_its_ping_is_replaced() throws PbxException {
        ami.on("Ping", (peer, action) -> {
            if (peer.number() > 1) {
                peer.success(action, "Pong");
            }
        });
        try (AmiPool pool = new AmiPool(settings(ami, SHORT, 1, true), Duration.ofSeconds(1), System::nanoTime)) {
            pool.open();
            Await.until("another connection", () -> ami.connections() == 2);
            Await.until("and only that", () -> ami.open() == 1);
            assertEquals(0, ami.received("Logoff").size(), "who is silent is not told");
            AmiSession session = pool.borrow(in(TIMEOUT));
            assertTrue(answersPing(session));
            pool.release(session);
        }
    }

    @Test
    void Borrowing_takes_no_longer_than_its_deadline() throws PbxException {
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 4, false))) {
            List<AmiSession> sessions = borrowAll(pool);
            PbxException e = assertFailsWithin(SHORT, UNREACHABLE, () -> pool.borrow(in(SHORT)));
            assertTrue(e.getMessage().contains("pool-size 4: 4 active"), e::getMessage);

            ami.on("Challenge", (peer, action) -> {});
            sessions.forEach(AmiSession::close);
            sessions.forEach(pool::release);
            assertFailsWithin(SHORT, UNREACHABLE, () -> pool.borrow(in(SHORT)));
        }
    }

    @Test
    void Borrowing_without_time_fails_at_once() {
        try (AmiPool pool = new AmiPool(settings(ami, SHORT, 1, false))) {
            assertFailsWithin(Duration.ZERO, UNREACHABLE, () -> pool.borrow(in(Duration.ofMillis(-1))));
            assertEquals(0, ami.connections());
        }
    }

    @Test
    void Idle_connections_that_the_PBX_has_all_closed_are_made_up_for_by_one_new_one() throws PbxException {
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 4, false))) {
            List<AmiSession> idle = borrowAll(pool);
            idle.forEach(pool::release);
            ami.die();
            ami.revive();
            AmiSession session = pool.borrowChecked(in(TIMEOUT));
            assertFalse(idle.contains(session));
            assertTrue(answersPing(session));
            assertEquals(5, ami.connections());
            pool.release(session);
        }
    }

    @Test
    void A_kick_on_an_idle_connection_that_was_closed_is_done_only_if_the_PBX_says_so() throws PbxException {
        ami.on("ConfbridgeKick", (peer, action) -> peer.error(action, "No active conferences."));
        for (int i = 0; i < 5; i++) {
            try (AmiPbx pbx = server(ami, 4)) {
                pbx.open();
                ami.die();
                ami.revive();
                assertEquals(
                        Status.NOCONFERENCE,
                        pbx.applyToAll(Operation.KICK, "100").status());
            }
        }
    }

    @Test
    void A_PBX_that_closes_what_it_has_let_in_is_not_logged_in_to_again_and_again() throws PbxException {
        ami.on("Login", (peer, action) -> {
            peer.success(action, "Authentication accepted");
            peer.close();
        });
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 2, false))) {
            AmiSession session = pool.borrowChecked(in(TIMEOUT));
            Await.until("its loss is seen", () -> {
                session.look();
                return !session.isOpen();
            });
            assertEquals(1, ami.connections());
            pool.release(session);
        }
    }

    @Test
    void What_comes_unasked_while_nobody_reads_is_the_answer_to_nothing() throws PbxException {
        ami.on("Ping", (peer, action) -> {
            peer.send("Response: Success", peer.id(action), "Ping: Pong");
            peer.send("Event: Reload", "Privilege: system,all", "Module: All");
            peer.send("Response: Error", "Message: Unasked");
            peer.send("Response: Error", "ActionID: 0", "Message: Another's");
        });
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(in(TIMEOUT));
            for (int i = 0; i < 3; i++) {
                assertTrue(answersPing(session));
                session.look();
                assertTrue(session.isOpen());
            }
            pool.release(session);
        }
        assertEquals(1, ami.received("Logoff").size());
    }

    @Test
    void A_connection_that_failed_is_closed_and_makes_room_for_another() throws PbxException {
        ami.on("Ping", (peer, action) -> {});
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(in(TIMEOUT));
            assertFails(PbxException.Reason.UNCONFIRMED, () -> session.ask(PING, in(SHORT)));
            pool.release(session);
            Await.until("it is closed", () -> ami.open() == 0);
            AmiSession other = pool.borrow(in(TIMEOUT));
            assertNotSame(session, other);
            pool.release(other);
            assertSame(other, pool.borrow(in(TIMEOUT)));
            pool.release(other);
        }
    }

    @Test
    void Releasing_does_not_connect_on_behalf_of_those_who_wait() throws Exception {
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 1, false))) {
            AmiSession session = pool.borrow(in(TIMEOUT));
            Thread waiting = new Thread(() -> assertFails(UNREACHABLE, () -> pool.borrow(in(TWO_SECONDS))));
            waiting.start();
            Await.until("somebody waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
            ami.on("Challenge", (peer, action) -> {});
            session.close();
            assertTimeout(Duration.ofSeconds(1), () -> pool.release(session));
            waiting.join();
        }
    }

    @Test
    void A_peer_that_closes_connections_again_and_again_leaves_nothing_open() {
        ami.on("ConfbridgeList", (peer, action) -> peer.close());
        try (AmiPbx pbx = AmiPeers.pbx(ami)) {
            for (int i = 1; i <= 50; i++) {
                assertFails(UNREACHABLE, () -> pbx.participants("100"));
                assertEquals(2 * i, ami.received("ConfbridgeList").size(), "asked once and once more");
            }
            Await.until("no connection is left", () -> ami.open() == 0);
        }
    }

    @Test
    void Closing_next_to_a_silent_peer_takes_bounded_time() {
        AmiPbx pbx = server(ami, 4);
        pbx.open();
        assertEquals(4, ami.open());
        ami.on("Logoff", (peer, action) -> {});
        assertTimeout(Duration.ofSeconds(4), pbx::close);
    }
}
