package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import confcodes.lab.Await;
import confcodes.lab.CodesInFlight;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Fault;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ProcessFigures;
import confcodes.lab.ServerProcess;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** The PBX dies, or seems to, while codes are in flight, and comes back. Alone, since all conferences end here. */
@LiveTest
@Isolated
class FaultsLiveIT {

    private static final int CODES = 20;
    private static final int POOL = 4;
    private static final Duration OUTCOME = Duration.ofSeconds(5);
    private static final Duration WHOLE_AGAIN = Duration.ofSeconds(2);
    private static final Duration LOGIN_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOPPED = Duration.ofSeconds(5);

    private final Lab lab;
    private ServerProcess server;
    private ProcessFigures figures;
    private long filesBefore;
    private long threadsBefore;

    FaultsLiveIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void serve() {
        server = lab.serve("--pool-size=" + POOL);
        figures = server.figures();
        awaitWholePool(Duration.ofSeconds(20));
        assertAllAreDone();
        filesBefore = figures.files();
        threadsBefore = threadsBesidesCodes();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void killed_and_started_again() {
        CodesInFlight codes = struck(Fault.KILLED);
        Fault.KILLED.mend(lab);
        assertDefinite(codes);
        assertEquals(List.of(), codes.doneAfterwards(), "nobody answered any more");
        assertAllIsWellAgain(WHOLE_AGAIN);
        codes.close();
    }

    @Test
    void restarted_by_command() {
        CodesInFlight codes = struck(Fault.RESTARTED);
        Fault.RESTARTED.mend(lab);
        assertDefinite(codes, "NOCONFERENCE", "DENIED");
        assertAllIsWellAgain(WHOLE_AGAIN);
        codes.close();
    }

    @Test
    void stopped_without_a_word_and_continued() {
        try (CodesInFlight codes = new CodesInFlight(lab, server, CODES)) {
            Executor later = CompletableFuture.delayedExecutor(STOPPED.toMillis(), TimeUnit.MILLISECONDS);
            CompletableFuture<Void> awake = CompletableFuture.runAsync(() -> Fault.STOPPED.mend(lab), later);
            codes.strike(() -> Fault.STOPPED.strike(lab));
            assertTrue(!awake.isDone(), "the codes ended while the PBX was silent");
            awake.join();
            assertDefinite(codes);
            assertEquals(List.of(), codes.doneAfterwards(), "nobody answered any more");
            assertWhatWasSaidIsDone(codes);
            assertAllIsWellAgain(WHOLE_AGAIN);
        }
    }

    @Test
    void the_secret_changed_and_the_sessions_closed() {
        assumeTrue(lab.majorVersion() > 16, "Asterisk 16 has no `manager kick session`");
        int refusalsBefore = refusals();
        long begun = System.nanoTime();
        try (CodesInFlight codes = struck(Fault.LOCKED_OUT)) {
            assertDefinite(codes);
            assertEquals(List.of(), codes.doneAfterwards(), "no login, no operation");
            assertWhatWasSaidIsDone(codes);
            Await.until("two logins were refused", () -> refusals() >= refusalsBefore + 2, server::logText);
            Duration passed = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(passed.compareTo(LOGIN_PAUSE) >= 0, "two refused logins within " + passed);
            assertEquals(
                    1,
                    server.log().stream()
                            .filter(line -> line.contains("PBX lost") && line.contains("ami-secret"))
                            .count(),
                    server::logText);
        } finally {
            Fault.LOCKED_OUT.mend(lab);
        }
        assertAllIsWellAgain(LOGIN_PAUSE.plus(WHOLE_AGAIN));
    }

    private CodesInFlight struck(Fault fault) {
        return new CodesInFlight(lab, server, CODES).strike(() -> fault.strike(lab));
    }

    private void assertDefinite(CodesInFlight codes, String... others) {
        List<String> definite = Stream.concat(Stream.of("DONE", "UNAVAILABLE"), Stream.of(others))
                .toList();
        for (FastAgiPeer peer : codes.peers()) {
            assertTrue(definite.contains(peer.status()), () -> "ended with " + peer.status() + "\n" + server.logText());
            assertTrue(
                    peer.nanos() < OUTCOME.toNanos(),
                    () -> peer.status() + " came after " + peer.nanos() + " ns\n" + server.logText());
        }
        assertEquals(0, server.logged("\tat "), server::logText);
    }

    private static void assertWhatWasSaidIsDone(CodesInFlight codes) {
        assertTrue(codes.room().muted().containsAll(codes.done()), "what was said to be done is done");
    }

    private void assertAllAreDone() {
        try (CodesInFlight codes = new CodesInFlight(lab, server, CODES).strike(() -> {})) {
            assertEquals(codes.numbers(), codes.done(), server::logText);
            assertEquals(codes.numbers(), codes.room().muted());
        }
    }

    private void assertAllIsWellAgain(Duration limit) {
        awaitWholePool(limit);
        assertEquals(1, server.logged("PBX is back"), server::logText);
        assertAllAreDone();
        Await.until(
                "files and threads are as before",
                () -> figures.files() <= filesBefore && threadsBesidesCodes() <= threadsBefore,
                () -> figures.files() + " files instead of " + filesBefore + ", " + threadsBesidesCodes()
                        + " threads instead of " + threadsBefore + ": " + figures.threadNames());
    }

    /** The threads of codes stay for a while, for the next ones. */
    private long threadsBesidesCodes() {
        return figures.threads() - figures.threads("code-");
    }

    private void awaitWholePool(Duration limit) {
        Await.within(
                limit,
                "a whole pool",
                () -> lab.connected(Lab.USER).size() == POOL,
                () -> lab.connected(Lab.USER) + server.logText());
    }

    private int refusals() {
        return (int) Pattern.compile("failed to authenticate as 'confcodes'")
                .matcher(lab.log())
                .results()
                .count();
    }
}
