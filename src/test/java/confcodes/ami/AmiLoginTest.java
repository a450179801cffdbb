package confcodes.ami;

import static confcodes.ami.AmiPeers.SHORT;
import static confcodes.ami.AmiPeers.TIMEOUT;
import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.assertFailsWithin;
import static confcodes.ami.AmiPeers.in;
import static confcodes.ami.AmiPeers.pbx;
import static confcodes.ami.AmiPeers.rows;
import static confcodes.ami.AmiPeers.settings;
import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.PbxException;
import confcodes.conference.PbxException.Reason;
import confcodes.lab.Await;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logins: refused, unanswered, cut off. */
class AmiLoginTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Duration PING = Duration.ofSeconds(15);

    private final ScriptedAmi ami = new ScriptedAmi();
    private final AmiPbx pbx = pbx(ami);

    @AfterEach
    void close() {
        pbx.close();
        Await.until("no connection is left", () -> ami.open() == 0);
        ami.close();
    }

    @Test
    void A_login_answers_the_challenge_and_asks_for_no_events() throws PbxException {
        ami.on("ConfbridgeList", ScriptedAmi.list("ConfbridgeList", rows(3)));
        pbx.participants("100");
        Map<String, String> login = ami.received("Login").get(0);
        assertEquals("off", login.get("Events"));
        assertEquals("MD5", login.get("AuthType"));
        assertEquals(ScriptedAmi.USER, login.get("Username"));
        assertEquals(32, login.get("Key").length());
    }

    @Test
    void Every_action_has_an_id_that_cannot_be_guessed() throws PbxException {
        List<String> ids = new ArrayList<>();
        ami.on("ConfbridgeLock", (peer, action) -> {
            ids.add(action.get("ActionID"));
            peer.success(action, "done");
        });
        for (int i = 0; i < 20; i++) {
            pbx.lock("100", true);
        }
        assertEquals(20, ids.stream().distinct().count());
        ids.forEach(id -> assertTrue(id.matches("[0-9a-f]{32}"), id));
    }

    @Test
    void A_refused_login_says_which_settings_differ_and_does_not_grow_if_it_is_told_to_many() {
        ami.changeSecret("another");
        assertFails(LOGIN_REFUSED, () -> pbx.participants("100"));
        for (int i = 0; i < 10; i++) {
            PbxException e = assertFails(LOGIN_REFUSED, () -> pbx.participants("100"));
            for (String part : List.of("ami-user, ami-secret", "manager.conf", "Authentication failed")) {
                assertTrue(e.getMessage().contains(part), e::getMessage);
            }
            assertEquals(0, e.getSuppressed().length);
            assertEquals(0, e.getCause().getSuppressed().length);
        }
    }

    /** How many logins there have been when somebody borrows at these times, each of whom fails. */
    private void assertLogins(
            AmiPool pool, AtomicLong clock, Duration limit, Reason reason, int logins, long... allMillis) {
        for (long millis : allMillis) {
            clock.set(Duration.ofMillis(millis).toNanos());
            assertFails(reason, () -> pool.borrow(in(limit)));
            assertEquals(logins, ami.received("Login").size(), "after " + millis + " ms");
        }
    }

    @Test
    void A_refused_login_is_not_repeated_before_five_seconds_have_passed() throws PbxException {
        ami.changeSecret("another");
        AtomicLong clock = new AtomicLong();
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 4, false), PING, clock::get)) {
            assertLogins(pool, clock, TIMEOUT, LOGIN_REFUSED, 1, 0, 1, 2_500, 4_999);
            assertLogins(pool, clock, TIMEOUT, LOGIN_REFUSED, 2, 5_000);
            ami.changeSecret(ScriptedAmi.SECRET);
            assertFails(LOGIN_REFUSED, () -> pool.borrow(in(TIMEOUT)));
            clock.set(Duration.ofSeconds(10).toNanos());
            pool.release(pool.borrow(in(TIMEOUT)));
            assertEquals(3, ami.received("Login").size());
        }
    }

    /** Asterisk takes a second to refuse. Who gives up before that must not try again and again. */
    @Test
    void A_login_that_is_not_answered_counts_as_refused() {
        ami.on("Login", (peer, action) -> {});
        AtomicLong clock = new AtomicLong();
        try (AmiPool pool = new AmiPool(settings(ami, SHORT, 4, false), PING, clock::get)) {
            assertLogins(pool, clock, SHORT, UNREACHABLE, 1, 0, 500, 4_999);
        }
    }

    @Test
    void Another_failure_is_tried_again_after_four_tenths_of_a_second() {
        ami.on("Login", (peer, action) -> peer.close());
        AtomicLong clock = new AtomicLong();
        try (AmiPool pool = new AmiPool(settings(ami, TIMEOUT, 4, false), PING, clock::get)) {
            assertLogins(pool, clock, TIMEOUT, UNREACHABLE, 1, 0, 399);
            assertLogins(pool, clock, TIMEOUT, UNREACHABLE, 2, 400, 799);
        }
    }

    /** It does not greet, or says nothing to an action. */
    @ParameterizedTest
    @CsvSource({"'', ''", "Asterisk Call Manager/1, ''", ", Challenge", ", Login"})
    void A_peer_that_falls_silent_is_left_within_the_time_out(String greeting, String action) {
        if (greeting != null) {
            ami.greetWith(greeting);
        }
        ami.on(action, (peer, fields) -> {});
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertFailsWithin(SHORT, UNREACHABLE, () -> pbx.participants("100"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Challenge", "Login"})
    void A_connection_lost_during_the_login_is_noticed_at_once(String action) {
        ami.on(action, (peer, fields) -> peer.close());
        try (AmiPbx pbx = pbx(ami, LONG)) {
            assertFailsWithin(Duration.ZERO, UNREACHABLE, () -> pbx.participants("100"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-OpenSSH_9.2p1\r\n", "HTTP/1.1 400 Bad Request\r\n\r\n", "\r\n", "\u0000\u0001\n"})
    void A_peer_that_is_no_AMI_is_noticed_at_once(String greeting) {
        ami.greetWith(greeting);
        try (AmiPbx pbx = pbx(ami, LONG)) {
            PbxException e = assertFailsWithin(Duration.ZERO, UNREACHABLE, () -> pbx.participants("100"));
            assertTrue(e.getMessage().contains("no AMI"), e::getMessage);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asterisk Call Manager/99.0.0\r\n", "Asterisk Call Manager/2.10.5\n"})
    void An_unknown_version_of_the_protocol_is_tried(String greeting) throws PbxException {
        ami.greetWith(greeting).on("ConfbridgeList", ScriptedAmi.list("ConfbridgeList", rows(3)));
        assertEquals(3, pbx.participants("100").size());
    }

    @Test
    void An_endless_greeting_ends() {
        ami.greetWith("x".repeat(10_000_000));
        try (AmiPbx pbx = pbx(ami, LONG)) {
            assertFailsWithin(TIMEOUT, UNREACHABLE, () -> pbx.participants("100"));
        }
    }

    @Test
    void A_response_to_nothing_does_not_take_the_place_of_the_login() throws PbxException {
        ami.on("Challenge", (peer, action) -> {
            peer.send("Response: Success", peer.id(action), "Challenge: 123456789");
            peer.send("Response: Success", "Message: Unasked");
        });
        ami.changeSecret("another");
        assertFails(LOGIN_REFUSED, () -> pbx.participants("100"));
    }

    @Test
    void An_interrupted_login_ends_in_its_time_and_leaves_nothing_open() throws InterruptedException {
        ami.on("Challenge", (peer, fields) -> {});
        Thread caller = new Thread(() ->
                assertFails(UNREACHABLE, () -> new AmiSession(settings(ami, SHORT, 4, false)).open(in(SHORT))));
        caller.start();
        Await.until(
                "it waits for the challenge", () -> ami.received("Challenge").size() == 1);
        caller.interrupt();
        Await.until("it has ended", () -> caller.getState() == Thread.State.TERMINATED);
    }

    @Test
    void A_peer_that_is_not_there_is_unreachable_at_once() {
        ami.die();
        try (AmiPbx pbx = pbx(ami, LONG)) {
            PbxException e = assertFailsWithin(Duration.ZERO, UNREACHABLE, () -> pbx.participants("100"));
            assertTrue(e.getMessage().contains("127.0.0.1:" + ami.port()), e::getMessage);
        }
    }
}
