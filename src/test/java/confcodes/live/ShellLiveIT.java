package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonParser;
import confcodes.Packaged;
import confcodes.live.Room.Caller;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The shell's commands, the packaged jar as an administrator runs it, and what Asterisk says afterwards. */
@ExtendWith(LiveExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class ShellLiveIT {

    private static Lab lab;

    @BeforeAll
    static void start(Lab started) {
        lab = started;
    }

    /** What a command printed and how it ended. */
    private record Ran(int exitCode, String out, String err) {}

    private static Ran confcodes(String... arguments) throws IOException, InterruptedException {
        return confcodesAs("confcodes", "change-me-confcodes", arguments);
    }

    private static Ran confcodesAs(String user, String secret, String... arguments)
            throws IOException, InterruptedException {
        return ran(new ProcessBuilder(Packaged.confcodes(arguments)), user, secret);
    }

    private static Ran ran(ProcessBuilder builder, String user, String secret)
            throws IOException, InterruptedException {
        builder.environment().put("CONFCODES_AMI_PORT", Integer.toString(lab.amiPort()));
        builder.environment().put("CONFCODES_AMI_USER", user);
        builder.environment().put("CONFCODES_AMI_SECRET", secret);
        Process process = builder.start();
        String out = new String(process.getInputStream().readAllBytes());
        String err = new String(process.getErrorStream().readAllBytes());
        return new Ran(process.waitFor(), out, err);
    }

    /** Runs the launcher with a jar of its own beside it. */
    private static Ran launched(Path jar, String archive, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "src/main/sh/confcodes"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("CONFCODES_JAR", jar.toString());
        builder.environment().put("CONFCODES_ARCHIVE", archive);
        builder.environment()
                .put(
                        "JAVA",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString());
        return ran(builder, "confcodes", "change-me-confcodes");
    }

    @Test
    void the_launcher_makes_an_archive_that_changes_nothing_but_the_start(@TempDir Path directory) throws Exception {
        Path jar = Files.copy(
                Path.of(System.getProperty("confcodes.jar", "target/confcodes.jar")),
                directory.resolve("confcodes.jar"));
        Path archive = directory.resolve("confcodes.jsa");
        try (Room room = Room.of(lab, null)) {
            room.join("101");
            Ran without = launched(jar, "", "list", room.name(), "--json");
            assertEquals(0, launched(jar, "make", "list", room.name()).exitCode());
            assertTrue(Files.size(archive) > Files.size(jar), "an archive of the JVM's classes too");
            assertTrue(
                    Files.readString(archive, StandardCharsets.ISO_8859_1).contains("confcodes/agi/AgiDoor"),
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
    void one_participant_is_muted_unmuted_and_kicked_by_number_endpoint_or_channel() throws Exception {
        try (Room room = Room.of(lab, null)) {
            Caller first = room.join("101");
            room.join("102");
            assertEquals(0, confcodes("mute", room.name(), "101").exitCode());
            assertEquals(List.of("101"), room.muted());
            assertEquals(0, confcodes("unmute", room.name(), first.channel()).exitCode());
            assertEquals(List.of(), room.muted());
            Ran nobody = confcodes("kick", room.name(), "103");
            assertEquals(1, nobody.exitCode());
            assertEquals("confcodes: nobody in " + room.name() + " is 103\n", nobody.err());
            assertEquals(0, confcodes("kick", room.name(), "102").exitCode());
            Waiting.until(
                    "102 is gone",
                    () -> room.here().equals(List.of("101")),
                    () -> room.here().toString());
        }
    }

    @Test
    void all_means_everyone_but_administrators() throws Exception {
        try (Room room = Room.of(lab, null)) {
            room.join("101");
            room.join("102");
            room.moderator("200");
            assertEquals(0, confcodes("mute", room.name(), "--all").exitCode());
            assertEquals(List.of("101", "102"), room.muted());
            assertEquals(0, confcodes("kick", room.name(), "--all").exitCode());
            Waiting.until(
                    "only 200 is left",
                    () -> room.here().equals(List.of("200")),
                    () -> room.here().toString());
            assertEquals(1, confcodes("kick", room.name(), "--all").exitCode());
        }
    }

    @Test
    void of_several_none_is_touched_and_their_channels_are_named() throws Exception {
        try (Room room = Room.of(lab, null)) {
            Caller first = room.join("+79161234567");
            Caller second = room.join("+74951234567");
            Ran ran = confcodes("mute", room.name(), "4567");
            assertEquals(1, ran.exitCode());
            assertTrue(ran.err().contains(first.channel()) && ran.err().contains(second.channel()), ran::err);
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void the_conference_is_locked_and_unlocked() throws Exception {
        try (Room room = Room.of(lab, null)) {
            room.join("101");
            assertEquals(0, confcodes("lock", room.name()).exitCode());
            assertTrue(room.isLocked());
            assertEquals(0, confcodes("unlock", room.name()).exitCode());
            assertFalse(room.isLocked());
        }
    }

    @Test
    void somebody_is_called_into_the_conference() throws Exception {
        try (Room room = Room.of(lab, null)) {
            room.join("101");
            Ran ran = confcodes("add", room.name(), "105", "--dial-string=Local/%s@lab-ring/n");
            assertEquals(0, ran.exitCode(), ran::err);
            Waiting.until(
                    "105 joins",
                    () -> room.channels().size() == 2,
                    () -> room.channels().toString());
            assertEquals(0, confcodes("kick", room.name(), "105").exitCode());
        }
    }

    @Test
    void recording_takes_the_class_system_and_the_error_names_the_line() throws Exception {
        try (Room room = Room.of(lab, null)) {
            room.join("101");
            Ran refused = confcodes("record", room.name(), "start");
            assertEquals(1, refused.exitCode());
            assertTrue(
                    refused.err().contains("system") && refused.err().contains("manager_confcodes.conf"), refused::err);
            assertEquals(
                    0,
                    confcodesAs("confcodes_record", "lab", "record", room.name(), "start")
                            .exitCode());
            assertEquals(
                    1,
                    confcodesAs("confcodes_record", "lab", "record", room.name(), "start")
                            .exitCode());
            assertEquals(
                    0,
                    confcodesAs("confcodes_record", "lab", "record", room.name(), "stop")
                            .exitCode());
            assertEquals(
                    1,
                    confcodesAs("confcodes_record", "lab", "record", room.name(), "stop")
                            .exitCode());
        }
    }

    @Test
    void participants_and_conferences_are_listed_as_tables_and_as_json() throws Exception {
        try (Room room = Room.of(lab, null)) {
            Caller first = room.join("101");
            Ran table = confcodes("list", room.name());
            assertEquals(0, table.exitCode());
            assertTrue(table.out().startsWith("NUMBER"), table::out);
            assertTrue(table.out().contains(first.channel()), table::out);
            JsonArray json = JsonParser.parseString(
                            confcodes("list", room.name(), "--json").out())
                    .getAsJsonArray();
            assertEquals(
                    first.channel(),
                    json.get(0).getAsJsonObject().get("channel").getAsString());
            assertTrue(confcodes("rooms").out().contains(room.name()));
            Ran unknown = confcodes("list", "no such room");
            assertEquals(1, unknown.exitCode());
            assertEquals("confcodes: no conference no such room\n", unknown.err());
        }
    }

    @Test
    void a_refused_login_ends_with_3_and_names_the_settings() throws Exception {
        Ran ran = confcodesAs("confcodes", "wrong", "rooms");
        assertEquals(3, ran.exitCode());
        assertTrue(ran.err().contains("ami-secret"), ran::err);
        assertFalse(ran.err().contains("wrong"), ran::err);
    }
}
