package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import confcodes.lab.Await;
import confcodes.lab.Crowd;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ProcessFigures;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The PBX dies, or seems to, while codes are in flight, and comes back. The callers are FastAGI peers, since real ones die with
 * their PBX; each stands for a moderator's channel, and mutes that moderator by number. Half of them type the number around the
 * fault, half after it. Alone, since all conferences end here.
 */
@LiveTest
@Isolated
class FaultsLiveIT {

    /** How many the fault strikes; more in src/lab/torture. */
    private static final int CODES = Integer.getInteger("confcodes.fault.codes", 20);

    /** How many are all done if nothing is wrong. */
    private static final int SOME_CODES = 20;

    private static final long STEP_MILLIS = 4;
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

    /** A code in flight: the number of its moderator, and the peer that is to type it. */
    private record Code(String number, FastAgiPeer peer) {

        void type() {
            assertDoesNotThrow(() -> peer.types(number).playOn());
        }

        static List<String> done(List<Code> codes) {
            return codes.stream()
                    .filter(code -> code.peer.status().equals("DONE"))
                    .map(Code::number)
                    .toList();
        }
    }

    /** Codes that have ended, typed around the fault and after it, and their conference. */
    private record Ended(Room room, List<Code> around, List<Code> after) {

        Stream<Code> all() {
            return Stream.of(around, after).flatMap(List::stream);
        }

        List<String> done() {
            return Code.done(all().toList());
        }
    }

    private Ended struck(Runnable fault) {
        return struck(CODES, fault);
    }

    private Ended struck(int count, Runnable fault) {
        Room room = lab.room(server);
        List<Code> codes = new ArrayList<>();
        ExecutorService phones = Executors.newFixedThreadPool(count);
        try {
            for (Crowd.Member one :
                    Crowd.join(lab, List.of(room), count, 0, Map.of()).get(0).moderators()) {
                FastAgiPeer peer = new FastAgiPeer(server.port(), "conference_mute")
                        .standsFor(one, lab.ami())
                        .playUntilAsked();
                codes.add(new Code(one.number(), peer));
            }
            Ended ended = new Ended(room, codes.subList(0, count / 2), codes.subList(count / 2, count));
            List<CompletableFuture<Void>> typing = new ArrayList<>();
            for (int i = 0; i < count / 2; i++) {
                typing.add(CompletableFuture.runAsync(
                        codes.get(i)::type,
                        CompletableFuture.delayedExecutor(STEP_MILLIS * i, TimeUnit.MILLISECONDS, phones)));
            }
            typing.get(1).join();
            fault.run();
            ended.after().forEach(code -> typing.add(CompletableFuture.runAsync(code::type, phones)));
            typing.forEach(CompletableFuture::join);
            return ended;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            phones.shutdown();
        }
    }

    @Test
    void killed_and_started_again() {
        Ended ended;
        try {
            ended = struck(() -> lab.signal("KILL"));
        } finally {
            lab.restart();
        }
        assertDefinite(ended);
        assertEquals(List.of(), Code.done(ended.after()), "nobody answered any more");
        assertAllIsWellAgain(WHOLE_AGAIN);
    }

    @Test
    void restarted_by_command() {
        Ended ended = struck(() -> lab.rx("core restart now"));
        lab.reconnect();
        assertDefinite(ended, "NOCONFERENCE", "DENIED");
        assertAllIsWellAgain(WHOLE_AGAIN);
    }

    @Test
    void stopped_without_a_word_and_continued() {
        CompletableFuture<Void> awake = new CompletableFuture<>();
        Ended ended;
        try {
            ended = struck(() -> {
                lab.signal("STOP");
                Await.until("all its threads have stopped", this::isStopped);
                awake.completeOnTimeout(null, STOPPED.toMillis(), TimeUnit.MILLISECONDS)
                        .thenRun(() -> lab.signal("CONT"));
            });
            assertFalse(awake.isDone(), "the codes ended while the PBX was silent");
            awake.join();
        } finally {
            lab.signal("CONT");
        }
        assertDefinite(ended);
        assertEquals(List.of(), Code.done(ended.after()), "nobody answered any more");
        assertWhatWasSaidIsDone(ended);
        assertAllIsWellAgain(WHOLE_AGAIN);
    }

    @Test
    void the_secret_changed_and_the_sessions_closed() {
        assumeTrue(lab.majorVersion() > 16, "Asterisk 16 has no `manager kick session`");
        int refusalsBefore = refusals();
        long begun = System.nanoTime();
        try {
            Ended ended = struck(() -> {
                changeSecret(Lab.SECRET, "changed");
                lab.connected(Lab.USER).forEach(session -> lab.rx("manager kick session " + session));
            });
            assertDefinite(ended);
            assertEquals(List.of(), Code.done(ended.after()), "no login, no operation");
            assertWhatWasSaidIsDone(ended);
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
            changeSecret("changed", Lab.SECRET);
        }
        assertAllIsWellAgain(LOGIN_PAUSE.plus(WHOLE_AGAIN));
    }

    private void changeSecret(String from, String to) {
        Path file = lab.file("etc/manager_confcodes.conf");
        assertDoesNotThrow(
                () -> Files.writeString(file, Files.readString(file).replace("secret=" + from, "secret=" + to)));
        lab.rx("manager reload");
    }

    private boolean isStopped() {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(lab.pid()), "task"))) {
            for (Path task : tasks.toList()) {
                if (!Files.readString(task.resolve("status")).contains("State:\tT")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertDefinite(Ended ended, String... others) {
        List<String> definite = Stream.concat(Stream.of("DONE", "UNAVAILABLE"), Stream.of(others))
                .toList();
        ended.all().map(Code::peer).forEach(peer -> {
            assertTrue(definite.contains(peer.status()), () -> "ended with " + peer.status() + "\n" + server.logText());
            assertTrue(
                    peer.nanos() < OUTCOME.toNanos(),
                    () -> peer.status() + " came after " + peer.nanos() + " ns\n" + server.logText());
        });
        assertEquals(0, server.logged("\tat "), server::logText);
    }

    private static void assertWhatWasSaidIsDone(Ended ended) {
        assertTrue(ended.room().muted().containsAll(ended.done()), "what was said to be done is done");
        ended.room().close();
    }

    private void assertAllAreDone() {
        Ended ended = struck(SOME_CODES, () -> {});
        assertEquals(SOME_CODES, ended.done().size(), server::logText);
        assertEquals(ended.done().stream().sorted().toList(), ended.room().muted());
        ended.room().close();
    }

    private void assertAllIsWellAgain(Duration limit) {
        awaitWholePool(limit);
        Await.until("it is said that the PBX is back", () -> server.logged("PBX is back") > 0, server::logText);
        assertEquals(
                List.of(1L, 1L), List.of(server.logged("PBX lost"), server.logged("PBX is back")), server::logText);
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
                "a whole pool, and the connection for events",
                () -> lab.connected(Lab.USER).size() == POOL + 1,
                () -> lab.connected(Lab.USER) + server.logText());
    }

    private int refusals() {
        return (int) Pattern.compile("failed to authenticate as 'confcodes'")
                .matcher(lab.log())
                .results()
                .count();
    }
}
