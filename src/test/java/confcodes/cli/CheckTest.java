package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code confcodes check} makes of Asterisk's words that the lab's Asterisk does not say. */
@Timeout(30)
class CheckTest {

    @TempDir
    private Path directory;

    private Path etc;

    @BeforeEach
    void make_a_configuration() throws IOException {
        etc = Files.createDirectory(directory.resolve("asterisk"));
    }

    private String check(String command, String printed, String dialplan) throws IOException {
        Path program = directory.resolve("program");
        Files.writeString(program, """
                #!/bin/sh
                case "$2" in
                '%s') echo '%s' ;;
                'core show version') echo 'Asterisk 22.1' ;;
                'dialplan show') echo '%s' ;;
                esac
                """.formatted(command, printed, dialplan));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        Files.writeString(etc.resolve("extensions.conf"), "[default]\nexten => 1,1," + dialplan + "\n");
        Shell shell = new Shell(directory, "ami-secret=x", "ami-port=1", "agi-port=1");
        shell.run("setup", "--no-service", "--asterisk=" + program, "--asterisk-config=" + etc);
        Shell.Result result = shell.run("check", "--asterisk=" + program, "--asterisk-config=" + etc);
        assertEquals(Confcodes.REFUSED, result.exitCode(), result.visible());
        return result.out();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "core show version | Asterisk 13.2 | FAIL Asterisk 13.2: it must be 16 or later",
                "core show version | Asterisk certified/18.9-cert1 | ok   Asterisk 18.9-cert1, Java",
                "core show settings | User name and group: nobody/nogroup | FAIL the user nobody cannot read",
                "confbridge show profile user default_user | Admin:  true | ok   somebody can be admin",
                "module show like app_chanspy | app_chanspy.so  ChanSpy  0  Not Running | FAIL app_chanspy is not loaded",
            })
    void what_Asterisk_prints_decides(String command, String printed, String said) throws IOException {
        String out = check(command, printed, "ConfBridge(1)");
        assertTrue(out.contains(said), out);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "NoOp() | FAIL no ConfBridge() in the dialplan",
                "Set(CONFBRIDGE(user,marked)=yes) | FAIL no ConfBridge() in the dialplan",
                "ConfBridge(1,,,${MENU}) | ok   a ConfBridge() of the dialplan has a menu",
                "ConfBridge(1,,${PROFILE}) | ok   somebody can be admin",
                "ConfBridge(1,,confcodes_admin) | FAIL nobody may use the codes",
            })
    void what_the_dialplan_says_decides(String dialplan, String said) throws IOException {
        String out = check("none", "", dialplan);
        assertTrue(out.contains(said), out);
    }
}
