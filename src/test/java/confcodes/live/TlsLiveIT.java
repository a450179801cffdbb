package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** AMI over TLS, with a certificate that nobody but {@code --ami-tls-ca} vouches for. Alone, since it reloads the PBX's AMI. */
@LiveTest
@Isolated
class TlsLiveIT {

    private static final String PASSWORD = "changeit";

    private static Lab lab;
    private static int port;
    private static Path certificate;
    private static String configuration;

    @BeforeAll
    static void let_the_pbx_speak_tls(Lab started, @TempDir Path directory) throws Exception {
        lab = started;
        port = ServerProcess.freePort();
        certificate = directory.resolve("ca.pem");
        Path both = lab.file("etc/ami.pem");
        makeCertificate(directory.resolve("keys.p12"), both);
        Path manager = lab.file("etc/manager.conf");
        configuration = Files.readString(manager);
        Files.writeString(
                manager,
                configuration.replace(
                        "[general]",
                        "[general]\ntlsenable=yes\ntlsbindaddr=127.0.0.1:" + port + "\ntlscertfile=" + both));
        lab.rx("manager reload");
        Await.until(
                "the PBX listens for TLS",
                () -> lab.rx("manager show settings").matches("(?s).*TLS Bindaddress: +127.0.0.1:" + port + ".*"),
                lab::logTail);
    }

    @AfterAll
    static void as_before() throws IOException {
        if (configuration != null) {
            Files.writeString(lab.file("etc/manager.conf"), configuration);
            lab.rx("manager reload");
        }
    }

    private static void makeCertificate(Path keys, Path both) throws Exception {
        Ran.of(new ProcessBuilder((System.getProperty("java.home") + "/bin/keytool -genkeypair -alias ami -keyalg RSA"
                                + " -dname CN=ami -ext san=ip:127.0.0.1 -storetype PKCS12 -keystore " + keys
                                + " -storepass " + PASSWORD)
                        .split(" ")))
                .success();
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD.toCharArray());
        }
        Files.writeString(
                certificate, pem("CERTIFICATE", store.getCertificate("ami").getEncoded()));
        Files.writeString(
                both,
                pem("PRIVATE KEY", store.getKey("ami", PASSWORD.toCharArray()).getEncoded()));
        Files.writeString(both, Files.readString(certificate), StandardOpenOption.APPEND);
    }

    private static String pem(String what, byte[] content) {
        String base64 = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
    }

    @Test
    void codes_work_over_connections_that_stay() {
        try (ServerProcess server = ServerProcess.start(port, Lab.SECRET, "--ami-tls", "--ami-tls-ca=" + certificate);
                Room room = lab.room(server)) {
            Await.until(
                    "the pool, and one for events",
                    () -> lab.connected(Lab.USER).size() == 5);
            List<String> before = lab.connected(Lab.USER);
            room.join("101");
            room.join("102");
            Caller moderator = room.moderator("200");
            assertEquals("DONE", moderator.press("*6", "101#"));
            assertEquals(List.of("101"), room.muted());
            assertEquals(before, lab.connected(Lab.USER));
            assertEquals(0, server.logged("PBX lost"), server::logText);
        }
    }

    @Test
    void a_certificate_that_nobody_vouches_for_and_a_port_without_tls_are_refused_with_the_setting_to_change() {
        String untrusted = refusal(port);
        assertTrue(untrusted.contains("unable to find valid certification path"), untrusted);
        assertTrue(untrusted.contains("ami-tls-ca"), untrusted);
        String plain = refusal(lab.amiPort());
        assertTrue(plain.contains("ami-tls"), plain);
    }

    private static String refusal(int amiPort) {
        Ran ran = lab.run("conferences", "--ami-tls", "--ami-port=" + amiPort);
        assertEquals(3, ran.exitCode(), ran::err);
        assertEquals(1, ran.err().lines().count(), ran::err);
        return ran.err();
    }
}
