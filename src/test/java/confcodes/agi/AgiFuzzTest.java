package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.uniqueId;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.FuzzSeeds;
import confcodes.conference.InMemoryPbx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
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
            MODERATOR,
            List.of("200"),
            "PJSIP/101-00000002",
            List.of("101"),
            STRANGER,
            List.of("5555", "102"));
    private static final Pattern ENCODED = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern PROOF = Pattern.compile("SET VARIABLE \"" + Proof.VARIABLE + "\" \"(\\w+)\"");
    private static final String CONVERSATION = "agi_network: yes\nagi_network_script: conference_mute?conference=100\n"
            + "agi_request: agi://127.0.0.1/conference_mute\nagi_channel: " + MODERATOR + "\nagi_language: en\n"
            + "agi_uniqueid: " + uniqueId(MODERATOR) + "\nagi_arg_1: 100\n\n"
            + "200 result=1\n200 result=1\n200 result=1\n200 result=0\n200 result=1 (OK:101)\n200 result=1\n"
            + "200 result=1\n200 result=1\n200 result=0\n200 result=0 endpos=8000\n200 result=0\n";

    /** What src/lab/torture gives to a fuzzer: all that the other side of a connection says. */
    public static void fuzzerTestOneInput(byte[] conversation) throws IOException {
        check(Fuzzed.SERVER, Fuzzed.PBX, conversation, new String(conversation, ISO_8859_1));
    }

    /** One server for all that a fuzzer tries. */
    private static final class Fuzzed {

        static final InMemoryPbx PBX = pbx();
        static final CodeServer SERVER = start(PBX);
    }

    private static InMemoryPbx pbx() {
        return new InMemoryPbx()
                .join("100", admin(MODERATOR, "200"), member("PJSIP/101-00000002", "101"), member(STRANGER, "55555"));
    }

    private static CodeServer start(InMemoryPbx pbx) {
        try {
            CodeServer server = new CodeServer(new Served.Wishes().settings(), pbx);
            server.start();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void no_changed_conversation_makes_it_act_on_another_or_fail() throws IOException {
        InMemoryPbx pbx = pbx();
        CodeServer server = start(pbx);
        try {
            int done = 0;
            for (int seed = 0; seed < CASES; seed++) {
                done += check(server, pbx, changed(new Random(seed)), "seed " + seed);
            }
            assertTrue(done > CASES / 10, done + " of " + CASES + " did something");
            for (byte[] seed : FuzzSeeds.of(AgiFuzzTest.class)) {
                assertEquals(1, check(server, pbx, seed, new String(seed, ISO_8859_1)), "a seed that does nothing");
            }
        } finally {
            server.stop(Duration.ofSeconds(1));
        }
    }

    /** Whoever proves their channel may ask for anything, but has to say who they are, what they ask for, and for whom. */
    private static int check(CodeServer server, InMemoryPbx pbx, byte[] conversation, String about) throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            converse(server.port(), pbx, new String(conversation, ISO_8859_1));
            assertFalse(log.text().contains("\tat "), () -> about + ": " + log.text());
        }
        String said = decoded(new String(conversation, ISO_8859_1));
        List<String> operations = pbx.operations();
        for (String operation : operations) {
            String[] words = operation.split(" ");
            assertTrue(
                    said.contains(MODERATOR)
                            && said.contains("conference_" + words[0].toLowerCase(Locale.ROOT))
                            && NAMES.getOrDefault(words[2], List.of()).stream().anyMatch(said::contains),
                    about + " made it do " + operation);
        }
        int done = operations.size();
        operations.clear();
        return done;
    }

    private static String decoded(String text) {
        return ENCODED.matcher(text)
                .replaceAll(code -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(code.group(1), 16))));
    }

    /** A changed request is hardly ever taken: in two of three the replies alone are changed. */
    private static byte[] changed(Random random) {
        StringBuilder text = new StringBuilder(CONVERSATION);
        int from = random.nextInt(3) == 0 ? 0 : CONVERSATION.indexOf("\n\n") + 2;
        for (int changes = 1 + random.nextInt(4); changes > 0 && text.length() > from + 1; changes--) {
            int at = from + random.nextInt(text.length() - from);
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
        return text.toString().getBytes(ISO_8859_1);
    }

    /** Says the request, proves the moderator's channel, says the rest and reads until the server closes the connection. */
    private static void converse(int port, InMemoryPbx pbx, String text) throws IOException {
        int end = text.indexOf("\n\n") < 0 ? text.length() : text.indexOf("\n\n") + 2;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(20_000);
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            socket.getOutputStream().write(text.substring(0, end).getBytes(ISO_8859_1));
            String command = end < text.length() ? in.readLine() : "";
            if (command != null) {
                Matcher proof = PROOF.matcher(command);
                pbx.set(uniqueId(MODERATOR), Proof.VARIABLE, proof.matches() ? proof.group(1) : "");
                socket.getOutputStream().write(text.substring(end).getBytes(ISO_8859_1));
                socket.shutdownOutput();
            }
            while (in.read() >= 0) {
                // Goes on.
            }
        } catch (SocketException e) {
            // The server has closed the connection.
        }
    }
}
