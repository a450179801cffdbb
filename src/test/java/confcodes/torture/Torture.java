package confcodes.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * The long versions of the tests of faults, hostile peers and load, as rows of one table. Its arguments are the table's file
 * and the lines that src/lab/asterisk prints.
 */
public final class Torture {

    private static final int IN_FLIGHT = 200;
    private static final int MEMBERS = 40;
    private static final int CROWD = 500;
    private static final int ROW = 100_000;
    private static final int POOL = 4;
    private static final Duration SOAK = Duration.ofSeconds(60);
    private static final Duration STOPPED = Duration.ofSeconds(20);
    private static final String SECRET = "change-me-confcodes";

    private final Map<String, String> facts = new HashMap<>();
    private final StringBuilder table = new StringBuilder();
    private final ExecutorService phones = Executors.newCachedThreadPool(run -> {
        Thread thread = new Thread(null, run, "phone", 128 * 1024);
        thread.setDaemon(true);
        return thread;
    });
    private int conferences = 800;

    private Torture(List<String> lines) {
        for (String line : lines) {
            String[] pair = line.split("=", 2);
            facts.put(pair[0], pair[1]);
        }
    }

    /**
     * Runs everything.
     *
     * @param args the table's file; faults, hostile, load or all; then {@code key=value}
     */
    public static void main(String[] args) throws Exception {
        Torture torture = new Torture(Arrays.asList(args).subList(2, args.length));
        switch (args[1]) {
            case "faults" -> torture.faults();
            case "hostile" -> torture.hostile();
            case "load" -> torture.load();
            default -> {
                torture.faults();
                torture.hostile();
                torture.load();
            }
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

    /** {@code confcodes serve} in a process of its own. */
    private final class Server implements AutoCloseable {

        private final Process process;
        private final int port;
        private final ProcessFigures figures;

        Server(int amiPort, String... options) throws IOException {
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-Xmx64m",
                    "-Xss256k",
                    "-jar",
                    "target/confcodes.jar",
                    "serve",
                    "--ami-port=" + amiPort,
                    "--agi-port=" + port,
                    "--pool-size=" + POOL));
            command.addAll(List.of(options));
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("CONFCODES_AMI_SECRET", SECRET);
            process = builder.redirectOutput(log().toFile()).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
            figures = new ProcessFigures(process.pid());
            await("the server serves", () -> logged("serving on") > 0);
        }

        private Path log() {
            return Path.of(facts.get("dir"), "log", "confcodes-" + port);
        }

        long logged(String text) throws IOException {
            try (var lines = Files.lines(log(), StandardCharsets.ISO_8859_1)) {
                return lines.filter(line -> line.contains(text)).count();
            }
        }

        long besidesCodes() {
            return figures.threads() - figures.threads("code-");
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }

    /** A conference of the lab: its name, the moderator's channel, and the members' numbers. */
    private record Room(String name, String moderator, List<String> numbers) {

        String number(int i) {
            return numbers.get(i % numbers.size());
        }
    }

    /** A state to wait for. */
    @FunctionalInterface
    private interface State {
        boolean reached() throws IOException;
    }

    private static double await(String state, State wanted) throws IOException {
        long begun = System.nanoTime();
        while (!wanted.reached()) {
            if (System.nanoTime() - begun > 60e9) {
                throw new IOException("not within 60 s: " + state);
            }
            LockSupport.parkNanos(10_000_000);
        }
        return (System.nanoTime() - begun) / 1e9;
    }

    private int amiPort() {
        return Integer.parseInt(facts.get("ami_port"));
    }

    private String lab(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of("src/lab/asterisk"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String rx(String command) throws IOException {
        return lab("rx", facts.get("dir"), command);
    }

    private long connections() throws IOException {
        return rx("manager show connected")
                .lines()
                .filter(line -> line.strip().startsWith("confcodes "))
                .count();
    }

    private Room room() throws IOException {
        String name = Integer.toString(++conferences);
        try (Ami ami = new Ami(amiPort())) {
            List<String> numbers = new ArrayList<>();
            for (int i = 0; i <= MEMBERS; i++) {
                String number = i == 0 ? "200" : Integer.toString(1000 + i);
                ami.ask(
                        "Originate",
                        "Channel: Local/" + number + "@lab-join/n",
                        "Context: lab-far",
                        "Exten: s",
                        "Priority: 1",
                        "Async: true",
                        "Variable: CONF=" + name,
                        "Variable: PROFILE=" + (i == 0 ? "lab_admin" : "lab_user"));
                if (i > 0) {
                    numbers.add(number);
                }
            }
            await("all have joined", () -> ami.members(name).size() == MEMBERS + 1);
            String moderator = ami.members(name).stream()
                    .map(row -> row.get("Channel"))
                    .filter(channel -> channel.startsWith("Local/200@"))
                    .findFirst()
                    .orElseThrow();
            return new Room(name, moderator, numbers);
        }
    }

    private void empty(Room room) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            for (Map<String, String> row : ami.members(room.name())) {
                ami.ask("Hangup", "Channel: " + row.get("Channel"));
            }
            await("the room is empty", () -> ami.members(room.name()).isEmpty());
        }
    }

    private static AgiCaller mute(Server server, Room room) throws IOException {
        return new AgiCaller(server.port, "conference_mute?conference=" + room.name(), room.moderator());
    }

    private static AgiCaller code(Server server, Room room, int i) throws IOException {
        try (AgiCaller caller = mute(server, room)) {
            return caller.type(room.number(i));
        }
    }

    private static double quantile(List<AgiCaller> callers, double share) {
        long[] nanos = callers.stream().mapToLong(AgiCaller::nanos).sorted().toArray();
        return nanos[(int) Math.max(0, Math.ceil(share * nanos.length) - 1)] / 1e6;
    }

    private static String latency(List<AgiCaller> callers) {
        return print(
                "p50 %.1f, p99 %.1f, max %.1f ms",
                quantile(callers, 0.5), quantile(callers, 0.99), quantile(callers, 1));
    }

    private static <T> List<T> all(List<Future<T>> futures) throws Exception {
        List<T> results = new ArrayList<>();
        for (Future<T> future : futures) {
            results.add(future.get());
        }
        return results;
    }

    private static long ended(List<AgiCaller> callers, String status) {
        return callers.stream().filter(caller -> caller.status().equals(status)).count();
    }

    private static Map<String, Integer> statuses(List<AgiCaller> callers) {
        Map<String, Integer> counts = new TreeMap<>();
        callers.forEach(
                caller -> counts.merge(caller.status().isEmpty() ? "(none)" : caller.status(), 1, Integer::sum));
        return counts;
    }

    // Item 1

    /** A fault of the lab's Asterisk. */
    @FunctionalInterface
    private interface Fault {
        void strike() throws IOException;
    }

    private void faults() throws Exception {
        fault("kill -9 and a new start", () -> kill("KILL"), () -> lab("restart", facts.get("dir")), false, 2);
        fault("`core restart now`", () -> rx("core restart now"), () -> {}, false, 2);
        fault(
                "SIGSTOP for " + STOPPED.toSeconds() + " s, SIGCONT",
                () -> {
                    kill("STOP");
                    await("it is stopped", this::isStopped);
                },
                () -> {
                    LockSupport.parkNanos(STOPPED.toNanos());
                    kill("CONT");
                },
                true,
                2);
        Path file = Path.of(facts.get("dir"), "etc", "manager_confcodes.conf");
        String right = Files.readString(file);
        fault(
                "another secret, `manager reload`, sessions closed; 12 s later the right one",
                () -> {
                    Files.writeString(file, right.replace("secret=" + SECRET, "secret=other"));
                    rx("manager reload");
                    for (String line : rx("manager show connected").lines().toList()) {
                        String[] columns = line.strip().split(" +");
                        if (columns[0].equals("confcodes")) {
                            rx("manager kick session " + columns[4]);
                        }
                    }
                },
                () -> {
                    LockSupport.parkNanos(Duration.ofSeconds(12).toNanos());
                    Files.writeString(file, right);
                    rx("manager reload");
                },
                true,
                8);
    }

    /** The lab's Asterisk has another id after a restart. */
    private long pid() throws IOException {
        return Files.readAllLines(Path.of(facts.get("dir"), "lab")).stream()
                .filter(line -> line.startsWith("pid="))
                .mapToLong(line -> Long.parseLong(line.substring("pid=".length())))
                .findFirst()
                .orElseThrow();
    }

    private void kill(String signal) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + signal, Long.toString(pid())).start();
        if (kill.onExit().join().exitValue() != 0) {
            throw new IOException("no process to " + signal);
        }
    }

    private boolean isStopped() throws IOException {
        return Files.readString(Path.of("/proc", Long.toString(pid()), "status"))
                .contains("State:\tT");
    }

    private long refusals() throws IOException {
        try (var lines = Files.lines(Path.of(facts.get("dir"), "log", "full"), StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> line.contains("failed to authenticate as 'confcodes'"))
                    .count();
        }
    }

    private void fault(String name, Fault strike, Fault mend, boolean keepsState, double wholeWithin) throws Exception {
        try (Server server = new Server(amiPort())) {
            await("the pool is whole", () -> connections() == POOL);
            Room room = room();
            for (int i = 0; i < MEMBERS; i++) {
                code(server, room, i);
            }
            try (Ami ami = new Ami(amiPort())) {
                for (Map<String, String> row : ami.members(room.name())) {
                    ami.ask("ConfbridgeUnmute", "Conference: " + room.name(), "Channel: " + row.get("Channel"));
                }
            }
            long files = server.figures.files();
            long threads = server.besidesCodes();
            double memory = server.figures.memory();
            long refused = refusals();
            List<AgiCaller> callers = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                callers.add(mute(server, room));
            }
            all(callers.stream()
                    .map(caller -> phones.submit(caller::awaitAsked))
                    .toList());
            List<Future<AgiCaller>> typing = new ArrayList<>();
            for (int i = 0; i < IN_FLIGHT; i++) {
                if (i == IN_FLIGHT / 2) {
                    typing.get(0).get();
                    strike.strike();
                }
                AgiCaller caller = callers.get(i);
                String number = room.number(i);
                typing.add(phones.submit(() -> caller.type(number)));
            }
            all(typing);
            long struck = ended(callers.subList(IN_FLIGHT / 2, IN_FLIGHT), "DONE");
            mend.strike();
            await("Asterisk answers", () -> rx("core waitfullybooted").contains("fully booted"));
            double whole = await("the pool is whole", () -> connections() == POOL);
            long saidButNotDone = keepsState ? saidButNotDone(room, callers) : 0;
            long logins = refusals() - refused;
            Room next = keepsState ? room : room();
            List<AgiCaller> after = new ArrayList<>();
            for (int i = 0; i < MEMBERS; i++) {
                after.add(code(server, next, i));
            }
            await("files are as before", () -> server.figures.files() <= files);
            await("threads are as before", () -> server.besidesCodes() <= threads);
            long gone = keepsState ? 0 : ended(callers, "NOCONFERENCE");
            double slowest = quantile(callers, 1) / 1000;
            boolean met = slowest < 5
                    && whole <= wholeWithin
                    && saidButNotDone == 0
                    && struck < IN_FLIGHT / 2
                    && ended(callers, "DONE") + ended(callers, "UNAVAILABLE") + gone == IN_FLIGHT
                    && ended(after, "DONE") == MEMBERS
                    && logins <= 4
                    && server.logged("\tat ") == 0;
            row(
                    "1",
                    IN_FLIGHT + " codes in flight: " + name,
                    statuses(callers)
                            + print(
                                    ", of the %d typed after the fault %d DONE; slowest %.1f s after the last digit%s; pool whole %.1f s after the PBX answers; refused logins %d; files %d → %d, threads %d → %d, RSS %.0f → %.0f MB",
                                    IN_FLIGHT / 2,
                                    struck,
                                    slowest,
                                    keepsState ? ", DONE without the state: " + saidButNotDone : "",
                                    whole,
                                    logins,
                                    files,
                                    server.figures.files(),
                                    threads,
                                    server.besidesCodes(),
                                    memory,
                                    server.figures.memory()),
                    print("5 s, %.0f s, none, at most one login in 5 s", wholeWithin),
                    met);
            empty(next);
        }
    }

    private long saidButNotDone(Room room, List<AgiCaller> callers) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            List<String> muted = ami.members(room.name()).stream()
                    .filter(row -> row.get("Muted").equals("Yes"))
                    .map(row -> row.get("CallerIDNum"))
                    .toList();
            return callers.stream()
                    .filter(caller -> caller.status().equals("DONE") && !muted.contains(caller.number()))
                    .count();
        }
    }

    // Item 4

    /** A peer that is no Asterisk; it ends when its connection is closed. */
    @FunctionalInterface
    private interface Hostile {
        void attack(OutputStream out) throws IOException;
    }

    private void hostile() throws Exception {
        try (Server server = new Server(amiPort())) {
            await("the pool is whole", () -> connections() == POOL);
            Room room = room();
            codes(server, room, 3);
            hostile(server, room);
            empty(room);
        }
    }

    private void hostile(Server server, Room room) throws Exception {
        String header = "agi_network: yes\n";
        String noise = "x".repeat(64 * 1024);
        byte[] random = new byte[64 * 1024];
        new Random(4).nextBytes(random);
        hostile(server, room, "1,000 silent connections", 1000, out -> LockSupport.parkNanos(1_000_000_000));
        hostile(server, room, "1,000 that send a byte a second", 1000, out -> {
            out.write('a');
            LockSupport.parkNanos(1_000_000_000);
        });
        hostile(
                server,
                room,
                "20 that send endless header lines",
                20,
                out -> out.write(header.getBytes(StandardCharsets.UTF_8)));
        hostile(
                server,
                room,
                "20 that send megabytes without a newline",
                20,
                out -> out.write(noise.getBytes(StandardCharsets.UTF_8)));
        hostile(server, room, "20 that send binary noise, NUL, invalid UTF-8", 20, out -> out.write(random));
        for (String query : List.of(
                "conference_mute?conference=100%0d%0aAction:%20Logoff&number=1%0d%0aAction:%20Logoff",
                "conference_mute?conference=" + "9".repeat(7000),
                "conference_mute?conference=../x&number=%zz",
                "conference_kick?conference=all&number=all",
                "../../etc/passwd",
                "confcodes.agi.MuteScript")) {
            hostile(
                    server,
                    room,
                    "20 that ask `"
                            + (query.length() > 90 ? query.substring(0, 40) + "…` (7,000 characters)" : query + "`"),
                    20,
                    out -> {
                        out.write(AgiCaller.request(query, "PJSIP/1-1").getBytes(StandardCharsets.UTF_8));
                        LockSupport.parkNanos(100_000_000);
                    });
        }
    }

    private void hostile(Server server, Room room, String name, int peers, Hostile hostile) throws Exception {
        List<AgiCaller> before = codes(server, room, 2);
        long warningsBefore = server.logged(" WARN confcodes.agi");
        AtomicBoolean over = new AtomicBoolean();
        List<Future<?>> attacks = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            attacks.add(phones.submit(() -> attack(server.port, hostile, over)));
        }
        List<AgiCaller> meanwhile = codes(server, room, peers > 100 ? 8 : 3);
        double memory = server.figures.memory();
        over.set(true);
        for (Future<?> attack : attacks) {
            attack.get();
        }
        row(
                "4",
                name,
                print(
                        "codes done %d of %d; p50 / p99 %.1f / %.1f ms before, %.1f / %.1f ms meanwhile; RSS %.0f MB, %d warnings",
                        ended(meanwhile, "DONE"),
                        meanwhile.size(),
                        quantile(before, 0.5),
                        quantile(before, 0.99),
                        quantile(meanwhile, 0.5),
                        quantile(meanwhile, 0.99),
                        memory,
                        server.logged(" WARN confcodes.agi") - warningsBefore),
                "all done",
                ended(meanwhile, "DONE") == meanwhile.size() && server.logged("\tat ") == 0);
    }

    /** One hostile peer: it comes again as often as it is put out. */
    private static void attack(int port, Hostile hostile, AtomicBoolean over) {
        while (!over.get()) {
            try (Socket socket = new Socket("127.0.0.1", port)) {
                while (!over.get()) {
                    hostile.attack(socket.getOutputStream());
                }
            } catch (IOException e) {
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    /** Codes one after another for some seconds; one that could not be finished counts as one without an outcome. */
    private static List<AgiCaller> codes(Server server, Room room, int seconds) throws IOException {
        List<AgiCaller> callers = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; System.nanoTime() < end; i++) {
            AgiCaller caller = mute(server, room);
            callers.add(caller);
            try (caller) {
                caller.type(room.number(i));
            } catch (IOException e) {
                LockSupport.parkNanos(10_000_000);
            }
            LockSupport.parkNanos(5_000_000);
        }
        return callers;
    }

    // Item 7

    private void load() throws Exception {
        crowd();
        row();
        soak();
    }

    private void crowd() throws Exception {
        try (Server server = new Server(amiPort())) {
            await("the pool is whole", () -> connections() == POOL);
            Room room = room();
            long files = server.figures.files();
            List<AgiCaller> callers = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                callers.add(mute(server, room));
            }
            all(callers.stream()
                    .map(caller -> phones.submit(caller::awaitAsked))
                    .toList());
            double memory = server.figures.memory();
            long threads = server.figures.threads();
            long begun = System.nanoTime();
            List<Future<AgiCaller>> typing = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                AgiCaller caller = callers.get(i);
                String number = room.number(i);
                typing.add(phones.submit(() -> caller.type(number)));
            }
            all(typing);
            double seconds = (System.nanoTime() - begun) / 1e9;
            for (AgiCaller caller : callers) {
                caller.close();
            }
            await("files are as before", () -> server.figures.files() <= files);
            row(
                    "7",
                    CROWD + " codes at once waiting for digits, then all acting at once (real Asterisk)",
                    statuses(callers)
                            + print(
                                    " in %.2f s; digits to outcome %s; %d threads and %.0f MB while waiting, peak RSS %.0f MB",
                                    seconds, latency(callers), threads, memory, server.figures.peakMemory()),
                    "all DONE, 5 s",
                    ended(callers, "DONE") == CROWD && quantile(callers, 1) < 5000);
            empty(room);
        }
    }

    private void row() throws Exception {
        many(ROW + " codes in a row by 4 callers (scripted PBX)", ROW, Duration.ofMinutes(10), 4);
    }

    private void soak() throws Exception {
        many(SOAK.toSeconds() + " s of codes, 20 callers at a time (scripted PBX)", Integer.MAX_VALUE, SOAK, 20);
    }

    private void many(String name, int count, Duration longest, int threads) throws Exception {
        try (ScriptedPbx pbx = new ScriptedPbx();
                Server server = new Server(pbx.port())) {
            Room room = new Room("100", ScriptedPbx.MODERATOR, List.of(ScriptedPbx.NUMBER));
            for (int i = 0; i < 3000; i++) {
                code(server, room, i);
            }
            ProcessFigures figures = server.figures;
            String before =
                    print("%d files, %d threads, %.0f MB", figures.files(), server.besidesCodes(), figures.memory());
            long files = figures.files();
            long others = server.besidesCodes();
            long begun = System.nanoTime();
            List<Future<long[]>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(phones.submit(() -> {
                    long[] nanos = new long[Math.min(count / threads, 1_000_000)];
                    int done = 0;
                    while (done < nanos.length && System.nanoTime() - begun < longest.toNanos()) {
                        AgiCaller caller = code(server, room, done);
                        if (!caller.status().equals("DONE")) {
                            throw new IOException("ended with " + caller.status());
                        }
                        nanos[done++] = caller.nanos();
                    }
                    return Arrays.copyOf(nanos, done);
                }));
            }
            long[] nanos =
                    all(running).stream().flatMapToLong(Arrays::stream).sorted().toArray();
            double seconds = (System.nanoTime() - begun) / 1e9;
            await("files are as before", () -> figures.files() <= files);
            row(
                    "7",
                    name,
                    print(
                            "%d codes, all DONE, %.0f/s; p50 %.2f, p99 %.2f, max %.0f ms; before: %s; after: %d files, %d threads, %.0f MB; peak RSS %.0f MB",
                            nanos.length,
                            nanos.length / seconds,
                            nanos[nanos.length / 2] / 1e6,
                            nanos[(int) (nanos.length * 0.99)] / 1e6,
                            nanos[nanos.length - 1] / 1e6,
                            before,
                            figures.files(),
                            server.besidesCodes(),
                            figures.memory(),
                            figures.peakMemory()),
                    "flat",
                    server.besidesCodes() <= others);
        }
    }
}
