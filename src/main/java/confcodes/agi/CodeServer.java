package confcodes.agi;

import confcodes.conference.Operation;
import confcodes.conference.Pbx;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiRequest;
import org.asteriskjava.fastagi.DefaultAgiServer;
import org.asteriskjava.util.ServerSocketFacade;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The FastAGI server that the dialplan calls, one script per service code. asterisk-java's, with a door and wires of its own
 * and an orderly end. Safe for concurrent use.
 */
public final class CodeServer extends DefaultAgiServer {

    /** The logger of this class, in whose name asterisk-java speaks; whoever sets its level need not load the class. */
    public static final String LIBRARY_LOG = "confcodes.agi.CodeServer";

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");
    private static final Duration IDLE_THREAD = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final AgiDoor door;
    private final ThreadPoolExecutor threads;

    /**
     * Creates a server and binds its port; nothing is answered before {@link #start}.
     *
     * @param settings how it serves
     * @param pbx the PBX it acts on
     * @throws IOException when the address or the port cannot be had
     */
    public CodeServer(AgiSettings settings, Pbx pbx) throws IOException {
        AtomicInteger number = new AtomicInteger();
        // The door counts connections; one that it has just put out may still have its thread.
        threads =
                new ThreadPoolExecutor(
                        1,
                        Integer.MAX_VALUE,
                        IDLE_THREAD.toMillis(),
                        TimeUnit.MILLISECONDS,
                        new SynchronousQueue<>(),
                        run -> daemon(run, "code-" + number.incrementAndGet())) {
                    @Override
                    public void execute(Runnable code) {
                        try {
                            super.execute(code);
                        } catch (OutOfMemoryError e) {
                            // asterisk-java closes a connection that is rejected, and goes on.
                            door.lacking(e);
                            throw new RejectedExecutionException(e);
                        }
                    }
                };
        Map<String, CodeScript> scripts = Stream.of(
                        new ParticipantScript("conference_mute", Operation.MUTE, Prompt.MUTED, pbx, settings),
                        new ParticipantScript("conference_unmute", Operation.UNMUTE, Prompt.UNMUTED, pbx, settings),
                        new ParticipantScript("conference_kick", Operation.KICK, Prompt.KICKED, pbx, settings),
                        new LockScript("conference_lock", pbx, settings),
                        new AddScript("conference_add", pbx, settings),
                        new EveryoneScript("conference_mute_all", Operation.MUTE, Prompt.ALL_MUTED, pbx, settings),
                        new EveryoneScript(
                                "conference_unmute_all", Operation.UNMUTE, Prompt.ALL_UNMUTED, pbx, settings),
                        new EveryoneScript("conference_kick_all", Operation.KICK, Prompt.ALL_KICKED, pbx, settings),
                        new CountScript("conference_count", pbx, settings),
                        new RollCallScript("conference_roll_call", pbx, settings),
                        new RecordScript("conference_record", pbx, settings))
                .collect(Collectors.toMap(CodeScript::getName, Function.identity()));
        CodeScript unknown = new UnknownScript(pbx, settings);
        setMappingStrategy((AgiRequest request, AgiChannel channel) -> scripts.getOrDefault(name(request), unknown));
        door = new AgiDoor(settings);
    }

    private static String name(AgiRequest request) {
        return String.valueOf(request.getScript());
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    /** {@return the port it listens on} */
    @Override
    public int getPort() {
        return door.port();
    }

    /** Starts answering, on a thread of its own. */
    public void start() {
        daemon(this::serve, "door").start();
    }

    /** Serves until the door is closed, whatever happens meanwhile: callers wait for a server that is deaf for ever. */
    private void serve() {
        while (!door.isClosed()) {
            try {
                startup();
            } catch (IOException | RuntimeException | Error e) {
                door.lacking(e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    /**
     * Takes no new codes, lets running ones finish, and ends.
     *
     * @param grace how long running codes may take
     * @throws IOException when a socket cannot be closed
     */
    public void stop(Duration grace) throws IOException {
        shutdown();
        door.close();
        door.closeConnections(false);
        threads.shutdown();
        try {
            if (!threads.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.warn("{} codes were still running after the grace period", threads.getActiveCount());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        door.closeConnections(true);
    }

    @Override
    protected ServerSocketFacade createServerSocket() {
        return door;
    }

    @Override
    protected ThreadPoolExecutor createPool() {
        return threads;
    }
}
