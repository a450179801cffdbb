package confcodes.ami;

import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.assertFailsWithin;
import static confcodes.ami.AmiPeers.participant;
import static confcodes.ami.AmiPeers.pbx;
import static confcodes.conference.PbxException.Reason.NOT_PERMITTED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import confcodes.lab.Await;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was done is said to be done, and nothing else; what may be done twice is tried twice, and nothing else. */
class AmiOperationTest {

    private static final String CHANNEL = "PJSIP/101-00000001";
    private static final Participant ANN = participant(CHANNEL);
    private static final List<Participant> ALL = List.of(ANN, participant("PJSIP/102-00000002"));
    private static final Invitation INVITATION = new Invitation.Template("PJSIP/%s", "").to("105");
    private static final Duration TIME = Duration.ofMillis(1500);

    private final ScriptedAmi ami = new ScriptedAmi();
    private final AmiPbx pbx = pbx(ami);

    @AfterEach
    void close() {
        pbx.close();
        ami.close();
    }

    /** Answers nothing on the first connections, and "Success" on the others. */
    private void beSilentOn(String action, int connections) {
        ami.on(action, (peer, fields) -> {
            if (peer.number() > connections) {
                peer.success(fields, "done");
            }
        });
    }

    /** Closes the first connections on an action, and answers it with an error on the others. */
    private void hangUpOn(String action, int connections, String error) {
        ami.on(action, (peer, fields) -> {
            if (peer.number() <= connections) {
                peer.close();
            } else {
                peer.error(fields, error);
            }
        });
    }

    @Test
    void Each_operation_is_one_action_with_its_fields() throws PbxException {
        ami.otherwise((peer, action) -> peer.success(action, "done"));
        assertEquals(Outcome.done(ANN), pbx.apply(Operation.MUTE, "100", ANN, ALL));
        assertEquals(Outcome.done(ANN), pbx.apply(Operation.UNMUTE, "100", ANN, ALL));
        assertEquals(Outcome.done(ANN), pbx.apply(Operation.KICK, "100", ANN, ALL));
        assertEquals(Outcome.DONE, pbx.applyToAll(Operation.MUTE, "100"));
        assertEquals(Outcome.DONE, pbx.lock("100", true));
        assertEquals(Outcome.DONE, pbx.lock("100", false));
        assertEquals(Outcome.DONE, pbx.record("100", false));
        assertEquals(Outcome.DONE, pbx.invite("100", new Invitation.Template("PJSIP/%s", "guest").to("105")));
        assertEquals(Outcome.DONE, pbx.setVariable("", "X", "1"));
        assertEquals("", pbx.variable(CHANNEL, "X"));
        List<Map<String, String>> received = ami.received();
        received.forEach(action -> action.remove("ActionID"));
        assertEquals(
                List.of(
                        Map.of("Action", "ConfbridgeMute", "Conference", "100", "Channel", CHANNEL),
                        Map.of("Action", "ConfbridgeUnmute", "Conference", "100", "Channel", CHANNEL),
                        Map.of("Action", "ConfbridgeKick", "Conference", "100", "Channel", CHANNEL),
                        Map.of("Action", "ConfbridgeMute", "Conference", "100", "Channel", "participants"),
                        Map.of("Action", "ConfbridgeLock", "Conference", "100"),
                        Map.of("Action", "ConfbridgeUnlock", "Conference", "100"),
                        Map.of("Action", "ConfbridgeStopRecord", "Conference", "100"),
                        Map.of(
                                "Action",
                                "Originate",
                                "Channel",
                                "PJSIP/105",
                                "Application",
                                "ConfBridge",
                                "Data",
                                "100,,guest",
                                "Async",
                                "true"),
                        Map.of("Action", "Setvar", "Variable", "X", "Value", "1"),
                        Map.of("Action", "Getvar", "Channel", CHANNEL, "Variable", "X")),
                received);
    }

    @Test
    void Recordings_are_named_by_conference_and_time_and_never_twice_the_same() throws PbxException {
        beSilentOn("ConfbridgeStartRecord", 0);
        int recordings = 5;
        for (int i = 0; i < recordings; i++) {
            assertEquals(Outcome.DONE, pbx.record("board-2_a", true));
        }
        Set<String> files = new HashSet<>();
        ami.received("ConfbridgeStartRecord").forEach(action -> files.add(action.get("RecordFile")));
        assertEquals(recordings, files.size(), files::toString);
        files.forEach(file -> assertTrue(file.matches("confbridge-board-2_a-[0-9]{8}-[0-9]{6}-[0-9]{6}\\.wav"), file));
    }

    @ParameterizedTest
    @CsvSource({
        "ConfbridgeStartRecord, Conference is already being recorded.",
        "ConfbridgeStopRecord, Internal error while stopping recording."
    })
    void Recording_what_is_recorded_already_is_done(String action, String error) throws PbxException {
        hangUpOn(action, 0, error);
        assertEquals(Outcome.DONE, pbx.record("100", action.equals("ConfbridgeStartRecord")));
    }

    /** The names of src/lab/attacks.md, and each character that could end an argument, a path or a command. */
    static Stream<String> namesThatCouldBeTakenForAnother() {
        return Stream.concat(
                ",\"\\;$&|'`()[]{}/<=\n\t".chars().mapToObj(odd -> "a" + (char) odd + "b"),
                Stream.of("", " a", "a ", "a  b", "306,,touch /tmp/x;", "../etc/x", "${EXTEN}"));
    }

    @ParameterizedTest
    @MethodSource("namesThatCouldBeTakenForAnother")
    void Nobody_is_invited_into_a_conference_whose_name_could_be_taken_for_another(String name) throws PbxException {
        assertEquals(Status.DENIED, pbx.invite(name, INVITATION).status());
        assertEquals(0, ami.connections());
    }

    @ParameterizedTest
    @MethodSource("namesThatCouldBeTakenForAnother")
    @ValueSource(strings = {"a b", "a.b", "Büro"})
    void A_name_that_cannot_be_part_of_a_file_is_denied_a_recording(String name) throws PbxException {
        assertEquals(Status.DENIED, pbx.record(name, true).status());
        assertEquals(Status.DENIED, pbx.record(name, false).status());
        assertEquals(0, ami.connections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"100", "board room", "Büro", "会議", "a.b-c_d+e", "*100#", "x@y"})
    void A_plain_name_is_invited_into_as_it_is(String name) throws PbxException {
        beSilentOn("Originate", 0);
        assertEquals(Outcome.DONE, pbx.invite(name, INVITATION));
        assertEquals(name, ami.received("Originate").get(0).get("Data"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PJSIP/101-000000012", "pjsip/101-00000001/x", CHANNEL})
    void Mute_is_ambiguous_if_another_channel_begins_with_the_name(String other) throws PbxException {
        beSilentOn("ConfbridgeKick", 0);
        List<Participant> among = List.of(ANN, participant(other));
        for (Operation operation : List.of(Operation.MUTE, Operation.UNMUTE)) {
            assertEquals(
                    Status.AMBIGUOUS, pbx.apply(operation, "100", ANN, among).status());
        }
        assertEquals(0, ami.connections());
        assertEquals(Outcome.done(ANN), pbx.apply(Operation.KICK, "100", ANN, among), "it compares whole names");
    }

    @Test
    void An_unanswered_mute_is_tried_once_more_on_another_connection() throws PbxException {
        beSilentOn("ConfbridgeMute", 1);
        try (AmiPbx pbx = pbx(ami, TIME)) {
            assertEquals(Outcome.done(ANN), pbx.apply(Operation.MUTE, "100", ANN, ALL));
            assertEquals(2, ami.received("ConfbridgeMute").size());
            assertEquals(2, ami.connections());
        }
    }

    @Test
    void A_mute_that_is_never_answered_is_unconfirmed_within_the_time_out() {
        beSilentOn("ConfbridgeMute", Integer.MAX_VALUE);
        try (AmiPbx pbx = pbx(ami, TIME)) {
            assertFailsWithin(TIME, UNCONFIRMED, () -> pbx.apply(Operation.MUTE, "100", ANN, ALL));
            assertEquals(2, ami.received("ConfbridgeMute").size());
        }
    }

    /** What was asked for the first time, or repeated on another connection, and what is said of it. */
    @ParameterizedTest
    @CsvSource({
        "KICK, false, No Channel by that name found in Conference., NOTFOUND",
        "KICK, false, No Conference by that name found., NOCONFERENCE",
        "KICK, false, No active conferences., NOCONFERENCE",
        "KICK, false, The moon is full., DENIED",
        "KICK, true, No Channel by that name found in Conference., DONE",
        "KICK, true, No Conference by that name found., DONE",
        "MUTE, true, No Channel by that name found in Conference., NOTFOUND",
    })
    void Only_a_repeated_kick_that_finds_nobody_has_succeeded(
            Operation operation, boolean repeated, String error, Status status) throws PbxException {
        String action = operation == Operation.KICK ? "ConfbridgeKick" : "ConfbridgeMute";
        hangUpOn(action, repeated ? 1 : 0, error);
        Outcome outcome = pbx.apply(operation, "100", ANN, ALL);
        assertEquals(status, outcome.status());
        assertTrue(!outcome.isDone() || outcome.equals(Outcome.done(ANN)), outcome::toString);
        assertEquals(repeated ? 2 : 1, ami.received(action).size());
    }

    @Test
    void What_the_PBX_refuses_is_denied_and_quoted() throws PbxException {
        hangUpOn("Originate", 0, "Originate Access Forbidden: app or data blacklisted");
        assertEquals(
                Outcome.of(
                        Status.DENIED,
                        "Originate refused by the PBX: Originate Access Forbidden: app or data blacklisted"),
                pbx.invite("SHELL", INVITATION));
    }

    @ParameterizedTest
    @CsvSource({"Originate, true", "Originate, false", "ConfbridgeStartRecord, true", "ConfbridgeStopRecord, true"})
    void An_invitation_or_a_recording_is_never_sent_twice(String action, boolean lost) {
        if (lost) {
            hangUpOn(action, Integer.MAX_VALUE, "");
        } else {
            beSilentOn(action, Integer.MAX_VALUE);
        }
        try (AmiPbx pbx = pbx(ami, TIME)) {
            assertFails(UNCONFIRMED, () -> {
                switch (action) {
                    case "Originate" -> pbx.invite("100", INVITATION);
                    default -> pbx.record("100", action.equals("ConfbridgeStartRecord"));
                }
            });
            assertEquals(1, ami.received(action).size());
        }
    }

    @Test
    void An_invitation_that_was_not_sent_is_sent_on_another_connection() throws PbxException {
        beSilentOn("Originate", 0);
        beSilentOn("ConfbridgeLock", 0);
        pbx.lock("100", true);
        ami.die();
        ami.revive();
        assertEquals(Outcome.DONE, pbx.invite("100", INVITATION));
        assertEquals(1, ami.received("Originate").size());
    }

    @ParameterizedTest
    @CsvSource({
        "ConfbridgeList, reporting",
        "Status, reporting",
        "ConfbridgeMute, call",
        "ConfbridgeStartRecord, system",
        "Originate, originate"
    })
    void A_missing_right_names_the_class_and_the_file(String action, String right) {
        hangUpOn(action, 0, "Permission denied");
        PbxException e = assertFails(NOT_PERMITTED, () -> {
            switch (action) {
                case "ConfbridgeList" -> pbx.participants("100");
                case "Status" -> pbx.channel("1700000000.1", "PROOF");
                case "ConfbridgeMute" -> pbx.apply(Operation.MUTE, "100", ANN, ALL);
                case "ConfbridgeStartRecord" -> pbx.record("100", true);
                default -> pbx.invite("100", INVITATION);
            }
        });
        assertTrue(e.getMessage().contains("add " + right + " to the line write="), e::getMessage);
        assertTrue(e.getMessage().contains("manager_confcodes.conf"), e::getMessage);
        assertEquals(1, ami.received(action).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r", "\n", "1\r\nAction: Originate", "1\u0000", "\u007f", "\u0085", "a\tb"})
    void Blank_names_and_control_characters_are_never_sent(String name) {
        assertThrows(IllegalArgumentException.class, () -> pbx.participants(name));
        assertThrows(IllegalArgumentException.class, () -> pbx.lock(name, true));
        assertThrows(IllegalArgumentException.class, () -> pbx.applyToAll(Operation.KICK, name));
        assertThrows(IllegalArgumentException.class, () -> pbx.apply(Operation.KICK, name, ANN, ALL));
        assertThrows(IllegalArgumentException.class, () -> pbx.channel(name, "PROOF"));
        assertThrows(IllegalArgumentException.class, () -> pbx.conferenceOf(name));
        assertEquals(0, ami.connections());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u0436"})
    void A_line_that_Asterisk_would_take_for_two_is_never_sent(String letter) {
        assertThrows(IllegalArgumentException.class, () -> pbx.channel(letter.repeat(901), "PROOF"));
        assertEquals(0, ami.connections());
    }

    /** One such in a conference, or in an event, would keep the others from being looked at. */
    @ParameterizedTest
    @ValueSource(strings = {"Local/1\t5@a-0;1", "PJSIP/101\r\nAction: x", "101", " "})
    void A_channel_whose_name_cannot_be_sent_has_no_variables(String channel) throws PbxException {
        for (String name : List.of(channel, "PJSIP/" + "x".repeat(1000))) {
            assertEquals("", pbx.variable(name, "X"));
            assertEquals(Status.NOTFOUND, pbx.setVariable(name, "X", "1").status());
        }
        assertEquals(0, ami.connections());
    }

    @Test
    void An_event_without_a_channel_or_a_conference_is_not_told() {
        List<String> told = new CopyOnWriteArrayList<>();
        ami.on("ConfbridgeListRooms", ScriptedAmi.list("ConfbridgeListRooms", List.of()));
        ami.on("Ping", (peer, action) -> {
            peer.raw("Event: ConfbridgeJoin\r\nConference: 100\r\n\r\n");
            peer.raw("Event: ConfbridgeJoin\r\nChannel: PJSIP/101-1\r\n\r\n");
            peer.raw("Event: ConfbridgeJoin\r\nConference: 100\r\nChannel: PJSIP/102-1\r\n\r\n");
            peer.success(action, "Pong");
        });
        pbx.watch((conference, channel) -> told.add(conference + " " + channel));
        Await.until("the last one is told", () -> told.contains("100 PJSIP/102-1"));
        assertEquals(List.of(" ", "100 PJSIP/102-1"), told.stream().distinct().toList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "participants", "101", "/101", " ", "PJSIP/101\n", "PJSIP/101\r\nAction: x"})
    void What_is_no_full_channel_name_is_never_sent(String channel) throws PbxException {
        for (Operation operation : Operation.values()) {
            assertEquals(
                    Status.DENIED,
                    pbx.apply(operation, "100", participant(channel), ALL).status());
        }
        assertEquals(0, ami.connections());
    }
}
