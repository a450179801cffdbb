package confcodes.ami;

import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.PbxException;
import java.time.Duration;
import java.time.Instant;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.PooledObjectFactory;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AMI connections: borrowed for one operation and released after it. commons-pool2 counts them; a session comes from it
 * unconnected, and whoever borrows it connects it within their own deadline, a value of {@link System#nanoTime}. Safe for
 * concurrent use.
 *
 * <p>A pool that keeps its connections open looks after the idle ones twice a second: it opens what is missing, notices what the
 * PBX has closed, and pings what was silent for 15 s.
 *
 * <p>It says once when the PBX is lost and once when it is back. A refused login, or one that was not answered, is
 * repeated after 5 s at the earliest, by all connections together, so that nothing which counts failed logins shuts this host
 * out; a failed connection after 0.4 s.
 */
final class AmiPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration PING = Duration.ofSeconds(15);
    private static final Duration UPKEEP = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(5);

    /** Asterisk thinks a second over a login that it refuses (manager.c, authenticate; tried on 16 and 22). */
    private static final Duration REFUSAL_DELAY = Duration.ofSeconds(1);

    private final AmiSettings settings;
    private final Duration ping;
    private final LongSupplier clock;
    private final GenericObjectPool<AmiSession> sessions;
    private final ScheduledExecutorService upkeep;

    private final ReentrantLock oneLoginAtATime = new ReentrantLock();
    private volatile PbxException failure;
    private volatile boolean isKnown;
    private volatile Instant since = Instant.now();
    private long retryAt;

    AmiPool(AmiSettings settings) {
        this(settings, PING, System::nanoTime);
    }

    /** The pauses between logins go by a clock of the caller's. */
    AmiPool(AmiSettings settings, Duration ping, LongSupplier clock) {
        this.settings = settings;
        this.ping = ping;
        this.clock = clock;
        GenericObjectPoolConfig<AmiSession> config = new GenericObjectPoolConfig<>();
        config.setJmxEnabled(false);
        config.setMaxTotal(settings.poolSize());
        config.setMaxIdle(settings.poolSize());
        config.setMinIdle(settings.keepOpen() ? settings.poolSize() : 0);
        config.setMinEvictableIdleDuration(Duration.ofMillis(-1));
        config.setNumTestsPerEvictionRun(-1);
        config.setTestWhileIdle(true);
        sessions = new GenericObjectPool<>(new Sessions(), config);
        upkeep = Executors.newSingleThreadScheduledExecutor(AmiPool::daemon);
    }

    private static Thread daemon(Runnable run) {
        Thread thread = new Thread(run, "ami-upkeep");
        thread.setDaemon(true);
        return thread;
    }

    /** Opens the connections of a pool that keeps them open, now and whenever one is missing. A PBX that is down is no error. */
    void open() {
        if (settings.keepOpen()) {
            lookAfterIdle();
            upkeep.scheduleWithFixedDelay(
                    this::lookAfterIdle, UPKEEP.toMillis(), UPKEEP.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void lookAfterIdle() {
        try {
            sessions.preparePool();
            sessions.evict();
        } catch (Exception | OutOfMemoryError e) {
            log.debug("while looking after idle connections", e);
        }
    }

    /**
     * Borrows a connection: waits for one and opens it if need be.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    AmiSession borrow(long deadline) throws PbxException {
        return opened(take(deadline), deadline);
    }

    /**
     * Borrows a connection checked for having been closed by the peer, which takes a millisecond: for a second attempt, and
     * where there is no second one. All idle ones may have been closed. A new one is not checked, so that nobody logs in again
     * and again at a PBX that closes what it has let in.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    AmiSession borrowChecked(long deadline) throws PbxException {
        AmiSession session = take(deadline);
        while (session.isOpen()) {
            try {
                session.look();
            } catch (RuntimeException | Error e) {
                release(session);
                throw e;
            }
            if (session.isOpen()) {
                return session;
            }
            release(session);
            session = take(deadline);
        }
        return opened(session, deadline);
    }

    private AmiSession take(long deadline) throws PbxException {
        Duration wait = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
        try {
            return sessions.borrowObject(wait);
        } catch (NoSuchElementException e) {
            throw new PbxException(
                    UNREACHABLE,
                    "no connection to " + settings.address() + " free within " + wait.toMillis() + " ms (pool-size "
                            + settings.poolSize() + ": " + sessions.getNumActive() + " active, " + sessions.getNumIdle()
                            + " idle, " + sessions.getNumWaiters() + " waiting)",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PbxException(UNREACHABLE, "interrupted while waiting for a connection", e);
        } catch (Exception e) {
            throw new PbxException(UNREACHABLE, "no connection to " + settings.address() + ": " + e.getMessage(), e);
        }
    }

    private AmiSession opened(AmiSession session, long deadline) throws PbxException {
        try {
            if (!session.isOpen()) {
                logIn(session, deadline);
            }
            return session;
        } catch (PbxException | RuntimeException | Error e) {
            release(session);
            throw e;
        }
    }

    private void logIn(AmiSession session, long deadline) throws PbxException {
        boolean mine = false;
        try {
            mine = oneLoginAtATime.tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (!mine || deadline - System.nanoTime() <= 0) {
                throw new PbxException(UNREACHABLE, "no time left for a login at " + settings.address());
            }
            if (failure != null && clock.getAsLong() - retryAt < 0) {
                throw new PbxException(failure.reason(), failure.getMessage(), failure);
            }
            logInNow(session, deadline);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PbxException(UNREACHABLE, "interrupted while waiting for a login", e);
        } finally {
            if (mine) {
                oneLoginAtATime.unlock();
            }
        }
    }

    private void logInNow(AmiSession session, long deadline) throws PbxException {
        try {
            session.open(deadline);
        } catch (PbxException e) {
            boolean refused = e.reason() == LOGIN_REFUSED || session.isLoginUnanswered();
            if (failure == null) {
                since = Instant.now();
            }
            if (failure == null || failure.reason() != e.reason()) {
                log.warn("PBX{} lost: {}", name(), e.getMessage());
            }
            failure = e;
            retryAt = clock.getAsLong() + (refused ? PAUSE_AFTER_REFUSAL : PAUSE).toNanos();
            throw e;
        }
        if (!isKnown || failure != null) {
            since = Instant.now();
        }
        isKnown = true;
        if (failure != null) {
            failure = null;
            log.info("PBX{} is back: logged in to {} as {}", name(), settings.address(), settings.user());
        }
    }

    private String name() {
        return settings.name().isEmpty() ? "" : " " + settings.name();
    }

    /** Returns a connection that was borrowed; one that is no longer open makes room for another. */
    void release(AmiSession session) {
        if (session.isOpen()) {
            sessions.returnObject(session);
            return;
        }
        try {
            sessions.invalidateObject(session);
        } catch (Exception | OutOfMemoryError e) {
            log.debug("while ending a connection", e);
        }
    }

    /** {@return why the PBX cannot be asked; empty if it can, as far as is known} */
    Optional<String> problem() {
        PbxException now = failure;
        return now != null
                ? Optional.of(now.getMessage())
                : isKnown ? Optional.empty() : Optional.of("not logged in to " + settings.address() + " yet");
    }

    /** {@return since when {@link #problem} says so} */
    Instant since() {
        return since;
    }

    /** {@return how many connections there are; those of a PBX that is lost are none} */
    AmiPbx.Connections connections() {
        int idle = problem().isEmpty() ? sessions.getNumIdle() : 0;
        return new AmiPbx.Connections(sessions.getNumActive(), idle, sessions.getNumWaiters(), settings.poolSize());
    }

    /** {@return whether there is no connection, and none could be opened the last time that it was tried} */
    boolean isLost() {
        return failure != null && sessions.getNumIdle() == 0;
    }

    /** Logs off all connections. */
    @Override
    public void close() {
        upkeep.shutdownNow();
        sessions.close();
    }

    /** Makes, checks and ends sessions for commons-pool2. */
    private final class Sessions implements PooledObjectFactory<AmiSession> {

        @Override
        public PooledObject<AmiSession> makeObject() {
            return new DefaultPooledObject<>(new AmiSession(settings));
        }

        @Override
        public void activateObject(PooledObject<AmiSession> pooled) {
            // The borrower opens it.
        }

        @Override
        public void passivateObject(PooledObject<AmiSession> pooled) {
            // It stays open.
        }

        /** Called by the upkeep only. */
        @Override
        public boolean validateObject(PooledObject<AmiSession> pooled) {
            AmiSession session = pooled.getObject();
            long now = System.nanoTime();
            try {
                if (session.isOpen()) {
                    session.look();
                    session.ping(ping, now + settings.timeout().toNanos());
                } else {
                    logIn(session, now + settings.timeout().plus(REFUSAL_DELAY).toNanos());
                }
                return session.isOpen();
            } catch (PbxException e) {
                return false;
            }
        }

        @Override
        public void destroyObject(PooledObject<AmiSession> pooled) {
            pooled.getObject().close();
        }
    }
}
