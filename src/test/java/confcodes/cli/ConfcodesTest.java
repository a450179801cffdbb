package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.Outcome;
import confcodes.conference.PbxException;
import confcodes.conference.People;
import confcodes.conference.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(30)
class ConfcodesTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String FIRST = "PJSIP/101-0000001b";
    private static final String SECOND = "SIP/trunk-00000002";

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
        shell = new Shell(directory, "ami-secret=hunter2").with("CONFCODES_LOG_LEVEL", "info");
    }

    static Stream<String> commands() {
        return Confcodes.commandLine(Map.of()).getSubcommands().keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void a_command_named_first_is_the_same_as_among_all(String command) {
        CommandLine alone =
                Confcodes.commandLine(Map.of(), command).getSubcommands().get(command);
        CommandLine among = Confcodes.commandLine(Map.of()).getSubcommands().get(command);

        assertEquals(among.getUsageMessage(), alone.getUsageMessage());
    }

    /** Without a file and a secret: what is wrong with the arguments is said first. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mute 100|either WHO or --all",
                "mute 100 101 --all|either WHO or --all",
                "kick 100 EMPTY|WHO is not empty",
                "add 100 1x|NUMBER is 1 to 32 digits",
                "list EMPTY|CONF is 1 to 79 characters",
                "lock EMPTY|CONF is 1 to 79 characters",
                "record 100 pause|is none of start, stop"
            })
    void arguments_are_checked_before_settings(String line, String said) {
        String[] args = Stream.of(line.split(" "))
                .map(arg -> arg.equals("EMPTY") ? "" : arg)
                .toArray(String[]::new);
        Shell.Result result = shell.run(args);

        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertTrue(result.err().startsWith("confcodes: ") && result.err().contains(said), result.err());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void help_for_no_command_is_one_line() {
        Shell.Result result = shell.run("help", "nosuch");

        assertEquals(Confcodes.USAGE, result.exitCode());
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void these_are_the_commands() {
        assertEquals(
                Set.of(
                        "serve",
                        "rooms",
                        "list",
                        "mute",
                        "unmute",
                        "kick",
                        "lock",
                        "unlock",
                        "add",
                        "record",
                        "help",
                        "generate-completion"),
                Set.copyOf(commands().toList()));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void every_command_has_help(String command) {
        Shell.Result result = shell.run(command, "--help");

        assertEquals(Confcodes.DONE, result.exitCode(), result.err());
        assertTrue(result.out().contains("Usage: confcodes " + command + " "), result.out());
        assertFalse(result.out().contains("%%") || result.out().contains("%n"), result.out());
        assertEquals("", result.err());
    }

    @Test
    void help_lists_the_commands_and_the_exit_codes() {
        for (Shell.Result result : List.of(shell.run("--help"), shell.run("help"))) {
            assertEquals(Confcodes.DONE, result.exitCode());
            commands().forEach(command -> assertTrue(result.out().contains("\n  " + command + " "), command));
            assertTrue(result.out().contains("Exit codes:"), result.out());
        }
    }

    @Test
    void help_shows_the_place_of_the_number_in_a_dial_string() {
        String help = shell.run("add", "--help").out().replaceAll("\\s+", " ");

        assertTrue(help.contains("such as Local/%s@from-internal; %s is the number. Default: PJSIP/%s"), help);
    }

    @Test
    void help_shows_the_defaults_that_the_settings_make() throws IOException {
        String help = new Shell(directory, "ami-host=pbx.example")
                .run("rooms", "--help")
                .out();

        assertTrue(help.replaceAll("\\s+", " ").contains("Asterisk server. Default: pbx.example"), help);
    }

    @Test
    void the_version_is_one_line() {
        for (Shell.Result result : List.of(shell.run("--version"), shell.run("-V"), shell.run("rooms", "--version"))) {
            assertEquals(Confcodes.DONE, result.exitCode());
            assertTrue(
                    result.out().strip().matches("confcodes [0-9]+\\.[0-9]+\\S* \\(Java 1?[0-9]\\S*\\)"), result.out());
        }
    }

    @Test
    void completion_for_the_shell_knows_commands_and_options() {
        Shell.Result result = shell.run("generate-completion");

        assertEquals(Confcodes.DONE, result.exitCode());
        for (String word : List.of("complete -F", "unmute", "--ami-secret-file", "--prompt-all-kicked")) {
            assertTrue(result.out().contains(word), word);
        }
    }

    static Stream<List<String>> wrong_usages() {
        return Stream.of(
                List.of(),
                List.of("frobnicate"),
                List.of("rooms", "100"),
                List.of("rooms", "--frobnicate"),
                List.of("list"),
                List.of("list", ""),
                List.of("list", "1\n2"),
                List.of("list", "x".repeat(80)),
                List.of("mute", "100"),
                List.of("mute", "100", "101", "--all"),
                List.of("mute", "100", "101", "102"),
                List.of("add", "100"),
                List.of("add", "100", "alice"),
                List.of("add", "100", "+49170"),
                List.of("record", "100"),
                List.of("record", "100", "pause"),
                List.of("lock"),
                List.of("serve", "now"));
    }

    @ParameterizedTest
    @MethodSource("wrong_usages")
    void wrong_usage_is_two_and_one_line_that_names_the_help(List<String> args) throws IOException {
        Shell.Result result = new Shell(directory, "ami-secret=x", "ami-port=" + Shell.closedPort(), "log-level=info")
                .run(args.toArray(String[]::new));

        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().matches("(?s)confcodes: .*; see confcodes.* --help\\R"), result.err());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rooms",
                "list 100",
                "mute 100 101",
                "kick 100 --all",
                "lock 100",
                "add 100 105",
                "record 100 start"
            })
    void a_pbx_that_is_down_is_three_and_one_line_with_its_address(String line) throws IOException {
        int port = Shell.closedPort();
        String[] args = (line + " --ami-port=" + port).split(" ");

        Shell.Result result = shell.run(args);

        assertEquals(Confcodes.NO_PBX, result.exitCode(), result.err());
        assertEquals("", result.out());
        assertEquals(1, result.err().lines().count(), result.err());
        assertTrue(result.err().contains("127.0.0.1:" + port), result.err());
    }

    @Test
    void a_port_that_is_taken_is_two_and_names_the_settings() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            Shell.Result result = shell.run("serve", "--agi-port=" + taken.getLocalPort());

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(
                    result.err()
                            .startsWith("confcodes: agi-bind, agi-port: cannot listen on 127.0.0.1:"
                                    + taken.getLocalPort()),
                    result.err());
        }
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
    void every_outcome_has_its_exit_code(Status status, int exitCode) {
        assertEquals(exitCode, ConferenceCommand.exitCode(Outcome.of(status, "")));
    }

    @Test
    void mute_by_another_notation_acts_on_one_channel_and_says_so() throws PbxException {
        Shell.Result result = shell.runOn(pbx, "mute", "100", "89161234567");

        assertEquals(new Shell.Result(Confcodes.DONE, "muted " + SECOND + " of 100\n", ""), result);
        assertEquals(List.of(SECOND), pbx.muted("100"));
    }

    @Test
    void kick_by_a_channel_s_full_name() throws PbxException {
        assertEquals(Confcodes.DONE, shell.runOn(pbx, "kick", "100", FIRST).exitCode());
        assertEquals(Set.of(FIRST), pbx.kicked());
    }

    @ParameterizedTest
    @ValueSource(strings = {"999", "", "all", "PJSIP/101"})
    void whom_nobody_knows_is_one_and_nobody_is_touched(String who) throws PbxException {
        Shell.Result result = shell.runOn(pbx, "kick", "100", who);

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertEquals("confcodes: nobody in 100 is " + who + "\n", result.err());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void of_several_nobody_is_touched_and_all_are_named() throws PbxException {
        pbx.join("100", People.member("SIP/trunk-00000003", "101"));

        Shell.Result result = shell.runOn(pbx, "mute", "100", "101");

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertTrue(result.err().endsWith(": " + FIRST + " SIP/trunk-00000003\n"), result.err());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void all_is_everyone_but_administrators() throws PbxException {
        assertEquals(Confcodes.DONE, shell.runOn(pbx, "mute", "100", "--all").exitCode());
        assertEquals(List.of(FIRST, SECOND), pbx.muted("100"));

        assertEquals(Confcodes.DONE, shell.runOn(pbx, "unmute", "100", "--all").exitCode());
        assertEquals(List.of(), pbx.muted("100"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"list 7", "mute 7 101", "kick 7 --all", "lock 7", "unlock 7", "add 7 105", "record 7 start"})
    void a_conference_that_does_not_exist_is_one(String line) throws PbxException {
        Shell.Result result = shell.runOn(pbx, line.split(" "));

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertTrue(result.err().contains("conference"), result.err());
        assertEquals(List.of(), pbx.operations());
        assertEquals(List.of(), pbx.invited());
    }

    @Test
    void lock_add_and_record_do_what_they_say() throws PbxException {
        assertEquals("locked 100\n", shell.runOn(pbx, "lock", "100").out());
        assertEquals(Set.of("100"), pbx.locked());
        assertEquals("unlocked 100\n", shell.runOn(pbx, "unlock", "100").out());
        assertEquals(Set.of(), pbx.locked());

        assertEquals(
                "calling Local/105@from-internal into 100\n",
                shell.runOn(pbx, "add", "100", "105", "--dial-string=Local/%s@from-internal")
                        .out());
        assertEquals(List.of("100 Local/105@from-internal"), pbx.invited());

        assertEquals(
                "recording 100\n", shell.runOn(pbx, "record", "100", "start").out());
        assertEquals(Set.of("100"), pbx.recorded());
        assertEquals(
                Confcodes.REFUSED, shell.runOn(pbx, "record", "100", "START").exitCode());
        assertEquals(
                "stopped recording 100\n",
                shell.runOn(pbx, "record", "100", "stop").out());
    }

    @ParameterizedTest
    @EnumSource(PbxException.Reason.class)
    void every_failure_of_the_pbx_has_its_exit_code(PbxException.Reason reason) {
        boolean answered = reason == PbxException.Reason.NOT_PERMITTED || reason == PbxException.Reason.REFUSED;

        assertEquals(
                answered ? Confcodes.REFUSED : Confcodes.NO_PBX, Failures.exitCode(new PbxException(reason, "down")));
    }
}
