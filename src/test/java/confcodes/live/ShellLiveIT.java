package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shell's commands, the packaged jar as an administrator runs it, and what Asterisk says afterwards. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class ShellLiveIT {

    private final Lab lab;

    @AutoClose
    private final Room room;

    ShellLiveIT(Lab lab) {
        this.lab = lab;
        this.room = lab.room(null);
    }

    /** Runs the launcher with another jar, which an archive may stand beside. */
    private Ran launched(Path jar, String archive, String... arguments) {
        ProcessBuilder builder = lab.command(arguments);
        builder.environment().put("CONFCODES_JAR", jar.toString());
        builder.environment().put("CONFCODES_ARCHIVE", archive);
        return Ran.of(builder);
    }

    @Test
    void the_launcher_makes_an_archive_that_changes_nothing_but_the_start(@TempDir Path directory) throws IOException {
        Path jar = Files.copy(
                Path.of(System.getProperty("confcodes.jar", "target/confcodes.jar")),
                directory.resolve("confcodes.jar"));
        Path archive = directory.resolve("confcodes.jsa");
        room.join("101");
        Ran without = launched(jar, "", "list", room.name(), "--json");
        assertEquals(0, launched(jar, "make", "list", room.name()).exitCode());
        assertTrue(Files.size(archive) > Files.size(jar), "an archive of the JVM's classes too");
        assertTrue(
                Files.readString(archive, StandardCharsets.ISO_8859_1).contains("confcodes/agi/CodeServer"),
                "the server's classes are in it");
        Ran with = launched(jar, "", "list", room.name(), "--json");
        Files.writeString(archive, "not an archive");
        Ran withBroken = launched(jar, "", "list", room.name(), "--json");
        for (Ran ran : List.of(without, with, withBroken)) {
            assertEquals(0, ran.exitCode(), ran.err());
            assertTrue(ran.out().contains("\"101\""), ran::out);
        }
        assertEquals("", without.err() + with.err() + withBroken.err());
    }

    /** Who is here but the administrator 200, a command with @ for the conference, and what comes of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "101 102 | mute @ 101 | 0 | 101 | '' | ''",
                "101 102 | kick @ 102 | 0 | '' | 102 | ''",
                "101 102 | kick @ 103 | 1 | '' | '' | confcodes: nobody in @ is 103",
                "101 102 | kick @ --last | 0 | '' | 102 | ''",
                "101 102 | mute @ --talking | 1 | '' | '' | confcodes: nobody talks, or talk_detection_events",
                "101 102 | mute @ --all | 0 | 101 102 | '' | ''",
                "101 102 | kick @ --all --yes | 0 | '' | 101 102 | ''",
                "'' | kick @ --all --yes | 1 | '' | '' | nobody but administrators",
                "+79161234567 +74951234567 | mute @ 4567 | 1 | '' | '' | Local/+74951234567@lab-join",
                "101 | list no-such-conference | 1 | '' | '' | confcodes: no conference no-such-conference",
            })
    void a_command_acts_on_exactly_those_who_are_meant(
            String here, String command, int exitCode, String muted, String kicked, String said) {
        room.moderator("200");
        words(here).forEach(room::join);
        Ran ran = lab.run(command.replace("@", room.name()).split(" "));
        assertEquals(exitCode, ran.exitCode(), ran::err);
        assertTrue(ran.err().contains(said.replaceAll("@$|@(?= )", room.name())), ran::err);
        assertEquals(words(muted), room.muted());
        room.awaitHere(words((here + " 200").strip()).stream()
                .filter(number -> !words(kicked).contains(number))
                .toArray(String[]::new));
    }

    private static List<String> words(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    @Test
    void a_conference_is_listed_locked_and_unlocked_and_somebody_unmuted_by_channel() {
        Caller first = room.join("101");
        Ran table = lab.run("list", room.name());
        assertTrue(table.out().startsWith("NUMBER") && table.out().contains(first.channel()), table::out);
        JsonObject row = JsonParser.parseString(
                        lab.run("list", room.name(), "--json").out())
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject();
        assertEquals(first.channel(), row.get("channel").getAsString());
        assertTrue(lab.run("conferences").out().contains(room.name()));
        lab.run("lock", room.name()).success();
        assertTrue(room.isLocked());
        lab.run("unlock", room.name()).success();
        assertFalse(room.isLocked());
        lab.run("mute", room.name(), "101").success();
        assertTrue(first.isMuted());
        lab.run("unmute", room.name(), first.channel()).success();
        assertFalse(first.isMuted());
    }

    @Test
    void somebody_is_called_into_the_conference() {
        room.join("101");
        lab.run("invite", room.name(), "105", "--dial-string=Local/%s@lab-ring/n")
                .success();
        Await.until("105 joins", () -> room.channels().size() == 2, room::channels);
        lab.run("kick", room.name(), "105").success();
    }

    @Test
    void recording_takes_the_class_system_and_the_error_names_the_line() {
        room.join("101");
        Ran refused = lab.run("record", room.name(), "start");
        assertEquals(1, refused.exitCode());
        assertTrue(refused.err().contains("system") && refused.err().contains("manager_confcodes.conf"), refused::err);
        for (String what : List.of("start", "start", "stop", "stop")) {
            lab.runAs("confcodes_record", "lab", "record", room.name(), what).success();
            Await.until("what was said is so", () -> room.isRecorded() == what.equals("start"));
        }
    }

    @Test
    void a_refused_login_ends_with_3_and_names_the_settings() {
        Ran ran = lab.runAs("confcodes", "wrong", "conferences");
        assertEquals(3, ran.exitCode());
        assertTrue(ran.err().contains("ami-secret"), ran::err);
        assertFalse(ran.err().contains("wrong"), ran::err);
    }
}
