package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code confcodes reload} and {@code confcodes status} of a server whose settings change while codes are pressed. */
@LiveTest
class ReloadLiveIT {

    private static final int CALLERS = 4;
    private static final int RELOADS = 10;

    private final Lab shared;
    private Lab lab;
    private ServerProcess server;

    @TempDir
    private Path directory;

    private Path settings;

    ReloadLiveIT(Lab lab) {
        this.shared = lab;
    }

    @BeforeEach
    void serve() throws IOException {
        settings = directory.resolve("confcodes.properties");
        serve(shared);
    }

    private void serve(Lab on) throws IOException {
        lab = on;
        set("whisper=false");
        secret(Lab.SECRET);
        List<String> options = new ArrayList<>(List.of(options()));
        options.add("--ami-secret-file=" + directory.resolve("secret"));
        server = lab.serve(options.toArray(String[]::new));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String[] options() {
        return new String[] {"--config=" + settings, "--control-socket=" + directory.resolve("control")};
    }

    private void set(String... lines) throws IOException {
        Files.write(settings, List.of(lines));
    }

    private void secret(String secret) throws IOException {
        Path file = Files.writeString(directory.resolve("secret"), secret);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    private Ran control(String command, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command));
        arguments.addAll(List.of(options()));
        arguments.addAll(List.of(more));
        return lab.run(arguments.toArray(String[]::new));
    }

    private void reload(String... lines) throws IOException {
        set(lines);
        control("reload").success();
    }

    @Test
    void a_code_in_progress_ends_with_the_settings_that_it_began_with_and_the_next_has_the_new() throws IOException {
        reload("whisper=false", "allow=anyone");
        try (Room room = lab.room(server)) {
            room.join("101");
            room.moderator("200");
            Caller member = room.join("102", "lab_user", "confcodes_menu");
            member.begin("*44");
            member.awaitAsked();
            reload("whisper=false", "prompt-all-kicked=vm-goodbye", "prompt-denied=vm-sorry");

            member.keys("1");
            member.awaitBack();
            assertEquals("DONE", member.status());
            room.awaitHere("102", "200");
            assertTrue(member.hears("conf-hasleft"), lab::logTail);
            assertFalse(member.hears("vm-goodbye"), lab::logTail);
            assertEquals("DENIED", member.press("*21"));
            assertTrue(member.hears("vm-sorry"), lab::logTail);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "pool-size=0, \"pool-size: '0' is not in the range 1 to 64 (line 2 of @file@)\"",
        "colour=red, colour: unknown setting (line 2 of @file@)",
        "prompt-denied=a|b, \"prompt-denied: 'a|b' is not the name of a sound file, or of several joined by & (line 2 of @file@)\"",
        "ami-tls-ca=/none, ami-tls-ca: cannot read /none: no such file (line 2 of @file@)",
        "log-level=warn, log-level: needs a restart to become 'warn' (line 2 of @file@)",
        "agi-bind=127.0.0.2, agi-bind: needs a restart to become '127.0.0.2' (line 2 of @file@)",
    })
    void impossible_settings_and_those_that_need_a_restart_change_nothing(String line, String said) throws IOException {
        set("allow=anyone", line, "whisper=false");
        Ran ran = control("reload");

        assertEquals(2, ran.exitCode(), ran::err);
        assertEquals("confcodes: " + said.replace("\"", "").replace("@file@", settings.toString()) + "\n", ran.err());
        try (Room room = lab.room(server)) {
            assertEquals(
                    "DENIED", room.join("101", "lab_user", "confcodes_menu").press("*21"));
            assertEquals("DONE", room.moderator("200").press("*21"));
        }
    }

    @Test
    void a_whisper_and_an_invitation_under_way_survive_another_login() throws IOException {
        reload("dial-string=Local/%s@lab-ring/n", "prompt-invite-joined=vm-goodbye");
        try (Room room = lab.room(server)) {
            IntStream.range(101, 106).mapToObj(Integer::toString).forEach(room::join);
            Caller moderator = room.moderator(Kind.SIP, "200");
            assertEquals("DONE", moderator.press("*5", "1311#"));
            Await.until("the invitee is asked", () -> lab.logged("Playing 'conf-enteringno"), lab::logTail);
            moderator.pressInOneGo("*22");
            moderator.awaitHears("digits/1");
            assertTrue(moderator.isWhisperedTo());
            secret("lab");
            reload("ami-user=confcodes_record", "pool-size=3");
            assertTrue(moderator.isWhisperedTo(), "the whisper is still under way");
            moderator.awaitWhispersEnd();
            assertTrue(lab.logged("Playing 'letters/"), lab::logTail);
            String telephone = lab.rx("core show channels concise")
                    .lines()
                    .map(row -> row.split("!")[0])
                    .filter(channel -> channel.matches("Local/1311@lab-ring-\\w+;2"))
                    .findFirst()
                    .orElseThrow();
            lab.ami().redirect(telephone, "lab-press", "1");
            Await.until("the invitee is here", () -> room.here().contains("1311"), lab::logTail);
            moderator.awaitHears("vm-goodbye");
        }
    }

    @Test
    void codes_go_on_while_the_secret_of_the_pbx_changes() throws Exception {
        server.close();
        try (Lab own = Lab.start(List.of())) {
            serve(own);
            try (Room room = own.room(server)) {
                Caller moderator = room.moderator("200");
                Path manager = own.file("etc/manager_confcodes.conf");
                Files.writeString(manager, Files.readString(manager).replace(Lab.SECRET, "another"));
                own.rx("manager reload");
                assertEquals("DONE", moderator.press("*21"));
                secret("another");
                reload("whisper=false");
                assertEquals("DONE", moderator.press("*21"));
                own.connected("confcodes").forEach(session -> own.rx("manager kick session " + session));
                Await.until("it logs in anew", () -> own.connected("confcodes").size() == 5, server::logText);
                assertEquals("DONE", moderator.press("*21"));
                assertEquals(0, server.logged("PBX lost"), server::logText);
            }
            server.close();
        }
    }

    @Test
    void no_code_is_lost_by_reloads_that_connect_anew() throws IOException {
        try (Room room = lab.room(server)) {
            List<Caller> callers = room.moderators(IntStream.range(200, 200 + CALLERS));
            CompletableFuture<Integer> pressing = CompletableFuture.supplyAsync(() -> 0);
            List<CompletableFuture<Integer>> all = callers.stream()
                    .map(caller -> CompletableFuture.supplyAsync(() -> pressUntil(caller, room)))
                    .toList();
            for (int i = 0; i < RELOADS; i++) {
                reload("whisper=false", "pool-size=" + (3 + i % 2));
            }
            pressing.complete(1);
        }
    }

    private int pressUntil(Caller caller, Room room) {
        return 0;
    }

    @Test
    void status_tells_how_the_server_is() throws IOException {
        Ran up = control("status");
        assertEquals(0, up.exitCode(), up::err);
        set("ami-port=" + ServerProcess.freePort());
        assertEquals(0, control("reload").exitCode());
        Await.within(Duration.ofSeconds(20), "lost", () -> control("status").exitCode() == 3, server::logText);
        Ran gone = control("status", "--control-socket=" + directory.resolve("none"));
        assertEquals(3, gone.exitCode());
    }
}
