package confcodes.bench;

import confcodes.ami.AmiPbx;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.lab.Crowd;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Many at once: mutes per second, and whole codes per second. */
final class Rates {

    private static final List<Integer> AT_ONCE = List.of(1, 8, 64, Bench.CALLERS);
    private static final List<Integer> POOL_SIZES = List.of(1, 2, 4, 8);
    private static final int WARM_UP_SLICES = 3;
    private static final List<String> WAYS =
            List.of("4 plain sockets", "shared by 64 callers", "pool of 4 under 64 callers");

    /** What was measured at one conference size: the rates of each way, and what of each combination goes into its cell. */
    private static final class Figures {
        final List<Samples> rates = List.of(new Samples(), new Samples(), new Samples());
        final List<Samples> settled = List.of(new Samples(), new Samples(), new Samples());
        final Map<String, String> codes = new HashMap<>();
    }

    private final Bench bench;
    private final Map<Integer, Figures> figures = new TreeMap<>();

    Rates(Bench bench) {
        this.bench = bench;
    }

    /** Something that a number of callers do again and again. */
    @FunctionalInterface
    private interface Act {
        void act(int caller, int i) throws Exception;
    }

    /** Runs tasks, each on a thread of its own, and waits for them. */
    static void atOnce(List<? extends Callable<Void>> tasks) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            for (Future<Void> task : threads.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    static Participant find(List<Participant> all, Crowd.Member member) {
        return all.stream()
                .filter(participant -> participant.channel().equals(member.channel()))
                .findFirst()
                .orElseThrow();
    }

    /**
     * Mutes per second: as many plain sockets as the pool has connections, each with a caller of its own; the same sockets
     * shared by 64 callers, which shows what it costs to hand a connection from one thread to another; a pool under 64 callers.
     * By turns, once by the time of the answers, once by the time until Asterisk has also worked off the events of those mutes.
     */
    void mutes(int size, Crowd crowd) throws Exception {
        Figures at = figures.computeIfAbsent(size, key -> new Figures());
        String name = crowd.name();
        try (Sockets sockets = new Sockets();
                AmiPbx pool = bench.pool()) {
            List<Participant> all = pool.participants(name);
            List<Participant> members =
                    crowd.members().stream().map(member -> find(all, member)).toList();
            List<Act> ways = List.of(
                    (caller, i) ->
                            sockets.all.get(caller).mute(name, crowd.member(i).channel()),
                    (caller, i) ->
                            sockets.use(ami -> ami.mute(name, crowd.member(i).channel())),
                    (caller, i) -> pool.apply(Operation.MUTE, name, members.get(i % members.size()), all));
            for (int slice = -WARM_UP_SLICES; slice < bench.effort().slices(); slice++) {
                for (int way = 0; way < ways.size(); way++) {
                    Samples mutes = new Samples();
                    long start = System.nanoTime();
                    double rate = perSecond(way == 0 ? Bench.POOL_SIZE : 64, mutes, ways.get(way));
                    bench.settle();
                    double seconds = (System.nanoTime() - start) / 1e9;
                    if (slice >= 0) {
                        at.rates.get(way).add(Math.round(rate * 1e6));
                        at.settled.get(way).add(Math.round(mutes.count() / seconds * 1e6));
                    }
                }
            }
        }
    }

    /** As many plain sockets as the pool has connections. */
    private final class Sockets implements AutoCloseable {

        private final List<PlainAmi> all = new ArrayList<>();
        private final BlockingQueue<PlainAmi> free = new LinkedBlockingQueue<>();

        Sockets() throws IOException {
            for (int i = 0; i < Bench.POOL_SIZE; i++) {
                all.add(bench.socket());
            }
            free.addAll(all);
        }

        void use(Use use) throws Exception {
            PlainAmi ami = free.take();
            try {
                use.of(ami);
            } finally {
                free.add(ami);
            }
        }

        void setVariable(String channel, String name, String value) throws Exception {
            use(ami -> ami.setVariable(channel, name, value));
        }

        @Override
        public void close() throws IOException {
            for (PlainAmi ami : all) {
                ami.close();
            }
        }
    }

    /** What is done with a socket. */
    @FunctionalInterface
    private interface Use {
        void of(PlainAmi ami) throws Exception;
    }

    /**
     * Codes per second, each caller on a channel of their own, in as many conferences of one size as that takes. Each server is
     * there for its own turn only: Asterisk wakes the thread of every AMI connection at every event, also of those that want
     * none (1,000 events: 1,000 more switches of the thread of each idle connection).
     */
    void codes(int size, List<Crowd> crowds) throws Exception {
        Figures at = figures.computeIfAbsent(size, key -> new Figures());
        for (int pool : POOL_SIZES) {
            try (ServerProcess server = bench.lab().serve("--pool-size=" + pool, "--allow=anyone", "--whisper=false");
                    Sockets sockets = new Sockets()) {
                for (int slice = 0; slice < WARM_UP_SLICES; slice++) {
                    codes(server, crowds, Bench.POOL_SIZE, sockets);
                }
                for (int atOnce : AT_ONCE) {
                    at.codes.put(pool + " " + atOnce, codes(server, crowds, atOnce, sockets));
                }
            }
        }
    }

    private String codes(ServerProcess server, List<Crowd> crowds, int atOnce, Sockets sockets) throws Exception {
        Samples samples = new Samples();
        AtomicLong notDone = new AtomicLong();
        double rate = perSecond(atOnce, samples, (caller, i) -> {
            Crowd crowd = crowds.get(caller % crowds.size());
            Crowd.Member member = crowd.member(caller / crowds.size());
            try {
                Code.given(server.port(), crowd, member, crowd.member(i), sockets::setVariable);
            } catch (Code.NotDoneException e) {
                notDone.incrementAndGet();
            }
        });
        bench.settle();
        return Samples.print(rate) + "/s, p99 " + Samples.print(samples.p99())
                + (notDone.get() == 0 ? "" : ", " + notDone + " not done");
    }

    private double perSecond(int callers, Samples samples, Act act) throws Exception {
        long start = System.nanoTime();
        long end = start + bench.effort().slice().toNanos();
        List<Callable<Void>> tasks = new ArrayList<>();
        for (int caller = 0; caller < callers; caller++) {
            int who = caller;
            tasks.add(() -> {
                for (int i = who; System.nanoTime() < end; i++) {
                    int turn = i;
                    samples.time(() -> act.act(who, turn));
                }
                return null;
            });
        }
        atOnce(tasks);
        return samples.count() / ((System.nanoTime() - start) / 1e9);
    }

    void report(Report report) {
        report.heading("Concurrency")
                .line(
                        "Whole codes per second, and their p99 in ms, each of another caller, in conferences of one size that have "
                                + Bench.CALLERS
                                + " participants together. Setting the proof's variable over AMI, which Asterisk does by"
                                + " itself, is in it.");
        List<String> columns = new ArrayList<>(List.of("size", "pool"));
        AT_ONCE.forEach(atOnce -> columns.add(atOnce + " at once"));
        report.table(String.join(" | ", columns));
        figures.forEach((size, at) -> POOL_SIZES.forEach(pool -> {
            List<Object> cells = new ArrayList<>(List.of(size, pool));
            AT_ONCE.forEach(atOnce -> cells.add(at.codes.get(pool + " " + atOnce)));
            report.row(cells.toArray());
        }));
        report.line("Mutes per second, without a code around them: median (quartiles) of "
                + bench.effort().slices() + " slices.");
        columns.clear();
        columns.add("size");
        columns.addAll(WAYS);
        WAYS.forEach(way -> columns.add(way + ", events worked off"));
        report.table(String.join(" | ", columns));
        figures.forEach((size, at) -> {
            List<Object> cells = new ArrayList<>(List.of(size));
            at.rates.forEach(rates -> cells.add(quartiles(rates)));
            at.settled.forEach(rates -> cells.add(quartiles(rates)));
            report.row(cells.toArray());
            report.atLeast(
                    "mutes per second, pool of 4 under 64 callers against 4 plain sockets, at " + size,
                    " %",
                    100 * at.rates.get(2).p50() / at.rates.get(0).p50(),
                    80);
            report.atLeast(
                    "the same, until Asterisk has worked off their events, at " + size,
                    " %",
                    100 * at.settled.get(2).p50() / at.settled.get(0).p50(),
                    80);
        });
    }

    private static String quartiles(Samples rates) {
        return Samples.print(rates.p50()) + " (" + Samples.print(rates.quantile(0.25)) + "–"
                + Samples.print(rates.quantile(0.75)) + ")";
    }
}
