package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.lab.ScriptedAmi;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A recorded conversation of login, list and mute, its connection closed after every byte that the PBX sends. */
class AmiCutTest {

    private static final int THREADS = 8;
    private static final int NEVER = Integer.MAX_VALUE;

    private static ScriptedAmi recorded() {
        return ScriptedAmi.replaying("asterisk-22.txt");
    }

    /** {@return what came of it, in two words, or what is wrong with it} */
    private static String converse(ScriptedAmi ami, AmiPbx pbx) {
        String list;
        try {
            List<Participant> participants = pbx.participants("100");
            if (participants.size() != 3) {
                return "a list of " + participants.size();
            }
            list = "whole";
        } catch (PbxException e) {
            // A list is asked for once, and once more on another connection.
            boolean isLost = e.reason() == UNREACHABLE || e.reason() == INCOMPLETE_LIST;
            int asked = ami.received("ConfbridgeList").size();
            list = asked == 0 ? "not-asked" : isLost && asked <= 2 ? "failed" : e.reason() + " asked " + asked;
        }
        Participant muted = AmiPeers.participant("Local/102@lab-join-00000002;2");
        try {
            Outcome outcome = pbx.apply(Operation.MUTE, "100", muted, List.of());
            boolean asked = !ami.received("ConfbridgeMute").isEmpty();
            return outcome.isDone() && asked ? list + " done" : outcome + " though asked is " + asked;
        } catch (PbxException e) {
            return list + (ami.received("ConfbridgeMute").isEmpty() ? " not-asked" : " unconfirmed");
        }
    }

    private static String converse(int cut, int connections) {
        try (ScriptedAmi ami = recorded().cutAfter(cut, connections);
                AmiPbx pbx = AmiPeers.pbx(ami)) {
            return converse(ami, pbx);
        }
    }

    private static int length() {
        try (ScriptedAmi ami = recorded();
                AmiPbx pbx = AmiPeers.pbx(ami)) {
            assertEquals("whole done", converse(ami, pbx));
            return ami.sent();
        }
    }

    private static List<String> everyCut(int connections, int step) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<String>> results = new ArrayList<>();
            int length = length();
            for (int cut = 1; cut <= length; cut += step) {
                int here = cut;
                results.add(threads.submit(() -> converse(here, connections)));
            }
            List<String> answers = new ArrayList<>();
            for (Future<String> result : results) {
                answers.add(answers.size() * step + 1 + ": " + result.get());
            }
            return answers;
        } finally {
            threads.shutdown();
        }
    }

    private static List<String> without(String expected, List<String> answers) {
        return answers.stream()
                .filter(answer -> !answer.matches("[0-9]+: (" + expected + ")"))
                .toList();
    }

    @Test
    void A_connection_closed_after_every_seventh_byte_once_is_made_up_for_by_another() throws Exception {
        List<String> answers = everyCut(1, 7);

        assertEquals(List.of(), without("whole done|not-asked not-asked|not-asked done", answers));
        assertEquals("1: not-asked not-asked", answers.get(0));
    }

    @Test
    void Connections_that_all_close_after_every_byte_never_yield_a_part_or_a_false_DONE() throws Exception {
        List<String> answers = everyCut(NEVER, 1);

        assertEquals(List.of(), without("(whole|failed|not-asked) (done|unconfirmed|not-asked)", answers));
        assertEquals("1: not-asked not-asked", answers.get(0));
        assertEquals(answers.size() + ": whole done", answers.get(answers.size() - 1));
    }
}
