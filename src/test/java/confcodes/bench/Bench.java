package confcodes.bench;

import com.sun.management.OperatingSystemMXBean;
import confcodes.agi.AgiSettings;
import confcodes.agi.CodeServer;
import confcodes.agi.Peers;
import confcodes.agi.Prompt;
import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Policy;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The benchmark: everything against the same Asterisk in one run; prints its tables. Started by {@code src/lab/bench}. */
final class Bench {

    private static final List<Integer> SIZES = List.of(3, 50, 200, 500);
    private static final List<Integer> AT_ONCE = List.of(1, 8, 64, 256);
    private static final List<Integer> POOL_SIZES = List.of(1, 2, 4, 8);
    private static final int POOL_SIZE = 4;
    private static final int LISTS_PER_BLOCK = 20;
    private static final int WARM_UP_SLICES = 3;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Lab lab;
    private final String python;
    private final Effort effort;
    private final Map<Integer, Figures> figures = new TreeMap<>();

    /**
     * How many samples.
     *
     * @param warmUp of round trips, before they count; a fifth of it at later sizes, when the compiler has been through
     * @param samples of round trips, lists and codes
     * @param presses of each moderator
     * @param cold processes of each kind
     * @param sleepy recipes with sleeps
     * @param slice of each combination under load
     * @param slices of the pool and of the plain sockets, by turns; their rates are scattered far
     * @param starts of servers
     */
    private record Effort(
            int warmUp, int samples, int presses, int cold, int sleepy, Duration slice, int slices, int starts) {

        static final Effort FULL = new Effort(1000, 2000, 6, 21, 2, Duration.ofMillis(300), 15, 7);
        static final Effort QUICK = new Effort(300, 100, 1, 5, 1, Duration.ofMillis(300), 2, 3);
    }

    /** What was measured at one conference size. */
    private static final class Figures {
        final Samples floorMute = new Samples();
        final Samples floorList = new Samples();
        final Samples poolMute = new Samples();
        final Samples poolList = new Samples();
        final Samples visible = new Samples();
        final Samples whole = new Samples();
        final Samples digits = new Samples();
        final Samples read = new Samples();
        final Samples arrived = new Samples();
        final Samples asked = new Samples();
        final Samples turn = new Samples();
        final Samples keypad = new Samples();
        int unavailable;
        double floorListCpu;
        double rowsListCpu;
        double poolListCpu;
        final Samples plainRates = new Samples();
        final Samples sharedRates = new Samples();
        final Samples poolRates = new Samples();
        final Samples plainSettled = new Samples();
        final Samples sharedSettled = new Samples();
        final Samples poolSettled = new Samples();
        List<Commands.Cold> cold = List.of();
        Commands.Cold sleepy;
        final Map<String, Samples> load = new HashMap<>();
        final Map<String, Double> perSecond = new HashMap<>();
        final Map<String, Long> notDone = new HashMap<>();
    }

    private Bench(Lab lab, String python, Effort effort) {
        this.lab = lab;
        this.python = python;
        this.effort = effort;
    }

    /** Arguments: the file for the results, the Python, --quick or --full, and the lab's key=value pairs. */
    public static void main(String[] args) throws Exception {
        Map<String, String> facts = List.of(args).subList(3, args.length).stream()
                .map(pair -> pair.split("=", 2))
                .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
        Effort effort = args[2].equals("--quick") ? Effort.QUICK : Effort.FULL;
        try (Lab lab = new Lab(facts)) {
            Bench bench = new Bench(lab, args[1], effort);
            String results = bench.run();
            System.out.println(results);
            Files.writeString(Path.of(args[0]), results);
        }
        System.exit(0);
    }

    private String run() throws Exception {
        Report report = new Report();
        Commands.archive(lab);
        try (Server server = new Server(lab, lab.agiPort(), POOL_SIZE, true)) {
            for (int size : SIZES) {
                progress("conference of " + size);
                Lab.Room room = lab.fill(size);
                server.awaitCode(room);
                Figures at = new Figures();
                figures.put(size, at);
                roundTrips(room, server, at);
                listCpu(room, at);
                progress("  keypad");
                keypad(room, at);
                progress("  cold processes");
                cold(room, at);
                progress("  load");
                throughput(room, at);
                load(room, at);
                lab.empty(room);
            }
        }
        tables(report);
        progress("footprint");
        footprint(report);
        targets(report);
        return "\n## Targets\n" + report.targets() + report;
    }

    private static void progress(String what) {
        System.err.printf("%tT %s%n", System.currentTimeMillis(), what);
    }

    private AmiPbx pool() {
        AmiPbx pbx = new AmiPbx(new AmiSettings(
                "127.0.0.1",
                lab.amiPort(),
                Lab.USER,
                new Secret(Lab.SECRET),
                false,
                Optional.empty(),
                Duration.ofSeconds(10),
                POOL_SIZE,
                Duration.ofSeconds(10),
                Duration.ofSeconds(15),
                true));
        pbx.open();
        return pbx;
    }

    /**
     * Floor, pool and code by turns, so that noise hits all of them. Another socket unmutes: one that was used a moment ago
     * would be answered sooner, for its thread in Asterisk is awake.
     */
    private void roundTrips(Lab.Room room, Server server, Figures at) throws Exception {
        try (PlainAmi plain = lab.socket();
                PlainAmi undo = lab.socket();
                AmiPbx pool = pool();
                Watch watch = new Watch(lab.amiPort())) {
            Clocked clocked = new Clocked(pool);
            CodeServer inside = new CodeServer(agiSettings(), clocked);
            inside.start();
            int warmUp = figures.size() == 1 ? effort.warmUp() : effort.warmUp() / 5;
            for (int i = -warmUp; i < effort.samples(); i++) {
                Figures to = i < 0 ? new Figures() : at;
                int who = i + warmUp;
                String channel = room.channel(who);

                unmuteAndList(undo, room, channel);
                long start = System.nanoTime();
                plain.mute(room.name(), channel);
                to.floorMute.add(System.nanoTime() - start);

                unmuteAndList(undo, room, channel);
                start = System.nanoTime();
                pool.apply(Operation.MUTE, room.name(), channel);
                to.poolMute.add(System.nanoTime() - start);

                undo.unmute(room.name(), channel);
                AgiPeer typed = alone(to, () -> server.code(room, who, true));
                to.digits.add(typed.digitsToAnswer());
                to.read.add(typed.readToAnswer());
                to.turn.add(typed.turn());

                undo.unmute(room.name(), channel);
                typed = alone(to, () -> Server.code(inside.getPort(), room, who, true));
                to.asked.add(clocked.asked() - typed.delivered());
                to.arrived.add(clocked.answered() - typed.delivered());

                start = System.nanoTime();
                plain.list("ConfbridgeList", "Conference: " + room.name());
                to.floorList.add(System.nanoTime() - start);

                start = System.nanoTime();
                pool.participants(room.name());
                to.poolList.add(System.nanoTime() - start);

                undo.unmute(room.name(), channel);
                watch.forget("mute " + channel);
                AgiPeer given = alone(to, () -> server.code(room, who, false));
                to.whole.add(given.whole());
                to.visible.add(watch.await("mute " + channel).nanos() - given.opened());
            }
            inside.stop(Duration.ofSeconds(5));
        }
    }

    /**
     * Lets the time of a list pass, as a code does, before a mute. Asterisk mixes at its own pace, and meanwhile an action waits:
     * right behind another that has waited, none has to (at 200: a p99 of 0.6 ms, and of 4.2 ms behind a list).
     */
    private static void unmuteAndList(PlainAmi undo, Lab.Room room, String channel) throws IOException {
        undo.unmute(room.name(), channel);
        undo.list("ConfbridgeList", "Conference: " + room.name());
    }

    /** A code with none beside it. One that is not done, for Asterisk stalls now and then, is counted and repeated. */
    private static AgiPeer alone(Figures to, Callable<AgiPeer> code) throws Exception {
        try {
            return code.call();
        } catch (AgiPeer.NotDoneException e) {
            to.unavailable++;
            return code.call();
        }
    }

    private static AgiSettings agiSettings() {
        return new AgiSettings(
                InetAddress.getLoopbackAddress(),
                0,
                Peers.LOOPBACK,
                1000,
                1000,
                Duration.ofSeconds(5),
                Policy.ADMIN,
                11,
                Duration.ofSeconds(7),
                Duration.ofSeconds(4),
                3,
                Duration.ofSeconds(60),
                new Invitation.Template("PJSIP/%s", ""),
                Stream.of(Prompt.values()).collect(Collectors.toMap(Function.identity(), Prompt::defaultSound)));
    }

    /** CPU time of this JVM for a list, in milliseconds: read to its end, made into maps, through the pool. */
    private void listCpu(Lab.Room room, Figures at) throws Exception {
        int blocks = Math.max(3, effort.samples() / LISTS_PER_BLOCK);
        long[] cpu = new long[3];
        try (PlainAmi plain = lab.socket();
                AmiPbx pool = pool()) {
            List<Callable<?>> kinds = List.of(
                    () -> plain.list("ConfbridgeList", "Conference: " + room.name()),
                    () -> {
                        plain.list("ConfbridgeList", "Conference: " + room.name());
                        return plain.rows();
                    },
                    () -> pool.participants(room.name()));
            for (int block = -1; block < blocks; block++) {
                for (int kind = 0; kind < kinds.size(); kind++) {
                    long before = SYSTEM.getProcessCpuTime();
                    for (int i = 0; i < LISTS_PER_BLOCK; i++) {
                        kinds.get(kind).call();
                    }
                    cpu[kind] += block < 0 ? 0 : SYSTEM.getProcessCpuTime() - before;
                }
            }
        }
        double lists = blocks * LISTS_PER_BLOCK * 1e6;
        at.floorListCpu = cpu[0] / lists;
        at.rowsListCpu = cpu[1] / lists;
        at.poolListCpu = cpu[2] / lists;
    }

    /** Real callers press *6, a number and the hash key; each moderator mutes somebody of his own. */
    private void keypad(Lab.Room room, Figures at) throws Exception {
        ExecutorService hands = Executors.newCachedThreadPool();
        lab.settle();
        try (Watch watch = new Watch(lab.amiPort())) {
            List<Callable<Void>> moderators = new ArrayList<>();
            for (int m = 0; m < room.moderators().size(); m++) {
                String moderator = room.moderators().get(m);
                String number = room.number(m);
                moderators.add(() -> {
                    try (PlainAmi plain = lab.socket()) {
                        press(room, moderator, number, plain, watch, at);
                    }
                    return null;
                });
            }
            all(hands.invokeAll(moderators));
        } finally {
            hands.shutdownNow();
        }
    }

    private void press(Lab.Room room, String moderator, String number, PlainAmi plain, Watch watch, Figures at)
            throws IOException, InterruptedException {
        String channel = room.members().get(number);
        String muted = "mute " + channel;
        String hash = "key # " + moderator;
        for (int i = 0; i < effort.presses(); i++) {
            lab.awaitApplication(moderator, "ConfBridge");
            plain.unmute(room.name(), channel);
            watch.forget(muted);
            watch.forget(hash);
            lab.press(moderator, "*6");
            lab.awaitApplication(moderator, "Read");
            lab.press(moderator, number + "#");
            double pressed = watch.await(hash).stamp();
            at.keypad.add(Math.round((watch.await(muted).stamp() - pressed) * 1e9));
        }
        lab.awaitApplication(moderator, "ConfBridge");
    }

    private void cold(Lab.Room room, Figures at) throws IOException, InterruptedException {
        int last = room.numbers().size() - 1;
        String number = room.number(last);
        String port = Integer.toString(lab.amiPort());
        at.cold = Commands.cold(
                python,
                effort.cold(),
                List.of(
                        Commands.recipe(lab, python, room, number, false),
                        lab.rx("confbridge mute " + room.name() + " " + room.channel(last)),
                        Commands.confcodes("mute", "--ami-port", port, room.name(), number),
                        Commands.nothing(),
                        Commands.archived("mute", "--ami-port", port, room.name(), number)));
        at.sleepy = Commands.cold(python, effort.sleepy(), List.of(Commands.recipe(lab, python, room, number, true)))
                .get(0);
    }

    /**
     * Mutes per second: as many plain sockets as the pool has connections, each with a caller of its own; the same sockets shared
     * by 64 callers, which shows what it costs to hand a connection from one thread to another; a pool under 64 callers. By
     * turns, once by the time of the answers, once by the time until Asterisk has also worked off the events of those mutes.
     */
    private void throughput(Lab.Room room, Figures at) throws Exception {
        List<PlainAmi> sockets = new ArrayList<>();
        try (AmiPbx pool = pool()) {
            for (int i = 0; i < POOL_SIZE; i++) {
                sockets.add(lab.socket());
            }
            BlockingQueue<PlainAmi> shared = new LinkedBlockingQueue<>(sockets);
            List<Act> acts = List.of(
                    (who, i) -> sockets.get(who).mute(room.name(), room.channel(i)),
                    (who, i) -> {
                        PlainAmi socket = shared.take();
                        socket.mute(room.name(), room.channel(i));
                        shared.add(socket);
                    },
                    (who, i) -> pool.apply(Operation.MUTE, room.name(), room.channel(i)));
            List<Samples> rates = List.of(at.plainRates, at.sharedRates, at.poolRates);
            List<Samples> settled = List.of(at.plainSettled, at.sharedSettled, at.poolSettled);
            for (int slice = -WARM_UP_SLICES; slice < effort.slices(); slice++) {
                for (int way = 0; way < acts.size(); way++) {
                    Samples mutes = new Samples();
                    long start = System.nanoTime();
                    double rate = perSecond(way == 0 ? POOL_SIZE : 64, mutes, acts.get(way));
                    lab.settle();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    if (slice >= 0) {
                        rates.get(way).add(Math.round(rate * 1e6));
                        settled.get(way).add(Math.round(mutes.count() / seconds * 1e6));
                    }
                }
            }
        } finally {
            for (PlainAmi socket : sockets) {
                socket.close();
            }
        }
    }

    /**
     * Codes per second. Each server is there for its own turn only: Asterisk wakes the thread of every AMI connection at every
     * event, also of those that want none (1,000 events: 1,000 more switches of the thread of each idle connection).
     */
    private void load(Lab.Room room, Figures at) throws Exception {
        for (int pool : POOL_SIZES) {
            try (Server server = new Server(lab, 0, pool, true)) {
                server.awaitCode(room);
                for (int slice = 0; slice < WARM_UP_SLICES; slice++) {
                    underLoad(server, room, POOL_SIZE, new Samples(), new AtomicLong());
                }
                for (int atOnce : AT_ONCE) {
                    Samples samples = new Samples();
                    AtomicLong notDone = new AtomicLong();
                    String key = pool + " " + atOnce;
                    at.perSecond.put(key, underLoad(server, room, atOnce, samples, notDone));
                    at.load.put(key, samples);
                    at.notDone.put(key, notDone.get());
                }
            }
        }
    }

    private double underLoad(Server server, Lab.Room room, int atOnce, Samples samples, AtomicLong notDone)
            throws Exception {
        double rate = perSecond(atOnce, samples, (who, i) -> {
            try {
                server.code(room, i, false);
            } catch (AgiPeer.NotDoneException e) {
                notDone.incrementAndGet();
            }
        });
        lab.settle();
        return rate;
    }

    /** Something that a number of callers do again and again. */
    private interface Act {
        void act(int who, int i) throws Exception;
    }

    private double perSecond(int callers, Samples samples, Act act) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(callers);
        try {
            AtomicLong count = new AtomicLong();
            long start = System.nanoTime();
            long end = start + effort.slice().toNanos();
            List<Callable<Void>> acts = new ArrayList<>();
            for (int caller = 0; caller < callers; caller++) {
                int who = caller;
                acts.add(() -> {
                    long before = System.nanoTime();
                    for (int i = who; before < end; i++) {
                        act.act(who, i);
                        long now = System.nanoTime();
                        samples.add(now - before);
                        before = now;
                        count.incrementAndGet();
                    }
                    return null;
                });
            }
            all(threads.invokeAll(acts));
            return count.get() / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdownNow();
        }
    }

    private static void all(List<? extends Future<?>> futures) throws Exception {
        for (Future<?> future : futures) {
            try {
                future.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            }
        }
    }

    private void footprint(Report report) throws Exception {
        report.heading("Footprint")
                .line("A server with a pool of 4, by the launcher; with its class-data archive and without.");
        Samples nothing = new Samples();
        Map<Boolean, Samples> starts = Map.of(true, new Samples(), false, new Samples());
        Lab.Room small = lab.fill(3);
        for (int i = 0; i <= effort.starts(); i++) {
            for (boolean archive : List.of(false, true)) {
                long start = System.nanoTime();
                try (Server server = new Server(lab, 0, POOL_SIZE, archive)) {
                    server.awaitCode(small);
                    if (i > 0) {
                        starts.get(archive).add(System.nanoTime() - start);
                    }
                }
            }
            long start = System.nanoTime();
            new ProcessBuilder(Commands.nothing()).start().waitFor();
            if (i > 0) {
                nothing.add(System.nanoTime() - start);
            }
        }
        lab.empty(small);
        report.table("size", "archive", "RSS idle, MB", "threads", "RSS, 256 codes wait for digits, MB", "threads");
        for (int size : SIZES) {
            Lab.Room room = lab.fill(size);
            for (boolean archive : List.of(false, true)) {
                memory(room, archive, report);
            }
            lab.empty(room);
        }
        report.table("start-up, ms", "p50", "runs")
                .row("process to first served code", starts.get(false).p50(), nothing.count())
                .row("the same with a class-data archive", starts.get(true).p50(), nothing.count())
                .row("a JVM that does nothing", nothing.p50(), nothing.count());
        startRatio = starts.get(false).p50() / nothing.p50();
        archivedStartRatio = starts.get(true).p50() / nothing.p50();
    }

    private void memory(Lab.Room room, boolean archive, Report report) throws IOException, InterruptedException {
        try (Server server = new Server(lab, 0, POOL_SIZE, archive)) {
            server.awaitCode(room);
            TimeUnit.SECONDS.sleep(2);
            double idle = server.memory();
            int idleThreads = server.threads();
            List<AgiPeer> waiting = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                AgiPeer peer = new AgiPeer(server.port(), room.name(), room.moderator(), "", room.number(i));
                waiting.add(peer);
                peer.awaitRead();
            }
            double busy = server.memory();
            report.row(room.members().size(), archive ? "yes" : "no", idle, idleThreads, busy, server.threads());
            for (AgiPeer peer : waiting) {
                peer.run(true).close();
            }
            mostIdle.merge(archive, idle, Math::max);
            mostBusy.merge(archive, busy, Math::max);
        }
    }

    private double startRatio;
    private double archivedStartRatio;
    private final Map<Boolean, Double> mostIdle = new HashMap<>();
    private final Map<Boolean, Double> mostBusy = new HashMap<>();

    private void tables(Report report) {
        report.heading("Floor and pool").line("ms, p50 / p99; CPU in ms per list of the JVM that asks.");
        report.table(
                "size",
                "samples",
                "mute, plain",
                "mute, pool",
                "list, plain",
                "list, pool",
                "CPU plain",
                "… into maps",
                "CPU pool");
        figures.forEach((size, at) -> report.row(
                size,
                at.floorMute.count(),
                at.floorMute.cell(),
                at.poolMute.cell(),
                at.floorList.cell(),
                at.poolList.cell(),
                at.floorListCpu,
                at.rowsListCpu,
                at.poolListCpu));

        report.heading("Code")
                .line(
                        "ms, p50 / p99, as a scripted FastAGI peer sees it; mute visible: on a third AMI connection. Digits to AMI answer:"
                                + " until the answer is there, in a server inside the benchmark's JVM; all else is with the packaged jar.");
        report.table(
                "size",
                "samples",
                "digits to AMI answer",
                "digits to next command",
                "end of Read to next command",
                "a bare FastAGI turn",
                "connect to mute visible",
                "connect to done",
                "codes not done");
        figures.forEach((size, at) -> report.row(
                size,
                at.whole.count(),
                at.arrived.cell(),
                at.digits.cell(),
                at.read.cell(),
                at.turn.cell(),
                at.visible.cell(),
                at.whole.cell(),
                at.unavailable));

        report.heading("Keypad")
                .line(
                        "ms from the last key's end to the mute, by the stamps of Asterisk's events. It stamps an event when it puts it out,"
                                + " so that a single one may be late.");
        report.table("size", "presses", "p50", "p99");
        figures.forEach((size, at) -> report.row(size, at.keypad.count(), at.keypad.p50(), at.keypad.p99()));

        report.heading("Recipe and shell")
                .line("Cold processes, ms, p50 / p99, "
                        + figures.get(3).cold.get(0).wall().count() + " of each, of recipe with sleeps "
                        + figures.get(3).sleepy.wall().count() + ".");
        report.table(
                "size",
                "recipe",
                "recipe with sleeps",
                "asterisk -rx",
                "confcodes mute",
                "its CPU",
                "its most MB",
                "empty JVM",
                "confcodes mute with a class-data archive",
                "its most MB");
        figures.forEach((size, at) -> report.row(
                size,
                at.cold.get(0).wall().cell(),
                at.sleepy.wall().p50(),
                at.cold.get(1).wall().cell(),
                at.cold.get(2).wall().cell(),
                at.cold.get(2).cpu().p50(),
                at.cold.get(2).memory(),
                at.cold.get(3).wall().cell(),
                at.cold.get(4).wall().cell(),
                at.cold.get(4).memory()));

        report.heading("Concurrency")
                .line(
                        "Whole codes per second, and their p99 in ms. UNAVAILABLE: no connection was free within pool-wait, 2 s.");
        List<String> columns = new ArrayList<>(List.of("size", "pool"));
        AT_ONCE.forEach(atOnce -> columns.add(atOnce + " at once"));
        report.table(columns.toArray(String[]::new));
        figures.forEach((size, at) -> POOL_SIZES.forEach(pool -> {
            List<Object> cells = new ArrayList<>(List.of(size, pool));
            AT_ONCE.forEach(atOnce -> cells.add(Samples.print(at.perSecond.get(pool + " " + atOnce)) + "/s, p99 "
                    + Samples.print(at.load.get(pool + " " + atOnce).p99())
                    + notDone(at.notDone.get(pool + " " + atOnce))));
            report.row(cells.toArray());
        }));
        report.line("Mutes per second, without a code around them: median (quartiles) of "
                + figures.get(3).plainRates.count() + " slices.");
        report.table(
                "size",
                "4 plain sockets",
                "shared by 64 callers",
                "pool of 4 under 64 callers",
                "4 plain sockets, events worked off",
                "shared by 64 callers, the same",
                "pool of 4 under 64 callers, the same");
        figures.forEach((size, at) -> report.row(
                size,
                rate(at.plainRates),
                rate(at.sharedRates),
                rate(at.poolRates),
                rate(at.plainSettled),
                rate(at.sharedSettled),
                rate(at.poolSettled)));
    }

    private static String rate(Samples rates) {
        return Samples.print(rates.p50()) + " (" + Samples.print(rates.quantile(0.25)) + "–"
                + Samples.print(rates.quantile(0.75)) + ")";
    }

    private double shellRatio(int command) {
        return figures.values().stream()
                .mapToDouble(at -> at.cold.get(command).wall().p50()
                        / at.cold.get(3).wall().p50())
                .max()
                .orElseThrow();
    }

    private static String notDone(long codes) {
        return codes == 0 ? "" : ", " + codes + " UNAVAILABLE";
    }

    private void targets(Report report) {
        figures.forEach((size, at) -> {
            report.target(
                    "digits to AMI answer, p50, against one round trip, at " + size,
                    " ×",
                    at.arrived.p50() / at.floorMute.p50(),
                    true,
                    1.5);
            report.target("the same, p99, at " + size, " ×", at.arrived.p99() / at.floorMute.p99(), true, 3);
            report.target(
                    "the same, p50, until the FastAGI peer has the next command, at " + size,
                    " ×",
                    at.digits.p50() / at.floorMute.p50(),
                    true,
                    1.5);
        });
        Figures at200 = figures.get(200);
        report.target(
                "list of 200 through the pool, wall", " ×", at200.poolList.p50() / at200.floorList.p50(), true, 1.2);
        report.target("the same, CPU", " ×", at200.poolListCpu / at200.floorListCpu, true, 1.2);
        report.target(
                "the same, CPU, against a plain socket that makes maps of the rows",
                " ×",
                at200.poolListCpu / at200.rowsListCpu,
                true,
                1.2);
        report.target(
                "whole code at 200 against list and mute",
                " ×",
                at200.whole.p50() / (at200.floorList.p50() + at200.floorMute.p50()),
                true,
                1.5);
        figures.forEach((size, at) -> report.target(
                "script without sleeps against a code, at " + size,
                " ×",
                at.cold.get(0).wall().p50() / at.whole.p50(),
                false,
                10));
        report.target("shell command, cold, against an empty JVM, most at any size", " ×", shellRatio(2), true, 4);
        report.target("the same with a class-data archive", " ×", shellRatio(4), true, 4);
        report.target(
                "resident memory of the shell command, most at any size",
                " MB",
                figures.values().stream()
                        .mapToDouble(at -> at.cold.get(2).memory())
                        .max()
                        .orElseThrow(),
                true,
                60);
        report.target("server's resident memory, idle, most at any size", " MB", mostIdle.get(false), true, 70);
        report.target("the same with a class-data archive", " MB", mostIdle.get(true), true, 70);
        report.target("the same, 256 codes, most at any size", " MB", mostBusy.get(false), true, 120);
        report.target("the same with a class-data archive", " MB", mostBusy.get(true), true, 120);
        report.target("start to first served code against an empty JVM", " ×", startRatio, true, 8);
        report.target("the same with a class-data archive", " ×", archivedStartRatio, true, 8);
        figures.forEach((size, at) -> {
            report.target(
                    "mutes per second, pool of 4 under 64 callers against 4 plain sockets, at " + size,
                    " %",
                    100 * at.poolRates.p50() / at.plainRates.p50(),
                    false,
                    80);
            report.target(
                    "the same, until Asterisk has worked off their events, at " + size,
                    " %",
                    100 * at.poolSettled.p50() / at.plainSettled.p50(),
                    false,
                    80);
        });
    }
}
