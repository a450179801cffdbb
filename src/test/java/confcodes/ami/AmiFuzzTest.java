package confcodes.ami;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.FuzzSeeds;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import confcodes.lab.ScriptedAmi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Answers with bytes changed, lost and doubled: no part of a list is taken for the whole, no fault for a yes. */
class AmiFuzzTest {

    private static final int CASES = 150 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final Duration TIME = Duration.ofMillis(120);
    private static final int ROWS = 4;

    /** What src/lab/torture gives to a fuzzer: an answer to anything, with {@code @id@} in the place of the action's id. */
    public static void fuzzerTestOneInput(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        ScriptedAmi.Script answer = (peer, action) -> {
            peer.raw(text.replace("@id@", action.get("ActionID")));
            peer.close();
        };
        try {
            assertWhole(list(answer), text, text);
        } catch (PbxException e) {
            assertFalse(e.getMessage().isEmpty());
        }
        try {
            assertTrue(!mute(answer).isDone() || text.contains("Success"), text);
        } catch (PbxException e) {
            assertFalse(e.getMessage().isEmpty());
        }
    }

    @Test
    void A_changed_list_is_whole_or_refused() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<String> sent = new ArrayList<>();
            try {
                List<Participant> participants = list((peer, action) -> {
                    String text = changed(list(action), random);
                    sent.add(text);
                    peer.raw(text);
                });
                assertWhole(participants, sent.get(sent.size() - 1), "seed " + seed);
            } catch (PbxException e) {
                assertFalse(e.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void A_changed_answer_is_a_yes_only_if_it_says_so() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<String> sent = new ArrayList<>();
            try {
                Outcome outcome = mute((peer, action) -> {
                    String text = changed(
                            "Response: Error\r\n" + peer.id(action)
                                    + "\r\nMessage: No Channel by that name found in Conference.\r\n\r\n",
                            random);
                    sent.add(text);
                    peer.raw(text);
                });
                String last = sent.get(sent.size() - 1);
                assertTrue(outcome.status() == Status.NOTFOUND || outcome.status() == Status.DENIED, last);
                assertTrue(outcome.status() == Status.DENIED || last.contains("No Channel by that name"), last);
            } catch (PbxException e) {
                assertFalse(e.getMessage().isEmpty(), "seed " + seed);
            }
        }
    }

    @Test
    void What_fuzzing_begins_with_is_no_fault() throws IOException {
        for (byte[] seed : FuzzSeeds.of(AmiFuzzTest.class)) {
            fuzzerTestOneInput(seed);
        }
    }

    private static List<Participant> list(ScriptedAmi.Script answer) throws PbxException {
        try (ScriptedAmi ami = new ScriptedAmi().on("ConfbridgeList", answer);
                AmiPbx pbx = AmiPeers.pbx(ami, TIME)) {
            return pbx.participants("100");
        }
    }

    private static Outcome mute(ScriptedAmi.Script answer) throws PbxException {
        try (ScriptedAmi ami = new ScriptedAmi().on("ConfbridgeMute", answer);
                AmiPbx pbx = AmiPeers.pbx(ami, TIME)) {
            return pbx.apply(Operation.MUTE, "100", AmiPeers.participant("PJSIP/101-00000001"), List.of());
        }
    }

    /** A list has as many rows as its end says; it is empty, too, if the PBX says that there is none. */
    private static void assertWhole(List<Participant> participants, String text, String about) {
        assertTrue(
                text.matches("(?is).*ListItems: *" + participants.size() + "\\b.*")
                        || participants.isEmpty() && text.matches("(?s).*(No |record).*"),
                about + ": " + participants.size() + " of\n" + text);
    }

    private static String list(Map<String, String> action) {
        String id = "\r\nActionID: " + action.get("ActionID") + "\r\n";
        StringBuilder list = new StringBuilder("Response: Success" + id + "EventList: start\r\n\r\n");
        for (int i = 0; i < ROWS; i++) {
            list.append("Event: ConfbridgeList")
                    .append(id)
                    .append(ScriptedAmi.row(101 + i))
                    .append("\r\n\r\n");
        }
        return list.append("Event: ConfbridgeListComplete")
                .append(id)
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
