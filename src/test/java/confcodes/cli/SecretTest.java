package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

    private static final String IN_FILE = "hunter2-in-file";
    private static final String IN_ENVIRONMENT = "hunter2-in-environment";
    private static final String IN_SECRET_FILE = "hunter2-in-secret-file";

    @TempDir
    private Path directory;

    private Path secretFile() throws IOException {
        return Shell.write(directory.resolve("secret"), " " + IN_SECRET_FILE + "\n");
    }

    private static String secret(Shell shell, String... args) {
        return shell.ami(args).settings(false).secret().value();
    }

    @Test
    void a_secret_file_on_the_command_line_beats_everything() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=" + IN_FILE).with("CONFCODES_AMI_SECRET", IN_ENVIRONMENT);

        assertEquals(IN_SECRET_FILE, secret(shell, "rooms", "--ami-secret-file=" + secretFile()));
    }

    @Test
    void the_environment_beats_both_ways_of_the_properties_file() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=" + IN_FILE, "ami-secret-file=" + secretFile())
                .with("CONFCODES_AMI_SECRET", IN_ENVIRONMENT);

        assertEquals(IN_ENVIRONMENT, secret(shell, "rooms"));
    }

    @Test
    void a_secret_file_beats_a_secret_in_the_properties_file() throws IOException {
        Shell both = new Shell(directory, "ami-secret=" + IN_FILE, "ami-secret-file=" + secretFile());
        assertEquals(IN_SECRET_FILE, secret(both, "rooms"));

        Shell named = new Shell(directory, "ami-secret=" + IN_FILE)
                .with("CONFCODES_AMI_SECRET_FILE", secretFile().toString());
        assertEquals(IN_SECRET_FILE, secret(named, "rooms"));
    }

    @Test
    void the_properties_file_alone_suffices() throws IOException {
        assertEquals(IN_FILE, secret(new Shell(directory, "ami-secret=" + IN_FILE), "rooms"));
    }

    @Test
    void without_a_secret_it_says_where_to_put_one() throws IOException {
        Shell shell = new Shell(directory);
        Shell.Result result = shell.run("rooms");

        assertEquals(Confcodes.USAGE, result.exitCode());
        for (String way : List.of("ami-secret-file", "ami-secret in " + shell.file(), "CONFCODES_AMI_SECRET")) {
            assertTrue(result.err().contains(way), result.err());
        }
    }

    @Test
    void a_secret_file_that_cannot_be_read_is_named() throws IOException {
        for (Path wrong : List.of(directory.resolve("missing"), directory)) {
            Shell.Result result = new Shell(directory, "ami-secret-file=" + wrong).run("rooms");

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(result.err().contains("ami-secret-file: cannot read " + wrong + ": "), result.err());
        }
    }

    @Test
    void an_empty_secret_or_one_of_two_lines_is_refused_and_not_printed() throws IOException {
        Path two = Shell.write(directory.resolve("two"), "hunter2\nhunter3\n");
        Path none = Shell.write(directory.resolve("none"), "\n");
        for (Path wrong : List.of(two, none)) {
            Shell.Result result = new Shell(directory, "ami-secret-file=" + wrong).run("rooms");

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(result.err().contains("ami-secret-file: " + wrong), result.err());
            assertFalse(result.visible().contains("hunter"), result.visible());
        }

        Shell empty = new Shell(directory, "ami-secret=");
        Shell.Result result = empty.run("rooms");
        assertEquals(Confcodes.USAGE, result.exitCode());
        assertTrue(
                result.err().startsWith("confcodes: ami-secret is one line")
                        && result.err().contains("(" + empty.file() + ", line 1)"),
                result.err());
    }

    @Test
    void there_is_no_option_for_the_secret_and_what_was_tried_is_not_repeated() throws IOException {
        Shell shell = new Shell(directory);
        for (List<String> args : List.of(
                List.of("rooms", "--ami-secret=hunter2"),
                List.of("rooms", "--ami-secret", "hunter2"),
                List.of("list", "100", "--ami-secret", "hunter2"),
                List.of("serve", "--ami-secret=hunter2\n"))) {
            Shell.Result result = shell.run(args.toArray(String[]::new));

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(result.err().contains("no option --ami-secret"), result.err());
            assertFalse(result.visible().contains("hunter2"), result.visible());
        }
    }

    @Test
    void help_and_errors_never_print_the_secret() throws IOException {
        Shell shell = new Shell(directory, "ami-secret=" + IN_FILE)
                .with("CONFCODES_AMI_SECRET", IN_ENVIRONMENT)
                .with("CONFCODES_LOG_LEVEL", "info");
        for (List<String> args : List.of(
                List.of("serve", "--help"),
                List.of("help", "serve"),
                List.of("rooms", "--pool-size=x"),
                List.of("rooms", "--ami-port=" + Shell.closedPort()),
                List.of("generate-completion"))) {
            Shell.Result result = shell.run(args.toArray(String[]::new));

            assertFalse(result.visible().isEmpty());
            assertFalse(result.visible().contains("hunter2"), result.visible());
        }
        Shell.Result unknown = new Shell(directory, "ami_secret=" + IN_FILE).run("rooms");
        assertTrue(unknown.err().contains("ami_secret"), unknown.err());
        assertFalse(unknown.visible().contains("hunter2"), unknown.err());
    }

    @Test
    void settings_print_asterisks_in_its_place() throws IOException {
        AmiSettings settings =
                new Shell(directory, "ami-secret=" + IN_FILE).ami("rooms").settings(false);

        assertTrue(settings.toString().contains("secret=****"), settings.toString());
        assertFalse(settings.toString().contains(IN_FILE));
    }

    @Test
    void an_exception_about_a_secret_does_not_hold_it() {
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> new Secret("hunter2\r\nAction: Command"));

        assertFalse(e.getMessage().contains("hunter2"));
    }
}
