package confcodes.bench;

import confcodes.lab.Await;
import confcodes.lab.Cluster;
import confcodes.lab.Lab;
import confcodes.lab.Presses;
import confcodes.lab.Presses.Press;
import confcodes.lab.ProcessFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Two servers and two PBXs for a long time, of which one after the other fails at random moments while moderators press codes on SIP
 * phones, hands and whispers included. Nobody else may be touched, nothing may be said to be done that is not, and the server that
 * is never killed may keep nothing. Started by {@code src/lab/soak}.
 */
final class Soak {

    private static final int MODERATORS = 10;
    private static final Duration WARM_UP = Duration.ofSeconds(45);

    private static final Duration HELD = Duration.ofSeconds(3);

    /** A login that was not answered is repeated after 5 s. */
    private static final Duration WELL_AGAIN = Duration.ofSeconds(8);

    /** Threads that did codes end after 30 s. */
    private static final Duration IDLE = Duration.ofSeconds(45);

    /** By how many MiB resident memory may differ and still be the same. */
    private static final int FLAT = 15;

    private final Cluster cluster;
    private final Random random;
    private final List<Presses> presses = new ArrayList<>();
    private final Map<String, Integer> statuses = new TreeMap<>();
    private final Map<String, Integer> faults = new LinkedHashMap<>();
    private final List<String> wrong = new ArrayList<>();
    private Duration longest = Duration.ZERO;
    private int mistyped;
    private int codes;

    private Soak(Cluster cluster, long seed) {
        this.cluster = cluster;
        this.random = new Random(seed);
        cluster.pbxs().forEach(lab -> presses.add(new Presses(lab, MODERATORS)));
    }

    /** Arguments: the file for Asterisk's version and the rows; the minutes; the seed. */
    public static void main(String[] args) throws Exception {
        Duration length = Duration.ofMinutes(Long.parseLong(args[1]));
        List<String> rows = new ArrayList<>();
        boolean isMet;
        try (Cluster cluster = Cluster.start()) {
            rows.add(cluster.pbxs().get(0).version());
            isMet = new Soak(cluster, Long.parseLong(args[2])).run(length, rows);
        }
        Files.write(Path.of(args[0]), rows);
        System.exit(isMet ? 0 : 1);
    }

    private boolean run(Duration length, List<String> rows) {
        pass(WARM_UP);
        ProcessFigures server = cluster.server(0).figures();
        long begun = System.nanoTime();
        String before = figures(server);
        long files = server.files();
        long threads = besidesCodes(server);
        double memory = server.memory();
        while (System.nanoTime() - begun < length.toNanos()) {
            pass(Duration.ofMillis(3_000 + random.nextInt(9_000)));
            fault();
            takeAll();
            System.out.printf(
                    Locale.ROOT, "%d s: %s %s%n", (System.nanoTime() - begun) / 1_000_000_000, statuses, faults);
        }
        double minutes = (System.nanoTime() - begun) / 60e9;
        int codesUntilNow = codes;
        takeAll();
        Map<String, Integer> ended = new TreeMap<>(statuses);
        pass(WELL_AGAIN);
        takeAll();
        statuses.clear();
        pass(Duration.ofSeconds(15));
        takeAll();
        boolean isWell = statuses.keySet().equals(java.util.Set.of("DONE"));
        presses.forEach(Presses::close);
        pass(IDLE);
        String after = figures(server);
        long left = cluster.pbxs().stream()
                .mapToLong(lab -> lab.rx("core show channels concise")
                        .lines()
                        .filter(line -> line.contains("confcodes_"))
                        .count())
                .sum();
        boolean isFlat = server.files() <= files + 1
                && besidesCodes(server) <= threads + 1
                && server.memory() < memory + FLAT
                && left == 0;
        rows.add(row(
                "codes",
                String.format(Locale.ROOT, "%d in %.0f min, %s, %d mistyped", codesUntilNow, minutes, ended, mistyped),
                "",
                true));
        rows.add(row("faults", faults.toString(), "", true));
        rows.add(row(
                "wrong person, false DONE, or nobody came back",
                wrong.isEmpty() ? "none" : wrong.toString(),
                "none",
                wrong.isEmpty()));
        rows.add(row(
                "longest in AGI() of those who were told to try again, ms",
                Long.toString(longest.toMillis()),
                Long.toString(HELD.toMillis()),
                longest.compareTo(HELD) < 0));
        rows.add(row("from 8 s after the last fault on", statuses.toString(), "all done", isWell));
        rows.add(row(
                "the server that was never killed",
                "before: " + before + "; after: " + after + "; whispers left on the PBXs: " + left,
                "flat",
                isFlat));
        rows.forEach(System.out::println);
        return wrong.isEmpty() && isWell && isFlat;
    }

    private static String row(String what, String measured, String limit, boolean isMet) {
        return new ClusterTrial.Row(what, measured, limit, isMet).toString();
    }

    private static String figures(ProcessFigures server) {
        return String.format(
                Locale.ROOT, "%d files, %d threads, %.0f MB", server.files(), besidesCodes(server), server.memory());
    }

    private static long besidesCodes(ProcessFigures figures) {
        return figures.threads() - figures.threads("code-");
    }

    private void takeAll() {
        for (Presses one : presses) {
            for (Press press : one.take()) {
                codes++;
                if (press.isMistyped()) {
                    mistyped++;
                } else {
                    statuses.merge(press.status(), 1, Integer::sum);
                }
                if (!press.wrong().isEmpty()) {
                    wrong.add(one.lab().name() + ": "
                            + press.wrong().lines().findFirst().orElse(""));
                    System.out.println(one.lab().name() + ": " + press.wrong());
                }
                if (press.isLost() && press.held().compareTo(longest) > 0) {
                    longest = press.held();
                }
            }
        }
    }

    /** One of the faults, until it is over. */
    private void fault() {
        int pbx = random.nextInt(2);
        Duration time = Duration.ofMillis(1_000 + random.nextInt(7_000));
        String what;
        switch (random.nextInt(7)) {
            case 0 -> {
                what = "PBX killed";
                restart(pbx);
            }
            case 1 -> {
                what = "server killed";
                cluster.server(1).close();
                pass(time);
                cluster.startServer(1);
            }
            case 2 -> {
                what = "server stopped";
                cluster.server(1).stop();
                cluster.server(1).awaitEnd(Duration.ofSeconds(16));
                cluster.startServer(1);
            }
            case 3 -> {
                what = "server frozen";
                long pid = cluster.server(pbx).figures().pid();
                Lab.signal(pid, "STOP");
                pass(time);
                Lab.signal(pid, "CONT");
            }
            case 4 -> {
                what = "network cut";
                cluster.line(pbx).cut(true);
                pass(time);
                cluster.line(pbx).cut(false);
            }
            case 5 -> {
                what = "AMI slow";
                cluster.line(pbx).delay(Duration.ofMillis(300));
                pass(time);
                cluster.line(pbx).delay(Duration.ZERO);
            }
            default -> {
                what = "PBX frozen";
                cluster.pbxs().get(pbx).signal("STOP");
                pass(Duration.ofSeconds(2));
                cluster.pbxs().get(pbx).signal("CONT");
            }
        }
        faults.merge(what, 1, Integer::sum);
    }

    private void restart(int pbx) {
        Lab lab = cluster.pbxs().get(pbx);
        takeAll();
        presses.get(pbx).abandon();
        long pid = lab.pid();
        lab.signal("KILL");
        Await.until("it has ended", () -> hasEnded(pid));
        lab.restart();
        presses.get(pbx).forget();
        presses.set(pbx, new Presses(lab, MODERATORS));
        Await.until("codes are done again", () -> {
            List<Press> pressed = presses.get(pbx).take();
            return pressed.stream().anyMatch(Press::isDone);
        });
    }

    private static boolean hasEnded(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"))
                    .isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private static void pass(Duration time) {
        LockSupport.parkNanos(time.toNanos());
    }
}
