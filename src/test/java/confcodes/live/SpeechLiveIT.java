package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Crowd;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Who may speak, and who may be in a conference, is the moderator's decision and holds: for those who join later, against their
 * own keys, and while the server is started again. In conferences named enter… participants pass [confcodes_enter]. Every server
 * that runs enforces it: that of another test would take the place of one that was killed.
 */
@LiveTest
@Isolated
class SpeechLiveIT {

    private final Lab lab;

    SpeechLiveIT(Lab lab) {
        this.lab = lab;
    }

    private static void kill(ServerProcess server) {
        server.close();
    }

    /** Another server takes the place of one that was killed. */
    private ServerProcess instead(ServerProcess server, Caller... callers) {
        kill(server);
        ServerProcess next = lab.serve();
        for (Caller caller : callers) {
            caller.codesGoTo(next.port());
        }
        return next;
    }

    private Caller loud(Room room, String number) {
        Caller caller = room.join(number, "lab_user", "confcodes_menu");
        caller.playsTone();
        return caller;
    }

    private static void awaitTone(Caller hearer) {
        hearer.phone().forget();
        Await.until("the tone is heard", () -> hearer.phone().toneSinceKey() > 0);
    }

    /** As long as the number of participants is said. */
    private static void assertNoTone(Caller hearer) {
        hearer.awaitWhispersEnd();
        hearer.phone().forget();
        hearer.press("*21");
        hearer.awaitHears("confbridge-participants");
        hearer.awaitWhispersEnd();
        assertEquals(0, hearer.phone().toneSinceKey(), "the tone is heard");
    }

    private static void awaitMuted(Room room, String... numbers) {
        Await.until(List.of(numbers) + " are muted", () -> room.muted().equals(List.of(numbers)), room::muted);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "enter"})
    void a_mute_of_all_holds_until_it_is_taken_back_and_opens_no_microphone_of_its_owner_s(String line) {
        try (ServerProcess first = lab.serve();
                Room room = lab.room(first, line + "mute")) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            Caller loud = loud(room, "101");
            Caller own = room.join(Kind.SIP, "102");
            awaitTone(moderator);
            own.keys("*10");
            awaitMuted(room, "102");
            assertEquals("DONE", moderator.press("*11"));
            awaitMuted(room, "101", "102");
            assertNoTone(moderator);
            loud.keys("*10");
            loud.awaitHears("beep");
            awaitMuted(room, "101", "102");
            loud.playsTone();
            assertNoTone(moderator);

            loud(room, "103");
            awaitMuted(room, "101", "102", "103");
            kill(first);
            Caller late = loud(room, "104");
            assertEquals(line.equals("enter"), late.variable("CONFCODES_VOICE").endsWith(" d"));
            try (ServerProcess second = instead(first, moderator)) {
                awaitMuted(room, "101", "102", "103", "104");
                assertNoTone(moderator);
                Caller other = room.moderator("201");
                assertFalse(other.isMuted());
                assertEquals("DONE", moderator.press("*7", "103#"));
                awaitTone(moderator);
                assertEquals("DONE", moderator.press("*12"));
                awaitMuted(room, "102");
                loud(room, "105");
                awaitTone(moderator);
                assertEquals(List.of("102"), room.muted());
                assertFalse(second.logText().contains(" ERROR "));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "enter"})
    void nothing_of_it_is_left_in_the_next_conference_of_that_name(String line) {
        try (ServerProcess server = lab.serve()) {
            for (int time = 1; time <= 2; time++) {
                try (Room room = lab.room(server, line + "next")) {
                    Caller moderator = room.moderator(Kind.SIP, "200");
                    loud(room, "101");
                    room.join("102");
                    awaitTone(moderator);
                    assertEquals(List.of(), room.muted());
                    lab.run("ban", room.name(), "102").success();
                    assertEquals("DONE", moderator.press("*11"));
                    room.awaitHere("101", "200");
                    awaitMuted(room, "101");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"enter Sales+1", "odd,\"name\" (1) ${X} }"})
    void a_conference_has_any_name_and_Asterisk_ignores_its_case(String name) {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server, name);
                Room lower = lab.room(server, name.replace('S', 's').replace("odd", "ODD"))) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            assertEquals("DONE", moderator.press("*11"));
            lower.dial(SipPhone.guest(lab.sipPort(), "101"));
            awaitMuted(room, "101");
            assertEquals("DONE", moderator.press("*12"));
            awaitMuted(room);
        }
    }

    @Test
    void a_mute_of_one_holds_if_it_is_set_so() {
        try (ServerProcess server = lab.serve("--mutes-hold=each");
                Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            Caller loud = loud(room, "101");
            awaitTone(moderator);
            assertEquals("DONE", moderator.press("*6", "101#"));
            loud.keys("*10");
            loud.awaitHears("beep");
            loud.playsTone();
            awaitMuted(room, "101");
            assertNoTone(moderator);
            assertEquals("DONE", moderator.press("*7", "101#"));
            awaitTone(moderator);
        }
    }

    /** They are listed for as long as they are told that they were kicked. */
    @Test
    void who_is_held_and_leaves_is_heard_where_they_go() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            Caller member = room.join("101", "confcodes_user", "", "AFTER=60");
            assertEquals("DONE", moderator.press("*11"));
            awaitMuted(room, "101");
            assertEquals("DONE", moderator.press("*8", "101#"));
            Await.until("they have left", () -> !member.isHere(), room::here);
            Await.until(
                    "they are heard",
                    () -> member.variable("CONFCODES_VOICE").equals("-"),
                    () -> member.variable("CONFCODES_VOICE"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "enter"})
    void a_banned_number_does_not_return_until_it_is_unbanned(String line) {
        try (ServerProcess first = lab.serve();
                Room room = lab.room(first, line + "ban")) {
            Caller moderator = room.moderator("200");
            Caller banned = room.dial(SipPhone.guest(lab.sipPort(), "105"));
            Caller withheld = room.join("103");
            lab.ami().setVariable(withheld.channel(), "CALLERID(num)", "anonymous");
            assertEquals("DENIED", moderator.press("*48", "103#"));
            moderator.awaitHears("vm-unknown-caller");
            assertEquals("DONE", moderator.press("*48", "105#"));
            moderator.awaitHears("conf-hasleft");
            Await.until("they are out", () -> !banned.phone().isUp(), lab::logTail);
            if (line.isEmpty()) {
                awaitTurnedAway(room);
            } else {
                kill(first);
                awaitTurnedAway(room);
            }
            try (ServerProcess second = instead(first, moderator)) {
                awaitTurnedAway(room);
                assertEquals("105\n", lab.run("bans", room.name()).success());
                lab.run("unban", room.name(), "105").success();
                room.dial(SipPhone.guest(lab.sipPort(), "105"));
                assertFalse(second.logText().contains(" ERROR "));
            }
            assertTrue(withheld.isHere());
        }
    }

    private void awaitTurnedAway(Room room) {
        try (SipPhone phone = SipPhone.guest(lab.sipPort(), "105")) {
            phone.dial(room.name());
            Await.until("they are turned away", () -> !phone.isUp(), lab::logTail);
        }
    }

    @Test
    void hands_are_heard_of_and_get_the_floor_one_after_the_other() {
        try (ServerProcess first = lab.serve();
                Room room = lab.room(first)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            Caller one = room.join(Kind.SIP, "101");
            Caller two = room.join(Kind.SIP, "102");
            assertEquals("DONE", moderator.press("*11"));
            assertEquals("NOTFOUND", moderator.press("*23"));
            assertEquals("DENIED", one.press("*23"));
            assertEquals("DONE", two.press("*25"));
            moderator.awaitHears("beep");
            two.awaitHears("ascending-2tone");
            assertEquals("DONE", one.press("*25"));
            try (ServerProcess second = instead(first, moderator, one, two)) {
                String hands = lab.run("hands", room.name()).success();
                assertTrue(hands.indexOf(two.channel()) < hands.indexOf(one.channel()), hands);
                assertTrue(hands.contains(one.channel()) && hands.contains("moderator"), hands);
                awaitMuted(room, "101", "102");
                assertEquals("DONE", moderator.press("*23"));
                assertEquals(two.channel(), moderator.variable("CONFCODES_CHANNEL"));
                two.awaitHears("conf-unmuted");
                awaitMuted(room, "101");
                assertEquals("DONE", moderator.press("*23"));
                two.awaitHears("conf-muted");
                awaitMuted(room, "102");
                assertEquals("NOTFOUND", moderator.press("*23"));
                assertEquals("DONE", one.press("*25"));
                assertEquals("DONE", one.press("*25"));
                one.awaitHears("descending-2tone");
                assertEquals("NOTFOUND", moderator.press("*23"));
                assertFalse(second.logText().contains(" ERROR "));
            }
        }
    }

    @Test
    void two_moderators_who_give_the_floor_at_once_give_it_to_two() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            Caller one = room.moderator(Kind.SIP, "200");
            Caller other = room.moderator(Kind.SIP, "201");
            List<Caller> members = List.of(room.join(Kind.SIP, "101"), room.join(Kind.SIP, "102"));
            assertEquals("DONE", one.press("*11"));
            members.forEach(member -> assertEquals("DONE", member.press("*25")));
            one.begin("*23");
            other.begin("*23");
            one.awaitBack();
            other.awaitBack();
            assertEquals(List.of("DONE", "DONE"), List.of(one.status(), other.status()));
            assertFalse(one.variable("CONFCODES_CHANNEL").equals(other.variable("CONFCODES_CHANNEL")));
            Await.until("one of them has it", () -> room.muted().size() == 1, room::muted);
        }
    }

    /** Two moderators, in a conference of two hundred of whom fifty want to speak, and the server is started again. */
    @Test
    void fifty_hands_of_two_hundred_get_the_floor_in_their_order_from_two_moderators_at_once() {
        ServerProcess server = lab.serve();
        try (Room room = lab.room(server)) {
            Crowd.join(lab, List.of(room), 0, 148, Map.of("BRIDGE", "lab_crowd"));
            lab.settle();
            Caller one = room.moderator(Kind.SIP, "200");
            Caller other = room.moderator(Kind.SIP, "201");
            List<Caller> hands = IntStream.range(3001, 3051)
                    .mapToObj(number -> room.join(Integer.toString(number), "lab_user", "confcodes_user_menu"))
                    .toList();
            pressUntilDone(one, "*11", server);
            Await.until("all are muted", () -> room.muted().size() == 198, room::muted);
            for (Caller hand : hands) {
                assertEquals("DONE", hand.press("*25"), hand.number());
            }
            List<String> order = hands.stream().map(Caller::channel).toList();
            assertEquals(order, raised(room));

            List<String> given = new ArrayList<>();
            for (int turn = 0; turn < 3; turn++) {
                server = turn == 1 ? instead(server, one, other) : server;
                one.begin("*23");
                other.begin("*23");
                one.awaitBack();
                other.awaitBack();
                assertEquals(List.of("DONE", "DONE"), List.of(one.status(), other.status()));
                List<String> two = List.of(one.variable("CONFCODES_CHANNEL"), other.variable("CONFCODES_CHANNEL"));
                given.addAll(two.stream()
                        .sorted(Comparator.comparing(order::indexOf))
                        .toList());
            }
            assertEquals(order.subList(0, 6), given);
            assertEquals(order.subList(6, 50), raised(room));
            Await.until("one speaks", () -> room.muted().size() == 197, room::muted);

            // Opposites at once: what comes of them is one of the two, for everybody.
            List<String> both;
            int times = 0;
            do {
                lab.settle();
                one.begin("*11");
                other.begin("*12");
                one.awaitBack();
                other.awaitBack();
                both = List.of(one.status(), other.status());
            } while (both.contains("UNAVAILABLE") && ++times < 3);
            assertEquals(List.of("DONE", "DONE"), both, server.logText());
            lab.settle();
            Caller late = room.join(Kind.SIP, "105");
            Await.until(
                    "all are as they were told",
                    () -> List.of(0, 199).contains(room.muted().size()),
                    room::muted);
            assertEquals(room.muted().isEmpty(), !late.isMuted());
            assertFalse(server.logText().contains(" ERROR "));
        } finally {
            kill(server);
            lab.settle();
        }
    }

    /** In a busy Asterisk a mute of two hundred can take longer than ami-timeout. Then it is not said to be done. */
    private static void pressUntilDone(Caller moderator, String code, ServerProcess server) {
        List<String> said = new ArrayList<>();
        do {
            said.add(moderator.press(code));
        } while (said.size() < 3 && said.get(said.size() - 1).equals("UNAVAILABLE"));
        assertEquals("DONE", said.get(said.size() - 1), server::logText);
    }

    private List<String> raised(Room room) {
        return lab.run("hands", "--json", room.name())
                .success()
                .lines()
                .filter(line -> line.contains("\"channel\""))
                .map(line -> line.replaceFirst(".*\"channel\": *\"([^\"]+)\".*", "$1"))
                .toList();
    }

    @Test
    void moderators_hear_one_beep_in_ten_seconds_however_often_hands_are_raised() {
        try (ServerProcess server = lab.serve("--tell-participants=false");
                Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            List<Caller> members = List.of(room.join(Kind.SIP, "101"), room.join(Kind.SIP, "102"));
            for (int time = 0; time < 2; time++) {
                members.forEach(member -> assertEquals("DONE", member.press("*25")));
            }
            moderator.awaitHears("beep");
            assertEquals(1, moderator.timesHears("beep"));
        }
    }
}
