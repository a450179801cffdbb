package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Who may use the codes under each policy, who may not, and what a locked room means to those outside. */
@ExtendWith(LiveExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class RefusalLiveIT {

    private static Lab lab;
    private static LiveServer admin;
    private static LiveServer marked;
    private static LiveServer anyone;

    @BeforeAll
    static void start(Lab started) throws IOException {
        lab = started;
        admin = serve("admin");
        marked = serve("marked");
        anyone = serve("anyone");
    }

    private static LiveServer serve(String allow) throws IOException {
        return LiveServer.start(
                lab.amiPort(),
                "change-me-confcodes",
                "--allow=" + allow,
                "--pool-size=1",
                "--dial-string=Local/%s@lab-join/n");
    }

    @AfterAll
    static void stop() {
        for (LiveServer server : new LiveServer[] {admin, marked, anyone}) {
            if (server != null) {
                server.close();
            }
        }
    }

    /** A caller with the sample's menu, whose codes go to a server of this class. */
    private static Caller caller(Room room, LiveServer server, String number, String profile) {
        return room.joinAs(number, profile, "confcodes_menu", "CONFCODES_SERVER=127.0.0.1:" + server.port());
    }

    @Test
    void a_marked_user_may_where_marked_users_may_and_a_plain_participant_may_not() {
        try (Room room = Room.of(lab, marked)) {
            Caller plain = caller(room, marked, "101", "lab_user");
            Caller leader = caller(room, marked, "102", "lab_marked");
            Caller administrator = caller(room, marked, "200", "lab_admin");
            plain.press("*11");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), room.muted());
            leader.press("*6", "101#");
            assertEquals("DONE", leader.status());
            administrator.press("*7", "101#");
            assertEquals("DONE", administrator.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void a_marked_user_may_not_where_administrators_may() {
        try (Room room = Room.of(lab, admin)) {
            Caller leader = caller(room, admin, "102", "lab_marked");
            leader.press("*6");
            assertEquals("DENIED", leader.status());
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void where_anyone_may_a_plain_participant_may_but_everyone_is_neither_he_nor_an_administrator() {
        try (Room room = Room.of(lab, anyone)) {
            Caller plain = caller(room, anyone, "101", "lab_user");
            room.join("102");
            room.joinAs("200", "lab_admin", "");
            plain.press("*11");
            assertEquals("DONE", plain.status());
            assertEquals(List.of("102"), room.muted());
            plain.press("*8", "101#");
            assertEquals("DENIED", plain.status());
            plain.press("*44", "1");
            assertEquals("DONE", plain.status());
            Waiting.until(
                    "102 is gone",
                    () -> room.here().equals(List.of("101", "200")),
                    () -> room.here().toString());
        }
    }

    @Test
    void even_where_anyone_may_nobody_may_name_a_conference_that_he_is_not_in() {
        try (Room other = Room.of(lab, anyone);
                Room own = Room.of(lab, anyone)) {
            other.join("102");
            Caller plain = own.joinAs(
                    "101",
                    "lab_user",
                    "confcodes_menu",
                    "CONFCODES_SERVER=127.0.0.1:" + anyone.port(),
                    "CONFNUM=" + other.name());
            plain.press("*11");
            assertEquals("DENIED", plain.status());
            assertEquals(List.of(), other.muted());
        }
    }

    @Test
    void a_channel_in_no_conference_has_none_to_moderate() {
        try (Room room = Room.of(lab, anyone)) {
            room.join("101");
            Map<String, String> response = lab.ami()
                    .action(
                            "Originate",
                            "Channel: Local/conference_mute_all@conference_sc/n",
                            "Context: lab-far",
                            "Exten: s",
                            "Priority: 1",
                            "Async: true",
                            "Variable: CONFCODES_SERVER=127.0.0.1:" + anyone.port());
            assertEquals("Success", response.get("Response"), response::toString);
            anyone.awaitLine(line -> line.contains("by=Local/conference_mute_all@conference_sc-")
                    && line.contains("outcome=noconference"));
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void nobody_enters_a_locked_room_invited_or_not() {
        try (Room room = Room.of(lab, admin)) {
            Caller moderator = caller(room, admin, "200", "lab_admin");
            moderator.press("*9", "0");
            assertEquals("DONE", moderator.status());
            Map<String, String> response = lab.ami()
                    .action(
                            "Originate",
                            "Channel: Local/0811@lab-join/n",
                            "Context: lab-far",
                            "Exten: s",
                            "Priority: 1",
                            "Async: true",
                            "Variable: CONF=" + room.name());
            assertEquals("Success", response.get("Response"), response::toString);
            awaitTurnedAway("Local/0811@lab-join");
            assertEquals(List.of("200"), room.here());
            moderator.press("*9", "1");
            assertEquals("DONE", moderator.status());
            room.join("0812");
            assertEquals(List.of("0812", "200"), room.here());
        }
    }

    private static void awaitTurnedAway(String channel) {
        Waiting.until(
                channel + " hears that the room is locked",
                () -> lab.log()
                        .lines()
                        .anyMatch(line -> line.contains("<" + channel) && line.contains("Playing 'conf-locked.")),
                lab::logTail);
        assertTrue(
                Waiting.within(
                        Waiting.LIMIT,
                        () -> !lab.rx("core show channels concise").contains(channel + "-")),
                "he is sent away");
    }
}
