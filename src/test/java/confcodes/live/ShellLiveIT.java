package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The shell's commands, the packaged jar as an administrator runs it, and what Asterisk says afterwards. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class ShellLiveIT {

    private final Lab lab;

    ShellLiveIT(Lab lab) {
        this.lab = lab;
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
        try (Room room = lab.room(null)) {
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
                assertEquals(
                        "101",
                        JsonParser.parseString(ran.out())
                                .getAsJsonArray()
                                .get(0)
                                .getAsJsonObject()
                                .get("number")
                                .getAsString());
            }
            assertEquals("", without.err() + with.err() + withBroken.err());
        }
    }

    @Test
    void one_participant_is_muted_unmuted_and_kicked_by_number_endpoint_or_channel() {
        try (Room room = lab.room(null)) {
            Caller first = room.join("101");
            room.join("102");
            assertEquals(0, lab.run("mute", room.name(), "101").exitCode());
            assertEquals(List.of("101"), room.muted());
            assertEquals(0, lab.run("unmute", room.name(), first.channel()).exitCode());
            assertEquals(List.of(), room.muted());
            Ran nobody = lab.run("kick", room.name(), "103");
            assertEquals(1, nobody.exitCode());
            assertEquals("confcodes: nobody in " + room.name() + " is 103\n", nobody.err());
            assertEquals(0, lab.run("kick", room.name(), "102").exitCode());
            room.awaitHere("101");
        }
    }

    @Test
    void all_means_everyone_but_administrators() {
        try (Room room = lab.room(null)) {
            room.join("101");
            room.join("102");
            room.moderator("200");
            assertEquals(0, lab.run("mute", room.name(), "--all").exitCode());
            assertEquals(List.of("101", "102"), room.muted());
            assertEquals(0, lab.run("kick", room.name(), "--all", "--yes").exitCode());
            room.awaitHere("200");
            assertEquals(1, lab.run("kick", room.name(), "--all", "--yes").exitCode());
        }
    }

    @Test
    void of_several_none_is_touched_and_their_channels_are_named() {
        try (Room room = lab.room(null)) {
            Caller first = room.join("+79161234567");
            Caller second = room.join("+74951234567");
            Ran ran = lab.run("mute", room.name(), "4567");
            assertEquals(1, ran.exitCode());
            assertTrue(ran.err().contains(first.channel()) && ran.err().contains(second.channel()), ran::err);
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void the_conference_is_locked_and_unlocked() {
        try (Room room = lab.room(null)) {
            room.join("101");
            assertEquals(0, lab.run("lock", room.name()).exitCode());
            assertTrue(room.isLocked());
            assertEquals(0, lab.run("unlock", room.name()).exitCode());
            assertFalse(room.isLocked());
        }
    }

    @Test
    void somebody_is_called_into_the_conference() {
        try (Room room = lab.room(null)) {
            room.join("101");
            Ran ran = lab.run("invite", room.name(), "105", "--dial-string=Local/%s@lab-ring/n");
            assertEquals(0, ran.exitCode(), ran::err);
            Await.until("105 joins", () -> room.channels().size() == 2, room::channels);
            assertEquals(0, lab.run("kick", room.name(), "105").exitCode());
        }
    }

    @Test
    void recording_takes_the_class_system_and_the_error_names_the_line() {
        try (Room room = lab.room(null)) {
            room.join("101");
            Ran refused = lab.run("record", room.name(), "start");
            assertEquals(1, refused.exitCode());
            assertTrue(
                    refused.err().contains("system") && refused.err().contains("manager_confcodes.conf"), refused::err);
            for (String what : List.of("start", "start", "stop", "stop")) {
                assertEquals(
                        0,
                        lab.runAs("confcodes_record", "lab", "record", room.name(), what)
                                .exitCode());
                Await.until("what was said is so", () -> room.isRecorded() == what.equals("start"));
            }
        }
    }

    @Test
    void participants_and_conferences_are_listed_as_tables_and_as_json() {
        try (Room room = lab.room(null)) {
            Caller first = room.join("101");
            Ran table = lab.run("list", room.name());
            assertEquals(0, table.exitCode());
            assertTrue(table.out().startsWith("NUMBER"), table::out);
            assertTrue(table.out().contains(first.channel()), table::out);
            JsonArray json = JsonParser.parseString(
                            lab.run("list", room.name(), "--json").out())
                    .getAsJsonArray();
            assertEquals(
                    first.channel(),
                    json.get(0).getAsJsonObject().get("channel").getAsString());
            assertTrue(lab.run("conferences").out().contains(room.name()));
            Ran unknown = lab.run("list", "no such room");
            assertEquals(1, unknown.exitCode());
            assertEquals("confcodes: no conference no such room\n", unknown.err());
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
