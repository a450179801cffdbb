package confcodes.bench;

import confcodes.lab.Crowd;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.Ran;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What processes take: cold commands and servers, with a class-data archive and without. */
final class Processes {

    private static final String JAR = "target/confcodes.jar";
    private static final String ARCHIVED_JAR = "target/bench/confcodes.jar";

    /** The JVM that does nothing, which start-up times are compared with. */
    static final class Nothing {

        private Nothing() {}

        /** Does nothing. */
        public static void main(String[] args) {
            // Nothing.
        }
    }

    /**
     * What cold runs of one command took.
     *
     * @param wall times
     * @param cpu times
     * @param memory the largest resident memory of any, in MiB
     */
    private record Cold(Samples wall, Samples cpu, double memory) {}

    /** The commands of one conference size. */
    private record Commands(Cold recipe, Cold rx, Cold plain, Cold nothing, Cold archived, Cold sleepy) {}

    private final Bench bench;
    private final String python;
    private final Map<Integer, Commands> commands = new TreeMap<>();
    private final List<Object[]> footprints = new ArrayList<>();
    private final Map<String, Double> most = new HashMap<>();
    private final Samples nothingStarts = new Samples();
    private final Map<Boolean, Samples> serverStarts = Map.of(false, new Samples(), true, new Samples());

    /** Makes the class-data archive. */
    Processes(Bench bench, String python) throws IOException {
        this.bench = bench;
        this.python = python;
        Files.createDirectories(Path.of(ARCHIVED_JAR).getParent());
        Files.copy(Path.of(JAR), Path.of(ARCHIVED_JAR), StandardCopyOption.REPLACE_EXISTING);
        use(true);
        ProcessBuilder make = withSettings(ServerProcess.launcher("conferences"));
        make.environment().put("CONFCODES_ARCHIVE", "make");
        Ran.of(make).success();
    }

    /** From now on the launcher takes the jar that has an archive, or the one that has none. */
    static void use(boolean archived) {
        System.setProperty("confcodes.jar", archived ? ARCHIVED_JAR : JAR);
    }

    private ProcessBuilder withSettings(ProcessBuilder builder) {
        builder.environment()
                .put("CONFCODES_AMI_PORT", Integer.toString(bench.lab().amiPort()));
        builder.environment().put("CONFCODES_AMI_SECRET", Lab.SECRET);
        return builder;
    }

    void commands(int size, Crowd crowd) throws IOException {
        Crowd.Member member = crowd.member(0);
        List<String> recipe = List.of(
                python,
                "src/lab/bench.d/recipe.py",
                Integer.toString(bench.lab().amiPort()),
                Lab.USER,
                Lab.SECRET,
                crowd.name(),
                member.number());
        List<String> sleepy = new ArrayList<>(recipe);
        sleepy.add(2, "--sleeps");
        List<Cold> cold = cold(
                bench.effort().cold(),
                List.of(
                        recipe,
                        rx("confbridge mute " + crowd.name() + " " + member.channel()),
                        mute(false, crowd.name(), member.number()),
                        nothing(),
                        mute(true, crowd.name(), member.number())));
        commands.put(
                size,
                new Commands(
                        cold.get(0),
                        cold.get(1),
                        cold.get(2),
                        cold.get(3),
                        cold.get(4),
                        cold(bench.effort().sleepy(), List.of(sleepy)).get(0)));
    }

    private static List<String> mute(boolean archived, String conference, String number) {
        use(archived);
        ProcessBuilder launcher = ServerProcess.launcher("mute", conference, number);
        List<String> line = new ArrayList<>(List.of("env"));
        for (String name : List.of("JAVA", "CONFCODES_JAR")) {
            line.add(name + "=" + launcher.environment().get(name));
        }
        line.addAll(launcher.command());
        return line;
    }

    private static List<String> nothing() {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xms16m",
                "-Xmx64m",
                "-Xss256k",
                "-cp",
                "target/test-classes",
                Nothing.class.getName());
    }

    /** {@return Asterisk's own command, without src/lab/asterisk around it} */
    private List<String> rx(String command) {
        List<String> line = new ArrayList<>();
        String root = bench.fact("root");
        if (!root.equals("/")) {
            line.addAll(List.of("chroot", "/proc/" + bench.lab().pid() + "/root"));
        }
        line.addAll(
                List.of("asterisk", "-C", bench.lab().file("etc/asterisk.conf").toString(), "-rx", command));
        return line;
    }

    /** Runs commands as cold processes, in turns. */
    private List<Cold> cold(int rounds, List<List<String>> lines) throws IOException {
        List<String> command = new ArrayList<>(List.of(python, "src/lab/bench.d/cold.py", Integer.toString(rounds)));
        for (List<String> line : lines) {
            command.addAll(line);
            command.add(":::");
        }
        command.remove(command.size() - 1);
        Cold[] all = new Cold[lines.size()];
        Ran.of(withSettings(new ProcessBuilder(command))).success().lines().forEach(row -> {
            String[] words = row.split(" ");
            int which = Integer.parseInt(words[0]);
            Cold before = all[which] == null ? new Cold(new Samples(), new Samples(), 0) : all[which];
            before.wall().add(Long.parseLong(words[1]));
            before.cpu().add(Long.parseLong(words[2]));
            all[which] = new Cold(
                    before.wall(), before.cpu(), Math.max(before.memory(), Double.parseDouble(words[3]) / 1024));
        });
        return List.of(all);
    }

    /** How long a server takes until it has served a first code. */
    void starts(Crowd crowd) throws Exception {
        try (PlainAmi plain = bench.socket()) {
            for (int i = 0; i <= bench.effort().starts(); i++) {
                for (boolean archived : List.of(false, true)) {
                    use(archived);
                    long start = System.nanoTime();
                    try (ServerProcess server = bench.lab().serve("--whisper=false")) {
                        bench.awaitCode(server, crowd, plain);
                        add(i, serverStarts.get(archived), start);
                    }
                }
                long start = System.nanoTime();
                Ran.of(new ProcessBuilder(nothing())).success();
                add(i, nothingStarts, start);
            }
        }
    }

    /** The first one warms up the machine. */
    private static void add(int i, Samples samples, long start) {
        if (i > 0) {
            samples.add(System.nanoTime() - start);
        }
    }

    void footprint(int size, List<Crowd> crowds) throws Exception {
        for (boolean archived : List.of(false, true)) {
            use(archived);
            try (ServerProcess server = bench.lab().serve("--allow=anyone", "--whisper=false");
                    PlainAmi plain = bench.socket()) {
                bench.awaitCode(server, crowds.get(0), plain);
                TimeUnit.SECONDS.sleep(2);
                double idle = server.figures().memory();
                long idleThreads = server.figures().threads();
                List<FastAgiPeer> waiting = new ArrayList<>();
                for (int i = 0; i < Bench.CALLERS; i++) {
                    waiting.add(Code.waiting(server.port(), crowds, i, plain::setVariable));
                }
                double busy = server.figures().memory();
                long threads = server.figures().threads();
                footprints.add(new Object[] {size, archived ? "yes" : "no", idle, idleThreads, busy, threads});
                most.merge("idle " + archived, idle, Math::max);
                most.merge("busy " + archived, busy, Math::max);
                for (FastAgiPeer peer : waiting) {
                    peer.playOn().close();
                }
            }
        }
        use(true);
    }

    void report(Report report, RoundTrips roundTrips) {
        report.heading("Recipe and shell")
                .line("Cold processes, ms, p50 / p99, " + bench.effort().cold() + " of each, of recipe with sleeps "
                        + bench.effort().sleepy() + ".")
                .table(
                        "size | recipe | recipe with sleeps | asterisk -rx | confcodes mute | its CPU | its most MB | empty JVM | confcodes mute with a class-data archive | its most MB");
        commands.forEach((size, at) -> {
            report.row(
                    size,
                    at.recipe.wall.cell(),
                    at.sleepy.wall.p50(),
                    at.rx.wall.cell(),
                    at.plain.wall.cell(),
                    at.plain.cpu.p50(),
                    at.plain.memory,
                    at.nothing.wall.cell(),
                    at.archived.wall.cell(),
                    at.archived.memory);
            report.atLeast(
                    "script without sleeps against a code, at " + size,
                    " ×",
                    at.recipe.wall.p50() / roundTrips.at(size).whole.p50(),
                    10);
        });
        report.heading("Footprint")
                .line("A server with a pool of 4, by the launcher; with its class-data archive and without.")
                .table("size | archive | RSS idle, MB | threads | RSS, 256 codes wait for digits, MB | threads");
        footprints.forEach(report::row);
        report.table("start-up, ms | p50 | runs")
                .row("process to first served code", serverStarts.get(false).p50(), nothingStarts.count())
                .row(
                        "the same with a class-data archive",
                        serverStarts.get(true).p50(),
                        nothingStarts.count())
                .row("a JVM that does nothing", nothingStarts.p50(), nothingStarts.count());
        targets(report);
    }

    private void targets(Report report) {
        String withArchive = "the same with a class-data archive";
        commands.values().forEach(at -> {
            most.merge("shell", at.plain.wall.p50() / at.nothing.wall.p50(), Math::max);
            most.merge("archived shell", at.archived.wall.p50() / at.nothing.wall.p50(), Math::max);
            most.merge("memory", at.plain.memory, Math::max);
        });
        report.atMost("shell command, cold, against an empty JVM, most at any size", " ×", most.get("shell"), 4);
        report.atMost(withArchive, " ×", most.get("archived shell"), 4);
        report.atMost("resident memory of the shell command, most at any size", " MB", most.get("memory"), 60);
        report.atMost("server's resident memory, idle, most at any size", " MB", most.get("idle false"), 70);
        report.atMost(withArchive, " MB", most.get("idle true"), 70);
        report.atMost("the same, 256 codes, most at any size", " MB", most.get("busy false"), 120);
        report.atMost(withArchive, " MB", most.get("busy true"), 120);
        double nothing = nothingStarts.p50();
        report.atMost(
                "start to first served code against an empty JVM",
                " ×",
                serverStarts.get(false).p50() / nothing,
                8);
        report.atMost(withArchive, " ×", serverStarts.get(true).p50() / nothing, 8);
    }
}
