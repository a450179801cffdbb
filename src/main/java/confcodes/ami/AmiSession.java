package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.PbxException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.asteriskjava.AsteriskVersion;
import org.asteriskjava.lock.Locker.LockCloser;
import org.asteriskjava.manager.AuthenticationFailedException;
import org.asteriskjava.manager.ManagerConnectionState;
import org.asteriskjava.manager.TimeoutException;
import org.asteriskjava.manager.event.DisconnectEvent;
import org.asteriskjava.manager.event.ManagerEvent;
import org.asteriskjava.manager.internal.ManagerConnectionImpl;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * One AMI connection from login to loss: asterisk-java's, without its reconnecting. A session that was lost, or whose action
 * was not answered in time, is never used again; the {@link AmiPool} makes another.
 *
 * <p>Used by one thread at a time.
 */
final class AmiSession extends ManagerConnectionImpl {

    /** Asterisk thinks a second over a login that it refuses (manager.c, authenticate; tried on 16 and 22). */
    private static final Duration REFUSAL_DELAY = Duration.ofSeconds(1);

    private final AmiSettings settings;
    private final Duration step;
    private AmiWire wire;
    private long actions;
    private volatile long lastAnswer;

    /**
     * Creates a session that is not yet open.
     *
     * @param step how long each step of the login may take: connecting, the greeting, the challenge, the login itself
     */
    AmiSession(AmiSettings settings, Duration step) {
        this.settings = settings;
        this.step = step;
        setHostname(settings.host());
        setPort(settings.port());
        setUsername(settings.user());
        setPassword(settings.secret().value());
        setDefaultResponseTimeout(step.plus(REFUSAL_DELAY).toMillis());
    }

    /** The greeting may take one step; asterisk-java would give it as long as a refusal. */
    @Override
    protected void doLogin(long timeout, String eventMask)
            throws IOException, AuthenticationFailedException, TimeoutException {
        super.doLogin(step.toMillis(), eventMask);
    }

    /**
     * Connects and logs in.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    void open() throws PbxException {
        try {
            login("off");
            if (Thread.currentThread().isInterrupted()) {
                throw new PbxException(UNREACHABLE, "interrupted during the login at " + settings.address());
            }
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
        } catch (IOException | TimeoutException | IllegalStateException e) {
            close();
            throw unreachable(e);
        } catch (PbxException e) {
            close();
            throw e;
        }
    }

    private PbxException unreachable(Throwable cause) {
        return new PbxException(
                UNREACHABLE,
                "no AMI at " + settings.address() + ": " + cause.getMessage()
                        + "; is Asterisk running, and enabled=yes in manager.conf?",
                cause);
    }

    @Override
    protected SocketConnectionFacade createSocket() throws IOException {
        Socket socket = new Socket();
        int millis = (int) step.toMillis();
        try {
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), millis);
            socket.setTcpNoDelay(true);
            if (settings.tls()) {
                socket = encrypted(socket, millis);
            }
            wire = new AmiWire(socket);
            return wire;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
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

    /** No round trip for a version that no action here depends on; without the right to ask, asterisk-java takes 2 s for it. */
    @Override
    protected AsteriskVersion determineVersion() {
        return AsteriskVersion.DEFAULT_VERSION;
    }

    /** Ends asterisk-java's reconnecting before it begins: it has no switch, and logs in 11 times in 3 s. */
    @Override
    @SuppressWarnings("try")
    public void dispatchEvent(ManagerEvent event, Integer requiredHandlingTime) {
        if (event instanceof DisconnectEvent) {
            try (LockCloser lock = withLock()) {
                state = ManagerConnectionState.DISCONNECTED;
                disconnect();
            }
        }
        super.dispatchEvent(event, requiredHandlingTime);
    }

    /** {@return whether the connection stands, as far as can be known without asking the PBX} */
    boolean isOpen() {
        return state == ManagerConnectionState.CONNECTED && wire.isOpen();
    }

    /** {@return whether the PBX has answered within a time, or answers a ping now} */
    boolean isAlive(Duration within) {
        if (!isOpen()) {
            return false;
        }
        if (System.nanoTime() - lastAnswer < within.toNanos()) {
            return true;
        }
        try {
            return ask(new AmiAction("Ping"), step).success();
        } catch (PbxException e) {
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
        boolean ended = run(action, exchange, timeout);
        if (!ended || !exchange.isAnswered()) {
            throw unanswered(UNCONFIRMED, action, ended, timeout);
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
        if (ended && exchange.isAnswered()) {
            throw new PbxException(
                    INCOMPLETE_LIST, action.getAction() + " of " + settings.address() + " broke off; nothing was done");
        }
        throw unanswered(UNREACHABLE, action, ended, timeout);
    }

    private String nextId() {
        return Long.toString(actions++, Character.MAX_RADIX);
    }

    private boolean run(AmiAction action, Exchange<?> exchange, Duration timeout) throws PbxException {
        action.setActionId(exchange.id());
        try {
            wire.expect(exchange);
            sendAction(action, null);
            boolean ended = exchange.await(timeout);
            if (ended) {
                lastAnswer = System.nanoTime();
            }
            return ended;
        } catch (IOException | IllegalStateException e) {
            throw new PbxException(
                    UNREACHABLE, action.getAction() + " not sent: connection to " + settings.address() + " lost", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private PbxException unanswered(PbxException.Reason reason, AmiAction action, boolean lost, Duration timeout) {
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

    /** Logs off, which the PBX has to answer within a login's step, and ends the connection. */
    void logOffAndClose() {
        if (isOpen()) {
            logoff();
        } else {
            close();
        }
    }
}
