package confcodes.bench;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Cluster;
import confcodes.lab.Crowd;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.InAgi;
import confcodes.lab.Lab;
import confcodes.lab.Presses;
import confcodes.lab.Presses.Press;
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
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Two servers and two PBXs, of which one after the other fails while moderators press codes on SIP phones. Each trial is a row of a
 * table. Started by {@code src/lab/cluster}, and by a test for a shorter time.
 */
public final class ClusterTrial implements AutoCloseable {

    private static final Duration HELD = Duration.ofSeconds(3);
    private static final Duration STOPPED = Duration.ofSeconds(16);
    private static final Duration CUT = Duration.ofSeconds(8);
    private static final int WAITING = 2;
    private static final int ATTEMPTS = 5;

    /** After this time the keys have not arrived. */
    private static final Duration KEYS = Duration.ofSeconds(5);

    /** How long a code may be in AGI() that nothing has happened to: less than any time-out, which is 2 s. */
    private static final Duration UNHARMED = Duration.ofMillis(1900);

    private final Cluster cluster;
    private final Duration length;
    private final int moderators;
    private final List<Presses> presses = new ArrayList<>();

    /**
     * What came of one trial.
     *
     * @param what what was done
     * @param measured what was seen
     * @param limit what is allowed
     * @param isMet whether it is so
     */
    public record Row(String what, String measured, String limit, boolean isMet) {

        @Override
        public String toString() {
            return "| " + what + " | " + measured + " | " + limit + (isMet ? "" : " **missed**") + " |";
        }
    }

    /**
     * Begins to press.
     *
     * @param cluster what is pressed on
     * @param length how long each trial lasts
     * @param moderators how many press on each PBX, a code a second each
     */
    public ClusterTrial(Cluster cluster, Duration length, int moderators) {
        this.cluster = cluster;
        this.length = length;
        this.moderators = moderators;
        for (Lab lab : cluster.pbxs()) {
            presses.add(new Presses(lab, moderators));
        }
    }

    /** Arguments: the file for Asterisk's version and the rows; the numbers of trials, or none for all. */
    public static void main(String[] args) throws Exception {
        List<String> rows = new ArrayList<>();
        try (Cluster cluster = Cluster.start();
                ClusterTrial trial = new ClusterTrial(cluster, Duration.ofSeconds(20), 10)) {
            rows.add(cluster.pbxs().get(0).version());
            for (int i = 0; i < trial.all().size(); i++) {
                if (args.length > 1 && !List.of(args).contains(Integer.toString(i))) {
                    continue;
                }
                Trial one = trial.all().get(i);
                String row = one.run().toString();
                System.out.println(row);
                rows.add(row);
            }
        }
        Files.write(Path.of(args[0]), rows);
        System.exit(0);
    }

    /** One trial. */
    @FunctionalInterface
    public interface Trial {
        /** {@return what came of it} */
        Row run();
    }

    /** {@return all of them, in their order} */
    public List<Trial> all() {
        return List.of(
                this::nothing,
                this::killed,
                this::stopped,
                this::rolled,
                this::frozen,
                this::cut,
                this::hanging,
                this::health);
    }

    /** What came of the codes on one PBX. */
    private record Codes(List<Press> all) {

        long done() {
            return all.stream().filter(Press::isDone).count();
        }

        long mistyped() {
            return all.stream().filter(Press::isMistyped).count();
        }

        List<Press> lost() {
            return all.stream().filter(Press::isLost).toList();
        }

        Duration longest() {
            return all.stream()
                    .filter(press -> !press.isMistyped())
                    .map(Press::held)
                    .max(Duration::compareTo)
                    .orElse(Duration.ZERO);
        }

        List<String> wrong() {
            return all.stream()
                    .map(Press::wrong)
                    .filter(wrong -> !wrong.isEmpty())
                    .toList();
        }

        boolean isUnharmed() {
            return lost().isEmpty() && wrong().isEmpty() && longest().compareTo(UNHARMED) < 0;
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "%d of %d done%s, longest in AGI() %.0f ms%s",
                    done(),
                    all.size(),
                    mistyped() == 0 ? "" : " (" + mistyped() + " mistyped)",
                    longest().toNanos() / 1e6,
                    wrong().isEmpty() ? "" : ", **wrong: " + wrong() + "**");
        }
    }

    private Codes take(int pbx) {
        return new Codes(presses.get(pbx).take());
    }

    private Codes both() {
        return new Codes(Stream.of(take(0), take(1))
                .flatMap(codes -> codes.all().stream())
                .toList());
    }

    private void pass(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }

    private Row nothing() {
        both();
        pass(length);
        Codes codes = both();
        return new Row(
                "nothing, for " + length.toSeconds() + " s",
                codes + String.format(Locale.ROOT, "; %.1f/s", codes.all().size() / (double) length.toSeconds()),
                "all done",
                codes.isUnharmed());
    }

    /** Codes that have asked for a key and wait, on both PBXs; they are pressed on when something has happened to a server. */
    private final class Waiting {

        private final List<Room> rooms = new ArrayList<>();
        private final List<Caller> callers = new ArrayList<>();

        Waiting() {
            for (Lab lab : cluster.pbxs()) {
                for (int i = 0; i < WAITING; i++) {
                    Room room = lab.room(null);
                    room.join("4301");
                    Caller caller = room.moderator(Room.Kind.SIP, "430" + (i + 2));
                    rooms.add(room);
                    callers.add(caller);
                    begin(caller);
                }
            }
        }

        /** On a machine that is busy keys can be lost. */
        private static void begin(Caller caller) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                caller.pressInOneGo("*44");
                if (Await.isWithin(KEYS, caller::hasBegun) && caller.awaitAskedOrBack()) {
                    return;
                }
            }
            throw new AssertionError("nobody is asked: " + caller.logTail());
        }

        /** Presses a key, and returns what became of them: the server's answer, or that they are let go, since it has gone. */
        Ended press() {
            long pressed = System.nanoTime();
            callers.forEach(caller -> caller.keys("*"));
            callers.forEach(Caller::awaitBack);
            long cancelled = callers.stream()
                    .filter(caller -> caller.status().equals("CANCELLED"))
                    .count();
            long last = callers.stream()
                    .flatMap(caller -> caller.inAgi().stream())
                    .mapToLong(InAgi::ended)
                    .max()
                    .orElse(pressed);
            rooms.forEach(Room::close);
            return new Ended(callers.size(), cancelled, Duration.ofNanos(Math.max(0, last - pressed)));
        }
    }

    /** What became of codes that waited for a key. */
    private record Ended(int waited, long wentOn, Duration longest) {

        @Override
        public String toString() {
            return "of " + waited + " that waited for a key " + wentOn + " went on, all out of AGI() "
                    + longest.toMillis() + " ms after it";
        }
    }

    private Row killed() {
        Waiting waiting = new Waiting();
        both();
        pass(length.dividedBy(4));
        ServerProcess server = cluster.server(0);
        long begun = System.nanoTime();
        AtomicLong gone = new AtomicLong();
        cluster.awaitSaid(0, "DOWN", () -> {
            server.close();
            gone.set(System.nanoTime());
        });
        pass(length.dividedBy(4));
        Ended ended = waiting.press();
        cluster.awaitSaid(0, "UP", () -> cluster.startServer(0));
        pass(length.dividedBy(2));
        Codes codes = both();
        long inProgress = codes.lost().stream()
                .filter(press -> press.isInProgress(begun, gone.get()))
                .count();
        return new Row(
                "`kill -9` of a server, and a new start",
                codes + ", lost in progress " + inProgress + "; " + ended,
                "none lost but those in progress on it",
                codes.wrong().isEmpty()
                        && codes.lost().size() == inProgress
                        && codes.longest().compareTo(HELD) < 0);
    }

    private Row stopped() {
        Waiting waiting = new Waiting();
        both();
        pass(length.dividedBy(4));
        cluster.awaitSaid(0, "stopping", cluster.server(0)::stop);
        pass(Duration.ofSeconds(3));
        Ended ended = waiting.press();
        int exitCode = cluster.server(0).awaitEnd(STOPPED);
        cluster.awaitSaid(0, "UP", () -> cluster.startServer(0));
        pass(length.dividedBy(4));
        Codes codes = both();
        return new Row(
                "SIGTERM to a server, and a new start",
                codes + "; " + ended + "; exit code " + exitCode,
                "none lost",
                codes.isUnharmed() && ended.wentOn() == ended.waited() && exitCode == 0);
    }

    private Row rolled() {
        both();
        for (int server = 0; server < 2; server++) {
            cluster.awaitSaid(server, "stopping", cluster.server(server)::stop);
            cluster.server(server).awaitEnd(STOPPED);
            int next = server;
            cluster.awaitSaid(server, "UP", () -> cluster.startServer(next));
            pass(Duration.ofSeconds(1));
        }
        Codes codes = both();
        return new Row(
                "a rolling upgrade: one stopped and started, then the other",
                codes.toString(),
                "none lost",
                codes.isUnharmed());
    }

    private Row frozen() {
        Waiting waiting = new Waiting();
        both();
        pass(length.dividedBy(4));
        ProcessFigures figures = cluster.server(1).figures();
        cluster.awaitSaid(1, "DOWN", () -> Lab.signal(figures.pid(), "STOP"));
        pass(length.dividedBy(4));
        Ended ended = waiting.press();
        cluster.awaitSaid(1, "UP", () -> Lab.signal(figures.pid(), "CONT"));
        pass(length.dividedBy(2));
        Codes codes = both();
        return new Row(
                "SIGSTOP of a server, later SIGCONT",
                codes + "; " + ended,
                "nobody held for more than 3 s",
                codes.wrong().isEmpty()
                        && codes.longest().compareTo(HELD) < 0
                        && ended.longest().compareTo(HELD) < 0);
    }

    private Row cut() {
        both();
        cluster.line(1).cut(true);
        pass(CUT);
        Codes unharmed = take(0);
        Codes meanwhile = take(1);
        cluster.line(1).cut(false);
        long mended = System.nanoTime();
        Await.until("codes are done again", () -> take(1).done() > 0);
        Duration again = Duration.ofNanos(System.nanoTime() - mended);
        pass(Duration.ofSeconds(6));
        both();
        pass(length.dividedBy(4));
        Codes after = both();
        return new Row(
                "the servers' network to pbx2 cut, and mended",
                String.format(
                        Locale.ROOT,
                        "pbx2: %s, done again %.1f s after it was mended; pbx1: %s; both, 6 s later: %s",
                        meanwhile,
                        again.toNanos() / 1e9,
                        unharmed,
                        after),
                "3 s; pbx1 unharmed",
                meanwhile.longest().compareTo(HELD) < 0
                        && meanwhile.wrong().isEmpty()
                        && unharmed.isUnharmed()
                        && after.lost().isEmpty()
                        && after.wrong().isEmpty());
    }

    /** The callers of a PBX that hangs hang with it, so scripted peers stand for them. */
    private Row hanging() {
        Lab lab = cluster.pbxs().get(1);
        presses.get(1).close();
        Presses others = presses.get(0);
        Crowd crowd = Crowd.join(lab, List.of(lab.room(null)), 1, 1, java.util.Map.of())
                .get(0);
        others.take();
        List<Duration> waits = new ArrayList<>();
        List<String> told = new ArrayList<>();
        try {
            lab.signal("STOP");
            Await.until("it is stopped", lab::isStopped);
            for (long end = System.nanoTime() + length.dividedBy(2).toNanos(); System.nanoTime() < end; ) {
                long begun = System.nanoTime();
                told.add(ask(lab, crowd));
                waits.add(Duration.ofNanos(System.nanoTime() - begun));
                pass(Duration.ofMillis(200));
            }
        } finally {
            lab.signal("CONT");
        }
        Codes unharmed = new Codes(others.take());
        crowd.close();
        presses.set(1, new Presses(lab, moderators));
        Await.until("codes are done again", () -> take(1).done() > 0);
        Duration longest = waits.stream().max(Duration::compareTo).orElseThrow();
        boolean isUnavailable = Stream.of("", "UNAVAILABLE").toList().containsAll(told);
        return new Row(
                "SIGSTOP of pbx2",
                String.format(
                        Locale.ROOT,
                        "%d requests in its name, UNAVAILABLE after at most %.0f ms%s; pbx1: %s",
                        waits.size(),
                        longest.toNanos() / 1e6,
                        isUnavailable ? "" : ", **but " + told + "**",
                        unharmed),
                "UNAVAILABLE within 3 s; pbx1 unharmed",
                isUnavailable && longest.compareTo(HELD) < 0 && unharmed.isUnharmed());
    }

    private static String ask(Lab lab, Crowd crowd) {
        Crowd.Member moderator = crowd.moderator();
        try (FastAgiPeer peer = new FastAgiPeer(lab.agiPort(), lab.name() + "/conference_count")) {
            return peer.names(moderator.channel(), moderator.uniqueId()).play().status();
        } catch (IOException e) {
            return "";
        }
    }

    /** What 40 checks a second cost a server, beside those of HAProxy. */
    private Row health() {
        presses.forEach(Presses::stop);
        ServerProcess server = cluster.server(0);
        ask40(server, Duration.ofSeconds(5));
        double before = cpu(server);
        Duration time = length;
        pass(time);
        double without = cpu(server) - before;
        before = cpu(server);
        int checks = ask40(server, time);
        double with = cpu(server) - before;
        double share = (with - without) / time.toSeconds() * 100;
        return new Row(
                "40 health checks a second of one server",
                String.format(
                        Locale.ROOT,
                        "%d in %d s: %.1f %% of a core (%.1f %% without them, with 4 a second of HAProxy)",
                        checks,
                        time.toSeconds(),
                        share,
                        without / time.toSeconds() * 100),
                "5 %",
                share < 5);
    }

    private static int ask40(ServerProcess server, Duration time) {
        int checks = 0;
        long begun = System.nanoTime();
        for (long next = begun; next - begun < time.toNanos(); next += 25_000_000) {
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), "health")) {
                peer.names("health", "0").playUntil("SET VARIABLE \"CONFCODES_HEALTH\" \"UP\"");
                checks++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            LockSupport.parkNanos(next + 25_000_000 - System.nanoTime());
        }
        return checks;
    }

    /** {@return the seconds of CPU that a process has used} */
    private static double cpu(ServerProcess server) {
        return ProcessHandle.of(server.figures().pid())
                        .flatMap(process -> process.info().totalCpuDuration())
                        .orElseThrow()
                        .toNanos()
                / 1e9;
    }

    @Override
    public void close() {
        presses.forEach(Presses::close);
    }
}
