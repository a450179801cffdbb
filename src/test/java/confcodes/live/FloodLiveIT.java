package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Crowd.Member;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ProcessFigures;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many at once: moderators, and a thousand connections from Asterisk's own address, and 400 new ones a second, while codes run.
 * The server has the launcher's flags, and is the same one in all tests. Alone, since it takes the processor.
 */
@LiveTest
@Isolated
class FloodLiveIT {

    private static final int CONNECTIONS = 1_000;
    private static final int ATTACKERS = 8;
    private static final long PAUSE_NANOS = 20_000_000;
    private static final int CODES = 20;
    private static final String SCRIPT = "conference_mute?read=OK&keys=101";

    /** Two bytes each, and two more in the JVM's memory. */
    private static final String LARGE = "\u0416".repeat(3_800);

    private final Lab lab;
    private final ServerProcess server;

    @AutoClose
    private final Room room;

    FloodLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
        this.room = lab.room(server);
    }

    /** What a peer says before it is silent. */
    private enum Flood {
        NOTHING,
        HALF_A_LARGE_REQUEST,
        A_REQUEST,
        A_REQUEST_AND_A_WRONG_REPLY,
        A_REQUEST_AND_ONE_REPLY,
        A_REQUEST_FOR_ANY_CHANNEL_AND_ONE_REPLY,
        A_LARGE_REQUEST_AND_A_LARGE_REPLY,
        A_CHANNEL_TOO_LONG_FOR_AMI,
        CODES_THAT_WAIT_FOR_KEYS,
        CODES_THAT_ARE_NOT_PROVED;

        void on(FastAgiPeer peer) throws IOException {
            switch (this) {
                case NOTHING -> {}
                case HALF_A_LARGE_REQUEST -> peer.send("agi_a: " + LARGE + "\nagi_b: " + LARGE);
                case A_REQUEST -> peer.request();
                case A_REQUEST_AND_A_WRONG_REPLY -> answerOnce(peer, "511");
                case A_REQUEST_AND_ONE_REPLY -> answerOnce(peer, "200 result=1");
                case A_REQUEST_FOR_ANY_CHANNEL_AND_ONE_REPLY -> {
                    int any = ThreadLocalRandom.current().nextInt(1_000_000);
                    answerOnce(peer.header("agi_uniqueid", "1700000000." + any), "200 result=1");
                }
                case A_LARGE_REQUEST_AND_A_LARGE_REPLY -> {
                    peer.header("agi_arg_1", LARGE).header("agi_network_script", SCRIPT + "&x=" + LARGE);
                    answerOnce(peer, "200 result=1 (" + LARGE + "\n" + LARGE);
                }
                case A_CHANNEL_TOO_LONG_FOR_AMI ->
                    answerOnce(peer.header("agi_uniqueid", "1".repeat(3_000)), "200 result=1");
                case CODES_THAT_WAIT_FOR_KEYS ->
                    peer.header("agi_network_script", "conference_mute").playUntilAsked();
                case CODES_THAT_ARE_NOT_PROVED -> peer.play();
            }
        }

        private static void answerOnce(FastAgiPeer peer, String reply) throws IOException {
            peer.playUntil("SET VARIABLE").send(reply + "\n");
        }
    }

    @Test
    void fifty_codes_run_at_once() {
        List<Caller> moderators = room.moderators(IntStream.range(300, 350));
        moderators.forEach(moderator -> moderator.pressInOneGo("*6" + moderator.number() + "#"));
        moderators.forEach(Caller::awaitBack);
        for (Caller moderator : moderators) {
            assertEquals("DONE", moderator.status(), moderator.number());
        }
        assertEquals(50, room.muted().size());
    }

    @ParameterizedTest
    @EnumSource
    void codes_are_done_during_a_flood_and_after_it(Flood flood) throws Exception {
        room.join("101");
        Member moderator = room.moderator("200").asMember();
        assertDone(moderator, 1);
        ProcessFigures figures = server.figures();
        long files = figures.files();
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger connections = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(ATTACKERS);
        List<Future<?>> attackers = new ArrayList<>();
        try {
            for (int i = 0; i < ATTACKERS; i++) {
                attackers.add(threads.submit(() -> attack(flood, moderator, over, connections)));
            }
            Await.until("the flood has risen", () -> connections.get() >= CONNECTIONS, connections::get);
            long[] nanos = assertDone(moderator, CODES);
            System.out.printf(
                    "%s: %d codes done, p50 %.1f ms, slowest %.1f ms, most memory so far %.0f MB%n",
                    flood, CODES, nanos[CODES / 2] / 1e6, nanos[CODES - 1] / 1e6, figures.peakMemory());
        } finally {
            over.set(true);
        }
        for (Future<?> attacker : attackers) {
            attacker.get();
        }
        threads.shutdown();
        assertEquals(0, server.logged("OutOfMemory"), server::logText);
        Await.until("its connections are closed", () -> figures.files() <= files, figures::files);
        assertDone(moderator, 1);
    }

    /** {@return how long each took from its request to its outcome, sorted} */
    private long[] assertDone(Member moderator, int codes) throws IOException {
        long[] nanos = new long[codes];
        for (int i = 0; i < codes; i++) {
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), SCRIPT)) {
                peer.standsFor(moderator, lab.ami()).play();
                assertEquals("DONE", peer.status(), server::logText);
                nanos[i] = peer.nanos();
            }
        }
        Arrays.sort(nanos);
        return nanos;
    }

    /** Holds its part of the connections, and replaces the oldest by a new one again and again. */
    private void attack(Flood flood, Member moderator, AtomicBoolean over, AtomicInteger connections) {
        Queue<FastAgiPeer> held = new ArrayDeque<>();
        while (!over.get()) {
            try {
                FastAgiPeer peer = new FastAgiPeer(server.port(), SCRIPT);
                held.add(peer);
                connections.incrementAndGet();
                flood.on(peer.names(moderator.channel(), moderator.uniqueId()));
            } catch (IOException e) {
                // The server has closed it.
            }
            if (held.size() > CONNECTIONS / ATTACKERS) {
                close(held.remove());
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
        held.forEach(FloodLiveIT::close);
    }

    private static void close(FastAgiPeer peer) {
        assertDoesNotThrow(() -> peer.close());
    }
}
