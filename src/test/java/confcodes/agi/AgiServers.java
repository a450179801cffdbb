package confcodes.agi;

import confcodes.conference.Invitation;
import confcodes.conference.Pbx;
import confcodes.conference.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Servers for tests, each on a free port. */
final class AgiServers {

    private AgiServers() {}

    /** The settings that tests differ in. */
    record Wishes(Peers peers, int connections, int perPeer, Duration requestTime, Duration maxDuration, Policy allow) {

        Wishes() {
            this(Peers.LOOPBACK, 1000, 1000, Duration.ofSeconds(5), Duration.ofSeconds(60), Policy.ADMIN);
        }

        Wishes peers(String text) {
            return new Wishes(Peers.parse(text), connections, perPeer, requestTime, maxDuration, allow);
        }

        Wishes connections(int all, int each) {
            return new Wishes(peers, all, each, requestTime, maxDuration, allow);
        }

        Wishes requestTime(Duration time) {
            return new Wishes(peers, connections, perPeer, time, maxDuration, allow);
        }

        Wishes maxDuration(Duration time) {
            return new Wishes(peers, connections, perPeer, requestTime, time, allow);
        }
    }

    static CodeServer start(Pbx pbx) throws IOException {
        return start(pbx, new Wishes());
    }

    static CodeServer start(Pbx pbx, Wishes wishes) throws IOException {
        AgiSettings settings = new AgiSettings(
                InetAddress.getLoopbackAddress(),
                0,
                wishes.peers(),
                wishes.connections(),
                wishes.perPeer(),
                wishes.requestTime(),
                wishes.allow(),
                11,
                Duration.ofSeconds(7),
                Duration.ofSeconds(4),
                3,
                wishes.maxDuration(),
                new Invitation.Template("PJSIP/%s", ""),
                Arrays.stream(Prompt.values()).collect(Collectors.toMap(Function.identity(), Prompt::defaultSound)));
        CodeServer server = new CodeServer(settings, pbx);
        server.start();
        return server;
    }

    /** {@return how many threads are busy with connections} */
    static long busyThreads(CodeServer server) {
        return Math.max(0, server.getPoolActiveTaskCount());
    }
}
