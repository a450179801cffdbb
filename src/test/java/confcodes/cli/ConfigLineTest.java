package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigLineTest {

    @TempDir
    private Path directory;

    @Test
    void lines_are_read_as_Asterisk_reads_them() throws IOException {
        Files.createDirectory(directory.resolve("d"));
        Files.writeString(directory.resolve("d/1.conf"), "in = 1\n[inner]\nb=2");
        Files.writeString(directory.resolve("d/2.conf"), "c=3\n");
        Files.writeString(directory.resolve("a.conf"), """
                ;---------- a line of hyphens
                key => 1 ; of no section
                [outer](!) ; ;-- no block
                text = a\\;b
                ;-- a block
                [no]
                --; #include "d/*.conf"
                #tryinclude <none.conf>
                exten => s,1,NoOp()\r
                ;-- to the end
                d=4
                """);

        List<String> read = ConfigLine.read(directory.resolve("a.conf")).stream()
                .map(line -> directory.relativize(line.file()) + ":" + line.number() + " [" + line.section() + "] "
                        + line.text())
                .toList();
        assertEquals(
                List.of(
                        "a.conf:2 [] key => 1",
                        "a.conf:3 [outer] [outer](!)",
                        "a.conf:4 [outer] text = a\\;b",
                        "a.conf:7 [outer] #include \"d/*.conf\"",
                        "d/1.conf:1 [outer] in = 1",
                        "d/1.conf:2 [inner] [inner]",
                        "d/1.conf:3 [inner] b=2",
                        "d/2.conf:1 [outer] c=3",
                        "a.conf:8 [outer] #tryinclude <none.conf>",
                        "a.conf:9 [outer] exten => s,1,NoOp()"),
                read);
    }
}
