package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.PbxException;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.asteriskjava.AsteriskVersion;
import org.asteriskjava.manager.AuthenticationFailedException;
import org.asteriskjava.manager.ManagerConnectionState;
import org.asteriskjava.manager.TimeoutException;
import org.asteriskjava.manager.action.LoginAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.internal.ManagerWriter;
import org.asteriskjava.manager.internal.ReaderlessConnection;
import org.asteriskjava.manager.response.ChallengeResponse;
import org.asteriskjava.manager.response.ManagerError;
import org.asteriskjava.manager.response.ManagerResponse;
import org.asteriskjava.util.SocketConnectionFacade;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One AMI connection from login to loss: asterisk-java's, without its reconnecting. A session that was lost, or whose action
 * was not answered in time, is never used again; the {@link AmiPool} makes another.
 *
 * <p>Used by one thread at a time.
 */
final class AmiSession extends ReaderlessConnection {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration LOGOFF = Duration.ofMillis(500);

    private final AmiSettings settings;
    private final Duration loginTime;
    private long due;
    private boolean loginUnanswered;
    private AmiWire wire;
    private long actions;
    private volatile long lastAnswer;

    /**
     * Creates a session that is not yet open.
     *
     * @param loginTime how long it may take from the beginning of connecting until it is logged in; what the JVM needs for
     *     asterisk-java's classes does not count
     */
    AmiSession(AmiSettings settings, Duration loginTime) {
        this.settings = settings;
        this.loginTime = loginTime;
        setHostname(settings.host());
        setPort(settings.port());
        setUsername(settings.user());
        setPassword(settings.secret().value());
    }

    private Duration timeLeft() {
        return Duration.ofNanos(Math.max(1_000_000, due - System.nanoTime()));
    }

    /**
     * Connects and logs in.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    void open() throws PbxException {
        try {
            login("off");
            lastAnswer = System.nanoTime();
        } catch (AuthenticationFailedException e) {
            close();
            if (e.getCause() != null) {
                throw unreachable(e.getCause());
            }
            throw new PbxException(
                    LOGIN_REFUSED,
                    "AMI login of " + settings.user() + " refused by " + settings.address() + " (" + e.getMessage()
                            + "): its section, secret or permit in manager.conf differs from ami-user, ami-secret",
                    e);
        } catch (IOException | TimeoutException | RuntimeException e) {
            close();
            throw unreachable(e);
        }
    }

    private PbxException unreachable(Throwable cause) {
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

    /** {@return whether the login was sent and not answered: a refusal, perhaps, which takes Asterisk a second (manager.c)} */
    boolean isLoginUnanswered() {
        return loginUnanswered;
    }

    @Override
    protected SocketConnectionFacade createSocket() throws IOException {
        Socket socket = new Socket();
        due = System.nanoTime() + loginTime.toNanos();
        try {
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), millis(timeLeft()));
            socket.setTcpNoDelay(true);
            if (settings.tls()) {
                socket = encrypted(socket, millis(timeLeft()));
            }
            wire = new AmiWire(socket);
            wire.awaitGreeting(timeLeft());
            return wire;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    private static int millis(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, time.toMillis()));
    }

    private Socket encrypted(Socket plain, int millis) throws IOException {
        plain.setSoTimeout(millis);
        SSLSocket socket = (SSLSocket) Tls.context(settings.tlsCa())
                .getSocketFactory()
                .createSocket(plain, settings.host(), settings.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        socket.setSoTimeout(0);
        return socket;
    }

    @Override
    protected ManagerWriter createWriter() {
        return new AmiWriter();
    }

    /** No round trip for a version that no action here depends on; without the right to ask, asterisk-java takes 2 s for it. */
    @Override
    protected AsteriskVersion determineVersion() {
        return AsteriskVersion.DEFAULT_VERSION;
    }

    /**
     * Sends an action of asterisk-java's own and reads its response: the challenge and the login, which have one time together,
     * or the logoff.
     */
    @Override
    public ManagerResponse sendAction(ManagerAction action, long timeout) throws IOException, TimeoutException {
        Exchange<Void> exchange = Exchange.ofAction(nextId());
        action.setActionId(exchange.id());
        sendAction(action, null);
        if (!wire.read(exchange, timeLeft())) {
            if (!wire.isOpen()) {
                throw new EOFException(action.getAction() + " unanswered: the connection is lost");
            }
            loginUnanswered |= action instanceof LoginAction;
            throw new TimeoutException(action.getAction() + " unanswered");
        }
        ManagerResponse response = exchange.isSuccess() ? success(exchange) : new ManagerError();
        response.setMessage(exchange.message());
        return response;
    }

    private static ManagerResponse success(Exchange<?> exchange) {
        if (exchange.challenge().isEmpty()) {
            return new ManagerResponse();
        }
        ChallengeResponse response = new ChallengeResponse();
        response.setChallenge(exchange.challenge());
        return response;
    }

    private boolean isOpen() {
        return state == ManagerConnectionState.CONNECTED && wire.isOpen();
    }

    /** {@return whether the connection stands, as far as a look at it shows, which takes a millisecond} */
    boolean isStanding() {
        if (isOpen()) {
            wire.look();
        }
        return isOpen();
    }

    /**
     * {@return whether the PBX has answered lately, or answers a ping now; if not, the session is closed}
     *
     * @param within how long ago is lately
     * @param time how long a ping may take
     */
    boolean isAlive(Duration within, Duration time) {
        if (!isOpen()) {
            return false;
        }
        if (System.nanoTime() - lastAnswer < within.toNanos()) {
            return true;
        }
        try {
            return ask(new AmiAction("Ping"), time).success();
        } catch (PbxException e) {
            close();
            return false;
        }
    }

    /**
     * What the PBX answered to an action.
     *
     * @param success whether it was "Success"
     * @param message the message with it
     */
    record Reply(boolean success, String message) {}

    /**
     * Sends an action and waits for its response.
     *
     * @throws PbxException UNREACHABLE when it was not sent, UNCONFIRMED when no answer came
     */
    Reply ask(AmiAction action, Duration timeout) throws PbxException {
        Exchange<Void> exchange = Exchange.ofAction(nextId());
        if (!run(action, exchange, timeout) || !exchange.isAnswered()) {
            throw unanswered(UNCONFIRMED, action, timeout);
        }
        return new Reply(exchange.isSuccess(), exchange.message());
    }

    /**
     * What the PBX answered to the question for a list.
     *
     * @param <R> a row
     * @param reply the response
     * @param rows the whole list; empty when the response was no success
     */
    record Listing<R>(Reply reply, List<R> rows) {}

    /**
     * Asks for a list and waits for its end.
     *
     * @param rowEvent the name of the rows' events; the last event's has "Complete" behind it
     * @param row reads a row
     * @throws PbxException UNREACHABLE when nothing came, INCOMPLETE_LIST when the list's end or a row is missing
     */
    <R> Listing<R> list(AmiAction action, String rowEvent, Function<AmiMessage, R> row, Duration timeout)
            throws PbxException {
        Exchange<R> exchange = Exchange.ofList(nextId(), rowEvent, row);
        boolean ended = run(action, exchange, timeout);
        if (ended && exchange.isAnswered() && (!exchange.isSuccess() || exchange.isWhole())) {
            Reply reply = new Reply(exchange.isSuccess(), exchange.message());
            return new Listing<>(reply, reply.success() ? exchange.rows() : List.of());
        }
        if (exchange.isAnswered() && (ended || !wire.isOpen())) {
            throw new PbxException(
                    INCOMPLETE_LIST, action.getAction() + " of " + settings.address() + " broke off; nothing was done");
        }
        throw unanswered(UNREACHABLE, action, timeout);
    }

    private String nextId() {
        return Long.toString(actions++, Character.MAX_RADIX);
    }

    private boolean run(AmiAction action, Exchange<?> exchange, Duration timeout) throws PbxException {
        action.setActionId(exchange.id());
        try {
            sendAction(action, null);
        } catch (IOException | IllegalStateException e) {
            throw new PbxException(
                    UNREACHABLE, action.getAction() + " not sent: connection to " + settings.address() + " lost", e);
        }
        boolean ended = wire.read(exchange, timeout);
        if (ended) {
            lastAnswer = System.nanoTime();
        }
        return ended;
    }

    private PbxException unanswered(PbxException.Reason reason, AmiAction action, Duration timeout) {
        boolean lost = !wire.isOpen();
        return new PbxException(
                reason,
                action.getAction()
                        + (lost ? " unanswered: connection to " : " unanswered for " + timeout.toMillis() + " ms by ")
                        + settings.address()
                        + (lost ? " lost" : ""));
    }

    /** Ends the connection without a word; for one that does not answer. */
    void close() {
        disconnect();
    }

    /** Logs off, which the PBX has to answer soon, and ends the connection. */
    void logOffAndClose() {
        try {
            if (isOpen()) {
                due = System.nanoTime() + LOGOFF.toNanos();
                logoff();
            }
        } catch (IllegalStateException e) {
            log.debug("lost before it could log off", e);
        } finally {
            close();
        }
    }
}
