package confcodes.agi;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import confcodes.CapturedLog;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.Invitation;
import confcodes.conference.MutesHold;
import confcodes.conference.Policy;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A server on a free port, a PBX in memory with two conferences, what is logged, and the peers of one test. */
final class Served implements AfterEachCallback {

    static final String MODERATOR = "PJSIP/200-00000001";
    static final String ONE = "PJSIP/101-00000002";
    static final String TWO = "PJSIP/102-00000003";
    static final String ELSEWHERE = "PJSIP/300-00000009";

    final InMemoryPbx pbx = new InMemoryPbx()
            .join("100", admin(MODERATOR, "200"), member(ONE, "101"), member(TWO, "102"))
            .join("other", member(ELSEWHERE, "300"));
    final CapturedLog log = new CapturedLog();
    final List<CodeReport> reports = new CopyOnWriteArrayList<>();
    CodeServer server;
    private final List<FastAgiPeer> peers = new ArrayList<>();
    private boolean isFaultExpected;

    /** The settings that tests differ in. */
    static final class Wishes {
        Peers peers = Peers.LOOPBACK;
        int connections = 1000;
        Policy allow = Policy.ADMIN;
        MutesHold mutesHold = MutesHold.NONE;
        OptionalInt maxDigits = OptionalInt.empty();
        boolean whisper;
        Duration maxDuration = Duration.ofMinutes(1);
        Duration noKeyLost = Duration.ofMinutes(1);
        Map<Prompt, String> sounds = Map.of();

        AgiSettings settings() {
            return new AgiSettings(
                    InetAddress.getLoopbackAddress(),
                    0,
                    peers,
                    connections,
                    allow,
                    mutesHold,
                    maxDigits,
                    Duration.ofSeconds(7),
                    Duration.ofMillis(4500),
                    maxDuration,
                    whisper,
                    true,
                    new Invitation.Template("PJSIP/%s", ""),
                    "[0-9]{2,}",
                    5,
                    true,
                    Arrays.stream(Prompt.values())
                            .collect(Collectors.toMap(
                                    Function.identity(),
                                    prompt -> sounds.getOrDefault(prompt, prompt.defaultSound()))));
        }
    }

    /** Starts the server with other settings than the usual. */
    void start(Consumer<Wishes> change) throws IOException {
        Wishes wishes = new Wishes();
        change.accept(wishes);
        AgiSettings settings = wishes.settings();
        server = new CodeServer(
                settings, Map.of("", new CodeServer.Target(pbx, settings)), reports::add, wishes.noKeyLost);
        server.start();
    }

    /** {@return a peer that controls no channel; the server is started if it is not running} */
    FastAgiPeer connect(String script) throws IOException {
        if (server == null) {
            start(wishes -> {});
        }
        FastAgiPeer peer = new FastAgiPeer(server.port(), script);
        peers.add(peer);
        return peer.names(MODERATOR, uniqueId(MODERATOR));
    }

    /** {@return the moderator's code} */
    FastAgiPeer call(String script) throws IOException {
        return call(MODERATOR, script);
    }

    /** {@return a code from a channel: what is set on it is seen by the PBX} */
    FastAgiPeer call(String channel, String script) throws IOException {
        String id = uniqueId(channel);
        return connect(script).names(channel, id).sets((name, value) -> pbx.set(id, name, value));
    }

    /** {@return the command that asks for somebody's recorded name in the conference 100} */
    static String asksForName(String channel) {
        String path = "${ASTSPOOLDIR}/confbridge/confbridge-name-100-" + uniqueId(channel);
        return "GET FULL VARIABLE \"${STAT(s," + path + ".sln)}:" + path + "\"";
    }

    void assertNothingDone() {
        assertEquals(List.of(), pbx.everythingDone());
    }

    /** Waits for the line of one code in the log. */
    void awaitLogged(String part) {
        Await.until("logged: " + part, () -> log.lines(part).size() == 1, log::text);
    }

    /** Allows one stack trace in the log. */
    void expectFault() {
        isFaultExpected = true;
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        try {
            for (FastAgiPeer peer : peers) {
                peer.close();
            }
            server.stop(Duration.ofSeconds(5));
        } finally {
            log.close();
        }
        assertEquals(isFaultExpected, log.text().contains("\tat "), () -> "stack traces in the log: " + log.text());
        assertFalse(log.text().contains("running after 5 s"), log::text);
    }
}
