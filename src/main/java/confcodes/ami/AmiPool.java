package confcodes.ami;

import static confcodes.conference.PbxException.Reason.LOGIN_REFUSED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.NoSuchElementException;
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
 * connection is asked whether it lives when {@code ami-ping} has passed since its last answer. Safe for concurrent use.
 *
 * <p>It says once when the PBX is lost and once when it is back. A refused login is repeated after 5 s at the earliest, by all
 * connections together, so that nothing which counts failed logins shuts this host out; a failed connection after 0.4 s.
 */
final class AmiPool implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration UPKEEP = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofMillis(400);
    private static final Duration PAUSE_AFTER_REFUSAL = Duration.ofSeconds(5);
    private static final int LOGIN_STEPS = 3;

    private final AmiSettings settings;
    private final Logins logins = new Logins();
    private final GenericObjectPool<AmiSession> sessions;

    AmiPool(AmiSettings settings) {
        this.settings = settings;
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
        sessions = new GenericObjectPool<>(logins, config);
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
     * Borrows a connection, waiting for one if need be.
     *
     * @throws PbxException UNREACHABLE or LOGIN_REFUSED
     */
    AmiSession borrow(Duration wait) throws PbxException {
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
        }
    }

    void giveBack(AmiSession session) {
        sessions.returnObject(session);
    }

    /** Ends a connection that failed. */
    void discard(AmiSession session) {
        try {
            sessions.invalidateObject(session, DestroyMode.ABANDONED);
        } catch (Exception e) {
            log.debug("while discarding a connection", e);
        }
    }

    @Override
    public void close() {
        sessions.close();
    }

    /** Makes, checks and ends connections for the pool. */
    private final class Logins extends BasePooledObjectFactory<AmiSession> {

        private PbxException failure;
        private long retryAt;

        @Override
        public synchronized AmiSession create() throws PbxException {
            if (failure != null && System.nanoTime() - retryAt < 0) {
                throw failure;
            }
            AmiSession session = new AmiSession(
                    settings, settings.keepOpen() ? settings.timeout().dividedBy(LOGIN_STEPS) : settings.timeout());
            try {
                session.open();
            } catch (PbxException e) {
                boolean refused = e.reason() == LOGIN_REFUSED;
                if (failure == null || failure.reason() != e.reason()) {
                    log.warn("PBX lost: {}", e.getMessage());
                }
                failure = e;
                retryAt = System.nanoTime() + (refused ? PAUSE_AFTER_REFUSAL : PAUSE).toNanos();
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
            return pooled.getObject().isAlive(settings.ping());
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
