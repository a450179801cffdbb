package confcodes.ami;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Operation;
import confcodes.conference.PbxException;
import confcodes.lab.ScriptedAmi;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The secret is in no log at any level, in no exception, and not in its own text. */
class AmiSecretTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** What the process that logs everything does: work, a refused login, a loss, a peer that falls silent. */
    public static void main(String[] args) {
        try (ScriptedAmi ami = ScriptedAmi.replaying("asterisk-22.txt");
                AmiPbx pbx = new AmiPbx(AmiPeers.settings(ami, TIMEOUT, 2, true))) {
            System.err.println(AmiPeers.settings(ami, TIMEOUT, 2, true));
            pbx.open();
            ask(pbx);
            ami.die();
            ask(pbx);
            ami.on("Login", (peer, action) -> {});
            ami.revive();
            ask(pbx);
        }
        try (ScriptedAmi ami = new ScriptedAmi();
                AmiPbx pbx = new AmiPbx(AmiPeers.settings(ami, TIMEOUT, 2, true))) {
            ami.changeSecret("another");
            pbx.open();
            ask(pbx);
        }
    }

    private static void ask(AmiPbx pbx) {
        try {
            System.err.println(pbx.participants("100"));
            System.err.println(
                    pbx.apply(Operation.MUTE, "100", AmiPeers.participant("Local/102@lab-join-00000002;2"), List.of()));
        } catch (PbxException e) {
            e.printStackTrace();
        }
    }

    @Test
    void It_is_in_no_log_and_in_no_exception() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AmiSecretTest.class.getName())
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(10, TimeUnit.SECONDS));

        assertEquals(0, process.exitValue(), printed);
        for (String said : List.of("PBX lost", "refused", "DONE", "****")) {
            assertTrue(printed.contains(said), () -> said + " in " + printed);
        }
        assertFalse(printed.contains(ScriptedAmi.SECRET), "the secret");
        assertFalse(printed.contains("Zebra"), "a part of the secret");
    }
}
