package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.CapturedLog;
import confcodes.agi.CodeReport;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.Outcome;
import confcodes.conference.People;
import confcodes.conference.Status;
import confcodes.lab.Await;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class AuditLogTest {

    private static final String CALLER = "PJSIP/200-00000001";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void name_the_file() {
        file = directory.resolve("audit.log");
    }

    private static CodeReport report(boolean isProved, String conference, String code, String typed, Outcome outcome) {
        return new CodeReport(
                Instant.parse("2026-01-02T03:04:05Z"),
                "pbx1",
                CALLER,
                isProved,
                "200",
                conference,
                code,
                typed,
                outcome,
                Duration.ofMillis(8));
    }

    private static CodeReport mute(String typed) {
        return report(true, "100", "conference_mute", typed, new Outcome(Status.DONE, "PJSIP/101-00000002", ""));
    }

    private static JsonObject json(String line) {
        return JsonParser.parseString(line).getAsJsonObject();
    }

    private static Set<String> typed(Path... files) throws IOException {
        Set<String> typed = new TreeSet<>();
        for (Path one : files) {
            Files.readAllLines(one)
                    .forEach(line -> typed.add(json(line).get("typed").getAsString()));
        }
        return typed;
    }

    @Test
    void a_code_is_one_line_and_the_file_is_for_its_owner_and_group() throws IOException {
        try (AuditLog log = new AuditLog(file)) {
            log.write(mute("101"));
        }

        assertEquals(
                "{\"time\":\"2026-01-02T03:04:05.000Z\",\"who\":\"PJSIP/200-00000001\",\"number\":\"200\",\"pbx\":\"pbx1\","
                        + "\"conference\":\"100\",\"action\":\"conference_mute\",\"typed\":\"101\","
                        + "\"whom\":\"PJSIP/101-00000002\",\"outcome\":\"done\"}\n",
                Files.readString(file));
        assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void what_changes_nothing_and_whoever_proves_nothing_leaves_no_line() throws IOException {
        try (AuditLog log = new AuditLog(file)) {
            log.write(report(true, "100", "conference_count", "", Outcome.DONE));
            log.write(report(true, "100", "conference_reboot", "", Outcome.DONE));
            log.write(report(false, "100", "conference_kick", "", Outcome.of(Status.DENIED, "no proof")));
            log.write(report(true, "100", "conference_kick", "101", Outcome.of(Status.DENIED, "the policy")));
        }

        List<String> lines = Files.readAllLines(file);
        assertEquals(1, lines.size(), lines::toString);
        assertEquals("the policy", json(lines.get(0)).get("reason").getAsString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a\n{\"who\":\"b\"}", "a\r\nb", "a\"}\nb", "a\u2028b", "a\u001b[2Jb", "a\u202eb", "a\u0000b"})
    void a_name_forges_no_line_and_commands_no_terminal(String name) throws IOException {
        try (AuditLog log = new AuditLog(file)) {
            log.write(report(true, name, "conference_lock", "0", Outcome.DONE));
        }

        String text = Files.readString(file);
        assertEquals(text.strip(), Output.printable(text.strip()));
        assertEquals(1, text.lines().count());
        assertEquals(name, json(text).get("conference").getAsString());
    }

    /** Lines may stand in the file that was, in the new one, but nowhere twice and none is missing. */
    @Test
    void no_line_is_lost_while_two_write_and_the_file_is_renamed_again_and_again() throws Exception {
        int lines = 400;
        List<Path> files = new ArrayList<>(List.of(file));
        try (AuditLog server = new AuditLog(file);
                AuditLog shell = new AuditLog(file)) {
            Thread other = new Thread(() -> IntStream.range(0, lines).forEach(i -> shell.write(mute("b" + i))));
            other.start();
            for (int i = 0; i < lines; i++) {
                server.write(mute("a" + i));
                if (i % 5 == 4 && Files.exists(file)) {
                    files.add(Files.move(file, directory.resolve("audit.log." + i)));
                }
            }
            other.join();
        }

        Set<String> expected = IntStream.range(0, lines)
                .boxed()
                .flatMap(i -> List.of("a" + i, "b" + i).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        files.removeIf(one -> !Files.exists(one));
        assertTrue(files.size() > 1, "it was renamed");
        assertEquals(expected, typed(files.toArray(Path[]::new)));
        long count = 0;
        for (Path one : files) {
            count += Files.readAllLines(one).size();
        }
        assertEquals(2 * lines, count);
    }

    @Test
    void after_copytruncate_the_next_line_is_the_first() throws IOException {
        try (AuditLog log = new AuditLog(file)) {
            log.write(mute("1"));
            Await.until("it is written", () -> file.toFile().length() > 0);
            FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)
                    .close();
            log.write(mute("2"));
        }

        assertEquals(Set.of("2"), typed(file));
    }

    @Test
    void a_missing_directory_is_said_once_and_its_return_once() throws IOException {
        Path missing = directory.resolve("missing");
        Path inside = missing.resolve("audit.log");
        try (CapturedLog captured = new CapturedLog()) {
            String said = "audit-log: cannot write " + inside + ": no such directory";
            try (AuditLog log = new AuditLog(inside)) {
                log.begin();
                log.write(mute("1"));
                log.write(mute("2"));
                Await.until("it is said", () -> !captured.lines(said).isEmpty(), captured::text);
                Files.createDirectory(missing);
                log.write(mute("3"));
                log.write(mute("4"));
            }
            assertEquals(1, captured.lines(said).size(), captured::text);
            assertEquals(1, captured.lines("is written again").size(), captured::text);
        }
        assertTrue(typed(inside).containsAll(Set.of("3", "4")));
    }

    /** Root's shell would write wherever a link of the service's user leads. */
    @Test
    void a_link_a_pipe_and_a_directory_are_no_file_to_write() throws IOException, InterruptedException {
        Path target = Files.writeString(directory.resolve("passwd"), "");
        Path link = Files.createSymbolicLink(directory.resolve("link"), target);
        Path pipe = directory.resolve("pipe");
        new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor();
        for (Path one : List.of(link, pipe, directory)) {
            try (CapturedLog captured = new CapturedLog();
                    AuditLog log = new AuditLog(one)) {
                log.write(mute("1"));
                Await.until("it is said", () -> captured.lines("not a file").size() == 1, captured::text);
            }
        }
        assertEquals("", Files.readString(target));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "mute 100 101|mute|101|PJSIP/101-0000001b|done",
                "kick 100 --all --yes|kick|--all --yes||done",
                "kick 100 --last|kick|--last|PJSIP/101-0000001b|done",
                "record 100 start --json|record|start||done",
                "lock 100|lock|||done",
                "invite 100 105|invite|105||done",
                "add 100 105|invite|105||done",
                "mute 100 999|mute|999||notfound",
                "lock 7|lock|||noconference",
            })
    void a_command_that_can_change_something_leaves_a_line(
            String line, String action, String typed, String whom, String outcome) throws IOException {
        InMemoryPbx pbx = new InMemoryPbx()
                .join("100", People.admin("PJSIP/200-0000001a", "200"), People.member("PJSIP/101-0000001b", "101"));
        Shell shell = new Shell(directory, "ami-secret=x", "audit-log=" + file).with("SUDO_USER", "alice");
        Instant before = Instant.now().minusSeconds(1);
        shell.runOn(pbx, line.split(" "));

        JsonObject entry = json(Files.readString(file));
        assertEquals(System.getProperty("user.name"), entry.get("who").getAsString());
        assertEquals(System.getProperty("user.name").equals("root"), entry.has("sudo"));
        assertTrue(Instant.parse(entry.get("time").getAsString()).isAfter(before));
        for (List<String> field : List.of(
                List.of("action", action),
                List.of("conference", line.split(" ")[1]),
                List.of("typed", typed == null ? "" : typed),
                List.of("whom", whom == null ? "" : whom),
                List.of("outcome", outcome))) {
            String name = field.get(0);
            assertEquals(field.get(1), entry.has(name) ? entry.get(name).getAsString() : "", name);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"conferences", "list 100", "hands 100", "bans 100"})
    void a_command_that_only_reads_leaves_none(String line) throws IOException {
        InMemoryPbx pbx = new InMemoryPbx().join("100", People.admin("PJSIP/200-0000001a", "200"));
        new Shell(directory, "ami-secret=x", "audit-log=" + file).runOn(pbx, line.split(" "));

        assertFalse(Files.exists(file));
    }

    @Test
    void a_command_is_done_also_if_its_line_cannot_be_written() throws IOException {
        InMemoryPbx pbx = new InMemoryPbx().join("100", People.admin("PJSIP/200-0000001a", "200"));
        Shell.Result result = new Shell(directory, "ami-secret=x", "audit-log=/no/audit.log").runOn(pbx, "lock", "100");

        assertEquals(Confcodes.DONE, result.exitCode());
        assertEquals("locked 100\n", result.out());
        assertEquals("confcodes: audit-log: cannot write /no/audit.log: no such directory\n", result.err());
    }
}
