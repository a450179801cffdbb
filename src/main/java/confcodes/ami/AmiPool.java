package confcodes.ami;

import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.commons.pool2.BasePooledObjectFactory;
import org.apache.commons.pool2.DestroyMode;
import org.apache.commons.pool2.PooledObject;
import org.apache.commons.pool2.impl.DefaultPooledObject;
import org.apache.commons.pool2.impl.GenericObjectPool;
import org.apache.commons.pool2.impl.GenericObjectPoolConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The AMI connections: borrowed for one operation, given back when the PBX has answered, discarded when it has not. An idle
 * connection is looked at twice a second, and asked whether it lives when {@code ami-ping} has passed since its last answer.
 * Safe for concurrent use.
 *
 * <p>It says once when the PBX is lost and once when it is back. A refused login, or one that was not answered, is
 * repeated after 5 s at the earliest, by all connections together, so that nothing which counts failed logins shuts this host
 * out; a failed connection after 0.4 s.
 */
final class AmiPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration UPKEEP = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(5);

    /** Asterisk thinks a second over a login that it refuses (manager.c, authenticate; tried on 16 and 22). */
    private static final Duration REFUSAL_DELAY = Duration.ofSeconds(1);

    private final AmiSettings settings;
    private final LongSupplier nanoTime;
    private final GenericObjectPool<AmiSession> sessions;

    /** Until when the pool may be busy on the current thread's behalf; unset on the upkeep's. */
    private final ThreadLocal<Long> due = new ThreadLocal<>();

    AmiPool(AmiSettings settings) {
        this(settings, System::nanoTime);
    }

    /** The pauses between logins go by a clock of the caller's. */
    AmiPool(AmiSettings settings, LongSupplier nanoTime) {
        this.settings = settings;
        this.nanoTime = nanoTime;
        GenericObjectPoolConfig<AmiSession> config = new GenericObjectPoolConfig<>();
        config.setJmxEnabled(false);
        config.setMaxTotal(settings.poolSize());
        config.setMaxIdle(settings.poolSize());
        config.setTestOnBorrow(true);
        if (settings.keepOpen()) {
            config.setMinIdle(settings.poolSize());
            config.setTestWhileIdle(true);
            config.setNumTestsPerEvictionRun(-1);
            config.setTimeBetweenEvictionRuns(UPKEEP);
            config.setMinEvictableIdleDuration(Duration.ofMillis(-1));
        }
        sessions = new GenericObjectPool<>(new Logins(), config);
    }

    /** Opens the first connections now, so that the first code does not wait for them; a PBX that is down is no error. */
    void open() {
        try {
            sessions.preparePool();
        } catch (Exception e) {
            log.debug("the pool is not whole yet", e);
        }
    }

    /**
     * Borrows a connection, waiting for one, testing and making one if need be, all within a time.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    AmiSession borrow(Duration wait) throws PbxException {
        if (wait.isNegative()) {
            throw new PbxException(UNREACHABLE, "no time left for another connection to " + settings.address());
        }
        due.set(System.nanoTime() + wait.toNanos());
        try {
            return sessions.borrowObject(wait);
        } catch (PbxException e) {
            throw e;
        } catch (NoSuchElementException | IllegalStateException e) {
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
        } finally {
            due.remove();
        }
    }

    /**
     * Borrows a connection that stands as surely as a look at it shows, which takes a millisecond: for a second attempt, and for
     * what there is no second attempt at. All idle ones may have been lost; a new one is taken as it is, so that nobody logs in
     * again and again at a PBX that closes what it has let in.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    AmiSession borrowStanding(Duration wait) throws PbxException {
        long end = System.nanoTime() + wait.toNanos();
        AmiSession session = borrow(wait);
        for (int idle = settings.poolSize(); idle > 0 && !session.isStanding(); idle--) {
            discard(session);
            session = borrow(Duration.ofNanos(end - System.nanoTime()));
        }
        return session;
    }

    void giveBack(AmiSession session) {
        sessions.returnObject(session);
    }

    /** Ends a connection that failed. The pool would like to make another at once for those who wait: they can do so. */
    void discard(AmiSession session) {
        due.set(System.nanoTime());
        try {
            sessions.invalidateObject(session, DestroyMode.ABANDONED);
        } catch (Exception e) {
            log.debug("while discarding a connection", e);
        } finally {
            due.remove();
        }
    }

    private Duration timeLeft() {
        Long until = due.get();
        return until == null ? settings.timeout().plus(REFUSAL_DELAY) : Duration.ofNanos(until - System.nanoTime());
    }

    @Override
    public void close() {
        sessions.close();
    }

    /** Makes, checks and ends connections for the pool. */
    private final class Logins extends BasePooledObjectFactory<AmiSession> {

        private final ReentrantLock oneAtATime = new ReentrantLock();
        private PbxException failure;
        private long retryAt;

        @Override
        public AmiSession create() throws PbxException, InterruptedException {
            if (!oneAtATime.tryLock(timeLeft().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new PbxException(UNREACHABLE, "no login at " + settings.address() + " in time");
            }
            try {
                return logIn(timeLeft());
            } finally {
                oneAtATime.unlock();
            }
        }

        private AmiSession logIn(Duration time) throws PbxException {
            if (failure != null && nanoTime.getAsLong() - retryAt < 0) {
                throw new PbxException(failure.reason(), failure.getMessage(), failure);
            }
            if (time.isNegative()) {
                throw new PbxException(UNREACHABLE, "no time left for a login at " + settings.address());
            }
            AmiSession session = new AmiSession(settings, time);
            try {
                session.open();
            } catch (PbxException e) {
                boolean refused = e.reason() == LOGIN_REFUSED || session.isLoginUnanswered();
                if (failure == null || failure.reason() != e.reason()) {
                    log.warn("PBX lost: {}", e.getMessage());
                }
                failure = e;
                retryAt = nanoTime.getAsLong() + (refused ? PAUSE_AFTER_REFUSAL : PAUSE).toNanos();
                throw e;
            }
            if (failure != null) {
                failure = null;
                log.info("PBX is back: logged in to {} as {}", settings.address(), settings.user());
            }
            return session;
        }

        @Override
        public PooledObject<AmiSession> wrap(AmiSession session) {
            return new DefaultPooledObject<>(session);
        }

        @Override
        public boolean validateObject(PooledObject<AmiSession> pooled) {
            AmiSession session = pooled.getObject();
            boolean standing = due.get() != null || session.isStanding();
            return standing && session.isAlive(settings.ping(), timeLeft().dividedBy(2));
        }

        @Override
        public void destroyObject(PooledObject<AmiSession> pooled, DestroyMode mode) {
            if (mode == DestroyMode.ABANDONED) {
                pooled.getObject().close();
            } else {
                pooled.getObject().logOffAndClose();
            }
        }
    }
}
