package confcodes.torture;

import confcodes.Packaged;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
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
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The long versions of the tests of faults, hostile peers and load, as rows of one table. Its arguments are the table's file
 * and the lines that src/lab/asterisk prints.
 */
public final class Torture {

    private static final int IN_FLIGHT = 200;
    private static final int STRANGERS = 20;
    private static final int MEMBERS = 40;
    private static final int BYSTANDERS = 3;
    private static final int CROWD = 500;
    private static final int ROW = 100_000;
    private static final int POOL = 4;

    /** By how many MiB resident memory may differ and still be the same. */
    private static final int FLAT = 5;

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

    private static String join(String format, List<Double> values) {
        return values.stream().map(value -> print(format, value)).collect(Collectors.joining(", "));
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
            List<String> command = new ArrayList<>(
                    Packaged.confcodes("serve", "--ami-port=" + amiPort, "--agi-port=" + port, "--pool-size=" + POOL));
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
        return room(Integer.toString(++conferences), MEMBERS);
    }

    private Room room(String name, int members) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            List<String> numbers = new ArrayList<>();
            for (int i = 0; i <= members; i++) {
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
            await("all have joined", () -> ami.members(name).size() == members + 1);
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
        fault("kill -9 and a new start", 5, () -> kill("KILL"), () -> lab("restart", facts.get("dir")), false, 2);
        fault("`core restart now`", 5, () -> rx("core restart now"), () -> {}, false, 2);
        fault(
                "SIGSTOP for " + STOPPED.toSeconds() + " s, SIGCONT",
                3,
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
                3,
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

    /** What came of a fault, however often it struck. */
    private static final class Aftermath {

        private final List<AgiCaller> callers = new ArrayList<>();
        private final List<AgiCaller> next = new ArrayList<>();
        private final List<Double> heap = new ArrayList<>();
        private final List<Double> memory = new ArrayList<>();
        private long doneAfterwards;
        private double whole;
        private long refusals;
        private long saidButNotDone;
        private long doneButNotSaid;
        private long mostEvents;
        private long mutedStrangers;

        /** Compares what was said with the conference as it is, and with each channel's mute events. */
        void compare(List<AgiCaller> said, List<String> muted, List<Map<String, String>> events) {
            List<String> named = said.stream().map(AgiCaller::number).toList();
            List<AgiCaller> done =
                    said.stream().filter(code -> muted.contains(code.number())).toList();
            saidButNotDone += ended(said, "DONE") - ended(done, "DONE");
            doneButNotSaid += ended(done, "UNAVAILABLE");
            mutedStrangers +=
                    muted.stream().filter(number -> !named.contains(number)).count();
            events.stream()
                    .collect(Collectors.groupingBy(event -> event.get("Channel"), Collectors.counting()))
                    .values()
                    .forEach(count -> mostEvents = Math.max(mostEvents, count));
        }
    }

    private void fault(String name, int times, Fault strike, Fault mend, boolean keepsState, double wholeWithin)
            throws Exception {
        try (Server server = new Server(amiPort())) {
            ProcessFigures figures = server.figures;
            await("the pool is whole", () -> connections() == POOL);
            Room room = struckRoom();
            for (int i = 0; i < MEMBERS; i++) {
                code(server, room, i);
            }
            double heap = figures.liveHeap();
            double memory = figures.memory();
            long files = figures.files();
            long threads = server.besidesCodes();
            long codeThreads = figures.threads("code-");
            Aftermath aftermath = new Aftermath();
            for (int time = 0; time < times; time++) {
                unmute(room);
                strike(server, room, strike, mend, keepsState, aftermath);
                Room next = keepsState ? room : struckRoom();
                unmute(next);
                List<AgiCaller> after = new ArrayList<>();
                for (int i = 0; i < MEMBERS; i++) {
                    after.add(code(server, next, i));
                }
                aftermath.next.addAll(after);
                aftermath.compare(after, muted(next), List.of());
                await("files are as before", () -> figures.files() <= files);
                await("threads are as before", () -> server.besidesCodes() <= threads);
                aftermath.heap.add(figures.liveHeap());
                aftermath.memory.add(figures.memory());
                room = next;
            }
            await("idle threads have ended", () -> figures.threads("code-") <= codeThreads);
            List<AgiCaller> callers = aftermath.callers;
            double slowest = quantile(callers, 1) / 1000;
            long gone = keepsState ? 0 : ended(callers, "NOCONFERENCE");
            boolean met = slowest < 5
                    && aftermath.whole <= wholeWithin
                    && aftermath.saidButNotDone == 0
                    && aftermath.mutedStrangers == 0
                    && aftermath.doneAfterwards < callers.size() / 2
                    && ended(callers, "DONE") + ended(callers, "UNAVAILABLE") + gone == callers.size()
                    && ended(aftermath.next, "DONE") == aftermath.next.size()
                    && aftermath.refusals <= 4
                    && Collections.max(aftermath.heap) < aftermath.heap.get(0) + 1
                    && Collections.max(aftermath.memory) < aftermath.memory.get(0) + FLAT
                    && server.logged("\tat ") == 0;
            row(
                    "1",
                    print("%d times %d codes in flight: %s", times, IN_FLIGHT, name),
                    statuses(callers)
                            + print(
                                    ", of the %d typed after the fault %d DONE; slowest %.1f s after the last digit; %spool whole %.1f s after the PBX answers; refused logins %d; files %d → %d, threads %d → %d; heap in use %.1f → %s MB, RSS %.0f → %s MB, with idle threads ended %.0f MB",
                                    callers.size() / 2,
                                    aftermath.doneAfterwards,
                                    slowest,
                                    keepsState
                                            ? print(
                                                    "DONE and not muted %d, UNAVAILABLE and muted all the same %d, mute events of a channel at most %d, muted without being named %d; ",
                                                    aftermath.saidButNotDone,
                                                    aftermath.doneButNotSaid,
                                                    aftermath.mostEvents,
                                                    aftermath.mutedStrangers)
                                            : "",
                                    aftermath.whole,
                                    aftermath.refusals,
                                    files,
                                    figures.files(),
                                    threads,
                                    server.besidesCodes(),
                                    heap,
                                    join("%.1f", aftermath.heap),
                                    memory,
                                    join("%.0f", aftermath.memory),
                                    figures.memory()),
                    print("5 s, %.0f s, none, at most one login in 5 s, flat", wholeWithin),
                    met);
            empty(room);
        }
    }

    /** A conference for all the codes in flight, each of which names another, and for some whom none names. */
    private Room struckRoom() throws IOException {
        return room(Integer.toString(++conferences), IN_FLIGHT + STRANGERS);
    }

    private void strike(Server server, Room room, Fault strike, Fault mend, boolean keepsState, Aftermath aftermath)
            throws Exception {
        long refused = refusals();
        Ami events = new Ami(amiPort());
        events.watch("ConfbridgeMute");
        List<AgiCaller> callers = new ArrayList<>();
        for (int i = 0; i < IN_FLIGHT; i++) {
            callers.add(mute(server, room));
        }
        all(callers.stream().map(caller -> phones.submit(caller::awaitAsked)).toList());
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
        for (AgiCaller caller : callers) {
            caller.close();
        }
        mend.strike();
        await("Asterisk answers", () -> rx("core waitfullybooted").contains("fully booted"));
        double whole = await("the pool is whole", () -> connections() == POOL);
        if (keepsState) {
            aftermath.compare(callers, muted(room), events.watched());
        }
        events.close();
        aftermath.callers.addAll(callers);
        aftermath.doneAfterwards += ended(callers.subList(IN_FLIGHT / 2, IN_FLIGHT), "DONE");
        aftermath.whole = Math.max(aftermath.whole, whole);
        aftermath.refusals = Math.max(aftermath.refusals, refusals() - refused);
    }

    private void unmute(Room room) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            ami.ask("ConfbridgeUnmute", "Conference: " + room.name(), "Channel: all");
            await("nobody is muted", () -> muted(room).isEmpty());
        }
    }

    private List<String> muted(Room room) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            return ami.members(room.name()).stream()
                    .filter(row -> row.get("Muted").equals("Yes"))
                    .map(row -> row.get("CallerIDNum"))
                    .toList();
        }
    }

    // Item 4

    /** A peer that is no Asterisk; it ends when its connection is closed. */
    @FunctionalInterface
    private interface Hostile {
        void attack(Socket socket) throws IOException;

        static Hostile saying(byte[] bytes) {
            return socket -> socket.getOutputStream().write(bytes);
        }

        /** Asks for a code and waits until the connection is closed. */
        static Hostile asking(String request) {
            return socket -> {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
                socket.setSoTimeout(100);
                try {
                    socket.getInputStream().readAllBytes();
                    socket.close();
                } catch (SocketTimeoutException e) {
                    // It has been served so far, and now gets the next request in the place of a reply.
                }
            };
        }
    }

    /** A server, a conference for its codes, and two that the hostile peers name. */
    private record Stage(Server server, Room room, Room hundred, Room all) {}

    private void hostile() throws Exception {
        try (Server server = new Server(amiPort(), "--agi-peers=127.0.0.1")) {
            await("the pool is whole", () -> connections() == POOL);
            Stage stage = new Stage(server, room(), room("100", BYSTANDERS), room("all", BYSTANDERS));
            codes(stage, 3);
            hostile(stage);
            assertKicks(stage);
            empty(stage.room());
            empty(stage.hundred());
            empty(stage.all());
        }
    }

    private static String kick(Stage stage) {
        return "conference_kick?conference=100&number=" + stage.hundred().number(0);
    }

    /** What did nothing in other hands is no dud. */
    private void assertKicks(Stage stage) throws IOException {
        try (AgiCaller caller = new AgiCaller(
                        stage.server().port, kick(stage), stage.hundred().moderator());
                Ami ami = new Ami(amiPort())) {
            caller.end();
            await("the bystander is kicked", () -> ami.members("100").size() == BYSTANDERS);
        }
    }

    private void hostile(Stage stage) throws Exception {
        byte[] noise = new byte[64 * 1024];
        new Random(4).nextBytes(noise);
        hostile(stage, "1,000 silent connections", 1000, socket -> LockSupport.parkNanos(1_000_000_000));
        hostile(stage, "1,000 that send a byte a second", 1000, socket -> {
            socket.getOutputStream().write('a');
            LockSupport.parkNanos(1_000_000_000);
        });
        hostile(
                stage,
                "20 that send endless header lines",
                20,
                Hostile.saying("agi_network: yes\n".getBytes(StandardCharsets.UTF_8)));
        hostile(
                stage,
                "20 that send megabytes without a newline",
                20,
                Hostile.saying("x".repeat(64 * 1024).getBytes(StandardCharsets.UTF_8)));
        hostile(stage, "20 that send binary noise, NUL, invalid UTF-8", 20, Hostile.saying(noise));
        String request = AgiCaller.request(kick(stage), stage.hundred().moderator());
        hostile(
                stage,
                "20 that kick a bystander, with the header `agi_channel` twice",
                20,
                Hostile.asking("agi_channel: PJSIP/1-1\n" + request));
        hostile(
                stage,
                "20 that kick a bystander, from 127.0.0.2, which is not in `agi-peers`",
                20,
                "127.0.0.2",
                Hostile.asking(request));
        for (String code : List.of(
                "conference_mute?conference=100%0d%0aAction:%20Logoff&number=1%0d%0aAction:%20Logoff",
                "conference_mute?conference=100&number=1%0d%0aAction:%20Logoff",
                "conference_mute?conference=" + "9".repeat(7_000),
                "conference_mute?conference=" + "9".repeat(10_000),
                "conference_mute?conference=../x&number=%zz",
                "conference_kick?conference=all&number=all",
                "conference_mute?conference=all&number=participants",
                "../../etc/passwd",
                "confcodes.agi.MuteScript")) {
            String channel = (code.contains("=all") ? stage.all() : stage.hundred()).moderator();
            hostile(
                    stage,
                    "20 that ask, as a moderator, `"
                            + (code.length() > 90
                                    ? print("%s…` (%,d characters)", code.substring(0, 40), code.length())
                                    : code + "`"),
                    20,
                    Hostile.asking(AgiCaller.request(code, channel)));
        }
    }

    private void hostile(Stage stage, String name, int peers, Hostile hostile) throws Exception {
        hostile(stage, name, peers, "127.0.0.1", hostile);
    }

    private void hostile(Stage stage, String name, int peers, String from, Hostile hostile) throws Exception {
        Server server = stage.server();
        List<AgiCaller> before = codes(stage, 2);
        List<String> bystanders = bystanders(stage);
        long warningsBefore = server.logged(" WARN confcodes.agi");
        AtomicBoolean over = new AtomicBoolean();
        List<Future<Long>> attacks = new ArrayList<>();
        for (int i = 0; i < peers; i++) {
            attacks.add(phones.submit(() -> attack(server.port, from, hostile, over)));
        }
        int seconds = peers > 100 ? 8 : 3;
        List<AgiCaller> meanwhile = codes(stage, seconds);
        double memory = server.figures.memory();
        over.set(true);
        long connections = all(attacks).stream().mapToLong(Long::longValue).sum();
        boolean unchanged = bystanders.equals(bystanders(stage));
        row(
                "4",
                name,
                print(
                        "codes done %d of %d; p50 / p99 %.1f / %.1f ms before, %.1f / %.1f ms meanwhile; RSS %.0f MB; connections %d, warnings %d in %d s; bystanders %s",
                        ended(meanwhile, "DONE"),
                        meanwhile.size(),
                        quantile(before, 0.5),
                        quantile(before, 0.99),
                        quantile(meanwhile, 0.5),
                        quantile(meanwhile, 0.99),
                        memory,
                        connections,
                        server.logged(" WARN confcodes.agi") - warningsBefore,
                        seconds,
                        unchanged ? "unchanged" : "**changed**"),
                "all done, one warning in 10 s, unchanged",
                ended(meanwhile, "DONE") == meanwhile.size()
                        && server.logged(" WARN confcodes.agi") - warningsBefore <= 2
                        && unchanged
                        && server.logged("\tat ") == 0);
    }

    /** Who is in the conferences that the hostile peers name, muted or not, and whether they are locked. */
    private List<String> bystanders(Stage stage) throws IOException {
        try (Ami ami = new Ami(amiPort())) {
            List<String> state = new ArrayList<>();
            for (Room room : List.of(stage.hundred(), stage.all())) {
                ami.members(room.name()).stream()
                        .map(row -> row.get("Channel") + " muted " + row.get("Muted"))
                        .sorted()
                        .forEach(state::add);
            }
            ami.conferences().stream()
                    .map(row -> row.get("Conference") + " locked " + row.get("Locked"))
                    .sorted()
                    .forEach(state::add);
            return state;
        }
    }

    /** One hostile peer: it comes again as often as it is put out. Returns how often it came. */
    private static long attack(int port, String from, Hostile hostile, AtomicBoolean over) {
        long connections = 0;
        while (!over.get()) {
            try (Socket socket = new Socket("127.0.0.1", port, InetAddress.getByName(from), 0)) {
                connections++;
                while (!over.get() && !socket.isClosed()) {
                    hostile.attack(socket);
                }
            } catch (IOException e) {
                // Put out.
            }
            LockSupport.parkNanos(20_000_000);
        }
        return connections;
    }

    /** Codes one after another for some seconds; one that could not be finished counts as one without an outcome. */
    private static List<AgiCaller> codes(Stage stage, int seconds) throws IOException {
        Room room = stage.room();
        List<AgiCaller> callers = new ArrayList<>();
        long end = System.nanoTime() + seconds * 1_000_000_000L;
        for (int i = 0; System.nanoTime() < end; i++) {
            AgiCaller caller = mute(stage.server(), room);
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
        long minutes = Long.parseLong(facts.get("soak_minutes"));
        many(
                minutes + " min of codes, 20 callers at a time (scripted PBX)",
                Integer.MAX_VALUE,
                Duration.ofMinutes(minutes),
                20);
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
            Latencies latencies = new Latencies();
            long begun = System.nanoTime();
            List<Future<?>> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                running.add(phones.submit(() -> {
                    for (int i = 0; i < count / threads && System.nanoTime() - begun < longest.toNanos(); i++) {
                        AgiCaller caller = code(server, room, i);
                        if (!caller.status().equals("DONE")) {
                            throw new IOException("ended with " + caller.status());
                        }
                        latencies.add(caller.nanos());
                    }
                    return null;
                }));
            }
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
            await("files are as before", () -> figures.files() <= files);
            row(
                    "7",
                    name,
                    print(
                            "%d codes, all DONE, %.0f/s; p50 %.2f, p99 %.2f, max %.0f ms; before: %s; after: %d files, %d threads, %.0f MB; peak RSS in quarters %s MB",
                            latencies.count(),
                            latencies.count() / seconds,
                            latencies.quantile(0.5),
                            latencies.quantile(0.99),
                            latencies.quantile(1),
                            before,
                            figures.files(),
                            server.besidesCodes(),
                            figures.memory(),
                            join("%.0f", quarters)),
                    "flat",
                    server.besidesCodes() <= others && Collections.max(quarters) < quarters.get(0) + FLAT);
        }
    }

    private static List<Double> quarters(List<Double> samples) {
        return IntStream.range(0, 4)
                .mapToObj(quarter ->
                        samples.subList(quarter * samples.size() / 4, Math.max(1, (quarter + 1) * samples.size() / 4)))
                .map(Collections::max)
                .toList();
    }

    /** How often what took how long, in steps of 10 µs up to 10 s: as large for a day as for a minute. */
    private static final class Latencies {

        private static final int STEP = 10_000;

        private final AtomicIntegerArray counts = new AtomicIntegerArray(1_000_000);

        void add(long nanos) {
            counts.incrementAndGet((int) Math.min(nanos / STEP, counts.length() - 1));
        }

        long count() {
            return IntStream.range(0, counts.length()).mapToLong(counts::get).sum();
        }

        /** In milliseconds. */
        double quantile(double share) {
            long wanted = Math.max(1, (long) Math.ceil(share * count()));
            int step = -1;
            for (long passed = 0; passed < wanted; ) {
                passed += counts.get(++step);
            }
            return step * (STEP / 1e6);
        }
    }
}
