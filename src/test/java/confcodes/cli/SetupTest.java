package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code confcodes setup} on the configuration of an Asterisk that does not run. */
@Timeout(30)
class SetupTest {

    /** The usual recipe: its lines of the dialplan and of the menu. */
    private static final String RECIPE = """
            [from-internal]
            exten => 100,1,ConfBridge(100)
            [conference_sc]
            ; mute by number
            exten => conference_mute,1,Read(digits,dial,11)
             same => n,System(/usr/bin/php /etc/asterisk/conference.php mute ${digits})
            exten => conference_own,1,System(/usr/bin/php /etc/asterisk/conference.php own)
            [other]
            exten => 1,1,NoOp()
            """;

    private static final String MENU = """
            [default_menu]
            type=menu
            *1=toggle_mute
            *6=dialplan_exec(conference_sc,conference_mute,1)
            *10 => dialplan_exec(conference_sc,conference_own,1)
            """;

    @TempDir
    private Path directory;

    private Path etc;
    private Path settings;
    private Shell shell;

    @BeforeEach
    void make_a_configuration() throws IOException {
        etc = Files.createDirectory(directory.resolve("asterisk"));
        settings = directory.resolve("etc.properties");
        shell = new Shell(directory);
        write("extensions.conf", "[globals]\n[from-internal]\nexten => 1,1,NoOp()\n");
        write("confbridge.conf", "[general]\n");
        write("manager.conf", "[general]\nenabled = yes\nport=5555\n");
    }

    private Shell.Result setup(String... arguments) {
        return shell.run(Stream.concat(
                        Stream.of(
                                "setup",
                                "--asterisk=false",
                                "--no-service",
                                "--asterisk-config=" + etc,
                                "--config=" + settings),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    private String done(String... arguments) {
        Shell.Result result = setup(arguments);
        assertEquals(Confcodes.DONE, result.exitCode(), result.visible());
        return result.out();
    }

    private void write(String name, String text) throws IOException {
        Files.write(etc.resolve(name), text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String read(String name) throws IOException {
        return ConfigLine.text(etc.resolve(name));
    }

    /** {@return all files with their bytes and modes} */
    private Map<String, String> state() throws IOException {
        Map<String, String> state = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                state.put(
                        directory.relativize(file) + " "
                                + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        ConfigLine.text(file));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return state;
    }

    /** FreePBX's own files beside those of the administrator; some of these are missing, some empty. */
    private void freePbx() throws IOException {
        write("extensions_additional.conf", "[globals]\n#include globals_custom.conf\nA=1\n");
        write("extensions.conf", "#include extensions_additional.conf\n#include extensions_custom.conf\n");
        write("confbridge_additional.conf", "[default_menu]\ntype=menu\n");
        write("confbridge.conf", "#include confbridge_additional.conf\n#include confbridge_custom.conf\n");
        write("manager.conf", "[general]\nenabled = yes\n#include manager_custom.conf\n");
        write("manager_custom.conf", "");
        write("extensions_custom.conf", RECIPE);
    }

    @Test
    void a_pbx_s_own_user_and_secret_go_into_the_configuration_of_its_Asterisk() throws IOException {
        Path program = Files.writeString(directory.resolve("program"), "#!/bin/sh\necho '  System name:    pbx2'\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(
                settings,
                "pbx=pbx1,pbx2\nami-secret=of-all\npbx2.ami-port=1\npbx2.ami-user=own\npbx2.ami-secret=of-two\n");
        done();
        assertTrue(read("manager_confcodes.conf").contains("[confcodes]\n"));
        assertTrue(read("manager_confcodes.conf").contains("secret=of-all\n"));
        Shell.Result result = shell.run(
                "setup", "--asterisk=" + program, "--no-service", "--asterisk-config=" + etc, "--config=" + settings);
        assertEquals(Confcodes.DONE, result.exitCode(), result.visible());
        String manager = read("manager_confcodes.conf");
        assertTrue(manager.contains("[own]\n") && manager.contains("secret=of-two\n"), manager);
    }

    @Test
    void it_writes_the_files_with_one_secret_that_nobody_else_reads_and_includes_them() throws IOException {
        done();

        String secret = Files.readAllLines(settings).stream()
                .filter(line -> line.startsWith("ami-secret="))
                .findFirst()
                .orElseThrow()
                .substring("ami-secret=".length());
        assertTrue(secret.matches("[0-9a-f]{40}"), secret);
        assertTrue(read("manager_confcodes.conf").contains("\nsecret=" + secret + "\n"));
        assertTrue(Files.readString(settings).contains("\nami-port=5555\n"));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(settings)));
        for (String part : new String[] {"extensions", "confbridge", "manager"}) {
            assertTrue(read(part + ".conf")
                    .endsWith("\n#include " + part + "_confcodes.conf ; added by confcodes setup\n"));
            Path own = etc.resolve(part + "_confcodes.conf");
            assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(own)));
        }
        assertEquals("[general]\n", read("confbridge.conf.confcodes-backup"));
    }

    @Test
    void a_second_run_changes_nothing() throws IOException {
        done();
        Map<String, String> state = state();

        assertTrue(done().startsWith("nothing to change"));
        assertEquals(state, state());
    }

    @Test
    void a_dry_run_prints_the_lines_without_the_secret_and_changes_nothing() throws IOException {
        Map<String, String> state = state();
        String out = done("--dry-run");

        assertEquals(state, state());
        assertTrue(out.contains("+#include confbridge_confcodes.conf ; added by confcodes setup\n"), out);
        assertTrue(out.contains("+ami-secret=…\n") && out.contains("+secret=…\n"), out);
        assertFalse(out.matches("(?s).*[0-9a-f]{40}.*"), out);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ami-secret: Zebra", "ami-secret Zebra", "ami-secret = Zebra", "#ami-secret:Zebra"})
    void a_dry_run_prints_no_secret_however_it_is_written(String line) throws IOException {
        done();
        Files.writeString(settings, Files.readString(settings) + line + "\n");
        assertFalse(done("--dry-run", "--remove").contains("Zebra"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[general]\n",
                "[general]",
                "",
                "[general]\r\nenabled=no\r\n",
                "; Gr\u00fc\u00dfe\n[general](!)\n;-- enabled=yes\n--;\nenabled = no ; off",
            })
    void remove_undoes_it_to_the_byte(String text) throws IOException {
        for (String name : new String[] {"extensions.conf", "confbridge.conf", "manager.conf"}) {
            write(name, text);
            Files.setPosixFilePermissions(etc.resolve(name), PosixFilePermissions.fromString("rw-rw----"));
        }
        Files.delete(etc.resolve("confbridge.conf"));
        Map<String, String> state = state();

        done();
        assertTrue(read("confbridge.conf").startsWith("#include"));
        done();
        done("--remove");
        assertEquals(state, state());
    }

    @ParameterizedTest
    @ValueSource(strings = {"[general]\nenabled=no\n", "[general]\n", ""})
    void it_switches_ami_on_for_this_machine_alone(String text) throws IOException {
        write("manager.conf", text);
        done();

        String general = text.isEmpty() ? "[general]" : "[general](+)";
        String mark = " ; added by confcodes setup\n";
        assertEquals(
                text + general + mark + "enabled=yes" + mark + "bindaddr=127.0.0.1" + mark
                        + "#include manager_confcodes.conf" + mark,
                read("manager.conf"));
    }

    @Test
    void what_was_done_by_hand_stays() throws IOException {
        write("extensions.conf", "#include \"extensions_confcodes.conf\"\n");
        write("manager_confcodes.conf", "[confcodes]\nsecret=by-hand\n");
        write("manager.conf", "[general]\nenabled=yes\n#include manager_confcodes.conf\n");
        String out = done();

        assertTrue(out.contains("kept " + etc.resolve("manager_confcodes.conf")), out);
        assertTrue(Files.readString(settings).contains("\nami-secret=by-hand\n"));
        assertEquals("#include \"extensions_confcodes.conf\"\n", read("extensions.conf"));
        write("extensions_confcodes.conf", read("extensions_confcodes.conf") + "; mine\n");
        done();
        assertTrue(read("extensions_confcodes.conf").endsWith("; mine\n"));
        done("--remove");
        assertEquals("#include \"extensions_confcodes.conf\"\n", read("extensions.conf"));
        assertEquals("[confcodes]\nsecret=by-hand\n", read("manager_confcodes.conf"));
        assertTrue(read("extensions_confcodes.conf.confcodes-backup").endsWith("; mine\n"));
    }

    @Test
    void settings_by_hand_stay_and_are_used() throws IOException {
        Files.writeString(settings, "ami-user=me\nami-secret = mine\nmax-digits=4\n");
        String out = done("--allow=anyone");

        assertTrue(out.contains("kept " + settings) && out.contains("allow=anyone"), out);
        assertTrue(read("manager_confcodes.conf").contains("[me]\n"));
        assertTrue(read("manager_confcodes.conf").contains("secret=mine\n"));
        assertTrue(read("extensions_confcodes.conf").contains("Read(CONFCODES_KEYS,dial,4,i)"));
    }

    @Test
    void a_file_of_an_older_version_is_replaced() throws IOException {
        done();
        String now = read("confbridge_confcodes.conf");
        write("confbridge_confcodes.conf", "; Written by confcodes setup (sum 352441c2), which.\nabc");

        assertTrue(done().contains("wrote " + etc.resolve("confbridge_confcodes.conf")));
        assertEquals(now, read("confbridge_confcodes.conf"));
    }

    @Test
    void the_recipe_is_named_line_by_line_and_stays_unless_told_otherwise() throws IOException {
        write("extensions.conf", RECIPE);
        write("confbridge.conf", MENU);
        String out = done();

        String first = etc.resolve("extensions.conf") + ":5: exten => conference_mute,1,Read(digits,dial,11)";
        assertTrue(out.contains(first + " -- replaced by conference_mute of confcodes\n"), out);
        assertTrue(out.contains(":7: exten => conference_own"), out);
        assertTrue(out.contains(etc.resolve("confbridge.conf") + ":4: *6="), out);
        assertTrue(out.contains("confcodes setup --replace-recipe\n"), out);
        assertTrue(read("extensions.conf").startsWith(RECIPE));
    }

    @Test
    void the_recipe_is_replaced_with_its_digits_and_who_may_and_comes_back() throws IOException {
        write("extensions.conf", RECIPE);
        write("confbridge.conf", MENU);
        Map<String, String> state = state();
        shell.answering("Anyone");
        assertTrue(setup("--replace-recipe").err().contains("Who may use the codes"));

        assertTrue(Files.readString(settings).contains("\nallow=anyone\n"));
        assertTrue(Files.readString(settings).contains("\nmax-digits=11\n"));
        assertTrue(read("extensions_confcodes.conf").contains("Read(CONFCODES_KEYS,dial,11,i)"));
        String dialplan = read("extensions.conf");
        assertTrue(dialplan.contains("\n;confcodes-setup;[conference_sc]\n; mute by number\n;confcodes-setup;exten"));
        assertTrue(dialplan.contains("own)\n[other]\nexten => 1,1,NoOp()\n"), dialplan);
        String menu = read("confbridge.conf");
        assertTrue(menu.contains("\n*6=dialplan_exec(conference_sc,conference_mute,1)\n;confcodes-setup;*10"), menu);
        assertTrue(done().startsWith("nothing to change"));
        done("--remove");
        assertEquals(state, state());
    }

    @Test
    void the_recipe_is_not_replaced_without_an_answer() throws IOException {
        write("extensions.conf", RECIPE);
        Map<String, String> state = state();

        Shell.Result script = setup("--replace-recipe");
        assertEquals(Confcodes.USAGE, script.exitCode());
        assertTrue(script.err().contains("--allow"), script.err());
        assertEquals(Confcodes.USAGE, shell.answering("nobody").run(setupLine()).exitCode());
        assertEquals(state, state());
    }

    @Test
    void remove_names_the_lines_that_use_what_is_gone() throws IOException {
        write("extensions.conf", "[from-internal]\nexten => 1,1,ConfBridge(1,,confcodes_admin,confcodes_menu)\n");
        done();
        assertTrue(done("--remove").contains("change " + etc.resolve("extensions.conf") + ":2: nobody can join"));
    }

    private String[] setupLine() {
        return new String[] {
            "setup", "--asterisk=false", "--asterisk-config=" + etc, "--config=" + settings, "--replace-recipe"
        };
    }

    @Test
    void in_FreePBX_only_the_administrator_s_files_change() throws IOException {
        freePbx();
        Map<String, String> state = state();
        done("--replace-recipe", "--allow=anyone");

        assertTrue(Files.readString(settings).contains("\ndial-string=Local/%s@from-internal\n"));
        for (String part : new String[] {"extensions", "confbridge", "manager"}) {
            assertTrue(read(part + "_custom.conf").contains("#include " + part + "_confcodes.conf"), part);
        }
        state.forEach((file, text) -> {
            if (!file.contains("_custom.conf")) {
                assertEquals(text, readQuietly(file.split(" ")[0]), file);
            }
        });
        done("--remove");
        assertEquals(state, state());
    }

    private String readQuietly(String file) {
        try {
            return ConfigLine.text(directory.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whoever owns the directory could put one there between the plan and the deed. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_link_that_was_not_there_before_is_not_followed(boolean isNew) throws IOException {
        Path other = Files.writeString(directory.resolve("other"), "root's");
        Path file = etc.resolve(isNew ? "new.conf" : "extensions.conf");
        Change change = Change.to(file, Optional.of("[mine]"), List.of());
        Files.deleteIfExists(file);
        Files.createSymbolicLink(file, other);

        assertThrows(IOException.class, change::apply);
        assertEquals("root's", Files.readString(other));
    }

    @Test
    void without_a_configuration_it_is_two() {
        Shell.Result result = shell.run("setup", "--asterisk=false", "--asterisk-config=" + directory.resolve("none"));

        assertEquals(Confcodes.USAGE, result.exitCode());
        assertTrue(result.err().contains("--asterisk-config"), result.err());
    }
}
