package confcodes.ami;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Conference;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx.Answer;
import java.util.List;
import java.util.Map;
import org.asteriskjava.manager.ManagerConnection;
import org.asteriskjava.manager.ManagerConnectionFactory;
import org.asteriskjava.manager.action.ConfbridgeKickAction;
import org.asteriskjava.manager.action.ConfbridgeListAction;
import org.asteriskjava.manager.action.ConfbridgeLockAction;
import org.asteriskjava.manager.action.ConfbridgeMuteAction;
import org.asteriskjava.manager.event.ConfbridgeListCompleteEvent;
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.asteriskjava.manager.event.ResponseEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What was recorded from real PBXs is read as asterisk-java reads it, whose reading is replaced here. */
@ParameterizedClass
@ValueSource(strings = {"asterisk-16.txt", "asterisk-22.txt"})
class AmiStockTest {

    private static final String MUTED = "Local/102@lab-join-00000001;2";
    private static final String KICKED = "Local/anonymous@lab-join-00000002;2";

    @Parameter
    private String transcript;

    private ScriptedAmi ami;
    private AmiPbx ours;
    private ManagerConnection stock;

    @BeforeEach
    void logIn() throws Exception {
        ami = ScriptedAmi.replaying(transcript);
        ours = AmiPeers.pbx(ami);
        stock = new ManagerConnectionFactory("127.0.0.1", ami.port(), ScriptedAmi.USER, ScriptedAmi.SECRET)
                .createManagerConnection();
        stock.login("off");
    }

    @AfterEach
    void logOff() {
        stock.logoff();
        ours.close();
        ami.close();
    }

    @Test
    void What_is_sent_is_the_same() throws Exception {
        stock.sendAction(new ConfbridgeMuteAction("100", MUTED));
        ours.apply(Operation.MUTE, "100", MUTED);

        List<Map<String, String>> sent = ami.received("ConfbridgeMute");
        assertEquals(2, sent.size());
        sent.forEach(action -> assertTrue(action.remove("ActionID").matches("\\d+_\\d+#\\w*"), action::toString));
        assertEquals(sent.get(0), sent.get(1));
    }

    @Test
    void The_list_is_the_same() throws Exception {
        List<ResponseEvent> events = List.copyOf(
                stock.sendEventGeneratingAction(new ConfbridgeListAction("100")).getEvents());
        List<Participant> participants = ours.participants("100");

        ConfbridgeListCompleteEvent last = (ConfbridgeListCompleteEvent) events.get(events.size() - 1);
        assertEquals(last.getListItems().toString(), Integer.toString(participants.size()));
        assertEquals(events.size() - 1, participants.size());
        for (int i = 0; i < participants.size(); i++) {
            ConfbridgeListEvent event = (ConfbridgeListEvent) events.get(i);
            Participant participant = participants.get(i);
            assertEquals(event.getChannel(), participant.channel());
            assertEquals(known(event.getCallerIdNum()), participant.number());
            assertEquals(known(event.getCallerIdName()), participant.name());
            assertEquals(isYes(event.getAdmin()), participant.admin());
            assertEquals(isYes(event.getMarkedUser()), participant.marked());
            assertEquals(isYes(event.getMuted()), participant.muted());
        }
        assertEquals(
                List.of("102", "101", ""),
                participants.stream().map(Participant::number).toList());
    }

    /** asterisk-java has some of these as they come, others as a Boolean. */
    private static boolean isYes(Object value) {
        return List.of("Yes", "true").contains(String.valueOf(value));
    }

    /** asterisk-java has null for what Asterisk does not know, and for "<unknown>". */
    private static String known(String text) {
        return text == null ? "" : text;
    }

    @Test
    void The_answers_to_operations_are_the_same() throws Exception {
        assertEquals(
                "User muted",
                stock.sendAction(new ConfbridgeMuteAction("100", MUTED)).getMessage());
        assertEquals(Answer.DONE, ours.apply(Operation.MUTE, "100", MUTED));
        assertEquals(
                "No Channel by that name found in Conference.",
                stock.sendAction(new ConfbridgeMuteAction("100", "Local/none")).getMessage());
        assertEquals(Answer.NO_PARTICIPANT, ours.apply(Operation.MUTE, "100", "Local/none"));
        assertEquals(
                "User kicked",
                stock.sendAction(new ConfbridgeKickAction("100", KICKED)).getMessage());
        assertEquals(Answer.DONE, ours.apply(Operation.KICK, "100", KICKED));
        assertEquals(
                "Conference locked",
                stock.sendAction(new ConfbridgeLockAction("100")).getMessage());
        assertEquals(Answer.DONE, ours.lock("100", true));
        assertEquals(Answer.DONE, ours.lock("100", false));
    }

    @Test
    void A_conference_that_is_not_there_is_empty_for_both() throws Exception {
        assertEquals(
                "No Conference by that name found.",
                stock.sendEventGeneratingAction(new ConfbridgeListAction("nowhere"))
                        .getResponse()
                        .getMessage());
        assertEquals(List.of(), ours.participants("nowhere"));
    }

    @Test
    void The_conferences_are_those_of_the_transcript() throws Exception {
        assertEquals(List.of(new Conference("100", 3, 0, false)), ours.conferences());
    }
}
