package confcodes.agi;

import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiRequest;
import org.asteriskjava.fastagi.AgiScript;
import org.asteriskjava.fastagi.internal.DefaultAgiChannelFactory;
import org.asteriskjava.fastagi.internal.FastAgiConnectionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The FastAGI server that the dialplan calls. asterisk-java reads the request and sends the commands; the listener, the
 * connections and the orderly end are our own. Safe for concurrent use.
 */
public final class CodeServer {

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");
    private static final Duration IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    /** How long a server that is stopping takes new codes, until a balancer knows: it asks each half second. */
    private static final Duration NOTICE = Duration.ofSeconds(2);

    private final Warnings warnings = new Warnings();
    private final AtomicInteger threadNumber = new AtomicInteger();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(
            1,
            Integer.MAX_VALUE,
            IDLE_THREAD.toMillis(),
            TimeUnit.MILLISECONDS,
            new SynchronousQueue<>(),
            run -> daemon(run, "code-" + threadNumber.incrementAndGet()));
    private final Duration noKeyLost;
    private final Consumer<CodeReport> reports;
    private final Health health = new Health();
    private volatile Map<String, CodeRunner.Services> services;
    private final AgiListener listener;
    private volatile boolean closing;

    /**
     * A PBX whose callers are served.
     *
     * @param pbx the PBX
     * @param settings how its callers are served
     */
    public record Target(Pbx pbx, AgiSettings settings) {}

    /**
     * Creates a server for the one PBX that there is, whatever its name, and binds its port; nothing is answered before {@link
     * #start}.
     *
     * @param settings how it serves
     * @param pbx the PBX it acts on
     * @throws IOException when the address or the port cannot be had
     */
    public CodeServer(AgiSettings settings, Pbx pbx) throws IOException {
        this(settings, Map.of("", new Target(pbx, settings)), report -> {});
    }

    /**
     * Creates a server and binds its port; nothing is answered before {@link #start}.
     *
     * @param settings how it listens
     * @param targets the PBXs by the names that their requests bear; one with an empty name is asked whatever a request says
     * @param reports is told what became of each code, before the caller is, on the code's own thread: it does not wait for
     *     anything and throws nothing
     * @throws IOException when the address or the port cannot be had
     */
    public CodeServer(AgiSettings settings, Map<String, Target> targets, Consumer<CodeReport> reports)
            throws IOException {
        this(settings, targets, reports, Dialog.NO_KEY_LOST);
    }

    /** Creates a server that tells nobody. */
    CodeServer(AgiSettings settings, Map<String, Target> targets) throws IOException {
        this(settings, targets, report -> {});
    }

    /** Creates a server for a machine that may be slow. */
    CodeServer(AgiSettings settings, Map<String, Target> targets, Consumer<CodeReport> reports, Duration noKeyLost)
            throws IOException {
        this.noKeyLost = noKeyLost;
        this.reports = reports;
        services = services(targets);
        listener = new AgiListener(settings, warnings);
    }

    private Map<String, CodeRunner.Services> services(Map<String, Target> targets) {
        return targets.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, target -> services(target.getKey(), target.getValue())));
    }

    /** What one PBX says of channels, tokens and invitations concerns no other. */
    private CodeRunner.Services services(String name, Target target) {
        Whispers whispers = new Whispers(name, target.pbx(), target.settings(), threads);
        Invitations invitations = new Invitations(name, target.pbx(), target.settings(), whispers, threads);
        return new CodeRunner.Services(
                name, target.pbx(), target.settings(), threads, warnings, whispers, invitations, noKeyLost, reports);
    }

    /** The name says whom to ask for the proof. Nobody is asked in the place of one that is missing: names of channels repeat. */
    private Optional<CodeRunner.Services> services(Request request) {
        Map<String, CodeRunner.Services> now = services;
        return Optional.ofNullable(now.getOrDefault("", now.get(request.pbx())));
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    /** {@return the port it listens on} */
    public int port() {
        return listener.port();
    }

    /** {@return how many FastAGI connections there are} */
    public int connections() {
        return listener.connections();
    }

    /** {@return how often a peer was refused: for its address, a limit, its request, or because it proved nothing} */
    public long refusedPeers() {
        return warnings.refused();
    }

    /** {@return how many whispers have begun} */
    public long startedWhispers() {
        return services.values().stream()
                .mapToLong(one -> one.whispers().started())
                .sum();
    }

    /** {@return how many whispers could not begin} */
    public long failedWhispers() {
        return services.values().stream()
                .mapToLong(one -> one.whispers().failed())
                .sum();
    }

    /** Starts answering, on a thread of its own. */
    public void start() {
        daemon(this::serve, "listener").start();
    }

    /** Serves until the listener is closed, whatever happens meanwhile: callers would wait for a deaf server for ever. */
    private void serve() {
        while (!listener.isClosed()) {
            try {
                serve(listener.accept());
            } catch (IOException | RuntimeException | Error e) {
                if (!listener.isClosed()) {
                    warnings.say("cannot serve a connection: " + e);
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private void serve(AgiConnection connection) throws IOException {
        AgiScript script = (request, channel) -> run(request, channel, connection);
        try {
            threads.execute(new FastAgiConnectionHandler(
                    (request, channel) -> script, connection, new DefaultAgiChannelFactory()));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            // No thread to be had: the caller goes on in the dialplan.
            connection.close();
            throw e;
        }
    }

    private void run(AgiRequest agiRequest, AgiChannel channel, AgiConnection connection) {
        Request request;
        try {
            request = Request.of(agiRequest);
        } catch (IllegalArgumentException e) {
            warnings.refused("refused a request of " + connection.peer() + ": " + LogValue.of(e.getMessage()));
            return;
        }
        if (request.code().equals(Health.SCRIPT) && request.pbx().isEmpty()) {
            tellHealth(channel, services.values().stream());
            return;
        }
        Optional<CodeRunner.Services> found = services(request);
        if (found.isEmpty()) {
            warnings.refused("refused a request of " + connection.peer() + ": the setting pbx has no PBX named "
                    + LogValue.of(request.pbx())
                    + "; extensions_confcodes.conf sends the systemname of asterisk.conf");
            return;
        }
        CodeRunner.Services of = found.get();
        Phone phone = new Phone(channel, of.settings());
        switch (request.code()) {
            case Health.SCRIPT -> tellHealth(channel, Stream.of(of));
            case Whispers.SCRIPT -> callBack(request, phone, connection, of.pbx(), of.whispers()::speak);
            case Invitations.SCRIPT -> callBack(request, phone, connection, of.pbx(), of.invitations()::answer);
            default -> {
                if (!closing) {
                    new CodeRunner(of, request, phone, connection).run();
                }
            }
        }
    }

    private void tellHealth(AgiChannel channel, Stream<CodeRunner.Services> of) {
        try {
            health.tell(channel, of.map(CodeRunner.Services::pbx));
        } catch (AgiException e) {
            // Whoever asked has gone.
        }
    }

    /** What is done with a request that our own action has caused. It bears a token of ours, and proves its channel too. */
    private interface CallBack {
        void of(Request request, Phone phone, Proof proof) throws PbxException, AgiException;
    }

    private void callBack(Request request, Phone phone, AgiConnection connection, Pbx pbx, CallBack then) {
        try {
            then.of(request, phone, Proof.begin(phone, pbx, request, connection::prove));
        } catch (AgiException | PbxException e) {
            log.debug("{} has ended early: {}", request.code(), e.getMessage());
        }
    }

    /**
     * {@return whether a new connection would be accepted and get a thread}
     *
     * @param limit how long to wait for the answer; after it the answer is no
     */
    public boolean isServing(Duration limit) {
        try {
            return threads.submit(listener::isAccepting).get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException | RejectedExecutionException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /**
     * Takes no new codes, lets running ones finish, and ends. If a balancer asks for the health it is told before, and the port is
     * closed last.
     *
     * @param grace how long running codes may take
     * @throws IOException when a socket cannot be closed
     */
    public void stop(Duration grace) throws IOException {
        long deadline = System.nanoTime() + grace.toNanos();
        health.stop();
        if (health.isWatched()) {
            drain(deadline);
        }
        listener.close();
        listener.closeConnections(false);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                log.warn("{} codes were still running after {} s", threads.getActiveCount(), grace.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        listener.closeConnections(true);
    }

    /** Waits for the balancer, and then, with the port still open, for the codes that it has sent. */
    private void drain(long deadline) {
        LockSupport.parkNanos(Math.min(NOTICE.toNanos(), deadline - System.nanoTime()));
        closing = true;
        while (threads.getActiveCount() > 0 && deadline - System.nanoTime() > 0) {
            LockSupport.parkNanos(PAUSE.toNanos() / 10);
        }
    }
}
