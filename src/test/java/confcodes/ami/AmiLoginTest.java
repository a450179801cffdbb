package confcodes.ami;

import static confcodes.Eventually.eventually;
import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.pbx;
import static confcodes.ami.AmiPeers.rows;
import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins: refused, unanswered, cut off. */
class AmiLoginTest {

    private static final Duration SHORT = Duration.ofMillis(600);

    private static final Duration TWO_SECONDS = Duration.ofSeconds(2);

    private final ScriptedAmi ami = new ScriptedAmi();

    @AfterEach
    void close() {
        ami.close();
    }

    @Test
    void A_refused_login_says_which_settings_differ() {
        ami.changeSecret("another");
        try (AmiPbx pbx = pbx(ami)) {
            PbxException e = assertFails(LOGIN_REFUSED, () -> pbx.participants("100"));
            assertTrue(e.getMessage().contains("ami-user, ami-secret"), e::getMessage);
            assertTrue(e.getMessage().contains("manager.conf"), e::getMessage);
            assertTrue(e.getMessage().contains("Authentication failed"), e::getMessage);
        }
    }

    @Test
    void A_refused_login_is_not_repeated_before_five_seconds_have_passed() throws PbxException {
        ami.changeSecret("another");
        AtomicLong clock = new AtomicLong();
        try (AmiPool pool = new AmiPool(AmiPeers.settings(ami, AmiPeers.TIMEOUT, 4, false), clock::get)) {
            for (long millis : new long[] {0, 1, 2_500, 4_999}) {
                clock.set(Duration.ofMillis(millis).toNanos());
                assertFails(LOGIN_REFUSED, () -> pool.borrow(AmiPeers.TIMEOUT));
                assertEquals(1, ami.received("Login").size(), "after " + millis + " ms");
            }
            clock.set(Duration.ofSeconds(5).toNanos());
            assertFails(LOGIN_REFUSED, () -> pool.borrow(AmiPeers.TIMEOUT));
            assertEquals(2, ami.received("Login").size());

            ami.changeSecret(ScriptedAmi.SECRET);
            assertFails(LOGIN_REFUSED, () -> pool.borrow(AmiPeers.TIMEOUT));
            clock.set(Duration.ofSeconds(10).toNanos());
            pool.giveBack(pool.borrow(AmiPeers.TIMEOUT));
            assertEquals(3, ami.received("Login").size());
        }
    }

    /** Asterisk takes a second to refuse. Who gives up before that must not try again and again. */
    @Test
    void A_login_that_is_not_answered_counts_as_refused() {
        ami.on("Login", (peer, action) -> {});
        AtomicLong clock = new AtomicLong();
        try (AmiPool pool = new AmiPool(AmiPeers.settings(ami, TWO_SECONDS, 4, false), clock::get)) {
            for (long millis : new long[] {0, 500, 4_999}) {
                clock.set(Duration.ofMillis(millis).toNanos());
                assertFails(UNREACHABLE, () -> pool.borrow(TWO_SECONDS));
                assertEquals(1, ami.received("Login").size(), "after " + millis + " ms");
            }
        }
    }

    @Test
    void Many_codes_at_once_make_one_login_that_is_refused() throws Exception {
        ami.changeSecret("another");
        ExecutorService callers = Executors.newFixedThreadPool(20);
        try (AmiPbx pbx = new AmiPbx(AmiPeers.settings(ami, AmiPeers.TIMEOUT, 4, true))) {
            pbx.open();
            java.util.List<Future<PbxException>> failures = new java.util.ArrayList<>();
            for (int i = 0; i < 50; i++) {
                failures.add(callers.submit(() -> assertFails(LOGIN_REFUSED, () -> pbx.participants("100"))));
            }
            for (Future<PbxException> failure : failures) {
                failure.get();
            }
            assertEquals(1, ami.received("Login").size());
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void A_failure_that_is_told_to_many_does_not_grow() {
        ami.changeSecret("another");
        try (AmiPbx pbx = pbx(ami)) {
            PbxException last = null;
            for (int i = 0; i < 10; i++) {
                last = assertFails(LOGIN_REFUSED, () -> pbx.participants("100"));
            }
            assertEquals(0, last.getSuppressed().length);
            assertEquals(0, last.getCause().getSuppressed().length);
        }
    }

    @Test
    void A_peer_that_says_nothing_is_left_within_the_time_out() {
        ami.greetWith("");
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertTimeout(SHORT.plus(AmiPeers.SLACK), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
        }
        eventually("the connection is closed", () -> ami.open() == 0);
    }

    @Test
    void A_greeting_without_an_end_is_left_within_the_time_out() {
        ami.greetWith("Asterisk Call Manager/1");
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertTimeout(SHORT.plus(AmiPeers.SLACK), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Challenge", "Login"})
    void A_peer_that_falls_silent_during_the_login_is_left_within_the_time_out(String action) {
        ami.on(action, (peer, fields) -> {});
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertTimeout(SHORT.plus(AmiPeers.SLACK), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
        }
        eventually("the connection is closed", () -> ami.open() == 0);
        eventually("no thread is left", () -> AmiPeers.sessionThreads().isEmpty());
    }

    /** asterisk-java would hold its lock, and the caller, to the end of the time. */
    @ParameterizedTest
    @ValueSource(strings = {"Challenge", "Login"})
    void A_connection_lost_during_the_login_is_noticed_at_once(String action) {
        ami.on(action, (peer, fields) -> peer.close());
        Duration long_ = Duration.ofSeconds(30);
        try (AmiPbx pbx = pbx(ami, long_)) {
            assertTimeout(Duration.ofSeconds(3), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
        }
        eventually("no thread is left", () -> AmiPeers.sessionThreads().isEmpty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\r\n", "\u0000\u0001\n"})
    void A_peer_that_is_no_AMI_is_noticed_at_once(String greeting) {
        ami.greetWith(greeting);
        try (AmiPbx pbx = pbx(ami, Duration.ofSeconds(30))) {
            PbxException e =
                    assertTimeout(Duration.ofSeconds(3), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
            assertTrue(e.getMessage().contains("no AMI"), e::getMessage);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asterisk Call Manager/99.0.0\r\n", "Asterisk Call Manager/2.10.5\n"})
    void An_unknown_version_of_the_protocol_is_tried(String greeting) throws PbxException {
        ami.greetWith(greeting).on("ConfbridgeList", ScriptedAmi.list("ConfbridgeList", rows(3)));
        try (AmiPbx pbx = pbx(ami)) {
            assertEquals(3, pbx.participants("100").size());
        }
    }

    @Test
    void An_endless_greeting_ends() {
        ami.greetWith("x".repeat(10_000_000));
        try (AmiPbx pbx = pbx(ami)) {
            assertTimeout(
                    AmiPeers.TIMEOUT.plus(AmiPeers.SLACK),
                    () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
        }
    }

    @Test
    void An_interrupted_login_ends_in_its_time_and_leaves_nothing_behind() throws InterruptedException {
        ami.on("Challenge", (peer, fields) -> {});
        AmiSession session = new AmiSession(AmiPeers.settings(ami, AmiPeers.TIMEOUT, 4, false), AmiPeers.TIMEOUT);
        Thread caller = new Thread(() -> {
            try {
                session.open();
            } catch (PbxException e) {
                // What is left behind is the question here.
            }
        });
        caller.start();
        eventually("it waits for the challenge", () -> ami.received("Challenge").size() == 1);
        caller.interrupt();
        caller.join(AmiPeers.TIMEOUT.plus(AmiPeers.SLACK).toMillis());
        assertEquals(Thread.State.TERMINATED, caller.getState());
        eventually("the connection is closed", () -> ami.open() == 0);
        eventually("no thread is left", () -> AmiPeers.sessionThreads().isEmpty());
    }
}
