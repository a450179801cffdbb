package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.lab.Await;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd is told, by a program that writes it down in the place of systemd-notify. */
class SystemdTest {

    private static final Map<String, String> NOTIFY = Map.of("NOTIFY_SOCKET", "/run/systemd/notify");
    private static final Map<String, String> WATCHDOG =
            Map.of("NOTIFY_SOCKET", "/run/systemd/notify", "WATCHDOG_USEC", "150000");

    @TempDir
    private Path directory;

    private Path program;
    private Path said;
    private Systemd systemd;
    private final CapturedLog log = new CapturedLog();

    @BeforeEach
    void writeProgram() throws IOException {
        said = Files.createFile(directory.resolve("said"));
        program = Files.writeString(directory.resolve("notify"), "#!/bin/sh\necho \"$1\" >>'" + said + "'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    @AfterEach
    void stop() {
        systemd.stop();
        log.close();
    }

    private List<String> said() {
        return assertDoesNotThrow(() -> Files.readAllLines(said));
    }

    private void run(Map<String, String> environment, Predicate<Duration> serving) {
        systemd = new Systemd(environment, program.toString());
        systemd.ready(serving);
    }

    private void awaitMessages(int count) {
        Await.until(count + " messages", () -> said().size() >= count, this::said);
    }

    @Test
    void nothing_is_said_without_systemd() {
        run(Map.of("WATCHDOG_USEC", "150000"), limit -> true);

        assertEquals(List.of(), said());
    }

    @Test
    void a_server_says_that_it_is_ready() {
        run(NOTIFY, limit -> true);

        assertEquals(List.of("READY=1"), said());
    }

    @Test
    void a_server_that_serves_says_so_again_and_again() {
        AtomicReference<Duration> given = new AtomicReference<>();
        run(WATCHDOG, limit -> {
            given.set(limit);
            return true;
        });
        awaitMessages(4);

        assertEquals(List.of("READY=1", "WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"), said().subList(0, 4));
        assertEquals(Duration.ofMillis(50), given.get());
    }

    @Test
    void a_server_that_does_not_serve_is_silent_until_it_does() {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<List<String>> before = new AtomicReference<>();
        run(WATCHDOG, limit -> switch (asked.incrementAndGet()) {
            case 1, 2 -> false;
            case 3 -> throw new IllegalStateException("a fault");
            default -> {
                before.compareAndSet(null, said());
                yield true;
            }
        });
        awaitMessages(2);

        assertEquals(List.of("READY=1"), before.get());
        assertEquals(2, log.lines("no new caller can be served").size(), log::text);
    }

    @Test
    void a_deadlock_makes_it_silent() throws InterruptedException {
        Lock one = new ReentrantLock();
        Lock two = new ReentrantLock();
        CountDownLatch locked = new CountDownLatch(2);
        Thread first = lockBoth(one, two, locked, "first");
        Thread second = lockBoth(two, one, locked, "second");
        run(WATCHDOG, limit -> true);
        Await.until("a deadlock is logged", () -> log.text().contains("deadlock: "));
        int before = said().size();
        int deadlocks = log.lines("deadlock: ").size();
        Await.until("it is logged again", () -> log.lines("deadlock: ").size() > deadlocks);

        assertEquals(before, said().size());
        assertTrue(log.text().contains("\"second\""), log::text);
        second.interrupt();
        awaitMessages(before + 1);
        first.join();
        second.join();
    }

    private static Thread lockBoth(Lock one, Lock two, CountDownLatch locked, String name) {
        Thread thread = new Thread(
                () -> {
                    one.lock();
                    locked.countDown();
                    try {
                        locked.await();
                        two.lockInterruptibly();
                        two.unlock();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } finally {
                        one.unlock();
                    }
                },
                name);
        thread.start();
        return thread;
    }

    @Test
    void a_server_goes_on_without_the_program() {
        program = directory.resolve("none");

        run(NOTIFY, limit -> true);

        assertTrue(log.text().contains("systemd is not told READY=1"), log::text);
    }
}
