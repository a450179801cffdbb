package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Named.named;

import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private Site site;
    private ServerProcess server;

    /** An Asterisk of its own, since no other test could run on one with mistakes. Confcodes' settings are in the directory. */
    private record Site(Lab lab, Path directory) implements AutoCloseable {

        Site {
            try {
                Path program = Files.writeString(
                        directory.resolve("asterisk"),
                        "#!/bin/sh\nexec src/lab/asterisk rx " + lab.file("etc").getParent() + " \"$2\"\n");
                Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            lab.rx("module load app_chanspy.so");
        }

        Path file(String name) {
            return name.equals(SETTINGS)
                    ? directory.resolve(name)
                    : lab.file("etc").resolve(name);
        }

        void edit(String name, String pattern, String replacement) throws IOException {
            String text = Files.readString(file(name));
            Files.writeString(file(name), text.replaceFirst("(?m)^" + pattern, replacement));
        }

        Ran confcodes(String... arguments) {
            ProcessBuilder builder = ServerProcess.launcher(arguments);
            builder.command().add("--asterisk=" + directory.resolve("asterisk"));
            builder.command().add("--config=" + file(SETTINGS));
            return Ran.of(builder);
        }

        /** Starts a server with the secret of the settings, which get its port. */
        ServerProcess serve(String... options) throws IOException {
            String secret = Files.readAllLines(file(SETTINGS)).stream()
                    .filter(line -> line.startsWith("ami-secret="))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst("[^=]*=", "");
            ServerProcess server = ServerProcess.start(lab.amiPort(), secret, options);
            edit(SETTINGS, "agi-port=.*", "agi-port=" + server.port());
            return server;
        }

        @Override
        public void close() {
            lab.close();
        }
    }

    /** A mistake: it changes a file, or what Asterisk has loaded. */
    @FunctionalInterface
    private interface Mistake {
        void make() throws IOException;
    }

    @BeforeAll
    void set_up(@TempDir Path temporary) throws Exception {
        site = new Site(Lab.start(List.of()), temporary);
        for (String part : List.of("extensions", "confbridge", "manager")) {
            Files.delete(site.file(part + "_confcodes.conf"));
            site.edit(part + ".conf", "#include .*", "");
        }
        site.confcodes("setup", "--no-service").success();
        server = site.serve();
        site.edit(EXTENSIONS, "CONFCODES_SERVER=.*", "CONFCODES_SERVER=127.0.0.1:" + server.port());
        site.lab().rx("dialplan reload");
        for (String name : List.of(
                EXTENSIONS,
                "confbridge.conf",
                "extensions_confcodes.conf",
                "confbridge_confcodes.conf",
                "manager_confcodes.conf",
                SETTINGS)) {
            correct.put(site.file(name), Files.readString(site.file(name)));
        }
    }

    @AfterAll
    void stop() {
        server.close();
        site.close();
    }

    @AfterEach
    void correct_the_mistake() throws IOException {
        for (Map.Entry<Path, String> file : correct.entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
            Files.setPosixFilePermissions(file.getKey(), PosixFilePermissions.fromString("rw-r-----"));
        }
        RELOADS.forEach(site.lab()::rx);
        site.lab().rx("module load app_chanspy.so");
    }

    @Test
    void the_card_of_a_menu_is_what_Asterisk_has() {
        String card =
                site.confcodes("keys", "confcodes_menu_public", "--markdown").success();
        assertTrue(card.contains("| `*6` | mute or unmute oneself |\n"), card);
        assertTrue(card.contains("| `*36 number #` | mute a participant by number |\n"), card);
    }

    @Test
    void what_setup_has_installed_is_all_right() {
        Ran check = site.confcodes("check");
        assertEquals(0, check.exitCode(), check::out);
        assertTrue(check.out().lines().allMatch(line -> line.startsWith("ok   ")), check::out);
        assertTrue(check.out().contains("the dialplan reaches the server"), check::out);
    }

    /** What is wrong, how it comes to be so, what is said of it, and the file and the line that are named. */
    Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        "forgotten include",
                        () -> site.edit(EXTENSIONS, "#include .*", ""),
                        "is not included",
                        EXTENSIONS,
                        null),
                mistake(
                        "no reload",
                        () -> site.lab().rx("dialplan remove context conference_sc"),
                        "dialplan reload",
                        null,
                        null),
                mistake(
                        "forgotten menu",
                        () -> site.edit(
                                EXTENSIONS, " same => n,ConfBridge.*", " same => n,ConfBridge(1,,confcodes_admin)"),
                        "has a menu with codes",
                        EXTENSIONS,
                        "ConfBridge(1"),
                mistake(
                        "no reload of the moderators' line",
                        () -> site.edit(
                                EXTENSIONS,
                                " same => n,ConfBridge.*",
                                " same => n,ConfBridge(1,,confcodes_admin,confcodes_menu)"),
                        "dialplan reload",
                        EXTENSIONS,
                        "ConfBridge(1"),
                mistake(
                        "no administrator",
                        () -> site.edit(
                                EXTENSIONS, " same => n,ConfBridge.*", " same => n,ConfBridge(1,,,confcodes_menu)"),
                        "nobody may use the codes, because allow=admin",
                        EXTENSIONS,
                        "ConfBridge(1"),
                mistake(
                        "wrong secret",
                        () -> site.edit(SETTINGS, "ami-secret=.*", "ami-secret=wrong"),
                        "AMI login",
                        "manager_confcodes.conf",
                        "secret="),
                mistake(
                        "wrong secret, the other place",
                        () -> site.edit(SETTINGS, "ami-secret=.*", "ami-secret=wrong"),
                        "AMI login",
                        SETTINGS,
                        "ami-secret="),
                mistake(
                        "missing class",
                        () -> site.edit("manager_confcodes.conf", "write=.*", "write=reporting,originate"),
                        "add call",
                        "manager_confcodes.conf",
                        "write="),
                mistake(
                        "no events",
                        () -> site.edit("manager_confcodes.conf", "read=.*", "read=log"),
                        "gets no events",
                        "manager_confcodes.conf",
                        "read="),
                mistake(
                        "sample's secret",
                        () -> site.edit(SETTINGS, "ami-secret=.*", "ami-secret=" + Lab.SECRET),
                        "the AMI secret is the sample's",
                        SETTINGS,
                        "ami-secret="),
                mistake(
                        "colliding port",
                        () -> site.edit(
                                SETTINGS,
                                "agi-port=.*",
                                "agi-port=" + site.lab().amiPort()),
                        "another server has",
                        SETTINGS,
                        "agi-port="),
                mistake(
                        "server not running",
                        () -> site.edit(SETTINGS, "agi-port=.*", "agi-port=1"),
                        "nobody listens",
                        null,
                        null),
                mistake(
                        "port differs",
                        () -> site.edit(EXTENSIONS, "CONFCODES_SERVER=.*", "CONFCODES_SERVER=127.0.0.1:1"),
                        "the dialplan calls port 1",
                        EXTENSIONS,
                        "CONFCODES_SERVER="),
                mistake(
                        "wrong permissions",
                        () -> Files.setPosixFilePermissions(
                                site.file(SETTINGS), PosixFilePermissions.fromString("rw-r--r--")),
                        "everybody can read the secret",
                        null,
                        null),
                mistake(
                        "a file that everybody may change",
                        () -> Files.setPosixFilePermissions(
                                site.file("extensions_confcodes.conf"), PosixFilePermissions.fromString("rw-r--rw-")),
                        "everybody can write",
                        null,
                        null),
                mistake(
                        "missing sound",
                        () -> site.edit(SETTINGS, "#prompt-muted=.*", "prompt-muted=no-such-sound"),
                        "no sound no-such-sound in en: install the core sounds, or change prompt-muted",
                        null,
                        null),
                mistake(
                        "hidden code",
                        () -> site.edit("confbridge_confcodes.conf", "type=menu", "type=menu\n*1=toggle_mute"),
                        "in the menu confcodes_menu *11 never runs, because *1 does",
                        "confbridge_confcodes.conf",
                        "*1="),
                mistake(
                        "no codes in a menu",
                        () -> site.edit("confbridge.conf", "#include .*", ""),
                        "no menu has codes",
                        null,
                        null),
                mistake(
                        "unknown setting",
                        () -> site.edit(SETTINGS, "ami-user=", "ami-usr="),
                        "unknown setting",
                        SETTINGS,
                        "ami-usr="),
                mistake(
                        "no app_chanspy",
                        () -> site.lab().rx("module unload app_chanspy.so"),
                        "app_chanspy",
                        "modules.conf",
                        "load=app_chanspy.so"),
                mistake(
                        "the recipe",
                        () -> site.edit(
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
        RELOADS.stream().filter(reload -> !said.equals(reload)).forEach(site.lab()::rx);
        Ran check = site.confcodes("check");

        assertEquals(1, check.exitCode(), check::out);
        String place = "";
        if (file != null) {
            List<String> lines = Files.readAllLines(site.file(file));
            int number = line == null
                    ? lines.size()
                    : lines.indexOf(lines.stream()
                            .filter(it -> it.contains(line))
                            .findFirst()
                            .orElseThrow());
            place = site.file(file) + ":" + (number + 1);
        }
        String wanted = place;
        assertTrue(
                check.out().lines().anyMatch(it -> it.startsWith("FAIL ") && it.contains(said) && it.contains(wanted)),
                () -> said + " " + wanted + " is not in\n" + check.out() + check.err());
    }

    /** 8001 is a conference of FreePBX's with Allow Menu = No, where its menu is the recipe's. */
    @Test
    void in_FreePBX_it_takes_the_place_of_the_recipe_and_gives_it_back(@TempDir Path temporary) throws Exception {
        try (Site freePbx = new Site(Lab.start(List.of("freepbx")), temporary)) {
            for (String part : List.of("extensions", "confbridge", "manager", "globals")) {
                Files.delete(freePbx.file(part + "_confcodes.conf"));
                Files.writeString(freePbx.file(part + "_custom.conf"), "");
            }
            Files.writeString(
                    freePbx.file("extensions_custom.conf"),
                    "[conference_sc]\nexten => conference_mute,1,Read(NUMBER,beep,11)\n"
                            + " same => n,System(/usr/bin/php /etc/asterisk/conference.php mute ${NUMBER})\n");
            String menu = "[default_menu]\ntype=menu\n*6=dialplan_exec(conference_sc,conference_mute,1)\n";
            Files.writeString(freePbx.file("confbridge_custom.conf"), menu);
            String script = "conference.php mute";
            freePbx.edit("extensions_lab.conf", "CONFCODES_SERVER=.*", "");
            freePbx.lab().rx("dialplan reload");

            String said = freePbx.confcodes("setup", "--no-service").success();
            assertTrue(said.contains("_custom.conf:3: same => n,System") && said.contains("_custom.conf:3: *6="), said);
            assertTrue(freePbx.lab()
                    .rx("dialplan show conference_mute@conference_sc")
                    .contains(script));
            freePbx.confcodes("setup", "--no-service", "--replace-recipe", "--allow=anyone")
                    .success();
            try (ServerProcess server = freePbx.serve("--allow=anyone");
                    Room room = freePbx.lab().room(null, "8001")) {
                freePbx.confcodes("setup", "--no-service").success();
                String check = freePbx.confcodes("check").success();
                assertTrue(check.contains("the dialplan reaches the server"), check);
                room.dial(SipPhone.guest(freePbx.lab().sipPort(), "101"), "#");
                room.dial(SipPhone.guest(freePbx.lab().sipPort(), "102"), "#").press("*6101#");
                assertEquals(List.of("101"), room.muted(), server::logText);
            }
            freePbx.confcodes("setup", "--no-service", "--remove").success();
            assertEquals(menu, Files.readString(freePbx.file("confbridge_custom.conf")));
            assertTrue(freePbx.lab()
                    .rx("dialplan show conference_mute@conference_sc")
                    .contains(script));
        }
    }
}
