package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.Prompt;
import confcodes.conference.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class SettingsTest {

    /** Every setting with its default; one that has none has nothing behind the sign. README lists the same. */
    private static final String DEFAULTS = """
            add-profile=
            agi-bind=127.0.0.1
            agi-connections-per-peer=1000
            agi-connections=1000
            agi-peers=loopback
            agi-port=4573
            agi-request-timeout=5s
            allow=admin
            ami-host=127.0.0.1
            ami-ping=15s
            ami-port=5038
            ami-secret-file=
            ami-secret=
            ami-timeout=
            ami-tls-ca=
            ami-tls=false
            ami-user=confcodes
            attempts=3
            dial-string=PJSIP/%s
            first-digit-timeout=7s
            grace=10s
            inter-digit-timeout=4s
            log-level=
            max-digits=11
            max-duration=60s
            pool-size=4
            pool-wait=
            prompt-all-kicked=conf-hasleft
            prompt-all-muted=conf-now-muted
            prompt-all-unmuted=conf-now-unmuted
            prompt-alone=conf-onlyperson
            prompt-ambiguous=beeperr&conf-errormenu
            prompt-cancelled=beeperr&conf-placeintoconf
            prompt-choose-for=dir-multi2
            prompt-choose=dir-multi1
            prompt-confirm=confbridge-participants&vm-press&digits/1
            prompt-count=conf-thereare
            prompt-counted=confbridge-participants
            prompt-denied=confbridge-invalid
            prompt-invalid-digit=conf-errormenu
            prompt-invited=transfer
            prompt-kicked=conf-hasleft
            prompt-locked=conf-lockednow
            prompt-muted=descending-2tone
            prompt-no-conference=conf-invalid
            prompt-no-digits=vm-sorry
            prompt-not-found=privacy-incorrect
            prompt-recorded=vm-msgsaved
            prompt-recording=conf-now-recording
            prompt-roll-called=conf-roll-callcomplete
            prompt-unavailable=beeperr&please-try-again
            prompt-unlocked=conf-unlockednow
            prompt-unmuted=ascending-2tone
            prompt-withheld=vm-unknown-caller
            """;

    @TempDir
    private Path directory;

    private static CommandLine confcodes() {
        return Confcodes.commandLine(Map.of());
    }

    /** {@return every option of every command by its key, but for those that are no settings} */
    private static Map<String, OptionSpec> options() {
        CommandLine confcodes = confcodes();
        Set<String> keys = Settings.knownKeys(confcodes);
        return confcodes.getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .filter(option -> keys.contains(key(option)))
                .collect(Collectors.toMap(SettingsTest::key, option -> option, (one, same) -> one));
    }

    private static String key(OptionSpec option) {
        return option.longestName().substring(2);
    }

    private static String variable(String key) {
        return "CONFCODES_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    @Test
    void every_setting_has_the_default_that_stands_here_and_there_are_no_others() {
        Map<String, OptionSpec> options = options();
        String found = Settings.knownKeys(confcodes()).stream()
                .map(key -> key + "="
                        + (options.containsKey(key) && options.get(key).defaultValue() != null
                                ? options.get(key).defaultValue()
                                : ""))
                .sorted()
                .collect(Collectors.joining("\n", "", "\n"));

        assertEquals(DEFAULTS, found);
    }

    @Test
    void the_sample_file_shows_every_setting_that_has_a_default() throws IOException {
        String sample = Files.readString(Path.of("etc-asterisk", "confcodes.properties"));
        for (String setting :
                DEFAULTS.lines().filter(line -> !line.endsWith("=")).toList()) {
            assertTrue(
                    sample.lines().anyMatch(line -> line.replaceFirst("^#", "").equals(setting)), setting);
        }
    }

    @Test
    void the_readme_shows_every_setting_with_its_default() throws IOException {
        String readme = Files.readString(Path.of("README.md"));
        for (String setting : DEFAULTS.lines().toList()) {
            String[] pair = setting.split("=", 2);
            String cell = pair[1].isEmpty() ? "" : "`" + pair[1] + "`";
            assertTrue(readme.lines().anyMatch(line -> line.startsWith("| `" + pair[0] + "` | " + cell)), setting);
        }
    }

    @Test
    void every_default_is_a_value_that_its_setting_takes() throws IOException {
        Shell shell = new Shell(directory);

        assertEquals(InetAddress.getByName("127.0.0.1"), shell.value("--agi-bind", "serve"));
        assertEquals(Policy.ADMIN, shell.value("--allow", "serve"));
        assertEquals(Duration.ofSeconds(60), shell.value("--max-duration", "serve"));
        assertEquals(false, shell.value("--ami-tls", "serve"));
        assertEquals("PJSIP/%s", shell.value("--dial-string", "serve"));
        for (Prompt prompt : Prompt.values()) {
            assertTrue(Prompt.isSound((String) shell.value("--" + prompt.key(), "serve")), prompt.key());
        }
    }

    @Test
    void what_is_for_one_command_line_only_is_no_setting() {
        Set<String> others = confcodes().getSubcommands().values().stream()
                .flatMap(command -> command.getCommandSpec().options().stream())
                .map(SettingsTest::key)
                .collect(Collectors.toCollection(TreeSet::new));
        others.removeAll(Settings.knownKeys(confcodes()));

        assertEquals(Set.of("all", "config", "help", "json", "version"), others);
    }

    static Stream<Arguments> settings() {
        return options().values().stream().map(option -> {
            List<String> values = values(option.type());
            return Arguments.of(key(option), values.get(0), values.get(1), values.get(2));
        });
    }

    private static List<String> values(Class<?> type) {
        if (type == int.class) {
            return List.of("11", "12", "13");
        }
        if (type == boolean.class) {
            return List.of("true", "false", "true");
        }
        if (type == InetAddress.class) {
            return List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
        }
        if (type == Duration.class) {
            return List.of("11s", "12s", "13s");
        }
        if (type == Policy.class) {
            return List.of("anyone", "marked", "admin");
        }
        return type == AmiOptions.LogLevel.class ? List.of("warn", "info", "debug") : List.of("a", "b", "c");
    }

    @ParameterizedTest
    @MethodSource("settings")
    void an_option_beats_the_environment_and_that_beats_the_file(
            String key, String inFile, String inEnvironment, String onCommandLine) throws IOException {
        String option = "--" + key;
        Shell shell = new Shell(directory, key + "=" + inFile);
        Object fromFile = shell.value(option, "serve");
        shell.with(variable(key), inEnvironment);
        Object fromEnvironment = shell.value(option, "serve");

        assertEquals(shell.value(option, "serve", option + "=" + inFile), fromFile, "from the file");
        assertEquals(
                shell.value(option, "serve", option + "=" + inEnvironment), fromEnvironment, "from the environment");
        assertFalse(fromFile.equals(fromEnvironment));
        assertFalse(fromEnvironment.equals(shell.value(option, "serve", option + "=" + onCommandLine)));
    }

    @Test
    void ami_tls_on_the_command_line_is_yes_whatever_the_file_says() throws IOException {
        for (String inFile : List.of("ami-tls=true", "ami-tls=false", "")) {
            Shell shell = new Shell(directory, inFile);

            assertEquals(true, shell.value("--ami-tls", "list", "--ami-tls", "100"), inFile);
            assertEquals(false, shell.value("--ami-tls", "list", "--ami-tls=false", "100"), inFile);
        }
    }

    @Test
    void an_empty_variable_is_as_good_as_none() throws IOException {
        Shell shell = new Shell(directory, "ami-host=pbx").with("CONFCODES_AMI_HOST", "");

        assertEquals("pbx", shell.value("--ami-host", "rooms"));
    }

    @Test
    void variables_of_others_do_no_harm() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=x").with("CONFCODES_LIVE", "required");

        assertEquals("127.0.0.1", shell.value("--ami-host", "rooms"));
    }

    @Test
    void the_option_config_beats_the_variable() throws IOException {
        Shell shell = new Shell(directory, "ami-host=of-the-variable");
        Path other = Files.writeString(directory.resolve("other.properties"), "ami-host = of-the-option \n");

        assertEquals("of-the-variable", shell.value("--ami-host", "rooms"));
        assertEquals("of-the-option", shell.value("--ami-host", "rooms", "--config", other.toString()));
        assertEquals("of-the-option", shell.value("--ami-host", "rooms", "--config=" + other));
    }

    @Test
    void comments_blanks_and_umlauts_in_the_file_are_understood() throws IOException {
        Shell shell = new Shell(directory, "# ami-host=a", "", "  ami-host : größe  ", "!ami-user=b");

        assertEquals("größe", shell.value("--ami-host", "rooms"));
        assertEquals("confcodes", shell.value("--ami-user", "rooms"));
    }

    @Test
    void a_file_may_set_what_only_other_commands_have() throws IOException {
        Shell shell = new Shell(directory, "agi-port=4574", "dial-string=SIP/%s", "ami-host=pbx");

        assertEquals("pbx", shell.value("--ami-host", "rooms"));
        assertRefused(new Shell(directory, "agi-prt=4574").run("rooms"), "unknown setting 'agi-prt'", "line 1");
        assertRefused(new Shell(directory, "agi-por=4574").run("rooms"), "did you mean agi-port?");
    }

    private static void assertRefused(Shell.Result result, String... parts) {
        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertEquals("", result.out());
        for (String part : parts) {
            assertTrue(result.err().contains(part), () -> "no «" + part + "» in: " + result.err());
        }
        assertEquals(1, result.err().lines().count(), result.err());
    }

    @Test
    void an_unknown_key_is_refused_by_file_and_line_with_what_may_be_meant() throws IOException {
        Shell shell = new Shell(directory, "# mine", "ami-secret=hunter2", "", "ami-hos=pbx");

        assertRefused(
                shell.run("rooms"),
                "unknown setting 'ami-hos'",
                "(" + shell.file() + ", line 4)",
                "did you mean ami-host?");
    }

    @Test
    void an_unknown_key_that_resembles_none_is_refused_without_a_guess() throws IOException {
        Shell.Result result = new Shell(directory, "colour=red").run("rooms");

        assertRefused(result, "unknown setting 'colour'", "line 1");
        assertFalse(result.err().contains("did you mean"), result.err());
    }

    @ParameterizedTest
    @CsvSource({
        "pool-size, many, 'pool-size'",
        "ami-timeout, soon, 'ami-timeout'",
        "ami-tls, perhaps, 'ami-tls'",
        "log-level, loud, 'log-level'",
        "pool-size, 0, 'pool-size is 1 to 64'",
        "ami-port, 70000, 'ami-port is 1 to 65535'",
        "ami-timeout, 1ms, 'ami-timeout is at least 100ms'",
        "ami-ping, 10ms, 'ami-ping is at least 1s'",
        "ami-user, a b, 'ami-user is'",
        "pool-wait, 0, 'pool-wait is more than 0'",
    })
    void an_impossible_value_is_refused_by_its_name_and_where_it_stands(String key, String value, String message)
            throws IOException {
        Shell inFile = new Shell(directory, "ami-secret=hunter2", key + "=" + value);
        assertRefused(inFile.run("rooms"), message, "(" + inFile.file() + ", line 2)");

        Shell inEnvironment = new Shell(directory, "ami-secret=hunter2").with(variable(key), value);
        assertRefused(inEnvironment.run("rooms"), message, "(" + variable(key) + " in the environment)");

        Shell sane = new Shell(directory, "ami-secret=hunter2", key + "=13");
        Shell.Result onCommandLine = sane.run("rooms", "--" + key + "=" + value);
        assertRefused(onCommandLine, message);
        assertFalse(onCommandLine.err().contains(sane.file().toString()), onCommandLine.err());
    }

    @ParameterizedTest
    @CsvSource({
        "allow, everybody",
        "agi-bind, not an address",
        "agi-port, 65536",
        "agi-peers, 10.0.0.0/33",
        "agi-connections, 0",
        "agi-connections-per-peer, 0",
        "agi-request-timeout, 10ms",
        "max-digits, 33",
        "first-digit-timeout, 0",
        "inter-digit-timeout, 0",
        "attempts, 10",
        "max-duration, 9s",
        "dial-string, PJSIP/101",
        "add-profile, a b",
        "prompt-muted, tt-monkeys|reboot",
    })
    void an_impossible_value_of_the_server_is_refused_before_it_serves(String key, String value) throws IOException {
        Shell shell = new Shell(directory, "ami-secret=hunter2", key + "=" + value);

        assertRefused(shell.run("serve", "--log-level=info"), key, "(" + shell.file() + ", line 2)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ami-host", "ami-port", "ami-tls", "ami-timeout", "ami-secret", "log-level", "agi-port"})
    void what_picocli_takes_for_no_value_is_refused_by_its_name_and_where_it_stands(String key) throws IOException {
        Shell inFile = new Shell(directory, "pool-size=1", key + "=_NULL_");
        assertRefused(inFile.run("serve"), key + ": '_NULL_' is no value", "(" + inFile.file() + ", line 2)");

        Shell inEnvironment = new Shell(directory, "pool-size=1").with(variable(key), "_NULL_");
        assertRefused(
                inEnvironment.run("serve"),
                key + ": '_NULL_' is no value",
                "(" + variable(key) + " in the environment)");
        assertEquals(0, inEnvironment.run("serve", "--help").exitCode());
    }

    /** Every setting that is not free text: a place for a variable in it is a wrong value, and never the lack of one. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "ami-port",
                "ami-secret-file",
                "ami-tls",
                "ami-tls-ca",
                "ami-timeout",
                "ami-ping",
                "pool-size",
                "pool-wait",
                "log-level",
                "agi-bind",
                "agi-port",
                "agi-peers",
                "agi-connections",
                "agi-connections-per-peer",
                "agi-request-timeout",
                "allow",
                "max-digits",
                "first-digit-timeout",
                "inter-digit-timeout",
                "attempts",
                "max-duration",
                "grace"
            })
    void a_variable_is_not_replaced(String key) throws IOException {
        assertRefused(
                new Shell(directory, "ami-secret=x", key + "=${sys:no.such}").run("serve"), key, "${sys:no.such}");
        assertRefused(
                new Shell(directory, "ami-secret=x")
                        .with(variable(key), "${sys:no.such}")
                        .run("serve"),
                key,
                "${sys:no.such}");
    }

    @Test
    void a_variable_in_a_text_of_a_certain_form_is_refused() throws IOException {
        assertRefused(
                new Shell(directory, "ami-secret=x", "dial-string=${sys:user.name}").run("serve"),
                "dial-string has the form");
        assertRefused(
                new Shell(directory, "ami-secret=x", "prompt-muted=${sys:user.name}").run("serve"),
                "prompt-muted is the name of a sound file");
    }

    @Test
    void a_variable_in_a_free_text_is_not_replaced() throws IOException {
        Shell.Result result = new Shell(directory, "ami-secret=x", "ami-host=${sys:user.name}").run("rooms");

        assertEquals(Confcodes.NO_PBX, result.exitCode());
        assertTrue(result.err().contains("no AMI at ${sys:user.name}:5038: unknown host"), result.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"config", "ami-secret-file", "ami-tls-ca"})
    void the_empty_name_is_no_files(String key) throws IOException {
        assertRefused(new Shell(directory, "ami-secret=x").run("rooms", "--" + key + "="), key, "'' is no file's name");
    }

    @Test
    void certificates_that_cannot_be_read_are_refused() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=x", "ami-tls=true");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path text = Files.writeString(directory.resolve("text.pem"), "certainly");

        assertRefused(shell.run("rooms", "--ami-tls-ca=none.pem"), "ami-tls-ca: cannot read none.pem: no such file");
        assertRefused(shell.run("serve", "--ami-tls-ca=none.pem"), "ami-tls-ca: cannot read none.pem: no such file");
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + directory), "ami-tls-ca: cannot read " + directory);
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + empty), "it holds no certificate");
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + text), "ami-tls-ca: cannot read " + text);
    }

    @Test
    void of_two_lines_with_one_key_the_last_counts_and_is_the_one_named() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=x", "pool-size=1", "pool-size=many");

        assertRefused(shell.run("rooms"), "line 3)");
    }

    @Test
    void a_file_that_is_not_there_is_refused() throws IOException {
        Path missing = directory.resolve("missing.properties");

        assertRefused(
                new Shell(directory).run("rooms", "--config", missing.toString()),
                "config: cannot read " + missing + ": no such file");
    }

    @Test
    void the_file_of_the_secret_taken_for_that_of_the_settings_is_not_repeated() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2-the-secret\n");
        Shell.Result result = new Shell(directory).run("rooms", "--config", secret.toString());

        assertRefused(result, "a line that is no setting, key=value (" + secret + ", line 1)");
        assertFalse(result.err().contains("hunter2"), result.err());
    }

    @Test
    void an_argument_is_never_replaced_by_a_file() throws IOException {
        Path words = Files.writeString(directory.resolve("sales"), "--all\n");
        Shell.Result result = new Shell(directory, "ami-secret=x", "ami-port=1").run("kick", "100", "@" + words);

        assertEquals(Confcodes.NO_PBX, result.exitCode(), result.err());
        assertRefused(
                new Shell(directory, "ami-secret=x").run("kick", "100", "101", "@" + words), "Unmatched argument");
    }

    @Test
    void a_directory_is_no_settings_file() throws IOException {
        assertRefused(new Shell(directory).run("rooms", "--config", directory.toString()), "config: cannot read");
    }

    @Test
    void a_file_that_is_not_utf_8_is_refused() throws IOException {
        Path latin1 = Files.write(
                directory.resolve("latin1.properties"), "ami-user=größe".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(new Shell(directory).run("rooms", "--config", latin1.toString()), latin1 + ": not UTF-8");
    }

    @Test
    void a_broken_escape_in_the_file_is_refused() throws IOException {
        assertRefused(new Shell(directory, "ami-user=\\u12").run("rooms"), "config: cannot read");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool-size=many", "colour=red"})
    void wrong_settings_keep_nobody_from_help_and_version(String line) throws IOException {
        Shell shell = new Shell(directory, line);

        for (List<String> args : List.of(
                List.of("--help"),
                List.of("--version"),
                List.of("rooms", "--help"),
                List.of("rooms", "--version"),
                List.of("help", "rooms"))) {
            Shell.Result result = shell.run(args.toArray(String[]::new));
            assertEquals(Confcodes.DONE, result.exitCode(), () -> args + ": " + result.err());
            assertFalse(result.out().isEmpty());
        }
    }
}
