package confcodes.ami;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx.Answer;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** Answers with bytes changed, lost and doubled: no part of a list is taken for the whole, no fault for a yes. */
class AmiFuzzTest {

    private static final int CASES = 150 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final Duration TIME = Duration.ofMillis(120);
    private static final int ROWS = 4;

    @Test
    void a_changed_list_is_whole_or_refused() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<String> sent = new ArrayList<>();
            try (ScriptedAmi ami = new ScriptedAmi();
                    AmiPbx pbx = AmiPeers.pbx(ami, TIME)) {
                ami.on("ConfbridgeList", (peer, action) -> {
                    String text = changed(list(action), random);
                    sent.add(text);
                    peer.raw(text);
                });
                List<Participant> participants = pbx.participants("100");
                String last = sent.get(sent.size() - 1);
                assertTrue(
                        participants.isEmpty()
                                || Integer.toString(participants.size()).equals(itemsIn(last)),
                        "seed " + seed + ": " + participants.size() + " of\n" + last);
            } catch (PbxException e) {
                assertTrue(!e.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void a_changed_answer_is_a_yes_only_when_it_says_so() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<String> sent = new ArrayList<>();
            try (ScriptedAmi ami = new ScriptedAmi();
                    AmiPbx pbx = AmiPeers.pbx(ami, TIME)) {
                ami.on("ConfbridgeMute", (peer, action) -> {
                    String text = changed(
                            "Response: Error\r\n" + id(action)
                                    + "Message: No Channel by that name found in Conference.\r\n\r\n",
                            random);
                    sent.add(text);
                    peer.raw(text);
                });
                Answer answer = pbx.apply(Operation.MUTE, "100", "PJSIP/101-00000001");
                assertEquals(Answer.NO_PARTICIPANT, answer, "seed " + seed + ": " + sent);
            } catch (PbxException e) {
                assertTrue(!e.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }

    private static String itemsIn(String text) {
        return text.replaceAll("(?is).*ListItems: *(\\d+).*", "$1");
    }

    private static String id(Map<String, String> action) {
        return "ActionID: " + action.get("ActionID") + "\r\n";
    }

    private static String list(Map<String, String> action) {
        Function<String, String> message = text -> text + "\r\n" + id(action);
        StringBuilder list = new StringBuilder(message.apply("Response: Success")).append("EventList: start\r\n\r\n");
        for (int i = 0; i < ROWS; i++) {
            list.append(message.apply("Event: ConfbridgeList"))
                    .append(ScriptedAmi.row(101 + i))
                    .append("\r\n\r\n");
        }
        return list.append(message.apply("Event: ConfbridgeListComplete"))
                .append("EventList: Complete\r\nListItems: " + ROWS + "\r\n\r\n")
                .toString();
    }

    private static String changed(String original, Random random) {
        StringBuilder text = new StringBuilder(original);
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            int at = random.nextInt(text.length());
            int end = Math.min(text.length(), at + 1 + random.nextInt(80));
            switch (random.nextInt(5)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(128));
                case 2 -> text.insert(at, text.substring(at, end));
                case 3 -> text.delete(at, end);
                default -> text.insert(at, "\r\n");
            }
        }
        return text.toString();
    }
}
