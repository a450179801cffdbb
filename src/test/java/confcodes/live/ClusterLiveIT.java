package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.abort;

import confcodes.bench.ClusterTrial;
import confcodes.lab.Cluster;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.HaProxy;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * A short run of {@code src/lab/cluster}: servers and PBXs fail while codes are pressed. Skipped without HAProxy. Alone, since it
 * looks at the clock.
 */
@LiveTest
@Isolated
class ClusterLiveIT {

    private static final Duration EACH = Duration.ofSeconds(4);
    private static final int MODERATORS = 3;

    @BeforeAll
    static void hasHaProxy() {
        HaProxy.whyNot().ifPresent(reason -> abort(reason));
    }

    @Test
    void HAProxy_takes_the_sample_without_a_warning() {
        assertEquals("", HaProxy.check().err());
    }

    /** It answers whoever asks for its health, and nobody else: frozen in a way that no check sees. */
    private static void answerHealthOnly(ServerSocket listener) {
        try {
            while (true) {
                Socket socket = listener.accept();
                Thread thread = new Thread(() -> answerHealthOnly(socket), "silent server");
                thread.setDaemon(true);
                thread.start();
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void answerHealthOnly(Socket socket) {
        try (socket;
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("agi_network_script: pbx1/health")) {
                    socket.getOutputStream().write("SET VARIABLE \"CONFCODES_HEALTH\" \"UP\"\n".getBytes());
                }
            }
        } catch (IOException e) {
            // The other side has gone.
        }
    }

    @Test
    void a_server_that_is_silent_holds_nobody_for_more_than_three_seconds() throws Exception {
        int port = ServerProcess.freePort();
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                HaProxy proxy = HaProxy.start(port, "pbx1", silent.getLocalPort(), ServerProcess.freePort())) {
            CompletableFuture.runAsync(() -> answerHealthOnly(silent));
            proxy.await("two", "DOWN", 0);
            long begun = System.nanoTime();
            try (FastAgiPeer peer = new FastAgiPeer(port, "pbx1/conference_count")) {
                assertEquals(List.of(), peer.play().commands());
            }
            Duration held = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(held.compareTo(Duration.ofSeconds(3)) < 0, held::toString);
            assertTrue(
                    held.compareTo(Duration.ofMillis(1900)) > 0, () -> held + ": not by the time\n" + proxy.logText());
        }
    }

    @Test
    void what_a_server_or_a_PBX_does_to_codes() throws Lab.UnavailableException {
        List<ClusterTrial.Row> missed = new ArrayList<>();
        try (Cluster cluster = Cluster.start();
                ClusterTrial trial = new ClusterTrial(cluster, EACH, MODERATORS)) {
            for (ClusterTrial.Trial one : trial.all()) {
                ClusterTrial.Row row = one.run();
                System.out.println(row);
                if (!row.isMet()) {
                    missed.add(row);
                }
            }
        }
        assertTrue(missed.isEmpty(), missed::toString);
    }
}
