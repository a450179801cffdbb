package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.AgiSettings;
import confcodes.agi.Prompt;
import confcodes.ami.AmiSettings;
import confcodes.cli.Setting.Scope;
import confcodes.cli.Settings.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    /** Every setting with its default; two where serve and the other commands differ. */
    private static final String DEFAULTS = """
            ami-host=127.0.0.1
            ami-port=5038
            ami-user=confcodes
            ami-secret=
            ami-secret-file=
            ami-tls=false
            ami-tls-ca=
            ami-timeout=2s|10s
            pool-size=4
            agi-bind=127.0.0.1
            agi-port=4573
            agi-peers=loopback
            agi-connections=1000
            allow=admin
            max-digits=
            first-digit-timeout=7s
            inter-digit-timeout=6s
            max-duration=60s
            dial-string=PJSIP/%s
            add-profile=
            log-level=info|off
            """;

    private static final Path SAMPLE = Path.of("etc-asterisk", "confcodes.properties");

    @TempDir
    private Path directory;

    private static void assertRefused(Shell.Result result, String... parts) {
        assertEquals(Confcodes.USAGE, result.exitCode(), result.err());
        assertEquals("", result.out());
        for (String part : parts) {
            assertTrue(result.err().contains(part), () -> "no «" + part + "» in: " + result.err());
        }
        assertEquals(1, result.err().lines().count(), result.err());
    }

    private static String textByDefault(Setting<?> setting) {
        String serve = setting.byDefault(Use.SERVER).orElse("");
        String shell = setting.byDefault(Use.SHELL).orElse("");
        return serve.equals(shell) ? serve : serve + "|" + shell;
    }

    @Test
    void every_setting_has_the_default_that_is_here_and_there_are_no_others() {
        String found = Setting.ALL.stream()
                .map(setting -> setting.key() + "=" + textByDefault(setting) + "\n")
                .collect(Collectors.joining());

        assertEquals(DEFAULTS, found);
    }

    @Test
    void every_default_is_a_value_that_its_setting_takes() {
        for (Use use : Use.values()) {
            Settings settings = new Settings(use);
            Setting.ALL.forEach(setting -> assertEquals(
                    setting.byDefault(use).isPresent(), settings.find(setting).isPresent(), setting.key()));
            Stream.of(Prompt.values()).map(Setting::of).forEach(settings::get);
        }
    }

    @Test
    void the_sample_file_documents_every_setting_and_prompt_with_its_default_in_place() throws IOException {
        List<String> lines = Files.readAllLines(SAMPLE);
        List<String> found = lines.stream()
                .map(line -> line.replaceFirst("^#(?=[a-z-]+=)", ""))
                .filter(line -> line.matches("[a-z-]+=.*"))
                .sorted()
                .toList();
        List<String> expected = Stream.concat(
                        Setting.ALL.stream()
                                .filter(setting -> setting != Setting.AMI_SECRET)
                                .map(setting -> setting.key() + "="
                                        + setting.byDefault(Use.SERVER).orElse("")),
                        Stream.of(
                                        Stream.of("ami-secret=" + Settings.SAMPLE_SECRET),
                                        Stream.of(Prompt.values())
                                                .map(prompt -> prompt.key() + "=" + prompt.defaultSound()))
                                .flatMap(stream -> stream))
                .sorted()
                .toList();

        assertEquals(expected, found);
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("#?prompt-.*")) {
                assertTrue(lines.get(i - 1).matches("# \\S.*\\."), "no line says when it is heard: " + lines.get(i));
            }
        }
    }

    @Test
    void the_sample_file_is_a_properties_file_whose_values_are_taken() throws IOException {
        Settings settings =
                new Shell(directory).with("CONFCODES_CONFIG", SAMPLE.toString()).settings("serve");

        assertEquals(Settings.SAMPLE_SECRET, settings.ami().secret().value());
        assertEquals(4573, settings.agi().port());
    }

    @Test
    void the_options_are_the_settings_of_each_command() {
        Map<String, CommandLine> commands = new Confcodes(Map.of(), java.util.Optional.empty())
                .commandLine()
                .getSubcommands();
        Set<String> every = keys(Set.of(Scope.EVERY_COMMAND));
        Set<String> invitations = keys(Set.of(Scope.EVERY_COMMAND, Scope.INVITATIONS));
        Set<String> serve = keys(Set.of(Scope.EVERY_COMMAND, Scope.INVITATIONS, Scope.SERVE));

        assertEquals(with(serve, "config", "help", "version"), options(commands.get("serve")));
        assertEquals(with(invitations, "config", "help", "version", "json"), options(commands.get("invite")));
        assertEquals(with(every, "config", "help", "version", "json"), options(commands.get("list")));
        assertEquals(with(every, "config", "help", "version", "json", "all", "yes"), options(commands.get("kick")));
    }

    private static Set<String> keys(Set<Scope> scopes) {
        return Setting.ALL.stream()
                .filter(setting -> scopes.contains(setting.scope()))
                .map(Setting::key)
                .collect(Collectors.toSet());
    }

    private static Set<String> with(Set<String> keys, String... others) {
        Set<String> all = new TreeSet<>(keys);
        all.addAll(List.of(others));
        return all;
    }

    private static Set<String> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .map(OptionSpec::longestName)
                .map(name -> name.substring(2))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    static Stream<Arguments> options_and_three_values() {
        return Setting.ALL.stream()
                .filter(setting -> setting.scope() != Scope.SECRET)
                .map(setting -> {
                    List<String> values = values(setting.type().type(), setting.key());
                    return Arguments.of(setting, values.get(0), values.get(1), values.get(2));
                });
    }

    private static List<String> values(Class<?> type, String key) {
        return switch (type.getSimpleName()) {
            case "int", "OptionalInt" -> List.of("11", "12", "13");
            case "boolean" -> List.of("true", "false", "true");
            case "InetAddress" -> List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
            case "Peers" -> List.of("192.0.2.1", "192.0.2.2", "192.0.2.3");
            case "Duration" -> List.of("11s", "12s", "13s");
            case "Policy" -> List.of("anyone", "marked", "admin");
            case "LogLevel" -> List.of("warn", "info", "debug");
            default -> key.equals("dial-string") ? List.of("A/%s", "B/%s", "C/%s") : List.of("a", "b", "c");
        };
    }

    @ParameterizedTest
    @MethodSource("options_and_three_values")
    void an_option_beats_the_environment_and_that_beats_the_file(
            Setting<?> setting, String inFile, String inEnvironment, String onCommandLine) throws Exception {
        Shell shell = new Shell(directory, setting.key() + "=" + inFile).with(setting.variable(), "");
        Object fromFile = shell.value(setting, "serve");
        shell.with(setting.variable(), inEnvironment);
        Object fromEnvironment = shell.value(setting, "serve");
        Object fromOption = shell.value(setting, "serve", setting.option() + "=" + onCommandLine);

        assertEquals(setting.type().converter().convert(inFile), fromFile, "from the file");
        assertEquals(setting.type().converter().convert(inEnvironment), fromEnvironment, "from the environment");
        assertEquals(setting.type().converter().convert(onCommandLine), fromOption, "from the option");
        assertNotEquals(fromFile, fromEnvironment);
        assertNotEquals(fromEnvironment, fromOption);
    }

    @Test
    void each_setting_gets_where_it_is_used() throws IOException {
        Shell shell = new Shell(
                directory,
                "ami-host=pbx",
                "ami-port=1",
                "ami-user=u",
                "ami-secret=s",
                "ami-tls=true",
                "ami-timeout=3s",
                "pool-size=5",
                "agi-bind=127.0.0.2",
                "agi-port=2",
                "agi-peers=192.0.2.7",
                "agi-connections=6",
                "allow=marked",
                "max-digits=7",
                "first-digit-timeout=8s",
                "inter-digit-timeout=9s",
                "max-duration=10s",
                "dial-string=SIP/%s",
                "add-profile=guest",
                "prompt-all-kicked=gone");
        AmiSettings ami = shell.settings("serve").ami();
        AgiSettings agi = shell.settings("serve").agi();

        assertEquals(
                "pbx:1 u true PT3S 5 true",
                String.join(
                        " ",
                        ami.address(),
                        ami.user(),
                        ami.tls() + "",
                        ami.timeout() + "",
                        ami.poolSize() + "",
                        ami.keepOpen() + ""));
        assertFalse(shell.settings("list", "100").ami().keepOpen());
        assertEquals("127.0.0.2:2", agi.bind().getHostAddress() + ":" + agi.port());
        assertTrue(agi.peers().serves(java.net.InetAddress.getByName("192.0.2.7")));
        assertEquals(6, agi.maxConnections());
        assertEquals("MARKED OptionalInt[7]", agi.allow() + " " + agi.maxDigits());
        assertEquals("PT8S PT9S PT10S", agi.firstDigit() + " " + agi.interDigit() + " " + agi.maxDuration());
        assertEquals("SIP/5", agi.invitations().to("5").dial());
        assertEquals("guest", agi.invitations().to("5").userProfile());
        assertEquals("gone", agi.prompts().get(Prompt.ALL_KICKED));
        assertEquals(Prompt.values().length, agi.prompts().size());
    }

    @Test
    void the_server_says_every_setting_with_its_text() throws IOException {
        String text = new Shell(directory, "max-digits=4", "allow=ANYONE")
                .settings("serve", "--agi-port=0")
                .inEffect();

        for (String part :
                List.of("ami-host=127.0.0.1 ", " ami-timeout=2s ", " agi-port=0 ", " allow=ANYONE max-digits=4 ")) {
            assertTrue(text.contains(part), text);
        }
        assertFalse(text.contains("prompt-") || text.contains("ami-secret"), text);
    }

    @Test
    void ami_tls_as_an_option_needs_no_value_and_takes_no_argument_for_one() throws IOException {
        for (String inFile : List.of("ami-tls=true", "ami-tls=false", "")) {
            Shell shell = new Shell(directory, inFile);

            assertEquals(true, shell.value(Setting.AMI_TLS, "list", "--ami-tls", "100"), inFile);
            assertEquals(false, shell.value(Setting.AMI_TLS, "list", "--ami-tls=false", "100"), inFile);
        }
    }

    @Test
    void an_empty_variable_is_not_set_and_those_of_others_do_no_harm() throws IOException {
        Shell shell = new Shell(directory, "ami-host=pbx")
                .with("CONFCODES_AMI_HOST", "")
                .with("CONFCODES_GRACE", "")
                .with("CONFCODES_LIVE", "required");

        assertEquals("pbx", shell.value(Setting.AMI_HOST, "rooms"));
    }

    @Test
    void the_option_config_beats_the_variable() throws IOException {
        Shell shell = new Shell(directory, "ami-host=of-the-variable");
        Path other = Files.writeString(directory.resolve("other.properties"), "ami-host = of-the-option \n");

        assertEquals("of-the-variable", shell.value(Setting.AMI_HOST, "rooms"));
        assertEquals("of-the-option", shell.value(Setting.AMI_HOST, "rooms", "--config", other.toString()));
        assertEquals("of-the-option", shell.value(Setting.AMI_HOST, "rooms", "--config=" + other));
    }

    @Test
    void the_file_s_log_level_concerns_serve_alone() throws IOException {
        Shell shell = new Shell(directory, "log-level=debug").with("CONFCODES_LOG_LEVEL", "");
        assertEquals(LogLevel.DEBUG, shell.value(Setting.LOG_LEVEL, "serve"));
        assertEquals(LogLevel.OFF, shell.value(Setting.LOG_LEVEL, "rooms"));
        assertEquals(LogLevel.TRACE, shell.value(Setting.LOG_LEVEL, "rooms", "--log-level=trace"));

        shell.with("CONFCODES_LOG_LEVEL", "warn");
        assertEquals(LogLevel.WARN, shell.value(Setting.LOG_LEVEL, "rooms"));
    }

    @Test
    void comments_blanks_umlauts_and_continued_lines_are_understood_and_lines_counted() throws IOException {
        Shell shell = new Shell(
                directory,
                "# ami-host=a \\",
                "",
                "  ami-host : größe  ",
                "!ami-user=b",
                "agi-peers=192.0.2.1,\\",
                "  192.0.2.2",
                "pool-size=many");
        Settings settings = shell.settings("serve");

        assertEquals("größe", settings.get(Setting.AMI_HOST));
        assertEquals("confcodes", settings.get(Setting.AMI_USER));
        assertEquals(2, settings.get(Setting.AGI_PEERS).networks().size());
        assertEquals(
                "line 5 of " + shell.file(), settings.origin(Setting.AGI_PEERS).text());
        assertEquals(
                "line 7 of " + shell.file(), settings.origin(Setting.POOL_SIZE).text());
    }

    @Test
    void of_two_lines_with_one_key_the_last_counts_and_is_the_one_named() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=x", "pool-size=1", "pool-size=many");

        assertRefused(shell.run("rooms"), "pool-size: 'many' is not a whole number (line 3 of ");
    }

    @ParameterizedTest
    @CsvSource({
        "ami-hos, 'unknown setting; did you mean ami-host?'",
        "agi-por, 'unknown setting; did you mean agi-port?'",
        "prompt-mute, 'unknown setting; did you mean prompt-muted?'",
        "agi-prt, unknown setting",
        "colour, unknown setting",
        "config, unknown setting",
    })
    void an_unknown_key_is_refused_by_file_and_line_with_what_may_be_meant(String key, String said) throws IOException {
        Shell shell = new Shell(directory, "# mine", "ami-secret=hunter2", "", key + "=pbx");

        assertEquals(
                "confcodes: " + key + ": " + said + " (line 4 of " + shell.file() + ")\n",
                shell.run("rooms").err());
    }

    static Stream<String> removed() {
        return Setting.REMOVED.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("removed")
    void a_removed_setting_is_refused_everywhere_with_what_became_of_it(String key) throws IOException {
        String said = key + ": no longer a setting; " + Setting.REMOVED.get(key).split("; ", 2)[1];

        assertRefused(new Shell(directory, "ami-secret=x", key + "=1").run("rooms"), said, "(line 2 of ");
        String variable = "CONFCODES_" + key.toUpperCase().replace('-', '_');
        assertRefused(new Shell(directory).with(variable, "1").run("rooms"), said, variable + " in the environment");
        assertRefused(new Shell(directory).run("serve", "--" + key + "=1"), said, "(option --" + key + ")");
    }

    @Test
    void a_prompt_outside_the_properties_file_is_refused() throws IOException {
        String said = "prompt-muted: can be set in the properties file only";

        assertRefused(
                new Shell(directory).with("CONFCODES_PROMPT_MUTED", "beep").run("serve"), said);
        assertRefused(new Shell(directory).run("serve", "--prompt-muted=beep"), said);
    }

    /** Every setting that has a form or a range, with a value out of it. */
    @ParameterizedTest
    @CsvSource({
        "ami-host, a b, is not a host's name or address",
        "ami-port, 70000, is not in the range 1 to 65535",
        "ami-port, many, is not a whole number",
        "ami-user, a b, is not the name of a section of manager.conf",
        "ami-secret-file, '', is not the name of a file",
        "ami-tls, perhaps, is neither true nor false",
        "ami-tls-ca, '', is not the name of a file",
        "ami-timeout, soon, is not a duration",
        "ami-timeout, 1ms, is not in the range 100ms to 60m",
        "ami-timeout, 2h, is not a duration",
        "pool-size, 0, is not in the range 1 to 64",
        "agi-bind, not an address, is not an address of this host",
        "agi-bind, '', is not an address of this host",
        "agi-port, 65536, is not in the range 0 to 65535",
        "agi-peers, 10.0.0.0/33, is not a list of addresses",
        "agi-connections, 0, is not in the range 1 to 100000",
        "allow, everybody, 'is none of admin, marked, anyone'",
        "max-digits, 33, is not in the range 1 to 32",
        "max-digits, 0, is not in the range 1 to 32",
        "first-digit-timeout, 0, is not in the range 1s to 60m",
        "inter-digit-timeout, 0, is not in the range 1s to 60m",
        "max-duration, 9s, is not in the range 10s to 60m",
        "dial-string, PJSIP/101, does not have the form PJSIP/%s",
        "add-profile, a b, is not the name of a section of confbridge.conf",
        "log-level, loud, 'is none of off, error, warn, info, debug, trace'",
    })
    void an_impossible_value_is_refused_by_its_name_and_where_it_is(String key, String value, String message)
            throws IOException {
        Setting<?> setting = Setting.ALL.stream()
                .filter(any -> any.key().equals(key))
                .findFirst()
                .orElseThrow();
        String said = "'" + value + "' " + message;
        Shell inFile = new Shell(directory, "ami-secret=x", key + "=" + value).with("CONFCODES_LOG_LEVEL", "");
        assertRefused(inFile.run("serve"), key + ": " + said, "(line 2 of " + inFile.file() + ")");

        if (!value.isEmpty()) {
            Shell inEnvironment = new Shell(directory, "ami-secret=x").with(setting.variable(), value);
            assertRefused(
                    inEnvironment.run("serve"), key + ": " + said, "(" + setting.variable() + " in the environment)");
        }

        Shell sane = new Shell(directory, "ami-secret=x");
        Shell.Result asOption = sane.run("serve", "--" + key + "=" + value);
        assertRefused(asOption, "--" + key, said, "; see confcodes serve --help");
        assertFalse(asOption.err().contains(sane.file().toString()), asOption.err());
    }

    @Test
    void an_impossible_prompt_is_refused_before_it_serves() throws IOException {
        assertRefused(
                new Shell(directory, "ami-secret=x", "prompt-muted=tt-monkeys|reboot").run("serve"),
                "prompt-muted: 'tt-monkeys|reboot' is not the name of a sound file",
                "(line 2 of ");
    }

    @ParameterizedTest
    @MethodSource("options_and_three_values")
    void what_picocli_takes_for_no_value_is_refused_by_its_name_and_where_it_is(Setting<?> setting) throws IOException {
        Shell inFile = new Shell(directory, "ami-secret=x", setting.key() + "=_NULL_").with(setting.variable(), "");
        assertRefused(inFile.run("serve"), setting.key() + ": '_NULL_' is not a value", "(line 2 of ");

        Shell inEnvironment = new Shell(directory, "ami-secret=x").with(setting.variable(), "_NULL_");
        assertRefused(
                inEnvironment.run("serve"),
                setting.key() + ": '_NULL_' is not a value",
                "(" + setting.variable() + " in the environment)");
        assertEquals(0, inEnvironment.run("serve", "--help").exitCode());
    }

    /** Every setting that is not free text: a place for a variable in it is a wrong value, and never the lack of one. */
    @ParameterizedTest
    @MethodSource("options_and_three_values")
    void a_variable_is_not_replaced(Setting<?> setting) throws IOException {
        String text = "${sys:no.such}";
        String line = setting.key() + "=" + text;
        Shell inFile = new Shell(directory, "ami-secret=x", line).with(setting.variable(), "");
        assertEquals(text, inFile.settings("serve").text(setting).orElseThrow());
        String help = inFile.run("serve", "--help").out();
        assertTrue(help.contains(text), "not even in the help: " + help);

        if (setting == Setting.AMI_HOST || setting == Setting.AMI_USER) {
            assertEquals(text, new Shell(directory).value(setting, "serve", setting.option() + "=" + text));
        } else {
            assertRefused(inFile.run("serve"), setting.key(), text);
        }
        Shell inEnvironment = new Shell(directory).with(setting.variable(), text);
        assertEquals(text, inEnvironment.settings("serve").text(setting).orElseThrow());
    }

    @Test
    void the_empty_name_is_no_file_s() throws IOException {
        assertRefused(new Shell(directory).run("rooms", "--config="), "--config", "'' is not the name of a file");
    }

    @Test
    void certificates_that_cannot_be_read_are_refused() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=x", "ami-tls=true");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        Path text = Files.writeString(directory.resolve("text.pem"), "certainly");

        for (String command : List.of("rooms", "serve")) {
            assertRefused(
                    shell.run(command, "--ami-tls-ca=none.pem"),
                    "ami-tls-ca: cannot read none.pem: no such file (option --ami-tls-ca)");
        }
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + directory), "ami-tls-ca: cannot read " + directory);
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + empty), "it holds no certificate");
        assertRefused(shell.run("rooms", "--ami-tls-ca=" + text), "ami-tls-ca: cannot read " + text);
    }

    @Test
    void a_file_that_cannot_be_read_is_refused() throws IOException {
        Path missing = directory.resolve("missing.properties");
        Path latin1 = Files.write(
                directory.resolve("latin1.properties"), "ami-user=größe".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(
                new Shell(directory).run("rooms", "--config", missing.toString()),
                "config: cannot read " + missing + ": no such file (option --config)");
        assertRefused(
                new Shell(directory)
                        .with("CONFCODES_CONFIG", missing.toString())
                        .run("rooms"),
                "config: cannot read " + missing + ": no such file (CONFCODES_CONFIG in the environment)");
        assertRefused(new Shell(directory).run("rooms", "--config", directory.toString()), "config: cannot read");
        assertRefused(new Shell(directory).run("rooms", "--config", latin1.toString()), latin1 + ": not UTF-8");
        assertRefused(new Shell(directory, "", "ami-user=\\u12").run("rooms"), "config: cannot read a line", "line 2");
    }

    @Test
    void an_argument_is_never_replaced_by_a_file() throws IOException {
        Path words = Files.writeString(directory.resolve("sales"), "--all\n");
        Shell.Result result = new Shell(directory, "ami-secret=x", "ami-port=1").run("kick", "100", "@" + words);

        assertEquals(Confcodes.NO_PBX, result.exitCode(), result.err());
        assertRefused(
                new Shell(directory, "ami-secret=x").run("kick", "100", "101", "@" + words), "Unmatched argument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool-size=many", "colour=red", "grace=1s"})
    void wrong_settings_keep_nobody_from_help_and_version(String line) throws IOException {
        Shell shell = new Shell(directory, line);

        for (String args : List.of("--help", "--version", "rooms --help", "rooms --version", "help rooms")) {
            Shell.Result result = shell.run(args.split(" "));
            assertEquals(Confcodes.DONE, result.exitCode(), () -> args + ": " + result.err());
            assertFalse(result.out().isEmpty());
        }
    }

    @Test
    void help_shows_the_defaults_that_the_settings_make() throws IOException {
        Shell shell = new Shell(directory, "ami-host=pbx.example");
        List<String> helps = new ArrayList<>();
        for (String args : List.of("rooms --help", "help rooms")) {
            helps.add(shell.run(args.split(" ")).out().replaceAll("\\s+", " "));
        }

        for (String help : helps) {
            assertTrue(help.contains("Asterisk server. Default: pbx.example"), help);
            assertTrue(help.contains("second attempt. Default: 10s"), help);
        }
        String serve = shell.run("serve", "--help").out().replaceAll("\\s+", " ");
        assertTrue(serve.contains("second attempt. Default: 2s"), serve);
    }

    @Test
    void help_shows_the_place_of_the_number_in_a_dial_string() throws IOException {
        String help = new Shell(directory).run("invite", "--help").out().replaceAll("\\s+", " ");

        assertTrue(help.contains("such as Local/%s@from-internal; %s is the number. Default: PJSIP/%s"), help);
    }

    @Test
    void a_time_without_a_unit_is_seconds() throws IOException {
        assertEquals(Duration.ofSeconds(3), new Shell(directory, "ami-timeout=3").value(Setting.AMI_TIMEOUT, "rooms"));
    }
}
