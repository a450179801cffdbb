package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.ami.Exchange.RowReader;
import confcodes.conference.PbxException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import javax.net.ssl.SSLException;

/**
 * One AMI connection, from login to loss. Whoever asks reads the answer; there is no thread. A session that was lost, or whose
 * action was not answered in time, is closed and never used again. Deadlines are values of {@link System#nanoTime}. Used by one
 * thread at a time.
 */
final class AmiSession {

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Duration LOGOFF = Duration.ofMillis(500);

    /** So that within a second there is an answer of a PBX that lives. */
    private static final Duration PULSE = Duration.ofMillis(400);

    private final AmiSettings settings;
    private final String events;
    private AmiSocket socket;
    private boolean loginUnanswered;
    private long lastAnswer;

    /** Creates a session that is not open. */
    AmiSession(AmiSettings settings) {
        this(settings, "off");
    }

    /** Creates a session that is not open, and that gets events of some classes. */
    AmiSession(AmiSettings settings, String events) {
        this.settings = settings;
        this.events = events;
    }

    /**
     * Connects and logs in.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    void open(long deadline) throws PbxException {
        try {
            socket = AmiSocket.connect(settings, deadline);
            AmiMessage challenge = login(new AmiAction("Challenge").with("AuthType", "MD5"), deadline);
            AmiAction login = new AmiAction("Login")
                    .with("AuthType", "MD5")
                    .with("Username", settings.user())
                    .with("Key", key(challenge.get("Challenge")))
                    .with("Events", events);
            loginUnanswered = true;
            login(login, deadline);
            loginUnanswered = false;
        } catch (SocketTimeoutException e) {
            throw unreachable(e);
        } catch (IOException e) {
            loginUnanswered = false;
            throw unreachable(e);
        }
    }

    private AmiMessage login(AmiAction action, long deadline) throws IOException, PbxException {
        Exchange<Void> exchange = Exchange.ofAction(newId());
        converse(action, exchange, deadline);
        if (!exchange.isSuccess()) {
            socket.close();
            throw new PbxException(
                    LOGIN_REFUSED,
                    "AMI login of " + settings.user() + " refused by " + settings.address() + " ("
                            + exchange.response().get("Message")
                            + "): its section, secret or permit in manager.conf differs from ami-user, ami-secret");
        }
        return exchange.response();
    }

    private String key(String challenge) {
        try {
            String text = challenge + settings.secret().value();
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return HexFormat.of().formatHex(md5.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private PbxException unreachable(IOException cause) {
        return new PbxException(
                UNREACHABLE,
                "no AMI at " + settings.address() + ": "
                        + (cause instanceof UnknownHostException ? "unknown host" : cause.getMessage())
                        + (cause instanceof SSLException
                                ? "; is it a port of tlsbindaddr in manager.conf (ami-tls), and its certificate, for "
                                        + settings.host() + ", known (ami-tls-ca)?"
                                : "; is Asterisk running, and enabled=yes in manager.conf?"),
                cause);
    }

    /** {@return whether a login was sent and not answered: a refusal, perhaps, which takes Asterisk a second (manager.c)} */
    boolean isLoginUnanswered() {
        return loginUnanswered;
    }

    /** {@return whether it is logged in and neither side is known to have closed the connection} */
    boolean isOpen() {
        return socket != null && socket.isOpen();
    }

    /** Notices a peer that has closed the connection while nobody read, which takes a millisecond. */
    void look() {
        if (isOpen()) {
            socket.look();
        }
    }

    /** Asks the PBX whether it lives if its last answer is older than that, and closes the session if it does not answer. */
    void ping(Duration age, long deadline) {
        if (isOpen() && System.nanoTime() - lastAnswer >= age.toNanos()) {
            try {
                ask(new AmiAction("Ping"), deadline);
            } catch (PbxException e) {
                close();
            }
        }
    }

    /**
     * Sends an action and waits for its response.
     *
     * @throws PbxException UNREACHABLE when it was not sent, UNCONFIRMED when no answer came
     */
    AmiMessage ask(AmiAction action, long deadline) throws PbxException {
        return run(action, Exchange.ofAction(newId()), deadline).response();
    }

    /**
     * Asks for a list and waits for its end. A response that is no success ends it, too.
     *
     * @param action the action; the last event's name is its own and "Complete"
     * @param rowEvent the name of the rows' events
     * @throws PbxException UNREACHABLE when nothing came in time, INCOMPLETE_LIST when the list broke off
     */
    <R> Exchange<R> list(AmiAction action, String rowEvent, RowReader<R> reader, long deadline) throws PbxException {
        return run(action, Exchange.ofList(newId(), rowEvent, action.name() + "Complete", reader), deadline);
    }

    /**
     * {@return the next message of a session that gets events} If there is none for 0.4 s, the PBX is asked whether it lives.
     *
     * @param silence how long the PBX may take to answer that question: one that hangs for a while needs no new login
     * @throws PbxException UNREACHABLE when the connection is lost, or the PBX has not answered
     */
    AmiMessage next(Duration silence) throws PbxException {
        try {
            try {
                return socket.read(System.nanoTime() + PULSE.toNanos());
            } catch (SocketTimeoutException e) {
                socket.send(new AmiAction("Ping").text(newId()));
                return socket.read(System.nanoTime() + silence.toNanos());
            }
        } catch (IOException e) {
            socket.close();
            throw unreachable(e);
        }
    }

    private static String newId() {
        byte[] id = new byte[16];
        RANDOM.nextBytes(id);
        return HexFormat.of().formatHex(id);
    }

    private <R> Exchange<R> run(AmiAction action, Exchange<R> exchange, long deadline) throws PbxException {
        if (!isOpen()) {
            throw new PbxException(
                    UNREACHABLE, action.name() + " not sent: connection to " + settings.address() + " lost");
        }
        long begun = System.nanoTime();
        try {
            converse(action, exchange, deadline);
            return exchange;
        } catch (SocketTimeoutException e) {
            throw new PbxException(
                    exchange.isList() ? UNREACHABLE : UNCONFIRMED,
                    action.name() + " unanswered for " + (deadline - begun) / 1_000_000 + " ms by "
                            + settings.address(),
                    e);
        } catch (IOException | IllegalArgumentException e) {
            if (exchange.isAnswered()) {
                throw new PbxException(
                        INCOMPLETE_LIST,
                        action.name() + " of " + settings.address() + " broke off; nothing was done",
                        e);
            }
            throw new PbxException(
                    exchange.isList() ? UNREACHABLE : UNCONFIRMED,
                    action.name() + " unanswered: connection to " + settings.address() + " lost",
                    e);
        }
    }

    /**
     * Sends an action and reads until its exchange has ended; if that fails, the session is closed.
     *
     * <p>Between the rows of a list, of which Asterisk sends one at a time, it lets others run before it reads: to sleep until
     * the next row is there and to be woken for it takes longer than the row (a list of 200 in 1.6 instead of 1.85 ms).
     */
    private void converse(AmiAction action, Exchange<?> exchange, long deadline) throws IOException {
        try {
            socket.send(action.text(exchange.id()));
            while (!exchange.hasEnded()) {
                if (exchange.isAnswered() && !socket.hasMore()) {
                    Thread.yield();
                }
                exchange.take(socket.read(deadline));
            }
            lastAnswer = System.nanoTime();
        } finally {
            if (!exchange.hasEnded()) {
                socket.close();
            }
        }
    }

    /** Logs off, for which the PBX has half a second, and ends the connection. */
    void close() {
        if (!isOpen()) {
            return;
        }
        try {
            ask(new AmiAction("Logoff"), System.nanoTime() + LOGOFF.toNanos());
        } catch (PbxException e) {
            // It ends in any case.
        }
        socket.close();
    }
}
