package confcodes.ami;

import static confcodes.ami.AmiPeers.assertFails;
import static confcodes.ami.AmiPeers.pbx;
import static confcodes.conference.PbxException.Reason.NOT_PERMITTED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Pbx.Answer;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was done is said to be done, and nothing else; what may be done twice is tried twice, and nothing else. */
class AmiOperationTest {

    private static final String CHANNEL = "PJSIP/101-00000001";
    private static final Invitation INVITATION = new Invitation.Template("PJSIP/%s", "").to("105");
    private static final Duration SHORT = Duration.ofMillis(1500);

    private final ScriptedAmi ami = new ScriptedAmi();

    @AfterEach
    void close() {
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
        for (String action : List.of(
                "ConfbridgeMute",
                "ConfbridgeUnmute",
                "ConfbridgeKick",
                "ConfbridgeLock",
                "ConfbridgeUnlock",
                "ConfbridgeStartRecord",
                "ConfbridgeStopRecord",
                "Originate")) {
            beSilentOn(action, 0);
        }
        try (AmiPbx pbx = pbx(ami)) {
            assertEquals(Answer.DONE, pbx.apply(Operation.MUTE, "100", CHANNEL));
            assertEquals(Answer.DONE, pbx.apply(Operation.UNMUTE, "100", CHANNEL));
            assertEquals(Answer.DONE, pbx.apply(Operation.KICK, "100", CHANNEL));
            assertEquals(Answer.DONE, pbx.applyToParticipants(Operation.MUTE, "100"));
            assertEquals(Answer.DONE, pbx.lock("100", true));
            assertEquals(Answer.DONE, pbx.lock("100", false));
            assertEquals(Answer.DONE, pbx.record("100", true));
            assertEquals(Answer.DONE, pbx.record("100", false));
            pbx.invite("100", new Invitation.Template("PJSIP/%s", "guest").to("105"));
        }
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
                        Map.of("Action", "ConfbridgeStartRecord", "Conference", "100"),
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
                                "true")),
                received);
    }

    @Test
    void An_unanswered_mute_is_tried_once_more_on_another_connection() throws PbxException {
        beSilentOn("ConfbridgeMute", 1);
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertEquals(Answer.DONE, pbx.apply(Operation.MUTE, "100", CHANNEL));
            assertEquals(2, ami.received("ConfbridgeMute").size());
            assertEquals(2, ami.connections());
        }
    }

    @Test
    void A_mute_that_is_never_answered_is_unconfirmed_within_the_time_out() {
        beSilentOn("ConfbridgeMute", Integer.MAX_VALUE);
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertTimeout(
                    SHORT.plus(AmiPeers.SLACK),
                    () -> assertFails(UNCONFIRMED, () -> pbx.apply(Operation.MUTE, "100", CHANNEL)));
            assertEquals(2, ami.received("ConfbridgeMute").size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"No Channel by that name found in Conference.", "No Conference by that name found."})
    void A_repeated_kick_that_finds_nobody_has_succeeded(String error) throws PbxException {
        hangUpOn("ConfbridgeKick", 1, error);
        try (AmiPbx pbx = pbx(ami)) {
            assertEquals(Answer.DONE, pbx.apply(Operation.KICK, "100", CHANNEL));
            assertEquals(2, ami.received("ConfbridgeKick").size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "No Channel by that name found in Conference., NO_PARTICIPANT",
        "No Conference by that name found., NO_CONFERENCE",
        "No active conferences., NO_CONFERENCE"
    })
    void A_first_kick_that_finds_nobody_has_not(String error, Answer answer) throws PbxException {
        hangUpOn("ConfbridgeKick", 0, error);
        try (AmiPbx pbx = pbx(ami)) {
            assertEquals(answer, pbx.apply(Operation.KICK, "100", CHANNEL));
        }
    }

    @Test
    void A_repeated_mute_that_finds_nobody_is_not_done() throws PbxException {
        hangUpOn("ConfbridgeMute", 1, "No Channel by that name found in Conference.");
        try (AmiPbx pbx = pbx(ami)) {
            assertEquals(Answer.NO_PARTICIPANT, pbx.apply(Operation.MUTE, "100", CHANNEL));
        }
    }

    @Test
    void An_invitation_is_never_sent_twice() {
        hangUpOn("Originate", Integer.MAX_VALUE, "");
        try (AmiPbx pbx = pbx(ami)) {
            assertFails(UNCONFIRMED, () -> pbx.invite("100", INVITATION));
            assertEquals(1, ami.received("Originate").size());
        }
    }

    @Test
    void An_unanswered_invitation_is_never_sent_twice() {
        beSilentOn("Originate", Integer.MAX_VALUE);
        try (AmiPbx pbx = pbx(ami, SHORT)) {
            assertFails(UNCONFIRMED, () -> pbx.invite("100", INVITATION));
            assertEquals(1, ami.received("Originate").size());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void A_recording_is_never_started_or_stopped_twice(boolean recording) {
        String action = recording ? "ConfbridgeStartRecord" : "ConfbridgeStopRecord";
        hangUpOn(action, Integer.MAX_VALUE, "");
        try (AmiPbx pbx = pbx(ami)) {
            assertFails(UNCONFIRMED, () -> pbx.record("100", recording));
            assertEquals(1, ami.received(action).size());
        }
    }

    @Test
    void An_invitation_that_was_not_sent_is_sent_on_another_connection() throws PbxException {
        beSilentOn("Originate", 0);
        beSilentOn("ConfbridgeLock", 0);
        try (AmiPbx pbx = pbx(ami)) {
            pbx.lock("100", true);
            ami.die();
            ami.revive();
            pbx.invite("100", INVITATION);
            assertEquals(1, ami.received("Originate").size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ConfbridgeList, reporting",
        "ConfbridgeMute, call",
        "ConfbridgeStartRecord, system",
        "Originate, originate"
    })
    void A_missing_right_names_the_class_and_the_file(String action, String right) {
        ami.on(action, (peer, fields) -> peer.error(fields, "Permission denied"));
        try (AmiPbx pbx = pbx(ami)) {
            PbxException e = assertFails(NOT_PERMITTED, () -> {
                switch (action) {
                    case "ConfbridgeList" -> pbx.participants("100");
                    case "ConfbridgeMute" -> pbx.apply(Operation.MUTE, "100", CHANNEL);
                    case "ConfbridgeStartRecord" -> pbx.record("100", true);
                    default -> pbx.invite("100", INVITATION);
                }
            });
            assertTrue(e.getMessage().contains("add " + right + " to the line write="), e::getMessage);
            assertTrue(e.getMessage().contains("manager_confcodes.conf"), e::getMessage);
            assertEquals(1, ami.received(action).size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r", "\n", "1\r\nAction: Originate", "1\u0000", "\u007f", "\u0085", "a\tb"})
    void Empty_names_and_control_characters_are_never_sent(String name) {
        try (AmiPbx pbx = pbx(ami)) {
            assertThrows(IllegalArgumentException.class, () -> pbx.participants(name));
            assertThrows(IllegalArgumentException.class, () -> pbx.lock(name, true));
            assertThrows(IllegalArgumentException.class, () -> pbx.record(name, true));
            assertThrows(IllegalArgumentException.class, () -> pbx.applyToParticipants(Operation.KICK, name));
            assertThrows(IllegalArgumentException.class, () -> pbx.apply(Operation.KICK, name, CHANNEL));
            assertThrows(IllegalArgumentException.class, () -> pbx.apply(Operation.KICK, "100", name));
            assertThrows(IllegalArgumentException.class, () -> pbx.apply(Operation.KICK, "100", CHANNEL + name + "\n"));
            assertThrows(IllegalArgumentException.class, () -> pbx.invite(name.isEmpty() ? "\n" : name, INVITATION));
            assertEquals(0, ami.connections());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "participants", "101", "/101"})
    void What_is_no_full_channel_name_is_never_sent(String channel) {
        try (AmiPbx pbx = pbx(ami)) {
            for (Operation operation : Operation.values()) {
                assertThrows(IllegalArgumentException.class, () -> pbx.apply(operation, "100", channel));
            }
            assertEquals(0, ami.connections());
        }
    }

    @Test
    void A_peer_that_is_not_there_is_unreachable_at_once() {
        ami.close();
        try (AmiPbx pbx = pbx(ami)) {
            PbxException e =
                    assertTimeout(Duration.ofSeconds(1), () -> assertFails(UNREACHABLE, () -> pbx.participants("100")));
            assertTrue(e.getMessage().contains("127.0.0.1:" + ami.port()), e::getMessage);
        }
    }
}
