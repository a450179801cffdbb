package confcodes;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What README repeats. */
class ReadmeTest {

    @Test
    void what_it_survives_is_what_torture_measured() throws IOException {
        String results = Files.readString(Path.of("src", "lab", "torture-results.md"));
        String table = results.substring(results.indexOf("| item |"));
        assertTrue(Files.readString(Path.of("README.md")).contains(table), () -> "not in README:\n" + table);
    }
}
