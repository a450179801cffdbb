package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Await;
import confcodes.lab.Crowd.Member;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ProcessFigures;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A thousand connections from Asterisk's own address, and 400 new ones a second, while codes run. The server has the launcher's
 * flags, and is the same one in all tests. Alone, since it takes the processor.
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

    FloodLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    /** What a peer says before it is silent. */
    private enum Flood {
        NOTHING {
            @Override
            void on(FastAgiPeer peer) {}
        },
        HALF_A_LARGE_REQUEST {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.send("agi_a: " + LARGE + "\nagi_b: " + LARGE);
            }
        },
        A_REQUEST {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.request();
            }
        },
        A_REQUEST_AND_A_WRONG_REPLY {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.playUntil("SET VARIABLE").send("511\n");
            }
        },
        A_REQUEST_AND_ONE_REPLY {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.playUntil("SET VARIABLE").send("200 result=1\n");
            }
        },
        A_REQUEST_FOR_ANY_CHANNEL_AND_ONE_REPLY {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.header(
                        "agi_uniqueid",
                        "1700000000." + ThreadLocalRandom.current().nextInt(1_000_000));
                peer.playUntil("SET VARIABLE").send("200 result=1\n");
            }
        },
        A_LARGE_REQUEST_AND_A_LARGE_REPLY {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.header("agi_arg_1", LARGE).header("agi_network_script", SCRIPT + "&x=" + LARGE);
                peer.playUntil("SET VARIABLE").send("200 result=1 (" + LARGE + "\n" + LARGE);
            }
        },
        A_CHANNEL_TOO_LONG_FOR_AMI {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.header("agi_uniqueid", "1".repeat(3_000));
                peer.playUntil("SET VARIABLE").send("200 result=1\n");
            }
        },
        CODES_THAT_ARE_NOT_PROVED {
            @Override
            void on(FastAgiPeer peer) throws IOException {
                peer.play();
            }
        };

        abstract void on(FastAgiPeer peer) throws IOException;
    }

    @ParameterizedTest
    @EnumSource
    void codes_are_done_during_a_flood_and_after_it(Flood flood) throws Exception {
        try (Room room = lab.room(server)) {
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
                assertDone(moderator, CODES);
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
    }

    private void assertDone(Member moderator, int codes) throws IOException {
        for (int i = 0; i < codes; i++) {
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), SCRIPT)) {
                peer.standsFor(moderator, lab.ami()).play();
                assertEquals("DONE", peer.status(), server::logText);
            }
        }
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
        try {
            peer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
