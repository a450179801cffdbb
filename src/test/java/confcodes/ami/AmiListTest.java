package confcodes.ami;

import static confcodes.ami.AmiPeers.SHORT;
import static confcodes.ami.AmiPeers.TIMEOUT;
import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.assertFailsWithin;
import static confcodes.ami.AmiPeers.numbers;
import static confcodes.ami.AmiPeers.pbx;
import static confcodes.ami.AmiPeers.rows;
import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.NOT_PERMITTED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Conference;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A list is whole, or there is none. */
class AmiListTest {

    private static final String LIST = "ConfbridgeList";

    private final ScriptedAmi ami = new ScriptedAmi();
    private final AmiPbx pbx = pbx(ami);

    @AfterEach
    void close() {
        pbx.close();
        ami.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 200, 500})
    void A_whole_list_has_every_participant_in_order(int count) throws PbxException {
        ami.on(LIST, ScriptedAmi.list(LIST, rows(count)));
        List<Participant> participants = pbx.participants("100");

        assertEquals(count, participants.size());
        for (int i = 0; i < count; i++) {
            assertEquals(Integer.toString(101 + i), participants.get(i).number());
        }
        assertEquals(
                "Participant[channel=PJSIP/101-00001065, uniqueId=1700000000.101, number=101, name=Number 101, admin=true,"
                        + " marked=false, waiting=false, muted=false, talking=false, answered=PT12S]",
                participants.get(0).toString());
    }

    @Test
    void The_conferences_are_listed_with_their_lock() throws PbxException {
        ami.on(
                "ConfbridgeListRooms",
                ScriptedAmi.list(
                        "ConfbridgeListRooms",
                        List.of(
                                "Conference: 100\r\nParties: 3\r\nMarked: 1\r\nLocked: No\r\nMuted: No",
                                "Conference: board\r\nParties: 2\r\nMarked: 0\r\nLocked: Yes\r\nMuted: No")));
        assertEquals(
                List.of(new Conference("100", 3, 1, false), new Conference("board", 2, 0, true)), pbx.conferences());
    }

    @ParameterizedTest
    @ValueSource(strings = {"No active conferences.", "No Conference by that name found."})
    void An_unknown_conference_has_no_participants(String message) throws PbxException {
        ami.on(LIST, (peer, action) -> peer.error(action, message));
        ami.on("ConfbridgeListRooms", (peer, action) -> peer.error(action, message));
        assertEquals(List.of(), pbx.participants("100"));
        assertEquals(List.of(), pbx.conferences());
    }

    @ParameterizedTest
    @CsvSource({"3, 2", "3, 4", "0, 1", "1, 0", "3, 03", "3, x", "3, ''"})
    void A_list_whose_count_differs_is_no_list(int rows, String count) {
        ami.on(LIST, (peer, action) -> {
            peer.success(action, "Confbridge user list will follow");
            for (String row : rows(rows)) {
                peer.send("Event: ConfbridgeList", peer.id(action), row);
            }
            peer.send("Event: ConfbridgeListComplete", peer.id(action), "EventList: Complete", "ListItems: " + count);
        });
        assertFails(INCOMPLETE_LIST, () -> pbx.participants("100"));
    }

    @Test
    void A_list_with_a_row_without_a_channel_is_no_list() {
        ami.on(LIST, ScriptedAmi.list(LIST, List.of(ScriptedAmi.row(101).replaceAll("Channel: .*", "Channel: "))));
        assertFails(INCOMPLETE_LIST, () -> pbx.participants("100"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "99999999999", "-1", ""})
    void A_time_that_makes_no_sense_is_none(String time) throws PbxException {
        ami.on(LIST, ScriptedAmi.list(LIST, List.of(ScriptedAmi.row(101).replace("Time: 12", "Time: " + time))));
        assertEquals(Duration.ZERO, pbx.participants("100").get(0).answered());
    }

    @Test
    void A_list_without_an_end_ends_with_the_time_out() {
        ami.on(LIST, (peer, action) -> {
            peer.success(action, "Confbridge user list will follow");
            peer.send("Event: ConfbridgeList", peer.id(action), ScriptedAmi.row(101));
        });
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertFailsWithin(SHORT, UNREACHABLE, () -> pbx.participants("100"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 60_000})
    void An_endless_list_ends_in_bounded_time_and_memory(int padding) {
        String row = ScriptedAmi.row(101).replace("Number 101", "N" + "x".repeat(padding));
        ami.on(LIST, (peer, action) -> {
            peer.success(action, "Confbridge user list will follow");
            String rows = ("Event: ConfbridgeList\r\n" + peer.id(action) + "\r\n" + row + "\r\n\r\n")
                    .repeat(padding == 0 ? 100 : 1);
            while (true) {
                peer.raw(rows);
            }
        });
        System.gc();
        long before = used();
        PbxException e = assertTimeout(
                TIMEOUT.plusSeconds(3), () -> assertThrows(PbxException.class, () -> pbx.participants("100")));
        assertTrue(e.reason() == INCOMPLETE_LIST || e.reason() == UNREACHABLE, e::getMessage);
        System.gc();
        long more = used() - before;
        assertTrue(more < 64_000_000, () -> "memory kept: " + more);
    }

    private static long used() {
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    @Test
    void Messages_of_another_action_are_ignored() throws PbxException {
        ScriptedAmi.Script whole = ScriptedAmi.list(LIST, rows(3));
        ami.on(LIST, (peer, action) -> {
            String id = action.get("ActionID");
            for (String other : List.of("x" + id + "x", "", "#", id + "0", "4711", "ActionID: " + id)) {
                peer.send("Response: Error", "ActionID: " + other, "Message: No active conferences.");
                peer.send("Event: ConfbridgeList", "ActionID: " + other, ScriptedAmi.row(900));
                peer.send("Event: ConfbridgeListComplete", "ActionID: " + other, "ListItems: 1");
            }
            peer.send("Event: ConfbridgeList", ScriptedAmi.row(901));
            peer.send("Event: ConfbridgeMute", peer.id(action), ScriptedAmi.row(902));
            whole.play(peer, action);
            peer.send("Event: ConfbridgeList", peer.id(action), ScriptedAmi.row(903));
        });
        for (int i = 0; i < 3; i++) {
            assertEquals(List.of("101", "102", "103"), numbers(pbx.participants("100")));
        }
        assertEquals(1, ami.connections());
    }

    @Test
    void Garbage_between_messages_is_ignored() throws PbxException {
        String garbage = String.join(
                "",
                "\r\n\r\n\r\n",
                "garbage\r\n\r\n",
                ":\r\n: x\r\n\r\n",
                "\u0000\u0001\u0002\uFFFF\r\n\r\n",
                "Event\r\n\r\n",
                "Response:\r\n\r\n",
                "ActionID: 1\r\n\r\n",
                "\n\n",
                "Asterisk Call Manager/9.9\r\n\r\n");
        ami.on(LIST, (peer, action) -> {
            peer.raw(garbage);
            peer.success(action, "Confbridge user list will follow");
            for (String row : rows(3)) {
                peer.raw(garbage);
                peer.send("Event: ConfbridgeList", peer.id(action), row);
            }
            peer.raw(garbage);
            peer.complete(action, LIST, 3);
        });
        assertEquals(3, pbx.participants("100").size());
        assertEquals(3, pbx.participants("100").size());
        assertEquals(1, ami.connections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "x: y\r\n", "\r\n"})
    void Ten_megabytes_without_the_end_of_a_message_end_the_connection(String piece) {
        ami.on(LIST, (peer, action) -> {
            peer.success(action, "Confbridge user list will follow");
            peer.raw("Event: ConfbridgeList\r\n" + peer.id(action) + "\r\nChannel: ");
            for (int sent = 0; sent < 10_000_000; sent += 8_000) {
                peer.raw(piece.repeat(8_000 / piece.length()));
            }
            peer.close();
        });
        assertFails(INCOMPLETE_LIST, () -> pbx.participants("100"));
    }

    @Test
    void What_the_PBX_refuses_is_quoted() {
        ami.on(LIST, (peer, action) -> peer.error(action, "The moon is full."));
        PbxException e = assertFails(NOT_PERMITTED, () -> pbx.participants("100"));
        assertTrue(e.getMessage().contains("The moon is full."), e::getMessage);
        assertEquals(1, ami.connections());
    }
}
