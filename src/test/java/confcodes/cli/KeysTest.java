package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code confcodes keys}, with an Asterisk that shows the sample's file as its only menu. */
@Timeout(30)
class KeysTest {

    @TempDir
    private Path directory;

    private Path program;

    @BeforeEach
    void make_an_asterisk() throws IOException {
        program = Files.writeString(
                directory.resolve("program"),
                "#!/bin/sh\ncase \"$2\" in 'confbridge show menu confcodes_menu') grep '^\\*' "
                        + Path.of("etc-asterisk", "confbridge_confcodes.conf").toAbsolutePath() + " ;; esac\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
    }

    private Shell.Result keys(String... options) throws IOException {
        String[] line = new String[options.length + 3];
        line[0] = "keys";
        line[1] = "--asterisk=" + program;
        line[2] = "--asterisk-config=" + directory;
        System.arraycopy(options, 0, line, 3, options.length);
        return new Shell(directory).run(line);
    }

    @ParameterizedTest
    @ValueSource(strings = {"en", "ru"})
    void each_key_of_the_sample_menus_has_words(String language) throws IOException {
        Shell.Result result = keys("--language=" + language);

        assertEquals(Confcodes.DONE, result.exitCode(), result.visible());
        assertFalse(result.out().matches("(?s).*(conference_|toggle_|playback_).*"), result.out());
        assertTrue(result.out().contains(language.equals("ru") ? "*36 номер #" : "*36 number #"), result.out());
    }

    @Test
    void the_card_can_be_a_Markdown_table() throws IOException {
        assertTrue(keys("confcodes_menu", "--markdown")
                .out()
                .contains("\n| `*21` | say how many are in the conference |\n"));
    }

    @Test
    void a_menu_that_is_not_there_is_said() throws IOException {
        Shell.Result result = keys("nowhere");

        assertEquals(Confcodes.REFUSED, result.exitCode());
        assertEquals("confcodes: no menu nowhere in the running Asterisk\n", result.err());
    }
}
