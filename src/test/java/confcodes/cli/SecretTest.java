package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SecretTest {

    @TempDir
    private Path directory;

    /** Each column is one place, the strongest first: whether it has a secret, and which one counts. */
    @ParameterizedTest
    @CsvSource({
        "yes, yes, yes, yes, option",
        "no, yes, yes, yes, environment",
        "no, no, yes, yes, secret-file",
        "no, no, no, yes, file",
    })
    void the_strongest_place_counts(String option, String environment, String secretFile, String file, String expected)
            throws IOException {
        Path ofOption = Shell.write(directory.resolve("a"), " hunter2-option\n");
        Path ofFile = Shell.write(directory.resolve("b"), " hunter2-secret-file\n");
        Shell shell = new Shell(
                        directory,
                        file.equals("yes") ? "ami-secret=hunter2-file" : "",
                        secretFile.equals("yes") ? "ami-secret-file=" + ofFile : "")
                .with("CONFCODES_AMI_SECRET", environment.equals("yes") ? "hunter2-environment" : "");
        String[] args = option.equals("yes")
                ? new String[] {"conferences", "--ami-secret-file=" + ofOption}
                : new String[] {"conferences"};

        assertEquals("hunter2-" + expected, shell.settings(args).ami().secret().value());
    }

    @Test
    void a_secret_file_named_in_the_environment_beats_a_secret_in_the_properties_file() throws IOException {
        Path secret = Shell.write(directory.resolve("secret"), "hunter2-secret-file");
        Shell shell =
                new Shell(directory, "ami-secret=hunter2-file").with("CONFCODES_AMI_SECRET_FILE", secret.toString());

        assertEquals(
                "hunter2-secret-file",
                shell.settings("conferences").ami().secret().value());
    }

    @Test
    void without_a_secret_it_says_where_to_put_one() throws IOException {
        Shell shell = new Shell(directory);
        Shell.Result result = shell.run("conferences");

        assertEquals(Confcodes.USAGE, result.exitCode());
        for (String way : List.of("ami-secret-file", "ami-secret in " + shell.file(), "CONFCODES_AMI_SECRET")) {
            assertTrue(result.err().contains(way), result.err());
        }
    }

    @Test
    void a_secret_file_that_cannot_be_read_is_named_with_the_line_that_names_it() throws IOException {
        for (Path wrong : List.of(directory.resolve("missing"), directory)) {
            Shell shell = new Shell(directory, "ami-secret-file=" + wrong);
            Shell.Result result = shell.run("conferences");

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(result.err().contains("ami-secret-file: cannot read " + wrong + ": "), result.err());
            assertTrue(result.err().contains("(line 1 of " + shell.file() + ")"), result.err());
        }
    }

    @Test
    void an_empty_secret_or_one_of_two_lines_is_refused_and_not_printed() throws IOException {
        Path two = Shell.write(directory.resolve("two"), "hunter2\nhunter3\n");
        Path none = Shell.write(directory.resolve("none"), "\n");
        for (Path wrong : List.of(two, none)) {
            Shell.Result result = new Shell(directory, "ami-secret-file=" + wrong).run("conferences");

            assertEquals(Confcodes.USAGE, result.exitCode());
            assertTrue(result.err().contains("ami-secret-file: " + wrong), result.err());
            assertFalse(result.visible().contains("hunter"), result.visible());
        }

        for (String line : List.of("ami-secret=", "ami-secret=hunter2\\nAction: Command")) {
            Shell shell = new Shell(directory, line);
            Shell.Result result = shell.run("conferences");
            assertEquals(
                    "confcodes: ami-secret: a secret is one line without control characters (line 1 of " + shell.file()
                            + ")\n",
                    result.err());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rooms --ami-secret=hunter2",
                "rooms --ami-secret hunter2",
                "list 100 --ami-secret hunter2",
                "serve --ami-secret=hunter2\n"
            })
    void there_is_no_option_for_the_secret_and_its_value_is_not_repeated(String line) throws IOException {
        Shell.Result result = new Shell(directory).run(line.split(" "));

        assertEquals(Confcodes.USAGE, result.exitCode());
        assertTrue(result.err().contains("ami-secret: not an option, since everybody"), result.err());
        assertFalse(result.visible().contains("hunter2"), result.visible());
    }

    @Test
    void help_and_errors_never_print_the_secret() throws IOException {
        Shell shell =
                new Shell(directory, "ami-secret=hunter2-file").with("CONFCODES_AMI_SECRET", "hunter2-environment");
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
        Shell.Result unknown = new Shell(directory, "ami_secret=hunter2").run("rooms");
        assertTrue(unknown.err().contains("ami_secret"), unknown.err());
        assertFalse(unknown.visible().contains("hunter2"), unknown.err());
    }

    @Test
    void the_file_of_the_secret_taken_for_that_of_the_settings_is_not_repeated() throws IOException {
        Path secret = Files.writeString(directory.resolve("secret"), "hunter2-the-secret\n");
        Shell.Result result = new Shell(directory).run("rooms", "--config", secret.toString());

        assertEquals("confcodes: config: a line that is not key=value (line 1 of " + secret + ")\n", result.err());
    }

    @Test
    void a_file_with_the_secret_that_everybody_can_read_is_warned_of() throws IOException {
        Path secret = Shell.write(directory.resolve("secret"), "hunter2");
        Shell named = new Shell(directory, "ami-secret-file=" + secret);
        Shell own = new Shell(Files.createDirectory(directory.resolve("own")), "ami-secret=hunter2");
        try (CapturedLog log = new CapturedLog()) {
            named.settings("serve").ami();
            own.settings("serve").ami();
            assertEquals(List.of(), log.lines("everybody can read it"));

            for (Path file : List.of(secret, own.file())) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
            }
            named.settings("serve").ami();
            own.settings("serve").ami();
            assertEquals(1, log.lines("chmod o-r " + secret).size(), log.text());
            assertEquals(1, log.lines("chmod o-r " + own.file()).size(), log.text());
            own.with("CONFCODES_AMI_SECRET", "x").settings("serve").ami();
            assertEquals(2, log.lines("everybody can read it").size(), "the file's secret is not used");
        }
    }
}
