package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The codes in conferences as FreePBX generates them: 8001 with Allow Menu = No, 8002 with Yes. Those with the admin PIN moderate. */
@LiveTest(start = "freepbx")
class FreePbxLiveIT {

    private static final String ALLOW_MENU = "8002";

    private final Lab lab;
    private final ServerProcess server;

    FreePbxLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    private Caller administrator(Room room) {
        return room.dial(SipPhone.leader(lab.sipPort(), "200"), "5678#");
    }

    private Caller user(Room room) {
        return room.dial(SipPhone.guest(lab.sipPort(), "101"), "#");
    }

    @ParameterizedTest
    @CsvSource({"8001, **6101#", "8002, **6101#", "8001, *6101#"})
    void an_administrator_presses_a_code_and_a_number_in_one_go(String conference, String keys) {
        try (Room room = lab.room(server, conference)) {
            user(room);
            room.join("01");
            Caller administrator = administrator(room);
            administrator.press(keys);
            assertEquals("DONE", administrator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"6", "6#"})
    void a_number_that_does_not_come_with_the_code_is_asked_for(String code) {
        try (Room room = lab.room(server, ALLOW_MENU)) {
            user(room);
            Caller administrator = administrator(room);
            administrator.press("**", code, "101#");
            assertEquals("DONE", administrator.status());
            assertEquals(List.of("101"), room.muted());
        }
    }

    @ParameterizedTest
    @CsvSource({"**21#, DONE, conf-thereare", "**4#, CANCELLED, beeperr"})
    void keys_without_a_number_are_a_code_or_nothing(String keys, String status, String sound) {
        try (Room room = lab.room(server, ALLOW_MENU)) {
            user(room);
            Caller administrator = administrator(room);
            administrator.press(keys);
            assertEquals(status, administrator.status());
            administrator.awaitHears(sound);
            room.awaitHere("101", "200");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"8001", "8002"})
    void codes_that_need_no_number_ask_their_questions(String conference) {
        try (Room room = lab.room(server, conference)) {
            user(room);
            Caller administrator = administrator(room);
            room.join("102");
            assertEquals("DONE", administrator.press("**", "26#", "6", "6", "1", "*"));
            assertEquals(List.of("101"), room.muted());
            assertEquals("DONE", administrator.press("**", "18#", "1"));
            room.awaitHere("101", "200");
        }
    }

    @ParameterizedTest
    @CsvSource({"8001, *25", "8001, **25#", "8002, **25#"})
    void a_user_raises_the_hand_and_gets_the_floor_while_all_are_muted(String conference, String keys) {
        try (Room room = lab.room(server, conference)) {
            Caller user = user(room);
            Caller administrator = administrator(room);
            assertEquals("DONE", administrator.press("**11#"));
            Await.until("all are muted", () -> room.muted().equals(List.of("101")), room::muted);
            room.dial(SipPhone.guest(lab.sipPort(), "102"), "#");
            Await.until("who joins is too", () -> room.muted().equals(List.of("101", "102")), room::muted);
            assertEquals("DONE", user.press(keys));
            administrator.awaitHears("beep");
            assertEquals("DENIED", user.press("**23#"));
            assertEquals("DONE", administrator.press("**23#"));
            user.awaitHears("conf-unmuted");
            assertEquals(List.of("102"), room.muted());
            assertEquals("DONE", administrator.press("**12#"));
            assertEquals(List.of(), room.muted());
        }
    }

    @ParameterizedTest
    @CsvSource({"8001, *48 101#", "8002, **48101#"})
    void an_administrator_bans_a_number(String conference, String keys) {
        try (Room room = lab.room(server, conference)) {
            Caller user = user(room);
            Caller administrator = administrator(room);
            administrator.press(keys.replace(" ", ""));
            assertEquals("DONE", administrator.status());
            Await.until("they are out", () -> !user.phone().isUp(), lab::logTail);
            try (SipPhone again = SipPhone.guest(lab.sipPort(), "101")) {
                again.dial(conference);
                again.press("#", Duration.ofMillis(130));
                Await.until("they are turned away", () -> !again.isUp(), lab::logTail);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"8001, **6200#", "8002, **6200#", "8001, *6200#"})
    void a_user_is_refused(String conference, String keys) {
        try (Room room = lab.room(server, conference)) {
            Caller user = user(room);
            administrator(room);
            user.press(keys);
            assertEquals("DENIED", user.status());
            assertEquals(List.of(), room.muted());
        }
    }

    /** *6 makes the conference louder, which nobody but the caller notices; *1 after it mutes the caller. */
    @Test
    void keys_of_FreePBX_s_own_menu_stay_its_own() {
        try (Room room = lab.room(server, ALLOW_MENU)) {
            user(room);
            Caller administrator = administrator(room);
            administrator.keys("*6*1");
            Await.until("*1 is pressed", administrator::isMuted, lab::logTail);
            assertEquals(List.of("200"), room.muted());
            assertEquals(List.of(), room.logOf(administrator));
        }
    }
}
