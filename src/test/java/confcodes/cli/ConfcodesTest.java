package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.People;
import confcodes.conference.Status;
import confcodes.lab.ScriptedAmi;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ConfcodesTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String FIRST = "PJSIP/101-0000001b";
    private static final String SECOND = "SIP/trunk-00000002";

    /** Every command that asks a PBX, with the arguments it needs. */
    private static final List<String> ON_CONFERENCE_100 = List.of(
            "conferences",
            "list 100",
            "mute 100 101",
            "mute 100 --all",
            "unmute 100 101",
            "kick 100 101",
            "kick 100 --all --yes",
            "ban 100 101",
            "unban 100 101",
            "bans 100",
            "hands 100",
            "floor 100",
            "lock 100",
            "unlock 100",
            "invite 100 105",
            "record 100 start");

    private final InMemoryPbx pbx = new InMemoryPbx()
            .join(
                    "100",
                    People.admin(MODERATOR, "200"),
                    People.member(FIRST, "101"),
                    People.member(SECOND, "+79161234567"));

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void open_a_shell() throws IOException {
        shell = new Shell(directory, "ami-secret=hunter2");
    }

    static Stream<String> onConference100() {
        return ON_CONFERENCE_100.stream();
    }

    static Stream<String> onMissingConference() {
        return onConference100().filter(line -> !line.equals("conferences")).map(line -> line.replace("100", "7"));
    }

    static Stream<String> commands() {
        return new Confcodes(Map.of(), Optional.empty()).commandLine().getSubcommands().keySet().stream();
    }

    private Shell.Result runOn(String line) {
        return shell.runOn(pbx, line.split(" "));
    }

    /** Without a file and a secret: what is wrong with the arguments is said first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|Missing required subcommand",
                "frobnicate|Unmatched argument",
                "conferences 100|Unmatched argument",
                "conferences --frobnicate|Unknown option",
                "list|Missing required parameter: 'CONF'",
                "list EMPTY|CONF is 1 to 79 characters",
                "list 1\u00012|CONF is 1 to 79 characters",
                "list LONG|CONF is 1 to 79 characters",
                "watch|watch needs a terminal, and TERM not dumb; --json prints lines",
                "watch EMPTY --json|CONF is 1 to 79 characters",
                "lock|Missing required parameter: 'CONF'",
                "lock EMPTY|CONF is 1 to 79 characters",
                "mute 100|WHO or one option in its place",
                "mute 100 101 --all|WHO or one option in its place",
                "mute 100 --talking --all|WHO or one option in its place",
                "kick 100 101 --last|WHO or one option in its place",
                "mute 100 101 102|Unmatched argument",
                "kick 100 EMPTY|WHO is not empty",
                "kick 100 101 --yes|--yes is for --all",
                "kick 100 --all|--yes kicks without asking",
                "invite 100|Missing required parameter: 'NUMBER'",
                "invite 100 alice|NUMBER is 1 to 32 digits",
                "invite 100 +49170|NUMBER is 1 to 32 digits",
                "ban 100 --all|ban is for one",
                "unban 100|Missing required parameter",
                "record 100|Missing required parameter",
                "record 100 pause|expected one of [start, stop]",
                "serve now|Unmatched argument",
                "help nosuch|Unknown subcommand 'nosuch'",
            })
    void wrong_usage_is_two_and_one_line_that_names_the_help_before_any_setting_is_read(String line, String said)
            throws IOException {
        String[] args = Stream.of(line.split(" "))
                .filter(arg -> !arg.isEmpty())
                .map(arg -> arg.equals("EMPTY") ? "" : arg.equals("LONG") ? "x".repeat(80) : arg)
                .toArray(String[]::new);
        Shell.Result result = new Shell(directory, "colour=red").run(args);

        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().startsWith("confcodes: ") && result.err().contains(said), result.err());
        assertTrue(result.err().matches("(?s).*; see confcodes.* --help\\R"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "dumb"})
    void watch_is_for_a_terminal_with_lines(String type) {
        Shell.Result result = shell.answering("y").with("TERM", type).run("watch", "100");

        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertTrue(result.err().contains("watch needs a terminal, and TERM not dumb"), result.err());
    }

    @Test
    void these_are_the_commands() {
        String all =
                "serve conferences rooms list watch mute unmute kick ban unban bans hands floor lock unlock invite add record keys setup"
                        + " check reload status help generate-completion";

        assertEquals(Set.of(all.split(" ")), Set.copyOf(commands().toList()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_help(String command) {
        Shell.Result result = shell.run(command, "--help");

        assertEquals(Confcodes.DONE, result.exitCode(), result.err());
        String name = Map.of("rooms", "conferences", "add", "invite").getOrDefault(command, command);
        assertTrue(result.out().contains("Usage: confcodes " + name + " "), result.out());
        assertFalse(result.out().matches("(?s).*(%%|%n|\\$\\{|prompt-).*"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void help_lists_the_commands_and_the_exit_codes() {
        for (Shell.Result result : List.of(shell.run("--help"), shell.run("help"))) {
            assertEquals(Confcodes.DONE, result.exitCode());
            commands()
                    .forEach(command ->
                            assertTrue(result.out().matches("(?s).*\\R  .*\\b" + command + "\\b.*"), command));
            assertTrue(result.out().contains("Exit codes:") && result.out().contains("  70   internal"), result.out());
        }
    }

    @Test
    void the_version_is_one_line() {
        for (Shell.Result result : List.of(shell.run("--version"), shell.run("-V"), shell.run("rooms", "--version"))) {
            assertEquals(Confcodes.DONE, result.exitCode());
            assertTrue(
                    result.out().strip().matches("confcodes [0-9]+\\.[0-9]+\\S* \\(Java [0-9]\\S*\\)"), result.out());
        }
    }

    @Test
    void completion_for_the_shell_knows_commands_and_options() {
        Shell.Result result = shell.run("generate-completion");

        assertEquals(Confcodes.DONE, result.exitCode());
        for (String word : List.of("complete -F", "unmute", "--ami-secret-file", "--max-digits", "marked", "stop")) {
            assertTrue(result.out().contains(word), word);
        }
    }

    @ParameterizedTest
    @MethodSource("onConference100")
    void a_pbx_that_is_down_is_three_and_one_line_with_its_address_and_json_if_asked_for(String line)
            throws IOException {
        int port = Shell.closedPort();
        Shell.Result result = shell.run((line + " --ami-port=" + port).split(" "));

        assertEquals(Confcodes.NO_PBX, result.exitCode(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("127.0.0.1:" + port), result.err());

        Shell.Result json = shell.run((line + " --json --ami-port=" + port).split(" "));
        assertEquals(Confcodes.NO_PBX, json.exitCode(), json.err());
        assertEquals(result.err(), json.err());
        JsonObject object = JsonParser.parseString(json.out()).getAsJsonObject();
        assertEquals("UNAVAILABLE", object.get("status").getAsString());
        assertEquals(!line.equals("conferences"), object.has("conference"));
    }

    @Test
    void of_several_pbxs_a_command_needs_one_and_conferences_lists_all_that_answer() throws IOException {
        try (ScriptedAmi ami = new ScriptedAmi()) {
            ami.on("ConfbridgeListRooms", (peer, action) -> peer.error(action, "No active conferences."));
            ami.on("ConfbridgeLock", (peer, action) -> peer.success(action, "Conference locked"));
            int closed = Shell.closedPort();
            shell = new Shell(
                    directory,
                    "pbx=one,two,three",
                    "ami-secret=" + ScriptedAmi.SECRET,
                    "one.ami-port=" + ami.port(),
                    "two.ami-port=" + closed,
                    "three.ami-port=1");

            assertEquals(
                    new Shell.Result(
                            Confcodes.USAGE,
                            "",
                            "confcodes: --pbx is needed: one of one, two, three; see confcodes lock --help\n"),
                    shell.run("lock", "100"));
            for (String wrong : List.of("four", "", "ONE")) {
                Shell.Result refused = shell.run("conferences", "--pbx", wrong);
                assertEquals(Confcodes.USAGE, refused.exitCode(), refused.err());
                assertTrue(refused.err().contains("--pbx is one of those in the setting pbx: one, two, three"));
            }
            assertEquals(0, ami.connections());
            assertEquals(
                    new Shell.Result(Confcodes.DONE, "locked 100\n", ""), shell.run("lock", "100", "--pbx", "one"));
            assertEquals(
                    "{\"status\":\"DONE\",\"pbx\":\"one\",\"conference\":\"100\"}",
                    shell.run("lock", "100", "--pbx=one", "--json").out().replaceAll("\\s", ""));
            Shell.Result all = shell.run("conferences");
            assertEquals(Confcodes.NO_PBX, all.exitCode());
            assertEquals("PBX  CONFERENCE  PARTICIPANTS  MARKED  LOCKED\n", all.out());
            assertEquals(2, all.err().lines().count(), all.err());
            assertTrue(all.err().contains("confcodes: two: ") && all.err().contains("127.0.0.1:" + closed), all.err());
            assertEquals(Confcodes.DONE, shell.run("conferences", "--pbx=one").exitCode());
        }
        assertEquals(
                Confcodes.USAGE,
                new Shell(directory, "ami-secret=x").run("rooms", "--pbx=one").exitCode());
    }

    @ParameterizedTest
    @MethodSource("onConference100")
    void a_right_that_the_ami_user_lacks_is_one_and_denied(String line) {
        pbx.failWith(new PbxException(PbxException.Reason.NOT_PERMITTED, "add the class"));
        Shell.Result result = runOn(line + " --json");

        assertEquals(new Shell.Result(Confcodes.REFUSED, result.out(), "confcodes: add the class\n"), result);
        JsonObject object = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals("DENIED", object.get("status").getAsString());
    }

    @ParameterizedTest
    @CsvSource({
        "DONE, 0",
        "NOTFOUND, 1",
        "AMBIGUOUS, 1",
        "DENIED, 1",
        "CANCELLED, 1",
        "NOCONFERENCE, 1",
        "UNAVAILABLE, 3",
    })
    void every_status_has_its_exit_code(Status status, int exitCode) {
        assertEquals(exitCode, Confcodes.exitCode(status));
    }

    @Test
    void an_internal_fault_is_seventy_with_a_stack_trace_that_a_terminal_can_show() {
        Pbx broken = (Pbx)
                Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Pbx.class}, (pbx, method, args) -> {
                    throw new IllegalArgumentException("\u001b[2J odd");
                });
        Shell.Result result = shell.runOn(broken, "lock", "100");

        assertEquals(70, result.exitCode(), result.err());
        assertTrue(result.err().contains("IllegalArgumentException: ?[2J odd"), result.err());
        assertTrue(result.err().contains("    at confcodes.cli.LockCommand.run("), result.err());
        assertTrue(result.err().endsWith("\nconfcodes: an internal fault; please report it with the lines above\n"));
        assertFalse(result.err().contains("\u001b"));
    }

    @Test
    void a_port_that_is_taken_is_two_and_names_the_settings_and_who_has_it() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Shell.Result result = shell.run("serve", "--agi-port=" + taken.getLocalPort());

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(
                    result.err()
                            .startsWith("confcodes: agi-bind, agi-port: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort()),
                    result.err());
            String holder = "; process " + ProcessHandle.current().pid() + " (";
            assertTrue(result.err().contains(holder), result.err());
            assertTrue(result.err().endsWith(" listens there (option --agi-port)\n"), result.err());
        }
    }

    /** Commands, what the last one prints, and what is so afterwards. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mute 100 89161234567 | muted SIP/trunk-00000002 of 100 | MUTE 100 SIP/trunk-00000002",
                "kick 100 PJSIP/101-0000001b | kicked PJSIP/101-0000001b of 100 | KICK 100 PJSIP/101-0000001b",
                "mute 100 --all | muted everyone but administrators of 100 | MUTE 100 participants",
                "unmute 100 --all | unmuted everyone but administrators of 100 | ''",
                "unmute 100 --all --mutes-hold=none | unmuted everyone but administrators of 100"
                        + "| UNMUTE 100 participants",
                "ban 100 101 | banned PJSIP/101-0000001b of 100 | KICK 100 PJSIP/101-0000001b",
                "ban 100 101, bans 100 | 101 | KICK 100 PJSIP/101-0000001b",
                "ban 100 101, unban 100 101 | unbanned 101 of 100 | KICK 100 PJSIP/101-0000001b",
                "lock 100 | locked 100 | locked 100",
                "lock 100, unlock 100 | unlocked 100 | ''",
                "record 100 start | recording 100 | recorded 100",
                "record 100 START | recording 100 | recorded 100",
                "record 100 start, record 100 stop | stopped recording 100 | ''",
                "invite 100 105 --dial-string=Local/%s@from-internal | calling Local/105@from-internal into 100"
                        + "| invited 100 Local/105@from-internal",
                "add 100 105 --dial-string=SIP/%s | calling SIP/105 into 100 | invited 100 SIP/105",
            })
    void what_was_done_is_said(String lines, String said, String done) {
        Shell.Result last = null;
        for (String line : lines.split(", ")) {
            last = runOn(line);
        }
        assertEquals(new Shell.Result(Confcodes.DONE, said + "\n", ""), last);
        assertEquals(done, String.join(", ", pbx.everythingDone()));
        assertTrue(pbx.lists() == 0 || !lines.matches("(lock|record).*"), "a list was fetched in vain");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kick 100 999 | nobody in 100 is 999",
                "kick 100 all | nobody in 100 is all",
                "unban 100 101 | 101 is not banned",
                "floor 100 | no hand is raised",
                "kick 100 PJSIP/101 | nobody in 100 is PJSIP/101",
                "mute 100 300 | 300 means several, name one by its channel: SIP/trunk-00000003 SIP/trunk-00000004",
                "mute 100 4567 | 4567 is only the end of a number, name one by its channel: SIP/trunk-00000002",
            })
    void unless_one_is_meant_nobody_is_touched_and_all_are_named(String line, String said) {
        pbx.join("100", People.member("SIP/trunk-00000003", "300"), People.member("SIP/trunk-00000004", "300"));

        assertEquals(new Shell.Result(Confcodes.REFUSED, "", "confcodes: " + said + "\n"), runOn(line));
        assertEquals(List.of(), pbx.operations());
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", " Y "})
    void kick_all_asks_on_a_terminal_and_names_how_many(String answer) {
        Shell.Result result = shell.answering(answer).runOn(pbx, "kick", "100", "--all");

        assertEquals("Kick 2 of 100: everyone but administrators? [y/N] ", result.err());
        assertEquals("kicked 2 of 2 in 100\n", result.out());
        assertEquals(Set.of(FIRST, SECOND), pbx.kicked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n", "yes, but", "2"})
    void kick_all_kicks_nobody_unless_the_answer_is_yes(String answer) {
        Shell.Result result = shell.answering(answer).runOn(pbx, "kick", "100", "--all");

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertTrue(result.err().endsWith("confcodes: nobody was kicked\n"), result.err());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void kick_all_does_not_ask_if_told_to_nor_if_nobody_is_there_to_kick() {
        shell.answering("n");
        assertEquals("", runOn("kick 100 --all --yes").err());
        assertEquals(Set.of(FIRST, SECOND), pbx.kicked());

        pbx.leave("100", FIRST);
        pbx.leave("100", SECOND);
        assertEquals(
                "confcodes: nobody but administrators is there\n",
                runOn("kick 100 --all").err());
    }

    @Test
    void kick_all_kicks_those_who_were_listed_and_counts_who_really_left() {
        Confcodes.Terminal meanwhile = () -> {
            pbx.join("100", People.member("PJSIP/102-0000001c", "102"));
            pbx.leave("100", FIRST);
            return "y";
        };
        Shell.Result result = shell.answering(meanwhile).runOn(pbx, "kick", "100", "--all", "--json");

        assertEquals(Set.of(SECOND), pbx.kicked());
        JsonObject object = JsonParser.parseString(result.out()).getAsJsonObject();
        assertEquals(1, object.get("count").getAsInt());
    }

    @ParameterizedTest
    @MethodSource("onMissingConference")
    void a_conference_that_does_not_exist_is_one(String line) {
        Shell.Result result = runOn(line);

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertEquals("confcodes: no conference 7\n", result.err());
        assertEquals(List.of(), pbx.everythingDone());
    }

    /** The JVM itself, since it decides how text becomes bytes. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX"})
    void output_is_utf_8_in_every_locale(String locale) throws Exception {
        Path file = Shell.write(directory.resolve("settings"), "ami-secret=x\nami-host=größe\n");
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        ProcessBuilder builder = new ProcessBuilder(
                java.toString(), "-cp", System.getProperty("java.class.path"), "confcodes.cli.Confcodes", "list", "1");
        builder.environment().put("CONFCODES_CONFIG", file.toString());
        builder.environment().put("LC_ALL", locale);

        assertTrue(text(builder.start().getErrorStream()).contains("größe"));
        builder.command().add("--help");
        assertTrue(text(builder.start().getInputStream()).contains("größe"));
    }

    private static String text(InputStream stream) throws IOException {
        return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"C, C.UTF-8", "POSIX, C.UTF-8", "de_DE.UTF-8, de_DE.UTF-8", "C.UTF-8, C.UTF-8"})
    void the_launcher_lets_arguments_be_utf_8_in_the_locale_c(String locale, String expected) throws Exception {
        Path java = Shell.write(directory.resolve("java"), "#!/bin/sh\necho \"$LC_ALL\"\n");
        Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwx------"));
        ProcessBuilder builder = new ProcessBuilder("sh", "src/main/sh/confcodes", "list", "größe");
        builder.environment()
                .putAll(Map.of("JAVA", java.toString(), "CONFCODES_JAR", java.toString(), "LC_ALL", locale));

        assertEquals(expected + "\n", text(builder.start().getInputStream()));
    }
}
