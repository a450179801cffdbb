package confcodes.agi;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import confcodes.CapturedLog;
import confcodes.agi.AgiServers.Wishes;
import confcodes.conference.InMemoryPbx;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Requests and replies with bytes changed, lost, doubled: nobody but the one whose number was asked for is acted on. */
class AgiFuzzTest {

    private static final int CASES = 1_500 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final String STRANGER = "PJSIP/102-00000003";
    private static final Pattern ALLOWED = Pattern.compile("MUTE 100 PJSIP/101-00000002");
    private static final String CONVERSATION = "agi_network: yes\nagi_network_script: conference_mute?conference=100\n"
            + "agi_request: agi://127.0.0.1/conference_mute\nagi_channel: " + ScriptedAgi.MODERATOR
            + "\nagi_language: en\n"
            + "agi_arg_1: 100\n\n200 result=0\n200 result=1 (OK:101)\n200 result=1\n200 result=1\n200 result=0\n"
            + "200 result=0 endpos=8000\n200 result=0\n200 result=0\n";

    @Test
    void no_changed_conversation_makes_it_act_on_another_or_fail() throws IOException {
        InMemoryPbx pbx = new InMemoryPbx()
                .join(
                        "100",
                        admin(ScriptedAgi.MODERATOR, "200"),
                        member("PJSIP/101-00000002", "101"),
                        member(STRANGER, "55555"));
        try (CapturedLog log = new CapturedLog()) {
            CodeServer server = AgiServers.start(pbx, new Wishes());
            try {
                for (int seed = 0; seed < CASES; seed++) {
                    converse(server.getPort(), changed(new Random(seed)));
                    for (String operation : pbx.operations()) {
                        assertEquals(
                                true,
                                ALLOWED.matcher(operation).matches(),
                                "seed " + seed + " made it do " + operation);
                    }
                    pbx.operations().clear();
                    assertFalse(log.text().contains("\tat "), "seed " + seed + ": " + log.text());
                }
                try (ScriptedAgi code = ScriptedAgi.call(server, "conference_mute?conference=100&number=101")
                        .play()) {
                    assertEquals("DONE", code.status());
                }
            } finally {
                server.stop(Duration.ofSeconds(1));
            }
        }
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
