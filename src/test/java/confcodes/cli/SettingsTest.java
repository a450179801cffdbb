package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.AgiSettings;
import confcodes.agi.Prompt;
import confcodes.cli.Setting.Scope;
import confcodes.cli.Settings.Use;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SettingsTest {

    /** Every setting with its default; two where serve and the other commands differ. */
    private static final String DEFAULTS = """
            pbx=
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
            agi-port=4580
            agi-peers=loopback
            agi-connections=1000
            allow=admin
            mutes-hold=all
            max-digits=
            first-digit-timeout=7s
            inter-digit-timeout=6s
            max-duration=60s
            whisper=true
            tell-participants=true
            dial-string=PJSIP/%s
            add-profile=
            invite-numbers=[+]?[0-9]{2,}
            invite-limit=5
            invite-accept=true
            metrics-bind=127.0.0.1
            metrics-port=
            audit-log=
            log-level=info|off
            control-socket=/run/confcodes/control
            """;

    private static final Path SAMPLE = Path.of("etc-asterisk", "confcodes.properties");

    @TempDir
    private Path directory;

    static Stream<Setting<?>> withOption() {
        return Setting.ALL.stream().filter(setting -> setting.scope() != Scope.SECRET && setting.scope() != Scope.FILE);
    }

    static Stream<String> removed() {
        return Setting.REMOVED.keySet().stream();
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
    void every_setting_has_the_default_that_is_here_and_there_are_no_others() {
        String found = Setting.ALL.stream()
                .map(setting -> setting.key() + "=" + bothDefaults(setting) + "\n")
                .collect(Collectors.joining());

        assertEquals(DEFAULTS, found);
    }

    private static String bothDefaults(Setting<?> setting) {
        String serve = setting.byDefault(Use.SERVER).orElse("");
        String shell = setting.byDefault(Use.SHELL).orElse("");
        return serve.equals(shell) ? serve : serve + "|" + shell;
    }

    @Test
    void every_default_is_a_value_that_its_setting_takes() {
        for (Use use : Use.values()) {
            Settings settings = new Settings(use);
            for (Setting<?> setting : Setting.ALL) {
                assertEquals(
                        setting.byDefault(use).isPresent(),
                        settings.find(setting).isPresent(),
                        setting.key());
            }
            Stream.of(Prompt.values()).map(Setting::of).forEach(settings::get);
        }
    }

    @Test
    void the_sample_file_documents_every_setting_and_prompt_with_its_default_in_place() throws IOException {
        List<String> lines = Files.readAllLines(SAMPLE);
        Set<String> expected = DEFAULTS.lines()
                .map(line -> line.replaceFirst("\\|.*", ""))
                .map(line -> line.equals("ami-secret=") ? line + Settings.SAMPLE_SECRET : line)
                .collect(Collectors.toCollection(TreeSet::new));
        for (Prompt prompt : Prompt.values()) {
            expected.add(prompt.key() + "=" + prompt.defaultSound());
        }

        assertEquals(
                List.copyOf(expected),
                lines.stream()
                        .filter(line -> line.matches("#?[a-z-]+=.*"))
                        .map(line -> line.replaceFirst("^#", ""))
                        .sorted()
                        .toList());
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).matches("#?prompt-.*")) {
                assertTrue(lines.get(i - 1).matches("# \\S.*\\."), "when is it heard? " + lines.get(i));
            }
        }
        Settings settings =
                new Shell(directory).with("CONFCODES_CONFIG", SAMPLE.toString()).settings("serve");
        assertEquals(Settings.SAMPLE_SECRET, settings.ami().secret().value());
    }

    @Test
    void each_command_has_the_options_that_it_uses() {
        assertEquals(
                "ami-host ami-port ami-secret-file ami-timeout ami-tls ami-tls-ca ami-user audit-log config help json log-level"
                        + " mutes-hold pbx pool-size version",
                String.join(" ", options("list")));
        assertEquals("add-profile dial-string", beyondThoseOfList("invite"));
        assertEquals("all last yes", beyondThoseOfList("kick"));
        assertEquals(
                "add-profile agi-bind agi-connections agi-peers agi-port allow control-socket dial-string first-digit-timeout"
                        + " inter-digit-timeout invite-accept invite-limit invite-numbers max-digits max-duration"
                        + " metrics-bind metrics-port tell-participants whisper",
                beyondThoseOfList("serve"));
        assertEquals("config control-socket help version", String.join(" ", options("reload")));
        assertEquals("config control-socket help json version", String.join(" ", options("status")));
    }

    private static Set<String> options(String command) {
        return new Confcodes(Map.of(), java.util.Optional.empty())
                .commandLine().getSubcommands().get(command).getCommandSpec().options().stream()
                        .map(option -> option.longestName().substring(2))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String beyondThoseOfList(String command) {
        Set<String> options = options(command);
        options.removeAll(options("list"));
        return String.join(" ", options);
    }

    private static List<String> threeValues(Setting<?> setting) {
        return switch (setting.type().label()) {
            case "PORT", "N" -> List.of("11", "12", "13");
            case "true|false" -> List.of("true", "false", "true");
            case "ADDRESS", "PEERS" -> List.of("127.0.0.1", "127.0.0.2", "127.0.0.3");
            case "TIME" -> List.of("11s", "12s", "13s");
            case "WHO" -> List.of("anyone", "marked", "admin");
            case "WHICH" -> List.of("each", "none", "all");
            case "LEVEL" -> List.of("warn", "info", "debug");
            case "PATH" -> List.of("/a", "/b", "/c");
            case "STRING" -> List.of("A/%s", "B/%s", "C/%s");
            case "FILE" -> List.of("/a", "none", "/c");
            default -> List.of("a", "b", "c");
        };
    }

    @ParameterizedTest
    @MethodSource("withOption")
    void an_option_beats_the_environment_and_that_beats_the_file(Setting<?> setting) throws Exception {
        List<String> values = threeValues(setting);
        Shell shell = new Shell(directory, setting.key() + "=" + values.get(0)).with(setting.variable(), "");
        assertEquals(setting.type().reader().apply(values.get(0)), shell.value(setting, "serve"));

        shell.with(setting.variable(), values.get(1));
        assertEquals(setting.type().reader().apply(values.get(1)), shell.value(setting, "serve"));

        assertEquals(
                setting.type().reader().apply(values.get(2)),
                shell.value(setting, "serve", setting.option() + "=" + values.get(2)));
    }

    @Test
    void each_setting_arrives_where_it_is_used() throws IOException {
        Settings settings = new Shell(
                        directory,
                        "ami-host=pbx\nami-port=1\nami-user=u\nami-secret=s\nami-tls=true\nami-timeout=3s\npool-size=5",
                        "agi-bind=127.0.0.2\nagi-port=2\nagi-peers=192.0.2.7\nagi-connections=6\nallow=marked\nmutes-hold=each",
                        "max-digits=7\nfirst-digit-timeout=8s\ninter-digit-timeout=9s\nmax-duration=10s",
                        "whisper=false\ntell-participants=false\ninvite-numbers=1+\ninvite-limit=2\ninvite-accept=false",
                        "dial-string=SIP/%s\nadd-profile=guest\nprompt-all-kicked=gone")
                .settings("serve");
        AgiSettings agi = settings.agi();

        assertEquals(
                "AmiSettings[name=, host=pbx, port=1, user=u, secret=****, tls=true, tlsCa=Optional.empty, timeout=PT3S,"
                        + " poolSize=5, keepOpen=true]",
                settings.ami().toString());
        assertEquals(
                "AgiSettings[bind=/127.0.0.2, port=2, peers=Peers[networks=[Network[address=/192.0.2.7, bits=32]]],"
                        + " maxConnections=6, allow=MARKED, mutesHold=EACH, maxDigits=OptionalInt[7], firstDigit=PT8S, interDigit=PT9S,"
                        + " maxDuration=PT10S, whisper=false, tellParticipants=false,"
                        + " invitations=Template[dialString=SIP/%s, userProfile=guest], inviteNumbers=1+, inviteLimit=2,"
                        + " inviteAccept=false, prompts={",
                agi.toString().replaceFirst("(?<=prompts=\\{).*", ""));
        assertEquals("gone", agi.prompts().get(Prompt.ALL_KICKED));
        assertEquals(Prompt.values().length, agi.prompts().size());
        String text = settings.inEffect();
        assertTrue(
                text.startsWith("ami-host=pbx ami-port=1 ")
                        && text.contains(" allow=marked mutes-hold=each max-digits=7 "),
                text);
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
        Settings settings = new Shell(
                        directory,
                        "# ami-host=a \\",
                        "",
                        "  ami-host : größe  ",
                        "!ami-user=b",
                        "agi-peers=192.0.2.1,\\",
                        "  192.0.2.2",
                        "pool-size=1",
                        "pool-size=2")
                .settings("serve");

        assertEquals("größe", settings.get(Setting.AMI_HOST));
        assertEquals("confcodes", settings.get(Setting.AMI_USER));
        assertEquals(2, settings.get(Setting.AGI_PEERS).networks().size());
        assertTrue(settings.origin(Setting.AGI_PEERS).text().startsWith("line 5 of "));
        assertEquals(2, settings.get(Setting.POOL_SIZE), "of two lines with one key the last counts");
        assertTrue(settings.origin(Setting.POOL_SIZE).text().startsWith("line 8 of "));
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

        assertRefused(shell.run("rooms"), "confcodes: " + key + ": " + said + " (line 4 of " + shell.file() + ")\n");
    }

    @ParameterizedTest
    @MethodSource("removed")
    void a_removed_setting_is_refused_everywhere_with_what_became_of_it(String key) throws IOException {
        String said = key + ": no longer a setting; ";
        String variable = "CONFCODES_" + key.toUpperCase().replace('-', '_');

        assertRefused(new Shell(directory, "ami-secret=x", key + "=1").run("rooms"), said, "(line 2 of ");
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

    @Test
    void each_pbx_has_its_own_values_and_those_of_all() throws IOException {
        Shell shell = new Shell(
                        directory,
                        "pbx = one, b.two-2_x",
                        "ami-host=192.0.2.1\npool-size=2\nami-secret=s\nami-tls=true\nallow=marked",
                        "b.two-2_x.ami-host=192.0.2.2\nb.two-2_x.ami-port=1\nb.two-2_x.ami-user=u\nb.two-2_x.ami-secret=t",
                        "b.two-2_x.ami-tls=false\nb.two-2_x.ami-timeout=1s\nb.two-2_x.pool-size=3",
                        "b.two-2_x.dial-string=SIP/%s")
                .with("CONFCODES_AMI_USER", "common");
        Map<String, Settings> pbxs = shell.settings("serve", "--pool-size=5").pbxs();

        assertEquals(List.of("one", "b.two-2_x"), List.copyOf(pbxs.keySet()));
        assertEquals(
                "AmiSettings[name=one, host=192.0.2.1, port=5038, user=common, secret=****, tls=true,"
                        + " tlsCa=Optional.empty, timeout=PT2S, poolSize=5, keepOpen=true]",
                pbxs.get("one").ami().toString());
        assertEquals(
                "AmiSettings[name=b.two-2_x, host=192.0.2.2, port=1, user=common, secret=****, tls=false,"
                        + " tlsCa=Optional.empty, timeout=PT1S, poolSize=5, keepOpen=true]",
                pbxs.get("b.two-2_x").ami().toString(),
                "environment and options count for more than the file, also for one PBX");
        assertEquals("s", pbxs.get("one").ami().secret().value());
        assertEquals("t", pbxs.get("b.two-2_x").ami().secret().value());
        assertEquals("SIP/%s", pbxs.get("b.two-2_x").agi().invitations().dialString());
        assertEquals("PJSIP/%s", pbxs.get("one").agi().invitations().dialString());
        String text = shell.settings("serve").inEffect();
        assertTrue(text.startsWith("pbx=one, b.two-2_x ami-host=192.0.2.1 "), text);
        assertTrue(text.contains(" b.two-2_x.pool-size=3") && !text.contains("ami-secret="), text);
    }

    @Test
    void a_pbx_s_own_secret_counts_for_more_than_that_of_all_wherever_it_is() throws IOException {
        Path all = Shell.write(directory.resolve("all"), "of-all");
        Path own = Shell.write(directory.resolve("own"), "of-one");
        for (String lines : List.of(
                "ami-secret-file=" + all + "\none.ami-secret=of-one",
                "ami-secret=of-all\none.ami-secret-file=" + own,
                "ami-secret-file=" + all + "\none.ami-secret-file=" + own)) {
            Map<String, Settings> pbxs = new Shell(directory, "pbx=one,two\ntwo.ami-port=1", lines)
                    .settings("serve")
                    .pbxs();
            assertEquals("of-one", pbxs.get("one").ami().secret().value(), lines);
            assertEquals("of-all", pbxs.get("two").ami().secret().value(), lines);
        }
    }

    /** Lines of a file, and what is said of the last. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pbx=a,b;b.ami-port=1;c.ami-port=2 | c.ami-port: pbx does not name this PBX",
                "a.ami-port=2 | a.ami-port: pbx does not name this PBX",
                ".ami-port=2 | .ami-port: pbx does not name this PBX",
                "pbx=a;a.allow=admin | a.allow: no PBX has its own; write allow",
                "pbx=a;a.pbx=b | a.pbx: no PBX has its own; write pbx",
                "pbx=a;a.ami-prt=1 | a.ami-prt: unknown setting",
                "pbx=a;a.prompt-muted=beep | a.prompt-muted: no PBX has its own",
                "pbx=a,b;b.ami-port=5;b.ami-port=many | b.ami-port: 'many' is not a whole number",
                "pbx=a,b;ami-host=pbx | b.ami-host: a has this address, too: pbx:5038",
                "pbx=a,,b | pbx: 'a,,b' is not a list of different names",
                "pbx=a b | pbx: 'a b' is not a list of different names",
                "pbx=a/b | pbx: 'a/b' is not a list of different names",
                "pbx=a,a | pbx: 'a,a' is not a list of different names",
            })
    void what_is_wrong_with_several_pbxs_is_refused_by_file_and_line(String lines, String said) throws IOException {
        String[] all = ("ami-secret=x;" + lines).split(";");
        Shell shell = new Shell(directory, all);

        for (String command : List.of("rooms", "serve")) {
            assertRefused(shell.run(command), "confcodes: " + said, "(line " + all.length + " of " + shell.file());
        }
    }

    @Test
    void names_of_pbxs_are_in_the_file_only() throws IOException {
        String said = "pbx: can be set in the properties file only";

        assertRefused(new Shell(directory).with("CONFCODES_PBX", "a").run("rooms"), said);
        assertRefused(new Shell(directory).run("serve", "--pbx=a"), said);
    }

    @Test
    void a_pbx_without_a_secret_is_refused_by_its_name() throws IOException {
        Shell shell = new Shell(directory, "pbx=a,b", "a.ami-secret=x", "b.ami-port=1");

        assertRefused(shell.run("serve"), "confcodes: b.ami-secret: there is none");
    }

    /** Every setting, with a value that it does not take. */
    @ParameterizedTest
    @CsvSource({
        "ami-host, a b, is not a host's name or address",
        "ami-port, 70000, is not in the range 1 to 65535",
        "ami-port, many, is not a whole number",
        "ami-user, a b, is not the name of a section of manager.conf",
        "ami-secret-file, ' ', is not the name of a file",
        "ami-tls, perhaps, is neither true nor false",
        "ami-tls-ca, ' ', is not the name of a file",
        "ami-timeout, soon, is not a duration",
        "ami-timeout, 1ms, is not in the range 100ms to 60m",
        "pool-size, 0, is not in the range 1 to 64",
        "agi-bind, not an address, is not an address of this host",
        "agi-bind, ' ', is not an address of this host",
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
        "metrics-bind, ' ', is not an address of this host",
        "metrics-port, 65536, is not in the range 0 to 65535",
        "audit-log, audit.log, does not begin with /",
        "control-socket, control, is neither an absolute path nor none",
        "log-level, loud, 'is none of off, error, warn, info, debug, trace'",
    })
    void an_impossible_value_is_refused_by_its_name_and_where_it_is(String key, String value, String message)
            throws IOException {
        Setting<?> setting =
                withOption().filter(any -> any.key().equals(key)).findFirst().orElseThrow();
        Shell inFile = new Shell(directory, "ami-secret=x", key + "=" + value).with(setting.variable(), "");
        assertRefused(
                inFile.run("serve"), key + ": '" + value.strip() + "' " + message, "(line 2 of " + inFile.file() + ")");

        Shell elsewhere = new Shell(directory, "ami-secret=x");
        Shell.Result asOption = elsewhere.run("serve", "--" + key + "=" + value);
        assertRefused(asOption, "--" + key, "'" + value + "' " + message, "; see confcodes serve --help");
        assertFalse(asOption.err().contains(elsewhere.file().toString()), asOption.err());

        assertRefused(
                elsewhere.with(setting.variable(), value).run("serve"),
                key + ": '" + value + "' " + message,
                "(" + setting.variable() + " in the environment)");
    }

    @Test
    void an_impossible_prompt_is_refused_before_it_serves() throws IOException {
        assertRefused(
                new Shell(directory, "ami-secret=x", "prompt-muted=tt-monkeys|reboot").run("serve"),
                "prompt-muted: 'tt-monkeys|reboot' is not the name of a sound file",
                "(line 2 of ");
    }

    /** picocli would take one for no value, and replace the other. */
    @ParameterizedTest
    @MethodSource("withOption")
    void a_text_that_means_something_to_picocli_is_taken_as_it_is(Setting<?> setting) throws IOException {
        for (String text : List.of("_NULL_", "${sys:user.name}")) {
            Shell inFile =
                    new Shell(directory, "ami-secret=x", setting.key() + "=" + text).with(setting.variable(), "");
            assertEquals(text, inFile.settings("serve").text(setting).orElseThrow());
            Shell.Result help = inFile.run("serve", "--help");
            assertTrue(
                    text.equals("_NULL_") || help.out().contains(" " + text + "\n"), "not even in the help: " + help);

            boolean free = text.startsWith("$") && (setting == Setting.AMI_HOST || setting == Setting.AMI_USER);
            if (!free) {
                assertRefused(inFile.run("serve"), setting.key() + ": ", text, "(line 2 of ");
            }
            Shell inEnvironment = new Shell(directory).with(setting.variable(), text);
            assertEquals(text, inEnvironment.settings("serve").text(setting).orElseThrow());
        }
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
        Shell shell = new Shell(directory, "", "ami-user=\\u12");
        Path missing = directory.resolve("missing.properties");
        Path latin1 = Files.write(directory.resolve("latin1"), "ami-user=größe".getBytes(StandardCharsets.ISO_8859_1));

        assertRefused(shell.run("rooms"), "config: cannot read a line", "(line 2 of ");
        assertRefused(shell.run("rooms", "--config="), "--config", "'' is not the name of a file");
        assertRefused(shell.run("rooms", "--config=" + directory), "config: cannot read " + directory);
        assertRefused(shell.run("rooms", "--config=" + latin1), latin1 + ": not UTF-8");
        assertRefused(shell.run("rooms", "--config=" + missing), missing + ": no such file (option --config)");
        assertRefused(
                shell.with("CONFCODES_CONFIG", missing.toString()).run("rooms"),
                "config: cannot read " + missing + ": no such file (CONFCODES_CONFIG in the environment)");
    }

    @Test
    void an_argument_is_never_replaced_by_a_file() throws IOException {
        Path words = Files.writeString(directory.resolve("sales"), "--all\n");
        Shell shell = new Shell(directory, "ami-secret=x", "ami-port=1");

        assertEquals(Confcodes.NO_PBX, shell.run("kick", "100", "@" + words).exitCode());
        assertRefused(shell.run("kick", "100", "101", "@" + words), "Unmatched argument");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pool-size=many", "colour=red", "grace=1s"})
    void wrong_settings_keep_nobody_from_help_and_version(String line) throws IOException {
        for (String args : List.of("--help", "--version", "rooms --help", "rooms --version", "help rooms")) {
            Shell.Result result = new Shell(directory, line).run(args.split(" "));
            assertEquals(Confcodes.DONE, result.exitCode(), () -> args + ": " + result.err());
            assertFalse(result.out().isEmpty());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "rooms --help, Asterisk server. Default: pbx.example",
        "help rooms, Asterisk server. Default: pbx.example",
        "rooms --help, a second attempt. Default: 10s",
        "serve --help, a second attempt. Default: 2s",
        "invite --help, such as Local/%s@from-internal; %s is the number. Default: PJSIP/%s",
    })
    void help_shows_the_defaults_that_the_settings_make(String args, String expected) throws IOException {
        String help = new Shell(directory, "ami-host=pbx.example")
                .run(args.split(" "))
                .out();

        assertTrue(help.replaceAll("\\s+", " ").contains(expected), help);
    }

    @Test
    void a_time_without_a_unit_is_seconds() throws IOException {
        Shell shell = new Shell(directory, "ami-timeout=3");

        assertEquals(Duration.ofSeconds(3), shell.value(Setting.AMI_TIMEOUT, "rooms"));
    }
}
