package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who may use the codes under each policy, who may not, and what a locked conference means to those outside. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class RefusalLiveIT {

    private final Lab lab;

    RefusalLiveIT(Lab lab) {
        this.lab = lab;
    }

    private static Caller withMenu(Room room, String number, String profile) {
        return room.join(number, profile, "confcodes_menu");
    }

    @Test
    void a_marked_user_may_where_marked_users_may_and_a_plain_participant_may_not() {
        try (ServerProcess server = lab.serve("--allow=marked");
                Room room = lab.room(server)) {
            Caller plain = withMenu(room, "101", "lab_user");
            Caller leader = withMenu(room, "102", "lab_marked");
            Caller administrator = withMenu(room, "200", "lab_admin");
            plain.press("*11");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), room.muted());
            leader.press("*6", "101#");
            assertEquals("DONE", leader.status());
            assertEquals(List.of("101"), room.muted());
            administrator.press("*7", "101#");
            assertEquals("DONE", administrator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void a_marked_user_may_not_where_administrators_may() {
        try (ServerProcess server = lab.serve("--allow=admin");
                Room room = lab.room(server)) {
            room.join("101");
            Caller leader = withMenu(room, "102", "lab_marked");
            leader.press("*6", "101#");
            assertEquals("DENIED", leader.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void where_anyone_may_a_plain_participant_may_but_everyone_is_neither_they_nor_an_administrator() {
        try (ServerProcess server = lab.serve("--allow=anyone");
                Room room = lab.room(server)) {
            Caller plain = withMenu(room, "101", "lab_user");
            room.join("102");
            room.join("200", "lab_admin", "");
            plain.press("*11");
            assertEquals("DONE", plain.status());
            assertEquals(List.of("102"), room.muted());
            plain.press("*8", "101#");
            assertEquals("DENIED", plain.status());
            plain.press("*44", "1");
            assertEquals("DONE", plain.status());
            room.awaitHere("101", "200");
        }
    }

    @Test
    void even_where_anyone_may_nobody_may_name_a_conference_that_they_are_not_in() {
        try (ServerProcess server = lab.serve("--allow=anyone");
                Room other = lab.room(server);
                Room own = lab.room(server)) {
            other.join("102");
            Caller plain = own.join("101", "lab_user", "confcodes_menu", "CONFNUM=" + other.name());
            plain.press("*11");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), other.muted());
        }
    }

    @Test
    void a_channel_in_no_conference_has_none_to_moderate() {
        try (ServerProcess server = lab.serve("--allow=anyone");
                Room room = lab.room(server)) {
            room.join("101");
            lab.ami()
                    .originate(
                            "Local/conference_mute_all@conference_sc/n",
                            Map.of("CONFCODES_SERVER", "127.0.0.1:" + server.port()));
            server.awaitLine(line -> line.contains("by=Local/conference_mute_all@conference_sc-")
                    && line.contains("outcome=noconference"));
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void nobody_enters_a_locked_conference() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*9", "0");
            assertEquals("DONE", moderator.status());
            String outsider = "Local/0811@lab-join";
            lab.ami().originate(outsider + "/n", Map.of("CONF", room.name()));
            Await.until(
                    "0811 hears that the conference is locked",
                    () -> lab.log()
                            .lines()
                            .anyMatch(line -> line.contains("<" + outsider) && line.contains("Playing 'conf-locked.")),
                    lab::logTail);
            Await.until(
                    "0811 is sent away",
                    () -> !lab.rx("core show channels concise").contains(outsider + "-"),
                    lab::logTail);
            assertEquals(List.of("200"), room.here());
            moderator.press("*9", "1");
            assertEquals("DONE", moderator.status());
            room.join("0812");
            assertEquals(List.of("0812", "200"), room.here());
        }
    }
}
