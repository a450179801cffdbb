package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Two PBXs, pbx1 and pbx2, and two servers, one and two, each of which knows both PBXs; HAProxy beside each PBX, and a line to the
 * AMI of each that can be slowed and cut.
 */
public final class Cluster implements AutoCloseable {

    /** The servers' names in HAProxy's configuration. */
    public static final List<String> SERVERS = List.of("one", "two");

    private final List<Lab> pbxs = new ArrayList<>();
    private final List<SlowAmi> lines = new ArrayList<>();
    private final List<HaProxy> proxies = new ArrayList<>();
    private final List<Path> settings = new ArrayList<>();
    private final ServerProcess[] servers = new ServerProcess[2];

    /**
     * Starts all of them.
     *
     * @param options lines of the servers' properties file
     * @throws Lab.UnavailableException if there is no Asterisk to be had
     */
    public static Cluster start(String... options) throws Lab.UnavailableException {
        Cluster cluster = new Cluster();
        try {
            cluster.startAll(options);
            return cluster;
        } catch (Lab.UnavailableException | RuntimeException | Error e) {
            cluster.close();
            throw e;
        }
    }

    private Cluster() {}

    private void startAll(String... options) throws Lab.UnavailableException {
        List<Integer> ports = List.of(ServerProcess.freePort(), ServerProcess.freePort());
        for (String name : List.of("pbx1", "pbx2")) {
            int port = ServerProcess.freePort();
            Lab lab = Lab.start(List.of("systemname=" + name, "agi_port=" + port));
            pbxs.add(lab);
            lines.add(new SlowAmi(lab.amiPort(), java.time.Duration.ZERO));
            proxies.add(HaProxy.start(port, name, ports.get(0), ports.get(1)));
        }
        for (int i = 0; i < servers.length; i++) {
            List<String> text = new ArrayList<>(List.of(
                    "agi-port=" + ports.get(i),
                    "ami-secret=" + Lab.SECRET,
                    "pbx=pbx1,pbx2",
                    "pbx1.ami-port=" + lines.get(0).port(),
                    "pbx2.ami-port=" + lines.get(1).port()));
            text.addAll(List.of(options));
            Path file = assertDoesNotThrow(() -> Files.createTempFile("confcodes", ".properties"));
            assertDoesNotThrow(() -> Files.write(file, text));
            settings.add(file);
            startServer(i);
        }
    }

    /** {@return the PBXs} */
    public List<Lab> pbxs() {
        return pbxs;
    }

    /** {@return the line to the AMI of a PBX} */
    public SlowAmi line(int pbx) {
        return lines.get(pbx);
    }

    /** {@return the HAProxy beside a PBX} */
    public HaProxy proxy(int pbx) {
        return proxies.get(pbx);
    }

    /** {@return a server} */
    public ServerProcess server(int server) {
        return servers[server];
    }

    /** Starts a server that has ended, on its port. */
    public void startServer(int server) {
        servers[server] = ServerProcess.start(settings.get(server));
    }

    /** Does something that takes a server out, and waits until both HAProxies say so: {@code DOWN} or {@code stopping}. */
    public void awaitSaid(int server, String state, Runnable change) {
        List<Integer> before = proxies.stream().map(HaProxy::logSize).toList();
        change.run();
        for (int i = 0; i < proxies.size(); i++) {
            proxies.get(i).await(SERVERS.get(server), state, before.get(i));
        }
    }

    /** Ends everything. */
    @Override
    public void close() {
        Stream.of(servers).filter(server -> server != null).forEach(ServerProcess::close);
        proxies.forEach(HaProxy::close);
        lines.forEach(SlowAmi::close);
        pbxs.forEach(Lab::close);
        settings.forEach(file -> assertDoesNotThrow(() -> Files.deleteIfExists(file)));
    }
}
