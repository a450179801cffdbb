package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code confcodes setup} on an Asterisk that has nothing of confcodes, and {@code confcodes check} of deliberate mistakes. */
@LiveTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CheckLiveIT {

    private static final String EXTENSIONS = "extensions.conf";
    private static final String SETTINGS = "confcodes.properties";
    private static final List<String> RELOADS =
            List.of("dialplan reload", "module reload app_confbridge.so", "manager reload");

    private final Map<Path, String> correct = new TreeMap<>();
    private Lab own;
    private ServerProcess server;
    private Path directory;

    /** A mistake: it changes a file, or what Asterisk has loaded. */
    @FunctionalInterface
    private interface Mistake {
        void make() throws IOException;
    }

    /** An Asterisk of its own, since no other test could run on one with mistakes. */
    @BeforeAll
    void set_up(@TempDir Path temporary) throws Exception {
        own = Lab.start();
        directory = temporary;
        Path program = Files.writeString(
                directory.resolve("asterisk"),
                "#!/bin/sh\nexec src/lab/asterisk rx " + own.file("etc").getParent() + " \"$2\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        for (String part : List.of("extensions", "confbridge", "manager")) {
            Files.delete(file(part + "_confcodes.conf"));
            edit(part + ".conf", "#include .*", "");
        }
        own.rx("module load app_chanspy.so");
        confcodes("setup", "--no-service").success();
        server = ServerProcess.start(own.amiPort(), value("ami-secret"));
        edit(SETTINGS, "agi-port=.*", "agi-port=" + server.port());
        edit(EXTENSIONS, "CONFCODES_SERVER=.*", "CONFCODES_SERVER=127.0.0.1:" + server.port());
        own.rx("dialplan reload");
        for (String name : List.of(
                EXTENSIONS,
                "confbridge.conf",
                "extensions_confcodes.conf",
                "confbridge_confcodes.conf",
                "manager_confcodes.conf",
                SETTINGS)) {
            correct.put(file(name), Files.readString(file(name)));
        }
    }

    @AfterAll
    void stop() {
        server.close();
        own.close();
    }

    @AfterEach
    void correct_the_mistake() throws IOException {
        for (Map.Entry<Path, String> file : correct.entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
            Files.setPosixFilePermissions(file.getKey(), PosixFilePermissions.fromString("rw-r-----"));
        }
        RELOADS.forEach(own::rx);
        own.rx("module load app_chanspy.so");
    }

    private Path file(String name) {
        return name.equals(SETTINGS) ? directory.resolve(name) : own.file("etc").resolve(name);
    }

    private void edit(String name, String pattern, String replacement) throws IOException {
        String text = Files.readString(file(name));
        Files.writeString(file(name), text.replaceFirst("(?m)^" + pattern, replacement));
    }

    private String value(String key) throws IOException {
        return Files.readAllLines(file(SETTINGS)).stream()
                .filter(line -> line.startsWith(key + "="))
                .findFirst()
                .orElseThrow()
                .substring(key.length() + 1);
    }

    private Ran confcodes(String... arguments) {
        ProcessBuilder builder = ServerProcess.launcher(arguments);
        builder.command().add("--asterisk=" + directory.resolve("asterisk"));
        builder.command().add("--config=" + file(SETTINGS));
        return Ran.of(builder);
    }

    @Test
    void what_setup_has_installed_is_all_right() {
        Ran check = confcodes("check");
        assertEquals(0, check.exitCode(), check::out);
        assertTrue(check.out().lines().allMatch(line -> line.startsWith("ok   ")), check::out);
        assertTrue(check.out().contains("the dialplan reaches the server"), check::out);
    }

    /** What is wrong, how it comes to be so, what is said of it, and the file and the line that are named. */
    Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "forgotten include",
                        () -> edit(EXTENSIONS, "#include .*", ""),
                        "is not included",
                        EXTENSIONS,
                        null),
                mistake(
                        "no reload",
                        () -> own.rx("dialplan remove context conference_sc"),
                        "dialplan reload",
                        null,
                        null),
                mistake(
                        "forgotten menu",
                        () -> edit(EXTENSIONS, " same => n,ConfBridge.*", " same => n,ConfBridge(1,,confcodes_admin)"),
                        "has a menu with codes",
                        EXTENSIONS,
                        "ConfBridge(1"),
                mistake(
                        "no administrator",
                        () -> edit(EXTENSIONS, " same => n,ConfBridge.*", " same => n,ConfBridge(1,,,confcodes_menu)"),
                        "nobody may use the codes, because allow=admin",
                        EXTENSIONS,
                        "ConfBridge(1"),
                mistake(
                        "wrong secret",
                        () -> edit(SETTINGS, "ami-secret=.*", "ami-secret=wrong"),
                        "AMI login",
                        "manager_confcodes.conf",
                        "secret="),
                mistake(
                        "missing class",
                        () -> edit("manager_confcodes.conf", "write=.*", "write=reporting,originate"),
                        "add call",
                        "manager_confcodes.conf",
                        "write="),
                mistake(
                        "sample's secret",
                        () -> edit(SETTINGS, "ami-secret=.*", "ami-secret=" + Lab.SECRET),
                        "the AMI secret is the sample's",
                        SETTINGS,
                        "ami-secret="),
                mistake(
                        "colliding port",
                        () -> edit(SETTINGS, "agi-port=.*", "agi-port=" + own.amiPort()),
                        "another server has",
                        SETTINGS,
                        "agi-port="),
                mistake(
                        "server not running",
                        () -> edit(SETTINGS, "agi-port=.*", "agi-port=1"),
                        "nobody listens",
                        null,
                        null),
                mistake(
                        "port differs",
                        () -> edit(EXTENSIONS, "CONFCODES_SERVER=.*", "CONFCODES_SERVER=127.0.0.1:1"),
                        "the dialplan calls port 1",
                        EXTENSIONS,
                        "CONFCODES_SERVER="),
                mistake(
                        "wrong permissions",
                        () -> Files.setPosixFilePermissions(
                                file(SETTINGS), PosixFilePermissions.fromString("rw-r--r--")),
                        "everybody can read the secret",
                        null,
                        null),
                mistake(
                        "missing sound",
                        () -> edit(SETTINGS, "#prompt-muted=.*", "prompt-muted=no-such-sound"),
                        "no sound no-such-sound in en: install the core sounds, or change prompt-muted",
                        null,
                        null),
                mistake(
                        "hidden code",
                        () -> edit("confbridge_confcodes.conf", "type=menu", "type=menu\n*1=toggle_mute"),
                        "in the menu confcodes_menu *11 never runs, because *1 does",
                        "confbridge_confcodes.conf",
                        "*1="),
                mistake(
                        "no codes in a menu",
                        () -> edit("confbridge.conf", "#include .*", ""),
                        "no menu has codes",
                        null,
                        null),
                mistake(
                        "unknown setting",
                        () -> edit(SETTINGS, "ami-user=", "ami-usr="),
                        "unknown setting",
                        SETTINGS,
                        "ami-usr="),
                mistake(
                        "no app_chanspy",
                        () -> own.rx("module unload app_chanspy.so"),
                        "app_chanspy",
                        "modules.conf",
                        "autoload"),
                mistake(
                        "the recipe",
                        () -> edit(
                                EXTENSIONS,
                                "\\[lab-join\\]",
                                "[conference_sc]\nexten => conference_mute,1,System(/usr/bin/php /conference.php)\n[lab-join]"),
                        "a PHP script runs",
                        EXTENSIONS,
                        "[conference_sc]"));
    }

    private static Arguments mistake(String name, Mistake mistake, String said, String file, String line) {
        return Arguments.of(named(name, mistake), said, file, line);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_named_with_the_line_to_change(Mistake mistake, String said, String file, String line)
            throws IOException {
        mistake.make();
        RELOADS.stream().filter(reload -> !said.equals(reload)).forEach(own::rx);
        Ran check = confcodes("check");

        assertEquals(1, check.exitCode(), check::out);
        String place = "";
        if (file != null) {
            List<String> lines = Files.readAllLines(file(file));
            int number = line == null
                    ? lines.size()
                    : lines.indexOf(lines.stream()
                            .filter(it -> it.contains(line))
                            .findFirst()
                            .orElseThrow());
            place = file(file) + ":" + (number + 1);
        }
        String wanted = place;
        assertTrue(
                check.out().lines().anyMatch(it -> it.startsWith("FAIL ") && it.contains(said) && it.contains(wanted)),
                () -> said + " " + wanted + " is not in\n" + check.out() + check.err());
    }
}
