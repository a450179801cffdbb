package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Prometheus;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator sees of the codes that were pressed: metrics, probes and the audit log. */
@LiveTest
class WatchedLiveIT {

    private final Lab lab;

    @TempDir
    private Path directory;

    WatchedLiveIT(Lab lab) {
        this.lab = lab;
    }

    private static int metricsPort(ServerProcess server) {
        server.awaitLine(line -> line.contains("metrics on"));
        String line = server.log().stream()
                .filter(it -> it.contains("metrics on"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
    }

    private static String metric(int port, String name) {
        return Prometheus.get(port, "/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElse("none");
    }

    /** {@return how often each code ended how, such as {@code conference_mute done}} */
    private static Map<String, Integer> codesInLog(ServerProcess server) {
        return count(server.log(), Pattern.compile(" code=(\\w+) .* outcome=(\\w+) "), found -> 1);
    }

    private static Map<String, Integer> codesCounted(int port) {
        Pattern sample =
                Pattern.compile("confcodes_codes_total\\{code=\"(\\w+)\",outcome=\"(\\w+)\",pbx=\"\"} (\\d+)\\.0");
        return count(
                Prometheus.get(port, "/metrics").body().lines().toList(),
                sample,
                found -> Integer.parseInt(found.group(3)));
    }

    private static Map<String, Integer> count(List<String> lines, Pattern pattern, ToIntFunction<Matcher> value) {
        Map<String, Integer> counts = new TreeMap<>();
        for (String line : lines) {
            Matcher found = pattern.matcher(line);
            if (found.find()) {
                counts.merge(found.group(1) + " " + found.group(2), value.applyAsInt(found), Integer::sum);
            }
        }
        return counts;
    }

    private static int sum(Map<String, Integer> counts, Predicate<String> which) {
        return counts.entrySet().stream()
                .filter(entry -> which.test(entry.getKey()))
                .mapToInt(Map.Entry::getValue)
                .sum();
    }

    @Test
    void codes_that_were_pressed_are_counted_scraped_and_audited() throws IOException {
        Path audit = directory.resolve("audit.log");
        try (ServerProcess server = lab.serve("--metrics-port=0", "--audit-log=" + audit);
                Room room = lab.room(server)) {
            int port = metricsPort(server);
            assertEquals(200, Prometheus.get(port, "/healthz").statusCode());
            Await.until("it is ready", () -> Prometheus.get(port, "/readyz").statusCode() == 200, server::logText);
            Caller muted = room.join(Kind.SIP, "101");
            Caller moderator = room.moderator(Kind.SIP, "200");
            assertEquals("DONE", moderator.press("*6", "101#"));
            assertEquals("DONE", moderator.press("*7", "101#"));
            assertEquals("DONE", moderator.press("*21"));
            assertEquals("CANCELLED", moderator.press("*8", "*"));
            assertEquals("DENIED", muted.press("*9", "0"));
            moderator.awaitWhispersEnd();
            lab.run("lock", room.name(), "--audit-log=" + audit).success();

            Map<String, Integer> logged = codesInLog(server);
            assertEquals(1, logged.get("conference_lock denied"), logged::toString);
            assertEquals(logged, codesCounted(port));
            int codes = sum(logged, outcome -> true);
            int answered = sum(logged, outcome -> !outcome.endsWith("cancelled"));
            assertEquals(Integer.toString(answered), metric(port, "confcodes_code_duration_seconds_count{pbx=\"\"}"));
            assertEquals("1.0", metric(port, "confcodes_pbx_up{pbx=\"\"}"));
            assertEquals("4.0", metric(port, "confcodes_pool_connections{pbx=\"\",state=\"idle\"}"));
            assertTrue(Double.parseDouble(metric(port, "confcodes_whispers_total{outcome=\"started\"}")) >= 4);
            Prometheus.check(Prometheus.get(port, "/metrics").body());

            List<JsonObject> lines = Files.readAllLines(audit).stream()
                    .map(line -> JsonParser.parseString(line).getAsJsonObject())
                    .toList();
            JsonObject first = lines.get(0);
            assertEquals(moderator.channel(), first.get("who").getAsString());
            assertEquals("200", first.get("number").getAsString());
            assertEquals("conference_mute", first.get("action").getAsString());
            assertEquals("101", first.get("typed").getAsString());
            assertEquals(muted.channel(), first.get("whom").getAsString());
            assertEquals("done", first.get("outcome").getAsString());
            JsonObject refused = lines.get(lines.size() - 2);
            assertEquals(muted.channel(), refused.get("who").getAsString());
            assertEquals("denied", refused.get("outcome").getAsString());
            JsonObject shell = lines.get(lines.size() - 1);
            assertEquals("lock", shell.get("action").getAsString());
            assertEquals(System.getProperty("user.name"), shell.get("who").getAsString());
            assertTrue(lines.stream()
                    .noneMatch(line -> line.get("action").getAsString().equals("conference_count")));

            try (Prometheus prometheus = Prometheus.scraping(port, directory)) {
                Await.until(
                        "Prometheus has them",
                        () -> prometheus.query("sum(confcodes_codes_total)").equals(Integer.toString(codes)),
                        prometheus::log);
                assertEquals("1", prometheus.query("confcodes_pbx_up"));
                assertEquals(
                        "0",
                        prometheus.query("histogram_quantile(0.5, confcodes_code_duration_seconds_bucket) > bool 2"));
            }
        }
    }

    @Test
    void a_port_that_is_taken_is_refused_at_the_start() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = taken.getLocalPort();
            Ran ran = lab.run("serve", "--agi-port=0", "--metrics-port=" + port);
            assertEquals(2, ran.exitCode());
            assertTrue(
                    ran.err()
                                    .startsWith("confcodes: metrics-bind, metrics-port: cannot listen on 127.0.0.1:"
                                            + port + ": ")
                            && ran.err().lines().count() == 1,
                    ran::err);
        }
    }
}
