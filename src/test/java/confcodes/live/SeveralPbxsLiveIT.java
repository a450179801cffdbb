package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** One server for two Asterisks, where the same channels are in the same conference. Alone, since it looks at the clock. */
@LiveTest(start = "systemname=pbx1")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Isolated
class SeveralPbxsLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Side one;
    private final Side two;
    private Path settings;
    private ServerProcess server;

    /** One of the two Asterisks, with 101 and the moderator 200 in the conference 100. */
    private static final class Side {
        private final Lab lab;
        private Room room;
        private Caller moderator;

        private Side(Lab lab) {
            this.lab = lab;
        }

        private void fill(ServerProcess server) {
            room = lab.room(server, "100");
            room.join("101");
            moderator = room.moderator("200");
        }
    }

    SeveralPbxsLiveIT(Lab lab) throws Lab.UnavailableException {
        one = new Side(lab);
        two = new Side(Lab.start(List.of("systemname=pbx2")));
    }

    @BeforeAll
    void start(@TempDir Path directory) throws IOException {
        List<String> lines = new ArrayList<>(Lab.settings(one.lab, two.lab));
        lines.add("agi-port=" + one.lab.agiPort());
        lines.add("invite-accept=false");
        lines.add("pbx1.dial-string=Local/%s@lab-ring/n");
        settings = Files.write(directory.resolve("confcodes.properties"), lines);
        Files.setPosixFilePermissions(settings, PosixFilePermissions.fromString("rw-------"));
        server = ServerProcess.start(settings);
        Stream.of(one, two).forEach(side -> side.fill(server));
    }

    @AfterAll
    void stop() {
        Stream.of(one, two).forEach(side -> side.room.close());
        server.close();
        two.lab.close();
    }

    private Ran confcodes(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--config=" + settings);
        return Ran.of(ServerProcess.launcher(all.toArray(String[]::new)));
    }

    @Test
    void each_code_acts_on_its_own_pbx_though_the_channels_have_one_name() {
        assertEquals(one.moderator.channel(), two.moderator.channel());
        assertEquals(one.room.channels(), two.room.channels());

        assertEquals("DONE", two.moderator.press("*6", "101#"));
        assertEquals(List.of("101"), two.room.muted());
        assertEquals(List.of(), one.room.muted());
        two.moderator.awaitHears("descending-2tone");
        server.awaitLine(line -> line.contains("code=conference_mute ") && line.contains(" pbx=pbx2"));
        assertEquals(0, server.logged("cannot whisper"), server::logText);
        assertEquals("DONE", two.moderator.press("*7", "101#"));
        assertEquals("DONE", one.moderator.press("*5", "105#"));
        Await.until("105 joins", () -> one.room.here().contains("105"), one.room::here);
        server.awaitLine(line -> line.contains("invited=105 outcome=joined pbx=pbx1"));
        two.room.awaitHere("101", "200");
        confcodes("kick", "100", "105", "--pbx=pbx1").success();
        one.room.awaitHere("101", "200");
    }

    @Test
    void the_shell_lists_both_and_acts_on_the_one_that_is_named() {
        Ran all = confcodes("conferences");
        assertEquals(0, all.exitCode(), all::err);
        assertEquals(
                List.of("PBX CONFERENCE", "pbx1 100", "pbx2 100"),
                all.out()
                        .lines()
                        .map(line -> line.replaceAll("^(\\S+) +(\\S+) .*", "$1 $2"))
                        .toList());
        assertEquals(2, confcodes("lock", "100").exitCode());
        confcodes("lock", "100", "--pbx", "pbx2").success();
        assertTrue(two.room.isLocked());
        assertFalse(one.room.isLocked());
        confcodes("unlock", "100", "--pbx", "pbx2").success();
        Ran list = confcodes("list", "100", "--pbx", "pbx2", "--json");
        JsonParser.parseString(list.success())
                .getAsJsonArray()
                .forEach(row ->
                        assertEquals("pbx2", row.getAsJsonObject().get("pbx").getAsString()));
    }

    @Test
    void a_channel_of_one_proves_nothing_at_the_other_and_nobody_acts_by_a_wrong_name() throws IOException {
        try (FastAgiPeer other = new FastAgiPeer(server.port(), "pbx2/conference_mute_all");
                FastAgiPeer unknown = new FastAgiPeer(server.port(), "pbx3/conference_mute_all");
                FastAgiPeer own = new FastAgiPeer(server.port(), "pbx1/conference_count")) {
            assertEquals(
                    "",
                    unknown.standsFor(one.moderator.asMember(), one.lab.ami())
                            .play()
                            .status());
            server.awaitLine(line -> line.contains("the setting pbx has no PBX named pbx3"));
            assertEquals(
                    "DENIED",
                    other.standsFor(one.moderator.asMember(), one.lab.ami())
                            .play()
                            .status());
            assertEquals(
                    "DONE",
                    own.standsFor(one.moderator.asMember(), one.lab.ami())
                            .play()
                            .status());
        }
        assertEquals(List.of(), one.room.muted());
        assertEquals(List.of(), two.room.muted());
    }

    @Test
    void one_that_is_silent_is_unavailable_and_the_other_notices_nothing() throws IOException {
        two.lab.signal("STOP");
        try (FastAgiPeer silent = new FastAgiPeer(server.port(), "pbx2/conference_count")) {
            assertEquals(
                    "UNAVAILABLE",
                    silent.names(one.moderator.channel(), "pbx2-1.1").play().status());
            assertTrue(silent.nanos() < SOON.toNanos(), () -> silent.nanos() + " ns");
            for (int i = 0; i < 5; i++) {
                assertEquals("DONE", one.moderator.press("*21"));
            }
            server.awaitLine(line -> line.contains("PBX pbx2 lost: "));
            Ran all = confcodes("conferences", "--ami-timeout=1s");
            assertEquals(3, all.exitCode(), all::err);
            assertTrue(all.out().contains("pbx1  100 "), all::out);
            assertTrue(all.err().startsWith("confcodes: pbx2: "), all::err);
        } finally {
            two.lab.signal("CONT");
        }
        server.awaitLine(line -> line.contains("PBX pbx2 is back: "));
        assertEquals("DONE", two.moderator.press("*21"));
        assertEquals(0, server.logged("PBX pbx1"), server::logText);
    }

    @Test
    void those_that_are_silent_delay_its_start_and_end_once_and_not_one_after_the_other(@TempDir Path directory)
            throws IOException {
        List<ServerSocket> silent = new ArrayList<>();
        List<String> lines = new ArrayList<>(List.of("agi-port=0", "ami-secret=x", "pbx=a,b,c,d"));
        for (String name : List.of("a", "b", "c", "d")) {
            silent.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
            lines.add(name + ".ami-port=" + silent.get(silent.size() - 1).getLocalPort());
        }
        long begun = System.nanoTime();
        try (ServerProcess other = ServerProcess.start(Files.write(directory.resolve("settings"), lines))) {
            Duration started = Duration.ofNanos(System.nanoTime() - begun);
            assertTrue(started.compareTo(SOON.multipliedBy(3)) < 0, started::toString);
            other.stop();
            other.awaitEnd(SOON);
        }
        for (ServerSocket socket : silent) {
            socket.close();
        }
    }

    @Test
    void check_looks_at_this_host_s_own(@TempDir Path directory) throws IOException {
        for (Side side : List.of(one, two)) {
            Path program = Files.writeString(
                    directory.resolve(side.lab.name()),
                    "#!/bin/sh\nexec src/lab/asterisk rx " + side.lab.file("") + " \"$2\"\n");
            Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            String out = confcodes("check", "--asterisk=" + program).out();
            assertTrue(out.contains("for " + side.lab.name() + "\n") || out.contains("sample's"), out);
            assertTrue(out.contains("ok   AMI login"), out);
            assertTrue(out.contains("ok   confcodes serve answers on "), out);
            if (side == one) {
                assertTrue(out.contains("ok   the dialplan reaches the server, and the server this Asterisk"), out);
            }
        }
        Path strange = Files.writeString(directory.resolve("strange"), "#!/bin/sh\necho ' System name: pbx9'\n");
        Files.setPosixFilePermissions(strange, PosixFilePermissions.fromString("rwx------"));
        Ran ran = confcodes("check", "--asterisk=" + strange, "--asterisk-config=" + one.lab.file("etc"));
        assertTrue(ran.out().contains("FAIL pbx does not name this Asterisk: one of pbx1, pbx2 must be"), ran::out);
    }
}
