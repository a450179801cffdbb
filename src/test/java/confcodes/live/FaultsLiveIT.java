package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import confcodes.torture.AgiCaller;
import confcodes.torture.ProcessFigures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The PBX dies, or seems to, while codes are in flight, and comes back. The callers are FastAGI peers, since real ones would
 * die with their PBX. Half of them type their number around the fault, half when it is complete. Alone, for all conferences
 * end here.
 */
@ExtendWith(LiveExtension.class)
@Isolated
class FaultsLiveIT {

    private static final int CODES = 20;
    private static final int POOL = 4;
    private static final Duration OUTCOME = Duration.ofSeconds(5);
    private static final Duration WHOLE_AGAIN = Duration.ofSeconds(2);
    private static final Duration LOGIN_PAUSE = Duration.ofSeconds(5);
    private static final Duration STOPPED = Duration.ofSeconds(5);

    private final Lab lab;
    private final ExecutorService phones = Executors.newFixedThreadPool(CODES);
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(CODES);
    private LiveServer server;
    private ProcessFigures figures;
    private long filesBefore;
    private long threadsBefore;

    FaultsLiveIT(Lab lab) {
        this.lab = lab;
    }

    /** The faults of the lab's Asterisk. */
    @FunctionalInterface
    private interface Fault {
        void strike() throws IOException, InterruptedException;
    }

    /** A conference, its moderator's channel, and the numbers of CODES participants. */
    private record Members(Room room, String moderator, List<String> numbers) implements AutoCloseable {

        @Override
        public void close() {
            room.empty();
        }
    }

    /** How the codes ended: those typed around the fault, and those typed when it was complete. */
    private record Ended(List<AgiCaller> around, List<AgiCaller> after) {

        List<AgiCaller> all() {
            List<AgiCaller> all = new ArrayList<>(around);
            all.addAll(after);
            return all;
        }
    }

    @BeforeEach
    void serve() throws IOException, ExecutionException, InterruptedException {
        server = LiveServer.start(lab, "--pool-size=" + POOL);
        figures = new ProcessFigures(server.pid());
        awaitWholePool(Duration.ofSeconds(20));
        try (Members members = members()) {
            assertEquals(CODES, done(codesInFlight(members, () -> {}).all()).size(), this::serverLog);
        }
        filesBefore = figures.files();
        threadsBefore = threadsBesidesCodes();
    }

    @AfterEach
    void stop() {
        server.close();
        phones.shutdownNow();
        clock.shutdownNow();
    }

    @Test
    void killed_and_started_again() throws Exception {
        Ended ended;
        try {
            ended = codesInFlight(members(), () -> signal("KILL"));
        } finally {
            lab.restart();
        }
        assertDefinite(ended);
        assertEquals(List.of(), done(ended.after()), "nobody answered any more");
        assertAllIsWellAgain(WHOLE_AGAIN);
    }

    @Test
    void restarted_by_command() throws Exception {
        Ended ended = codesInFlight(members(), () -> lab.rx("core restart now"));
        lab.reconnect();
        assertDefinite(ended, "NOCONFERENCE");
        assertAllIsWellAgain(WHOLE_AGAIN);
    }

    @Test
    void stopped_without_a_word_and_continued() throws Exception {
        try (Members members = members()) {
            Ended ended;
            Future<?> awake = clock.schedule(() -> signal("CONT"), STOPPED.toMillis(), TimeUnit.MILLISECONDS);
            try {
                ended = codesInFlight(members, () -> {
                    signal("STOP");
                    Waiting.until("all its threads have stopped", this::isStopped, lab::logTail);
                });
                assertTrue(!awake.isDone(), "the codes ended while the PBX was silent");
                awake.get();
            } finally {
                signal("CONT");
            }
            assertDefinite(ended);
            assertEquals(List.of(), done(ended.after()), "nobody answered any more");
            assertTrue(members.room().muted().containsAll(done(ended.all())), "what was said to be done is done");
            assertAllIsWellAgain(WHOLE_AGAIN);
        }
    }

    @Test
    void the_secret_changed_and_the_sessions_closed() throws Exception {
        assumeTrue(lab.majorVersion() > 16, "Asterisk 16 has no `manager kick session`");
        Path file = lab.file("etc/manager_confcodes.conf");
        String right = Files.readString(file);
        try (Members members = members()) {
            int refusalsBefore = refusals();
            try {
                long begun = System.nanoTime();
                Ended ended = codesInFlight(members, () -> {
                    Files.writeString(file, right.replace("secret=change-me-confcodes", "secret=changed"));
                    lab.rx("manager reload");
                    lab.connected("confcodes").forEach(session -> lab.rx("manager kick session " + session));
                });
                assertDefinite(ended);
                assertEquals(List.of(), done(ended.after()), "no login, no operation");
                assertTrue(members.room().muted().containsAll(done(ended.all())), "what was said to be done is done");
                Waiting.until("two logins were refused", () -> refusals() >= refusalsBefore + 2, this::serverLog);
                Duration passed = Duration.ofNanos(System.nanoTime() - begun);
                assertTrue(passed.compareTo(LOGIN_PAUSE) >= 0, "two refused logins within " + passed);
                assertEquals(
                        1,
                        server.log().stream()
                                .filter(line -> line.contains("PBX lost") && line.contains("ami-secret"))
                                .count(),
                        this::serverLog);
            } finally {
                Files.writeString(file, right);
                lab.rx("manager reload");
            }
            assertAllIsWellAgain(LOGIN_PAUSE.plus(WHOLE_AGAIN));
        }
    }

    /** Twenty codes wait for digits; the fault strikes while half of them get theirs, and then the others get theirs. */
    private Ended codesInFlight(Members members, Fault fault)
            throws IOException, ExecutionException, InterruptedException {
        List<AgiCaller> callers = new ArrayList<>();
        for (int i = 0; i < CODES; i++) {
            String code = "conference_mute?conference=" + members.room().name();
            callers.add(new AgiCaller(server.port(), code, members.moderator()));
        }
        all(callers.stream().map(caller -> phones.submit(caller::awaitAsked)).toList());
        List<Future<AgiCaller>> around = new ArrayList<>();
        for (int i = 0; i < CODES / 2; i++) {
            String number = members.numbers().get(i);
            AgiCaller caller = callers.get(i);
            around.add(clock.schedule(() -> caller.type(number), 4L * i, TimeUnit.MILLISECONDS));
        }
        around.get(1).get();
        fault.strike();
        List<Future<AgiCaller>> after = new ArrayList<>();
        for (int i = CODES / 2; i < CODES; i++) {
            String number = members.numbers().get(i);
            AgiCaller caller = callers.get(i);
            after.add(phones.submit(() -> caller.type(number)));
        }
        return new Ended(all(around), all(after));
    }

    private static <T> List<T> all(List<Future<T>> futures) throws ExecutionException, InterruptedException {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private void assertDefinite(Ended ended, String... others) {
        List<String> definite = Stream.concat(Stream.of("DONE", "UNAVAILABLE"), Stream.of(others))
                .toList();
        for (AgiCaller caller : ended.all()) {
            assertTrue(definite.contains(caller.status()), () -> "ended with " + caller.status() + "\n" + serverLog());
            assertTrue(
                    caller.nanos() < OUTCOME.toNanos(),
                    () -> caller.status() + " came after " + caller.millis() + " ms\n" + serverLog());
        }
        assertTrue(server.log().stream().noneMatch(line -> line.startsWith("\tat ")), this::serverLog);
    }

    /** The numbers of those whom Asterisk was said to have muted. */
    private static List<String> done(List<AgiCaller> callers) {
        return callers.stream()
                .filter(caller -> caller.status().equals("DONE"))
                .map(AgiCaller::number)
                .toList();
    }

    private void assertAllIsWellAgain(Duration limit) throws Exception {
        awaitWholePool(limit);
        assertEquals(
                1,
                server.log().stream()
                        .filter(line -> line.contains("PBX is back"))
                        .count(),
                this::serverLog);
        try (Members members = members()) {
            Ended ended = codesInFlight(members, () -> {});
            assertEquals(members.numbers(), done(ended.all()), this::serverLog);
            assertEquals(members.numbers(), members.room().muted());
        }
        Waiting.until(
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
        assertTrue(
                Waiting.within(limit, () -> lab.connected("confcodes").size() == POOL),
                () -> lab.connected("confcodes").size() + " connections after " + limit + "\n" + serverLog());
    }

    private Members members() {
        Room room = Room.of(lab, server);
        List<String> numbers = IntStream.range(0, CODES)
                .mapToObj(i -> Integer.toString(1001 + i))
                .toList();
        for (String number : numbers) {
            originate(room, number, "lab_user");
        }
        originate(room, "200", "lab_admin");
        Waiting.until("all are here", () -> room.rows().size() == CODES + 1, lab::logTail);
        String moderator = room.channels().stream()
                .filter(channel -> channel.startsWith("Local/200@"))
                .findFirst()
                .orElseThrow();
        return new Members(room, moderator, numbers);
    }

    private void originate(Room room, String number, String profile) {
        Map<String, String> response = lab.ami()
                .action(
                        "Originate",
                        "Channel: Local/" + number + "@lab-join/n",
                        "Context: lab-far",
                        "Exten: s",
                        "Priority: 1",
                        "Async: true",
                        "Variable: CONF=" + room.name(),
                        "Variable: PROFILE=" + profile);
        assertEquals("Success", response.get("Response"), response::toString);
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

    private void signal(String name) {
        try {
            int exit = new ProcessBuilder("kill", "-" + name, Long.toString(lab.pid()))
                    .start()
                    .waitFor();
            assertEquals(0, exit, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private int refusals() {
        return (int) Pattern.compile("failed to authenticate as 'confcodes'")
                .matcher(lab.log())
                .results()
                .count();
    }

    private String serverLog() {
        return String.join("\n", server.log());
    }
}
