package confcodes.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.stream.Collectors;
import org.asteriskjava.manager.action.ConfbridgeLockAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is invited by *5 joins only if they accept, and the moderator hears in the conference what becomes of the call. */
@LiveTest(serve = {"--dial-string=Local/%s@lab-ring/n", "--invite-limit=2"})
class InviteLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    InviteLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    private boolean isCalled(String number) {
        return !telephone(number).isEmpty();
    }

    /** {@return the channel of the telephone that is called} */
    private String telephone(String number) {
        return lab.rx("core show channels concise")
                .lines()
                .map(line -> line.split("!")[0])
                .filter(channel -> channel.matches("Local/" + number + "@lab-ring-\\w+;2"))
                .findFirst()
                .orElse("");
    }

    private void awaitAsked(int times) {
        Await.until(
                "the invitee is asked", () -> lab.log().split("Playing 'conf-enteringno").length > times, lab::logTail);
    }

    private void press(String number, String key) {
        lab.ami().redirect(telephone(number), "lab-press", key);
    }

    @ParameterizedTest
    @CsvSource({"1305, 1, 1", "1306, 5, 2"})
    void who_accepts_joins_under_the_number_that_was_called_and_can_be_muted_by_it(
            String number, String firstKey, int questions) {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            int asked = lab.log().split("Playing 'conf-enteringno").length - 1;
            moderator.press("*5", number + "#");
            assertEquals("DONE", moderator.status());
            moderator.awaitHears("transfer");
            awaitAsked(asked + 1);
            press(number, firstKey);
            if (questions == 2) {
                awaitAsked(asked + 2);
                press(number, "1");
            }
            room.awaitHere(number, "200");
            moderator.awaitHears("conf-hasjoin");
            moderator.pressInOneGo("*6" + number + "#");
            Await.until("muted", () -> room.muted().contains(number), lab::logTail);
            server.awaitLine(line -> line.contains("invited=" + number + " outcome=joined"));
        }
    }

    /** 1… answers and presses nothing, 7… cannot be reached, 8… rings, 9… is busy. */
    @ParameterizedTest
    @CsvSource({
        "1301, vm-isunavail, not_accepted",
        "7301, ss-noservice, failed",
        "8301, vm-isunavail, no_answer",
        "9301, vm-isonphone, busy"
    })
    void what_becomes_of_the_call_is_whispered(String number, String sound, String outcome) {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.press("*5", number + "#");
            server.awaitLine(line -> line.contains("invited=" + number + " outcome=" + outcome));
            moderator.awaitHears(sound);
            assertFalse(lab.logged("<" + moderator.channel() + "> Playing '" + sound), "whispered");
            room.awaitHere("200");
            Await.until("no call is left", () -> !isCalled(number));
        }
    }

    @Test
    void nothing_is_dialled_that_may_not_be() {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*5", "5#");
            assertEquals("DENIED", moderator.status(), "invite-numbers");
            assertFalse(isCalled("5"));
            moderator.press("*5", "8302#");
            assertEquals("DONE", moderator.status());
            moderator.press("*5", "8302#");
            assertEquals("DENIED", moderator.status(), "it is ringing");
            moderator.press("*5", "8303#");
            assertEquals("DONE", moderator.status());
            moderator.press("*5", "8304#");
            assertEquals("DENIED", moderator.status(), "invite-limit");
            assertFalse(isCalled("8304"));
        }
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            lab.ami().ask(new ConfbridgeLockAction(room.name()));
            moderator.press("*5", "1307#");
            assertEquals("DENIED", moderator.status());
            server.awaitLine(line -> line.contains("number=1307") && line.contains("the conference is locked"));
            assertFalse(isCalled("1307"));
        }
    }

    @Test
    void a_conference_that_has_ended_meanwhile_is_not_made_anew() {
        int asked = lab.log().split("Playing 'conf-enteringno").length - 1;
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            moderator.press("*5", "1308#");
            awaitAsked(asked + 1);
            moderator.hangUp();
            room.awaitHere();
            press("1308", "1");
            Await.until("the call ends", () -> !isCalled("1308"), lab::logTail);
            assertEquals(0, room.participants().size());
        }
    }

    @Test
    void who_accepts_when_the_conference_is_locked_meanwhile_is_not_said_to_have_joined() {
        int asked = lab.log().split("Playing 'conf-enteringno").length - 1;
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.press("*5", "1309#");
            awaitAsked(asked + 1);
            lab.ami().ask(new ConfbridgeLockAction(room.name()));
            press("1309", "1");
            server.awaitLine(line -> line.contains("invited=1309 outcome=failed"));
            moderator.awaitHears("ss-noservice");
            room.awaitHere("200");
        }
    }

    @Test
    void an_inviter_who_has_left_hears_nothing_of_it_elsewhere() {
        int asked = lab.log().split("Playing 'conf-enteringno").length - 1;
        try (Room room = lab.room(server);
                Room elsewhere = lab.room(server)) {
            Caller other = room.moderator("201");
            Caller moderator = room.moderator("200");
            moderator.press("*5", "1310#");
            moderator.awaitHears("transfer");
            awaitAsked(asked + 1);
            lab.ami().setVariable(moderator.channel(), "CONF", elsewhere.name());
            lab.ami().redirect(moderator.channel(), "lab-conference", "s");
            elsewhere.awaitHere("200");
            moderator.awaitWhispersEnd();
            press("1310", "1");
            room.awaitHere("201", "1310");
            other.press("*5", "7310#");
            other.awaitHears("ss-noservice");
            assertFalse(moderator.isWhisperedTo());
            assertFalse(moderator.hears("conf-hasjoin"));
        }
    }

    /** ConfBridge() takes names that differ in case for the same. */
    @Test
    void a_conference_by_another_spelling_of_its_name_has_the_same_limits() {
        try (Room room = lab.room(server, "board")) {
            Caller moderator = room.moderator("200");
            Caller other = room.join("201", "lab_admin", "confcodes_menu", "CONFNUM=BOARD");
            moderator.press("*5", "8305#");
            assertEquals("DONE", moderator.status());
            other.press("*5", "8305#");
            assertEquals("DENIED", other.status());
            server.awaitLine(line -> line.contains("conference=BOARD") && line.contains("this number is being called"));
        }
    }

    /** The guard of the numbers would be none if whoever is called could name another one. */
    @Test
    void a_call_that_is_forwarded_by_who_is_called_goes_nowhere_else() throws IOException {
        try (DatagramSocket phone = new DatagramSocket(new InetSocketAddress("127.0.0.1", 0));
                ServerProcess direct =
                        lab.serve("--dial-string=PJSIP/phone-101/sip:%s@127.0.0.1:" + phone.getLocalPort());
                Room room = lab.room(direct)) {
            Caller moderator = room.moderator("200");
            moderator.press("*5", "1311#");
            DatagramPacket invite = new DatagramPacket(new byte[4096], 4096);
            phone.receive(invite);
            String headers = new String(invite.getData(), 0, invite.getLength(), UTF_8)
                    .lines()
                    .filter(line -> line.matches("(Via|From|To|Call-ID|CSeq): .*"))
                    .map(line -> line + (line.startsWith("To:") ? ";tag=x" : "") + "\r\n")
                    .collect(Collectors.joining());
            String moved =
                    "SIP/2.0 302 Moved\r\n" + headers + "Contact: <sip:1999@127.0.0.1>\r\nContent-Length: 0\r\n\r\n";
            phone.send(new DatagramPacket(moved.getBytes(UTF_8), moved.length(), invite.getSocketAddress()));
            direct.awaitLine(line -> line.contains("invited=1311 outcome="));
            assertFalse(lab.logged("[1999@"), lab::logTail);
        }
    }

    /** The trunk is the lab itself: its channel bears another name than the number that is dialled. */
    @Test
    void through_a_trunk_they_are_listed_under_the_number_too() {
        try (ServerProcess trunk = lab.serve("--dial-string=PJSIP/%s@phone-101", "--invite-accept=false");
                Room room = lab.room(trunk)) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.press("*5", "4567#");
            room.awaitHere("200", "4567");
            assertTrue(room.channels().stream().anyMatch(channel -> channel.startsWith("PJSIP/phone-101-")));
            moderator.pressInOneGo("*64567#");
            Await.until("muted", () -> room.muted().contains("4567"), lab::logTail);
        }
    }
}
