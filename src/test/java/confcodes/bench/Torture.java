package confcodes.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import confcodes.lab.Await;
import confcodes.lab.Crowd;
import confcodes.lab.Crowd.Member;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.ProcessFigures;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Hostile peers and load, longer than a test may take, as rows of one table. Started by {@code src/lab/torture}. */
final class Torture {

    private static final int MEMBERS = 40;
    private static final int BYSTANDERS = 3;
    private static final int CROWD = 500;
    private static final int ROW = 100_000;
    private static final int POOL = 4;

    /** By how many MiB resident memory may differ and still be the same. */
    private static final int FLAT = 5;

    private final Lab lab;
    private final StringBuilder table = new StringBuilder();
    private final ExecutorService phones = Executors.newCachedThreadPool(run -> {
        Thread thread = new Thread(null, run, "phone", 128 * 1024);
        thread.setDaemon(true);
        return thread;
    });

    private Torture(Lab lab) {
        this.lab = lab;
        // The observer would read the events of every code.
        lab.followCodes(false);
    }

    /** Arguments: the table's file; hostile or load; the minutes of the last part; what src/lab/asterisk prints. */
    public static void main(String[] args) throws Exception {
        Torture torture =
                new Torture(Lab.running(String.join("\n", List.of(args).subList(3, args.length))));
        if (args[1].equals("hostile")) {
            torture.hostile();
        } else {
            torture.load(Duration.ofMinutes(Long.parseLong(args[2])));
        }
        Files.writeString(Path.of(args[0]), torture.table.toString());
        System.exit(0);
    }

    private void row(String item, String done, String measured, String limit, boolean met) {
        String row = "| " + String.join(" | ", item, done, measured, limit + (met ? "" : " **missed**")) + " |";
        table.append(row).append('\n');
        System.out.println(row);
    }

    private static String print(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private ServerProcess serve(String option) {
        ServerProcess server = lab.serve(option, "--whisper=false", "--pool-size=" + POOL);
        Await.until("the pool is whole", () -> lab.connected(Lab.USER).size() == POOL);
        return server;
    }

    private List<Crowd> crowds(int members, Room... rooms) {
        return Crowd.join(lab, List.of(rooms), 1, members, Map.of());
    }

    /** What a peer that is no Asterisk does on its connection, again and again, until that is closed. */
    @FunctionalInterface
    private interface Attack {
        void on(FastAgiPeer peer) throws IOException;

        /** Says something. */
        static Attack saying(byte[] bytes) {
            return peer -> peer.send(bytes);
        }

        /** Says something, and asks for a code as Asterisk does. */
        static Attack asking(String before) {
            return peer -> {
                peer.send(before);
                peer.play();
                throw new IOException("the connection was closed");
            };
        }

        /** Says something a second, perhaps nothing. */
        static Attack lingering(String each) {
            return peer -> {
                peer.send(each);
                LockSupport.parkNanos(1_000_000_000);
            };
        }
    }

    /** A server, a conference for its codes, and two that the hostile peers name. */
    private record Stage(ServerProcess server, Crowd crowd, Crowd hundred, Crowd all) {

        String kick() {
            return "conference_kick?conference=100&read=OK&keys="
                    + hundred.member(0).number();
        }
    }

    private void hostile() throws Exception {
        try (ServerProcess server = serve("--agi-peers=127.0.0.1")) {
            Crowd crowd = crowds(MEMBERS, lab.room(null)).get(0);
            List<Crowd> named = crowds(BYSTANDERS, lab.room(null, "100"), lab.room(null, "all"));
            Stage stage = new Stage(server, crowd, named.get(0), named.get(1));
            codes(server, crowd, Duration.ofSeconds(3));
            attack(stage);
            assertKicks(stage);
            Stream.of(stage.crowd(), stage.hundred(), stage.all()).forEach(Crowd::close);
        }
    }

    private void attack(Stage stage) throws Exception {
        byte[] noise = new byte[64 * 1024];
        new Random(4).nextBytes(noise);
        suffer(stage, "silent connections", 1000, "", Attack.lingering(""));
        suffer(stage, "that send a byte a second", 1000, "", Attack.lingering("a"));
        suffer(stage, "that send endless header lines", 20, "", Attack.saying("agi_network: yes\n".getBytes(UTF_8)));
        suffer(
                stage,
                "that send megabytes without a newline",
                20,
                "",
                Attack.saying("x".repeat(65_536).getBytes(UTF_8)));
        suffer(stage, "that send binary noise, NUL, invalid UTF-8", 20, "", Attack.saying(noise));
        String kick = stage.kick();
        suffer(stage, "that kick, on the moderator's channel, which they do not hold", 20, kick, Attack.asking(""));
        suffer(stage, "that do so, with a header twice", 20, kick, Attack.asking("agi_channel: PJSIP/1-1\n"));
        suffer(stage, "that do so, and answer nothing", 20, kick, peer -> {
            peer.request();
            LockSupport.parkNanos(2_500_000_000L);
            throw new IOException("it gives up");
        });
        suffer(stage, "that do so from 127.0.0.2, which is not in `agi-peers`", 20, kick, Attack.asking(""));
        for (String script : List.of(
                "conference_mute?conference=100%0d%0aAction:%20Logoff&number=1%0d%0aAction:%20Logoff",
                "conference_mute?conference=100&number=1%0d%0aAction:%20Logoff",
                "conference_mute?conference=" + "9".repeat(7_000),
                "conference_mute?conference=" + "9".repeat(10_000),
                "conference_mute?conference=../x&number=%zz",
                "conference_kick?conference=all&number=all",
                "conference_mute?conference=all&number=participants",
                "../../etc/passwd",
                "confcodes.agi.CodeRunner")) {
            String shown = script.length() > 90
                    ? print("%s…` (%,d characters)", script.substring(0, 40), script.length())
                    : script + "`";
            suffer(stage, "that ask `" + shown, 20, script, Attack.asking(""));
        }
    }

    private void suffer(Stage stage, String what, int peers, String script, Attack attack) throws Exception {
        ServerProcess server = stage.server();
        Codes before = codes(server, stage.crowd(), Duration.ofSeconds(2));
        List<String> bystanders = bystanders(stage);
        long warningsBefore = server.logged(" WARN confcodes.agi");
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger connections = new AtomicInteger();
        String from = what.contains("127.0.0.2") ? "127.0.0.2" : "127.0.0.1";
        Member channel = (script.contains("=all") ? stage.all() : stage.hundred()).moderator();
        List<Future<?>> attackers = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            attackers.add(phones.submit(() -> {
                // It comes again as often as it is put out.
                while (!over.get()) {
                    try (FastAgiPeer peer = new FastAgiPeer(InetAddress.getByName(from), server.port(), script)) {
                        connections.incrementAndGet();
                        peer.names(channel.channel(), channel.uniqueId());
                        while (!over.get()) {
                            attack.on(peer);
                        }
                    } catch (IOException e) {
                        // Put out.
                    }
                    LockSupport.parkNanos(20_000_000);
                }
            }));
        }
        Duration length = Duration.ofSeconds(peers > 100 ? 8 : 3);
        Codes meanwhile = codes(server, stage.crowd(), length);
        double memory = server.figures().memory();
        over.set(true);
        for (Future<?> attacker : attackers) {
            attacker.get();
        }
        boolean unchanged = bystanders.equals(bystanders(stage));
        long warnings = server.logged(" WARN confcodes.agi") - warningsBefore;
        row(
                "4",
                print("%,d %s", peers, what),
                print(
                        "codes done %d of %d; p50 / p99 %s ms before, %s ms meanwhile; RSS %.0f MB; connections %d, warnings %d in %d s; bystanders %s",
                        meanwhile.done.count(),
                        meanwhile.begun,
                        before.done.cell(),
                        meanwhile.done.cell(),
                        memory,
                        connections.get(),
                        warnings,
                        length.toSeconds(),
                        unchanged ? "unchanged" : "**changed**"),
                "all done, one warning in 10 s, unchanged",
                meanwhile.done.count() == meanwhile.begun && warnings <= 2 && unchanged && server.logged("\tat ") == 0);
    }

    /** Who is in the conferences that the hostile peers name, who is muted, and whether they are locked. */
    private static List<String> bystanders(Stage stage) {
        return Stream.of(stage.hundred().room(), stage.all().room())
                .map(room -> room.here() + " muted " + room.muted() + " locked " + room.isLocked())
                .toList();
    }

    /** How many codes began, and how long those took that were done. */
    private record Codes(int begun, Samples done) {}

    /** The moderator's codes, one after another for a while. */
    private Codes codes(ServerProcess server, Crowd crowd, Duration length) {
        Samples done = new Samples();
        int begun = 0;
        for (long start = System.nanoTime(); System.nanoTime() - start < length.toNanos(); begun++) {
            try {
                Member muted = crowd.member(begun);
                Code code = Code.given(server.port(), crowd, crowd.moderator(), muted, lab.ami()::setVariable);
                done.add(code.whole());
            } catch (IOException e) {
                // One more that is not done.
            }
            LockSupport.parkNanos(5_000_000);
        }
        return new Codes(begun, done);
    }

    /** What did nothing in other hands does something in the moderator's. */
    private void assertKicks(Stage stage) throws IOException {
        Member moderator = stage.hundred().moderator();
        try (FastAgiPeer peer = new FastAgiPeer(stage.server().port(), stage.kick())) {
            peer.names(moderator.channel(), moderator.uniqueId())
                    .sets(Code.proof(moderator, lab.ami()::setVariable))
                    .play();
        }
        Room room = stage.hundred().room();
        Await.until("the bystander is kicked", () -> room.here().size() == BYSTANDERS);
    }

    private void load(Duration soak) throws Exception {
        List<Crowd> crowds = crowds(
                MEMBERS,
                Stream.generate(() -> lab.room(null)).limit(CROWD / MEMBERS + 1).toArray(Room[]::new));
        crowd(crowds);
        many(print("%,d codes in a row by 4 callers", ROW), crowds, ROW, Duration.ofMinutes(10), 4);
        many(soak.toMinutes() + " min of codes, 20 callers at a time", crowds, Integer.MAX_VALUE, soak, 20);
        crowds.forEach(Crowd::close);
    }

    private void crowd(List<Crowd> crowds) throws Exception {
        try (ServerProcess server = serve("--allow=anyone")) {
            ProcessFigures figures = server.figures();
            long files = figures.files();
            List<FastAgiPeer> peers = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                peers.add(Code.waiting(server.port(), crowds, i, lab.ami()::setVariable));
            }
            double memory = figures.memory();
            long threads = figures.threads();
            List<Future<FastAgiPeer>> playing = new ArrayList<>();
            for (FastAgiPeer peer : peers) {
                playing.add(phones.submit(peer::playOn));
            }
            Samples samples = new Samples();
            for (Future<FastAgiPeer> played : playing) {
                FastAgiPeer peer = played.get();
                if (peer.status().equals("DONE")) {
                    samples.add(peer.nanos());
                }
                peer.close();
            }
            Await.until("files are as before", () -> figures.files() <= files);
            row(
                    "7",
                    CROWD + " codes at once waiting for digits, then all acting at once",
                    print(
                            "%d done; digits to outcome p50 / p99 %s, max %.0f ms; %d threads and %.0f MB while waiting, peak RSS %.0f MB",
                            samples.count(),
                            samples.cell(),
                            samples.quantile(1),
                            threads,
                            memory,
                            figures.peakMemory()),
                    "all done, 5 s",
                    samples.count() == CROWD && samples.quantile(1) < 5000);
        }
    }

    /** Codes of some callers, one after another each. */
    private void many(String name, List<Crowd> crowds, int count, Duration longest, int callers) throws Exception {
        try (ServerProcess server = serve("--allow=anyone")) {
            codesInARow(server, crowds, 0, 3000, longest, new Samples());
            ProcessFigures figures = server.figures();
            long files = figures.files();
            long threads = besidesCodes(figures);
            String before = print("%d files, %d threads, %.0f MB", files, threads, figures.memory());
            Samples samples = new Samples();
            long begun = System.nanoTime();
            List<Future<?>> running = IntStream.range(0, callers)
                    .<Future<?>>mapToObj(caller ->
                            phones.submit(() -> codesInARow(server, crowds, caller, count / callers, longest, samples)))
                    .toList();
            List<Double> memory = new ArrayList<>();
            while (!running.stream().allMatch(Future::isDone)) {
                memory.add(figures.memory());
                LockSupport.parkNanos(100_000_000);
            }
            for (Future<?> caller : running) {
                caller.get();
            }
            double seconds = (System.nanoTime() - begun) / 1e9;
            List<Double> quarters = quarters(memory);
            Await.until("files are as before", () -> figures.files() <= files);
            row(
                    "7",
                    name,
                    print(
                            "%d codes, all done, %.0f/s; p50 / p99 %s, max %.0f ms; before: %s; after: %d files, %d threads, %.0f MB; peak RSS in quarters %s MB",
                            samples.count(),
                            samples.count() / seconds,
                            samples.cell(),
                            samples.quantile(1),
                            before,
                            figures.files(),
                            besidesCodes(figures),
                            figures.memory(),
                            quarters.stream().map(peak -> print("%.0f", peak)).collect(Collectors.joining(", "))),
                    "flat",
                    besidesCodes(figures) <= threads && Collections.max(quarters) < quarters.get(0) + FLAT);
        }
    }

    private Void codesInARow(
            ServerProcess server, List<Crowd> crowds, int caller, int count, Duration longest, Samples samples)
            throws IOException {
        Crowd crowd = crowds.get(caller % crowds.size());
        Member member = crowd.member(caller / crowds.size());
        long begun = System.nanoTime();
        try (PlainAmi ami = new PlainAmi(lab.amiPort(), "lab", "lab", "off")) {
            for (int i = 0; i < count && System.nanoTime() - begun < longest.toNanos(); i++) {
                Code code = Code.given(server.port(), crowd, member, crowd.member(i), ami::setVariable);
                samples.add(code.whole());
            }
        }
        return null;
    }

    private static long besidesCodes(ProcessFigures figures) {
        return figures.threads() - figures.threads("code-");
    }

    /** {@return the largest of each quarter} */
    private static List<Double> quarters(List<Double> samples) {
        return IntStream.range(0, 4)
                .mapToObj(quarter ->
                        samples.subList(quarter * samples.size() / 4, Math.max(1, (quarter + 1) * samples.size() / 4)))
                .map(Collections::max)
                .toList();
    }
}
