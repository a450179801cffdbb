package confcodes.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import confcodes.agi.CodeReport;
import confcodes.agi.CodeServer;
import confcodes.agi.Codes;
import confcodes.ami.AmiPbx;
import confcodes.conference.Status;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/**
 * What Prometheus reads, at {@code /metrics}, and two pages for probes: {@code /healthz} says whether the server serves, {@code
 * /readyz} whether it also reaches a PBX. The only class that knows Prometheus and HTTP; it is loaded only if there is a {@code
 * metrics-port}. Safe for concurrent use.
 *
 * <p>Each label has few values, and none comes from a request: Prometheus keeps each value for ever.
 */
final class Metrics implements AutoCloseable {

    /** A client that sends or reads slowly holds one of these threads for so long. */
    private static final int THREADS = 4;

    private static final Duration SLOWEST = Duration.ofSeconds(5);

    private static final int BACKLOG = 16;
    private static final int CONNECTIONS = 100;

    private static final Duration PROBE = Duration.ofSeconds(1);

    /** A whole code takes 8 ms, an operation at most 2 s. */
    private static final double[] SECONDS = {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5};

    private static final int OK = 200;
    private static final int NOT_FOUND = 404;
    private static final int UNAVAILABLE = 503;
    private static final String TEXT = "text/plain; charset=utf-8";

    /** The format that every version of Prometheus reads, whatever else it asks for. */
    private final PrometheusTextFormatWriter writer = PrometheusTextFormatWriter.create();

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter codes = Counter.builder()
            .name("confcodes_codes_total")
            .help("Service codes, by what came of them.")
            .labelNames("code", "outcome", "pbx")
            .register(registry);
    private final Histogram durations = Histogram.builder()
            .classicOnly()
            .classicUpperBounds(SECONDS)
            .name("confcodes_code_duration_seconds")
            .help("Time from the caller's last key to the outcome of the code; without cancelled ones.")
            .labelNames("pbx")
            .register(registry);
    private Optional<HttpServer> http = Optional.empty();

    /**
     * Binds the port, and answers from now on.
     *
     * @param bind the address to listen on
     * @param port the port to listen on, 0 for any free one
     * @param server the server
     * @param pbxs its PBXs by name; a single one can have an empty name
     * @return the port it listens on
     * @throws IOException when the address or the port cannot be had
     */
    int open(InetAddress bind, int port, CodeServer server, Map<String, AmiPbx> pbxs) throws IOException {
        Info.builder()
                .name("confcodes_info")
                .help("The version that runs.")
                .labelNames("version")
                .register(registry)
                .setLabelValues(Version.number());
        gauge(
                pbxs,
                "confcodes_pbx_up",
                "1 if the PBX can be asked, 0 if it is lost.",
                pbx -> pbx.problem().map(why -> 0).orElse(1));
        gauge(
                pbxs,
                "confcodes_pool_waiting",
                "Operations that wait for an AMI connection.",
                pbx -> pbx.connections().waiting());
        gauge(
                pbxs,
                "confcodes_pool_limit",
                "Most AMI connections at a time: pool-size.",
                pbx -> pbx.connections().most());
        GaugeWithCallback.builder()
                .name("confcodes_pool_connections")
                .help("AMI connections in use and free.")
                .labelNames("pbx", "state")
                .callback(point -> pbxs.forEach((name, pbx) -> {
                    AmiPbx.Connections connections = pbx.connections();
                    point.call(connections.active(), name, "active");
                    point.call(connections.idle(), name, "idle");
                }))
                .register(registry);
        GaugeWithCallback.builder()
                .name("confcodes_agi_connections")
                .help("FastAGI connections, each a running code or a whisper.")
                .callback(point -> point.call(server.connections()))
                .register(registry);
        CounterWithCallback.builder()
                .name("confcodes_peers_refused_total")
                .help("Peers refused: for their address, a limit, their request, or because they proved nothing.")
                .callback(point -> point.call(server.refusedPeers()))
                .register(registry);
        CounterWithCallback.builder()
                .name("confcodes_whispers_total")
                .help("Whispers that have started, and those that could not.")
                .labelNames("outcome")
                .callback(point -> {
                    point.call(server.startedWhispers(), "started");
                    point.call(server.failedWhispers(), "failed");
                })
                .register(registry);
        ProcessMetrics.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        // Read by the JDK's server when it is loaded.
        System.setProperty("sun.net.httpserver.maxReqTime", Long.toString(SLOWEST.toSeconds()));
        System.setProperty("sun.net.httpserver.maxRspTime", Long.toString(SLOWEST.toSeconds()));
        System.setProperty("sun.net.httpserver.idleInterval", "30");
        System.setProperty("jdk.httpserver.maxConnections", Integer.toString(CONNECTIONS));
        HttpServer listening = HttpServer.create(new InetSocketAddress(bind, port), BACKLOG);
        http = Optional.of(listening);
        listening.setExecutor(threads());
        listening.createContext("/", exchange -> answer(exchange, server, pbxs));
        listening.start();
        return listening.getAddress().getPort();
    }

    private void gauge(Map<String, AmiPbx> pbxs, String name, String help, ToDoubleFunction<AmiPbx> value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .labelNames("pbx")
                .callback(point -> pbxs.forEach((pbxName, pbx) -> point.call(value.applyAsDouble(pbx), pbxName)))
                .register(registry);
    }

    private static ThreadPoolExecutor threads() {
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, SLOWEST.toSeconds(), TimeUnit.SECONDS, new LinkedBlockingQueue<>(), run -> {
                    Thread thread = new Thread(run, "metrics");
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    /** Counts a code. A cancelled one says how long the caller took. */
    void count(CodeReport report) {
        String code = Codes.summary(report.code()).isPresent() ? report.code() : "unknown";
        Status status = report.outcome().status();
        codes.labelValues(code, status.name().toLowerCase(Locale.ROOT), report.pbx())
                .inc();
        if (status != Status.CANCELLED) {
            durations.labelValues(report.pbx()).observe(report.took().toNanos() / 1e9);
        }
    }

    private void answer(HttpExchange exchange, CodeServer server, Map<String, AmiPbx> pbxs) throws IOException {
        switch (exchange.getRequestURI().getPath()) {
            case "/metrics" -> {
                ByteArrayOutputStream text = new ByteArrayOutputStream();
                writer.write(text, registry.scrape());
                answer(exchange, OK, writer.getContentType(), text.toByteArray());
            }
            case "/healthz" -> answer(exchange, unhealthy(server));
            case "/readyz" -> answer(exchange, unhealthy(server).or(() -> unready(pbxs)));
            default -> answer(exchange, NOT_FOUND, TEXT, line("/metrics, /healthz, /readyz"));
        }
    }

    private static void answer(HttpExchange exchange, Optional<String> problem) throws IOException {
        answer(exchange, problem.isPresent() ? UNAVAILABLE : OK, TEXT, line(problem.orElse("ok")));
    }

    private static byte[] line(String text) {
        return (Output.printable(text) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void answer(HttpExchange exchange, int status, String type, byte[] body) throws IOException {
        try (exchange) {
            boolean isHead = exchange.getRequestMethod().equals("HEAD");
            exchange.getResponseHeaders().set("Content-Type", type);
            exchange.sendResponseHeaders(status, isHead ? -1 : body.length);
            if (!isHead) {
                exchange.getResponseBody().write(body);
            }
        }
    }

    private static Optional<String> unhealthy(CodeServer server) {
        return server.isServing(PROBE) ? Optional.empty() : Optional.of("no new caller can be served");
    }

    private static Optional<String> unready(Map<String, AmiPbx> pbxs) {
        return pbxs.values().stream().anyMatch(pbx -> pbx.problem().isEmpty())
                ? Optional.empty()
                : pbxs.values().stream().findFirst().flatMap(AmiPbx::problem).map(why -> "PBX lost: " + why);
    }

    /** Closes the port. */
    @Override
    public void close() {
        http.ifPresent(listening -> listening.stop(0));
    }
}
