package confcodes.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import confcodes.agi.AgiSettings;
import confcodes.agi.CodeReport;
import confcodes.agi.CodeServer;
import confcodes.agi.CodeServer.Target;
import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.conference.Enforcement;
import confcodes.conference.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server while it runs: its settings, the PBXs that they name, and what serves their callers. It takes other settings
 * without losing a code, and says how it is. Safe for concurrent use.
 */
final class RunningServer implements Control.Running {

    private static final Logger log = LoggerFactory.getLogger("confcodes");

    /** A new PBX that has not let anybody in by then is used all the same: the old one may be gone. */
    private static final Duration CONNECT = Duration.ofSeconds(3);

    private final String version;
    private final Supplier<Settings> reading;
    private final LastProblem problems;
    private final Instant started = Instant.now();
    private final Map<Status, LongAdder> outcomes = new ConcurrentHashMap<>();
    private final Map<String, AmiPbx> byName = new ConcurrentSkipListMap<>();
    private final CodeServer server;
    private volatile Settings settings;
    private volatile Map<AmiPbx, AmiSettings> pbxs;

    /** What settings make of the PBXs: how each is reached, and by its name how its callers are served. */
    private record Plan(Map<AmiPbx, AmiSettings> pbxs, Map<String, Target> targets) {}

    /**
     * Creates one and binds its port; nothing is answered before {@link #start}.
     *
     * @param settings its settings
     * @param reading reads them again, from the same places
     * @param problems what it has warned of
     * @param reports is told what became of each code
     * @throws SettingsException if one is impossible, or the port cannot be had
     * @throws IOException if the version is not in the jar
     */
    RunningServer(Settings settings, Supplier<Settings> reading, LastProblem problems, Consumer<CodeReport> reports)
            throws IOException {
        this.version = Version.number();
        this.settings = settings;
        this.reading = reading;
        this.problems = problems;
        Plan plan = plan(settings, Map.of());
        this.pbxs = plan.pbxs();
        name();
        this.server = bound(settings, plan.targets(), report -> {
            outcomes.computeIfAbsent(report.outcome().status(), status -> new LongAdder())
                    .increment();
            reports.accept(report);
        });
    }

    /** A PBX that is reached as before stays, with its connections. Nothing is connected by this. */
    private static Plan plan(Settings settings, Map<AmiPbx, AmiSettings> before) {
        Plan plan = new Plan(new LinkedHashMap<>(), new LinkedHashMap<>());
        settings.pbxs().forEach((name, own) -> {
            AmiSettings ami = own.ami();
            AmiPbx pbx = before.keySet().stream()
                    .filter(any -> before.get(any).equals(ami))
                    .findFirst()
                    .orElseGet(() -> new AmiPbx(ami));
            plan.pbxs().put(pbx, ami);
            plan.targets().put(name, new Target(pbx, own.agi()));
        });
        return plan;
    }

    private static CodeServer bound(Settings settings, Map<String, Target> targets, Consumer<CodeReport> reports) {
        AgiSettings agi = settings.agi();
        try {
            return new CodeServer(agi, targets, reports);
        } catch (IOException e) {
            throw ServeCommand.cannotListen(
                    "agi-bind, agi-port", agi.bind(), agi.port(), e, settings.origin(Setting.AGI_PORT));
        }
    }

    /** Metrics see the PBXs that there are now. */
    private void name() {
        pbxs.forEach((pbx, ami) -> byName.put(ami.name(), pbx));
        byName.values().retainAll(pbxs.keySet());
    }

    /**
     * Lets metrics be read.
     *
     * @return the port they listen on
     * @throws IOException if the port cannot be had
     */
    int open(Metrics metrics, InetAddress bind, int port) throws IOException {
        return metrics.open(bind, port, server, Collections.unmodifiableMap(byName));
    }

    /** {@return whether a PBX is logged in to with the secret of the sample} */
    boolean hasSampleSecret() {
        return pbxs.values().stream().anyMatch(ami -> ami.secret().value().equals(Settings.SAMPLE_SECRET));
    }

    /** Starts answering. Returns when each PBX has let it in, or is known to be lost. */
    void start() {
        server.start();
        all(pbxs.keySet(), RunningServer::open).join();
    }

    private static void open(AmiPbx pbx) {
        pbx.open();
        pbx.watch(new Enforcement(pbx)::look);
    }

    /** Does something to all at once, so that no PBX waits for one that is silent. */
    private static CompletableFuture<Void> all(Collection<AmiPbx> pbxs, Consumer<AmiPbx> act) {
        return CompletableFuture.allOf(pbxs.stream()
                .map(pbx -> CompletableFuture.runAsync(() -> act.accept(pbx), run -> new Thread(run).start()))
                .toArray(CompletableFuture[]::new));
    }

    /** {@return where it serves, such as {@code 127.0.0.1:4580}} */
    String address() {
        return settings.get(Setting.AGI_BIND).getHostAddress() + ":" + server.port();
    }

    /** {@return whether a new caller would be served, if that is known within a limit} */
    boolean isServing(Duration limit) {
        return server.isServing(limit);
    }

    @Override
    public synchronized String reload() {
        Settings next = reading.get();
        next.refuseIfRestartIsNeeded(settings);
        Plan plan = plan(next, pbxs);
        List<AmiPbx> added = plan.pbxs().keySet().stream()
                .filter(pbx -> !pbxs.containsKey(pbx))
                .toList();
        all(added, RunningServer::open)
                .completeOnTimeout(null, CONNECT.toMillis(), TimeUnit.MILLISECONDS)
                .join();
        server.reload(next.agi(), plan.targets(), unused -> ((AmiPbx) unused).close());
        List<String> changed = next.keysOtherThanIn(settings);
        settings = next;
        pbxs = plan.pbxs();
        name();
        StringBuilder message = new StringBuilder("the settings were read again; ")
                .append(changed.isEmpty() ? "none has changed" : "changed: " + String.join(", ", changed));
        added.forEach(pbx -> message.append("; ")
                .append(pbx.problem()
                        .map("PBX lost: "::concat)
                        .orElse("connected anew to " + pbxs.get(pbx).address())));
        log.info("{}", message);
        return message.toString();
    }

    @Override
    public JsonObject status() {
        JsonObject status = new JsonObject();
        status.addProperty("version", version);
        status.addProperty("pid", ProcessHandle.current().pid());
        status.addProperty("address", address());
        status.addProperty("started", time(started));
        status.addProperty("seconds", Duration.between(started, Instant.now()).toSeconds());
        status.addProperty("connections", server.connections());
        JsonArray all = new JsonArray();
        pbxs.forEach((pbx, ami) -> all.add(status(pbx, ami)));
        status.add("pbxs", all);
        JsonObject codes = new JsonObject();
        for (Status outcome : Status.values()) {
            LongAdder count = outcomes.get(outcome);
            codes.addProperty(outcome.name().toLowerCase(Locale.ROOT), count == null ? 0 : count.sum());
        }
        status.add("codes", codes);
        problems.last().ifPresent(last -> {
            JsonObject problem = new JsonObject();
            problem.addProperty("time", time(last.time()));
            problem.addProperty("level", last.level());
            problem.addProperty("message", last.message());
            status.add("lastProblem", problem);
        });
        return status;
    }

    private static JsonObject status(AmiPbx pbx, AmiSettings ami) {
        JsonObject status = new JsonObject();
        status.addProperty("pbx", ami.name());
        status.addProperty("address", ami.address());
        status.addProperty("up", pbx.problem().isEmpty());
        status.addProperty("since", time(pbx.since()));
        pbx.problem().ifPresent(problem -> status.addProperty("problem", problem));
        AmiPbx.Connections connections = pbx.connections();
        status.addProperty("active", connections.active());
        status.addProperty("idle", connections.idle());
        status.addProperty("waiting", connections.waiting());
        status.addProperty("most", connections.most());
        return status;
    }

    private static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    /**
     * Takes no new codes, lets running ones finish, and ends.
     *
     * @param grace how long running codes may take
     */
    void stop(Duration grace) {
        try {
            server.stop(grace);
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        all(pbxs.keySet(), AmiPbx::close).join();
    }
}
