package confcodes.agi;

import confcodes.agi.CodeRunner.Services;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
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
    private final Consumer<CodeReport> reports;
    private final Health health = new Health();
    private final Duration noKeyLost;
    private volatile Map<String, Services> services;
    private final List<Services> replaced = new CopyOnWriteArrayList<>();
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
        this.reports = reports;
        this.noKeyLost = noKeyLost;
        services = services(targets, Map.of());
        listener = new AgiListener(settings, warnings);
    }

    private Map<String, Services> services(Map<String, Target> targets, Map<String, Services> before) {
        return targets.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(
                        Map.Entry::getKey,
                        target -> services(
                                target.getKey(), target.getValue(), Optional.ofNullable(before.get(target.getKey())))));
    }

    /**
     * What one PBX says of channels, tokens and invitations concerns no other. What is being said, and who is being called, is
     * known on after a reload.
     */
    private Services services(String name, Target target, Optional<Services> before) {
        return new Services(
                name,
                target.pbx(),
                target.settings(),
                threads,
                warnings,
                before.map(Services::whispers).orElseGet(Whispers::new),
                before.map(Services::invitations).orElseGet(Invitations::new),
                noKeyLost,
                reports,
                new AtomicInteger());
    }

    /**
     * Takes other settings and PBXs, from the next request on. Codes in progress, and what they have left to be said, go on with
     * those that they began with.
     *
     * @param settings how it listens; the address and the port stay
     * @param targets the PBXs, as the constructor takes them
     * @param unused gets each PBX that is not among them, on another thread, as soon as it is not used any more
     */
    public synchronized void reload(AgiSettings settings, Map<String, Target> targets, Consumer<Pbx> unused) {
        Map<String, Services> before = services;
        replaced.addAll(before.values());
        services = services(targets, before);
        listener.follow(settings);
        for (Services old : before.values()) {
            daemon(() -> awaitUnused(old, unused), "replaced").start();
        }
    }

    private void awaitUnused(Services old, Consumer<Pbx> unused) {
        while (!old.isUnused()) {
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        boolean isLast;
        synchronized (this) {
            replaced.remove(old);
            isLast = Stream.concat(services.values().stream(), replaced.stream())
                    .noneMatch(other -> other.pbx() == old.pbx());
        }
        if (isLast) {
            unused.accept(old.pbx());
        }
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
                .map(Services::whispers)
                .mapToLong(Whispers::started)
                .sum();
    }

    /** {@return how many whispers could not begin} */
    public long failedWhispers() {
        return services.values().stream()
                .map(Services::whispers)
                .mapToLong(Whispers::failed)
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
        switch (request.code()) {
            case Health.SCRIPT -> tellHealth(request, channel, connection);
            case Whispers.SCRIPT ->
                callBack(
                        request,
                        channel,
                        connection,
                        of -> of.whispers().of(request.token()),
                        (by, phone, proof) -> by.whispers().speak(request, phone, proof));
            case Invitations.SCRIPT ->
                callBack(
                        request,
                        channel,
                        connection,
                        of -> of.invitations().of(request.token()),
                        (by, phone, proof) -> by.invitations().answer(request, phone, proof));
            default -> code(request, channel, connection);
        }
    }

    private void tellHealth(Request request, AgiChannel channel, AgiConnection connection) {
        Optional<Services> one = services(request);
        if (!request.pbx().isEmpty() && one.isEmpty()) {
            sayUnknown(request, connection);
            return;
        }
        try {
            health.tell(channel, (one.isPresent() ? one.stream() : services.values().stream()).map(Services::pbx));
        } catch (AgiException e) {
            // Whoever asked has gone.
        }
    }

    private void code(Request request, AgiChannel channel, AgiConnection connection) {
        if (closing) {
            return;
        }
        Optional<Services> found = services(request);
        while (found.isPresent() && !found.get().begin()) {
            // They have just been replaced.
            found = services(request);
        }
        if (found.isEmpty()) {
            sayUnknown(request, connection);
            return;
        }
        Services begun = found.get();
        try {
            new CodeRunner(begun, request, new Phone(channel, begun.settings()), connection).run();
        } finally {
            begun.end();
        }
    }

    private void sayUnknown(Request request, AgiConnection connection) {
        warnings.refused("refused a request of " + connection.peer() + ": the setting pbx has no PBX named "
                + LogValue.of(request.pbx())
                + "; extensions_confcodes.conf sends the systemname of asterisk.conf");
    }

    /** The name says whom to ask for the proof. Nobody is asked in the place of one that is missing: names of channels repeat. */
    private Optional<Services> services(Request request) {
        Map<String, Services> now = services;
        return Optional.ofNullable(now.getOrDefault("", now.get(request.pbx())));
    }

    /** What is done with a request that our own action has caused. It bears a token of ours, and proves its channel too. */
    private interface CallBack {
        void of(Services by, Phone phone, Proof proof) throws PbxException, AgiException;
    }

    /** The token tells of which code it is, and so the PBX and the settings, whatever was reloaded meanwhile. */
    private void callBack(
            Request request,
            AgiChannel channel,
            AgiConnection connection,
            Function<Services, Optional<Services>> ofToken,
            CallBack then) {
        Optional<Services> by = Stream.concat(services.values().stream(), replaced.stream())
                .flatMap(any -> ofToken.apply(any).stream())
                .findFirst();
        if (by.isEmpty()) {
            if (services(request).isEmpty()) {
                sayUnknown(request, connection);
            }
            return;
        }
        Phone phone = new Phone(channel, by.get().settings());
        try {
            then.of(by.get(), phone, Proof.begin(phone, by.get().pbx(), request, connection::prove));
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
