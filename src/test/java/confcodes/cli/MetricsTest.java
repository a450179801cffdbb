package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.agi.CodeReport;
import confcodes.agi.CodeServer;
import confcodes.ami.AmiPbx;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.Outcome;
import confcodes.conference.Status;
import confcodes.lab.Await;
import confcodes.lab.Prometheus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MetricsTest {

    private static final Path DASHBOARD = Path.of("src", "main", "grafana", "confcodes-dashboard.json");
    private static final int SLOW_CLIENTS = 40;

    private final HttpClient client = HttpClient.newHttpClient();
    private final Metrics metrics = new Metrics();
    private CodeServer server;
    private AmiPbx lost;
    private int port;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        Settings settings =
                new Shell(directory, "ami-secret=x", "ami-port=" + Shell.closedPort(), "agi-port=0").settings("serve");
        lost = new AmiPbx(settings.ami());
        lost.open();
        server = new CodeServer(
                settings.agi(), Map.of("", new CodeServer.Target(new InMemoryPbx(), settings.agi())), metrics::count);
        server.start();
        port = metrics.open(InetAddress.getLoopbackAddress(), 0, server, Map.of("", lost));
    }

    @AfterEach
    void close() throws IOException {
        metrics.close();
        server.stop(Duration.ofSeconds(1));
        lost.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private void count(String code, Outcome outcome, Duration took) {
        metrics.count(new CodeReport(Instant.now(), "", "PJSIP/1-1", true, "1", "100", code, "101", outcome, took));
    }

    @Test
    void codes_are_counted_by_names_of_ours_and_cancelled_ones_have_no_duration() throws Exception {
        count("conference_mute", Outcome.DONE, Duration.ofMillis(8));
        count("conference_mute", Outcome.DONE, Duration.ofMillis(30));
        count("conference_mute", Outcome.of(Status.CANCELLED, "hung up"), Duration.ofSeconds(50));
        count("x\"} 1\nforged 1", Outcome.of(Status.DENIED, "no such service code"), Duration.ofMillis(1));

        List<String> lines = get("/metrics").body().lines().toList();
        assertEquals(
                List.of(
                        "confcodes_codes_total{code=\"conference_mute\",outcome=\"cancelled\",pbx=\"\"} 1.0",
                        "confcodes_codes_total{code=\"conference_mute\",outcome=\"done\",pbx=\"\"} 2.0",
                        "confcodes_codes_total{code=\"unknown\",outcome=\"denied\",pbx=\"\"} 1.0"),
                lines.stream()
                        .filter(line -> line.startsWith("confcodes_codes_total"))
                        .sorted()
                        .toList());
        for (String line : List.of(
                "confcodes_code_duration_seconds_bucket{pbx=\"\",le=\"0.01\"} 2",
                "confcodes_code_duration_seconds_count{pbx=\"\"} 3",
                "confcodes_pbx_up{pbx=\"\"} 0.0",
                "confcodes_pool_limit{pbx=\"\"} 4.0",
                "confcodes_peers_refused_total 0.0",
                "confcodes_whispers_total{outcome=\"failed\"} 0.0")) {
            assertTrue(lines.contains(line), () -> line + " is not in\n" + String.join("\n", lines));
        }
    }

    @Test
    void a_Prometheus_that_prefers_protobuf_gets_text() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                .header(
                        "Accept",
                        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited")
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());

        assertEquals(200, response.statusCode());
        assertTrue(response.headers().firstValue("Content-Type").orElse("").startsWith("text/plain; version=0.0.4"));
    }

    @Test
    void promtool_has_nothing_to_say_against_them() throws Exception {
        count("conference_mute", Outcome.DONE, Duration.ofMillis(8));
        Prometheus.check(get("/metrics").body());
    }

    @Test
    void a_server_without_its_pbx_is_healthy_and_not_ready_and_one_that_stops_is_neither() throws Exception {
        assertEquals(List.of(200, "ok\n"), answer("/healthz"));
        Await.until("the PBX is lost", () -> lost.problem().orElse("").contains("127.0.0.1:"));
        HttpResponse<String> ready = get("/readyz");
        assertEquals(503, ready.statusCode());
        assertTrue(ready.body().matches("PBX lost: .*127\\.0\\.0\\.1:.*\n"), ready::body);
        assertEquals(404, get("/").statusCode());
        server.stop(Duration.ZERO);
        assertEquals(List.of(503, "no new caller can be served\n"), answer("/healthz"));
        assertEquals(List.of(503, "no new caller can be served\n"), answer("/readyz"));
        assertEquals(200, get("/metrics").statusCode());
    }

    private List<Object> answer(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        return List.of(response.statusCode(), response.body());
    }

    @Test
    void clients_that_are_slow_or_silent_are_closed_and_hold_few_threads() throws Exception {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < SLOW_CLIENTS; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            if (i % 2 == 0) {
                socket.getOutputStream().write("GET /metrics HT".getBytes(StandardCharsets.US_ASCII));
            }
            slow.add(socket);
        }
        assertEquals(200, get("/metrics").statusCode());
        assertTrue(
                Thread.getAllStackTraces().keySet().stream()
                                .filter(thread -> thread.getName().equals("metrics"))
                                .count()
                        <= 5,
                "threads");
        for (Socket socket : slow) {
            assertTrue(isClosed(socket));
            socket.close();
        }
    }

    private static boolean isClosed(Socket socket) throws IOException {
        socket.setSoTimeout(40_000);
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true;
        }
    }

    @Test
    void the_dashboard_asks_for_nothing_that_is_not_there() throws Exception {
        count("conference_mute", Outcome.DONE, Duration.ofMillis(8));
        Set<String> exposed = get("/metrics")
                .body()
                .lines()
                .filter(line -> !line.startsWith("#"))
                .map(line -> line.split("[{ ]")[0])
                .collect(Collectors.toCollection(TreeSet::new));
        JsonObject dashboard =
                JsonParser.parseString(Files.readString(DASHBOARD)).getAsJsonObject();
        Set<String> asked = new TreeSet<>();
        for (JsonElement panel : dashboard.getAsJsonArray("panels")) {
            for (JsonElement target : panel.getAsJsonObject().getAsJsonArray("targets")) {
                addNames(target.getAsJsonObject().get("expr").getAsString(), asked);
            }
        }
        for (JsonElement variable : dashboard.getAsJsonObject("templating").getAsJsonArray("list")) {
            addNames(variable.getAsJsonObject().get("query").toString(), asked);
        }

        asked.removeAll(exposed);
        assertEquals(Set.of(), asked);
        assertFalse(exposed.isEmpty());
    }

    private static void addNames(String query, Set<String> names) {
        Matcher name = Pattern.compile("\\b(confcodes|process|jvm)_\\w+").matcher(query);
        while (name.find()) {
            names.add(name.group());
        }
    }
}
