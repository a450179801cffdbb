package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.ProcessFigures;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code confcodes reload} and {@code confcodes status} of a server whose settings change while codes are pressed. */
@LiveTest
class ReloadLiveIT {

    private static final int CALLERS = 4;
    private static final int CODES = 20;
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
        String answer = ask("reload");
        assertTrue(answer.contains("the settings were read again"), answer);
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
    @ValueSource(
            strings = {
                "pool-size=0 | pool-size: '0' is not in the range 1 to 64 (line 2 of @file@)",
                "colour=red | colour: unknown setting (line 2 of @file@)",
                "agi-peers=10.0.0.0/33 | agi-peers: '10.0.0.0/33' is not a list of addresses, networks and the word loopback (line 2 of @file@)",
                "ami-tls-ca=/none | ami-tls-ca: cannot read /none: no such file (line 2 of @file@)",
                "log-level=warn | log-level: needs a restart to become 'warn' (line 2 of @file@)",
                "agi-bind=127.0.0.2 | agi-bind: needs a restart to become '127.0.0.2' (line 2 of @file@)",
            })
    void impossible_settings_and_those_that_need_a_restart_change_nothing(String lineAndMessage) throws IOException {
        String[] both = lineAndMessage.split(" \\| ");
        set("allow=anyone", both[0], "whisper=false");
        Ran ran = control("reload");

        assertEquals(2, ran.exitCode(), ran::err);
        assertEquals("confcodes: " + both[1].replace("@file@", settings.toString()) + "\n", ran.err());
        try (Room room = lab.room(server)) {
            assertEquals(
                    "DENIED", room.join("101", "lab_user", "confcodes_menu").press("*21"));
            assertEquals("DONE", room.moderator("200").press("*21"));
        }
    }

    @Test
    void a_whisper_and_an_invitation_under_way_survive_another_login() throws IOException {
        String dial = "dial-string=Local/%s@lab-ring/n";
        reload();
        try (Room room = lab.room(server)) {
            IntStream.range(101, 104).mapToObj(Integer::toString).forEach(room::join);
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.pressInOneGo("*22");
            moderator.awaitHears("digits/1");
            secret("lab");
            reload(dial, "ami-user=confcodes_record", "prompt-invite-joined=vm-goodbye");
            assertTrue(moderator.isWhisperedTo(), "the whisper is still under way");
            moderator.awaitWhispersEnd();

            moderator.pressInOneGo("*51311#");
            Await.until("the invitee is asked", () -> lab.logged("Playing 'conf-enteringno"), lab::logTail);
            secret(Lab.SECRET);
            reload();
            lab.ami().redirect(telephone("1311"), "lab-press", "1");
            Await.until("the invitee is here", () -> room.here().contains("1311"), lab::logTail);
            moderator.awaitHears("vm-goodbye");
            assertEquals(0, server.logged("cannot whisper"), server::logText);
        }
    }

    private String telephone(String number) {
        return lab.rx("core show channels concise")
                .lines()
                .map(row -> row.split("!")[0])
                .filter(channel -> channel.matches("Local/" + number + "@lab-ring-\\w+;2"))
                .findFirst()
                .orElseThrow();
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

    /** Each reload takes a pool of another size, so that the PBX is logged in to anew. */
    @Test
    void no_code_is_lost_by_reloads_while_codes_are_pressed() throws IOException {
        try (Room room = lab.room(server)) {
            List<Caller> callers = room.moderators(IntStream.range(200, 200 + CALLERS));
            AtomicBoolean isOver = new AtomicBoolean();
            AtomicInteger pressed = new AtomicInteger();
            List<CompletableFuture<Void>> pressing = callers.stream()
                    .map(caller -> CompletableFuture.runAsync(
                            () -> {
                                while (!isOver.get()) {
                                    assertEquals("DONE", caller.press("*21"), server::logText);
                                    pressed.incrementAndGet();
                                }
                            },
                            run -> new Thread(run).start()))
                    .toList();
            int reloads = 0;
            while (reloads < RELOADS || pressed.get() < CODES) {
                set("whisper=false", "pool-size=" + (3 + reloads++ % 2));
                String answer = ask("reload");
                assertTrue(answer.contains("connected anew to 127.0.0.1:" + lab.amiPort()), answer);
            }
            isOver.set(true);
            pressing.forEach(CompletableFuture::join);
            assertEquals(pressed.get(), server.logged(" outcome=done "), server::logText);
            assertEquals(1, server.logged(" WARN ") + server.logged(" ERROR "), "of the sample's secret alone");
            assertTrue(ask("status").contains("\"done\":" + pressed.get()), () -> ask("status"));
        }
    }

    /** What a command of the shell asks the server, without the time that a JVM takes to begin. */
    private String ask(String question) {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(directory.resolve("control")))) {
            channel.write(ByteBuffer.wrap((question + "\n").getBytes(StandardCharsets.UTF_8)));
            return new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void what_the_settings_before_needed_is_given_back() throws IOException {
        reload("whisper=false");
        ProcessFigures figures = server.figures();
        long threads = figures.threads();
        long files = figures.files();
        for (int i = 0; i < RELOADS; i++) {
            set("whisper=false", "pool-size=" + (3 - i % 2));
            ask("reload");
        }
        reload("whisper=false");
        Await.until(
                "its threads and connections are as many as before",
                () -> figures.threads() <= threads && figures.files() <= files,
                () -> figures.files() + " files instead of " + files + ", threads " + figures.threadNames());
    }

    @Test
    void status_tells_how_the_server_is_and_its_exit_code_whether_a_pbx_is_lost() throws IOException {
        try (Room room = lab.room(server)) {
            assertEquals("DONE", room.moderator("200").press("*21"));
            assertEquals(
                    "DENIED", room.join("101", "lab_user", "confcodes_menu").press("*21"));
        }
        Ran up = control("status");
        assertEquals(0, up.exitCode(), up::err);
        assertTrue(
                up.out()
                        .matches("confcodes \\S+ on 127\\.0\\.0\\.1:" + server.port()
                                + ", pid \\d+, up 0:\\d\\d:\\d\\d, 0 FastAGI connections\n"
                                + "PBX +ADDRESS +STATE +SINCE +ACTIVE +IDLE +WAITING +MOST\n"
                                + "- +127\\.0\\.0\\.1:" + lab.amiPort() + " +up +[0-9: -]+ +0 +4 +0 +4\n"
                                + "codes: 1 done, 1 denied\n"
                                + "last warning or error: .* WARN the AMI secret is the sample's: .*\n"),
                up::out);

        String nobody = "127.0.0.2:" + lab.amiPort();
        set("ami-host=127.0.0.2");
        Ran reloaded = control("reload");
        assertEquals(0, reloaded.exitCode(), reloaded::err);
        assertTrue(reloaded.out().contains("PBX lost: no AMI at " + nobody), reloaded::out);
        Ran lost = control("status", "--json");
        assertEquals(3, lost.exitCode(), lost::out);
        JsonObject json = JsonParser.parseString(lost.out()).getAsJsonObject();
        JsonObject pbx = json.getAsJsonArray("pbxs").get(0).getAsJsonObject();
        assertFalse(pbx.get("up").getAsBoolean());
        assertTrue(pbx.get("problem").getAsString().startsWith("no AMI at " + nobody), lost::out);
        assertTrue(
                json.getAsJsonObject("lastProblem").get("message").getAsString().startsWith("PBX lost: "), lost::out);
    }

    @Test
    void without_a_server_both_say_so_and_a_second_server_leaves_the_socket_to_the_first() {
        Ran second = lab.run("serve", "--agi-port=0", options()[0], options()[1]);
        assertEquals(2, second.exitCode(), second::err);
        assertTrue(
                second.err().contains("control-socket: cannot make ")
                        && second.err().contains("another server"),
                second::err);
        assertEquals(0, control("status").exitCode());
        server.close();
        for (String command : List.of("status", "reload")) {
            Ran ran = control(command);
            assertEquals(3, ran.exitCode());
            assertTrue(ran.err().matches("confcodes: no server answers on .*: Connection refused; .*\\R"), ran::err);
        }
    }
}
