package confcodes.agi;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.FuzzSeeds;
import confcodes.conference.InMemoryPbx;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Requests and replies with bytes changed, lost, doubled: nobody but the one whose number was asked for is acted on. */
class AgiFuzzTest {

    private static final int CASES = 1_500 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final String STRANGER = "PJSIP/102-00000003";
    private static final Map<String, List<String>> NAMES = Map.of(
            "participants",
            List.of("_all"),
            ScriptedAgi.MODERATOR,
            List.of("200"),
            "PJSIP/101-00000002",
            List.of("101"),
            STRANGER,
            List.of("5555", "102"));
    private static final Pattern ENCODED = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final String CONVERSATION = "agi_network: yes\nagi_network_script: conference_mute?conference=100\n"
            + "agi_request: agi://127.0.0.1/conference_mute\nagi_channel: " + ScriptedAgi.MODERATOR
            + "\nagi_language: en\n"
            + "agi_arg_1: 100\n\n200 result=0\n200 result=1 (OK:101)\n200 result=1\n200 result=1\n200 result=0\n"
            + "200 result=0 endpos=8000\n200 result=0\n200 result=0\n";

    /** What src/lab/torture gives to a fuzzer: all that the other side of a connection says. */
    public static void fuzzerTestOneInput(byte[] conversation) throws IOException {
        check(Served.SERVER, Served.PBX, conversation, new String(conversation, StandardCharsets.ISO_8859_1));
    }

    /** One server for all that a fuzzer tries. */
    private static final class Served {

        static final InMemoryPbx PBX = pbx();
        static final CodeServer SERVER = start();

        private static CodeServer start() {
            try {
                return AgiServers.start(PBX);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void no_changed_conversation_makes_it_act_on_another_or_fail() throws IOException {
        InMemoryPbx pbx = pbx();
        CodeServer server = AgiServers.start(pbx);
        try {
            for (int seed = 0; seed < CASES; seed++) {
                check(server, pbx, changed(new Random(seed)), "seed " + seed);
            }
            for (byte[] seed : FuzzSeeds.of(AgiFuzzTest.class)) {
                check(server, pbx, seed, new String(seed, StandardCharsets.ISO_8859_1));
            }
            try (CapturedLog log = new CapturedLog();
                    ScriptedAgi code = ScriptedAgi.call(server, "conference_mute?conference=100&number=101")
                            .play()) {
                assertEquals("DONE", code.status(), log::text);
            }
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }

    private static InMemoryPbx pbx() {
        return new InMemoryPbx()
                .join(
                        "100",
                        admin(ScriptedAgi.MODERATOR, "200"),
                        member("PJSIP/101-00000002", "101"),
                        member(STRANGER, "55555"));
    }

    /** Whoever gets this far may ask for anything, but he has to say who he is, what he asks for, and for whom. */
    private static void check(CodeServer server, InMemoryPbx pbx, byte[] conversation, String about)
            throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            converse(server.getPort(), conversation);
            assertFalse(log.text().contains("\tat "), () -> about + ": " + log.text());
        }
        String said = decoded(new String(conversation, StandardCharsets.ISO_8859_1));
        for (String operation : pbx.operations()) {
            String[] words = operation.split(" ");
            assertTrue(
                    said.contains(ScriptedAgi.MODERATOR)
                            && said.contains("conference_" + words[0].toLowerCase(Locale.ROOT))
                            && NAMES.getOrDefault(words[2], List.of()).stream().anyMatch(said::contains),
                    about + " made it do " + operation);
        }
        pbx.operations().clear();
    }

    private static String decoded(String text) {
        return ENCODED.matcher(text)
                .replaceAll(code -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(code.group(1), 16))));
    }

    private static byte[] changed(Random random) {
        StringBuilder text = new StringBuilder(CONVERSATION);
        for (int changes = 1 + random.nextInt(4); changes > 0 && text.length() > 1; changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(30));
            switch (random.nextInt(6)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(256));
                case 2 -> text.insert(at, text.substring(at, end));
                case 3 ->
                    text.insert(
                            at,
                            List.of("%0d%0a", "%", "&", "\r", "\n", "\0", "HANGUP\n", "?", "(", "\"")
                                    .get(random.nextInt(10)));
                case 4 -> text.delete(at, end);
                default -> text.setLength(Math.max(1, at));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Says everything at once and reads until the server closes the connection. */
    private static void converse(int port, byte[] text) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text);
            socket.shutdownOutput();
            InputStream in = socket.getInputStream();
            while (in.read() >= 0) {
                // Goes on.
            }
        } catch (SocketException e) {
            // Put out.
        }
    }
}
