package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Status;
import confcodes.lab.Await;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the server reports of each code, beside its line in the log. */
class ReportsTest {

    @RegisterExtension
    final Served served = new Served();

    private List<CodeReport> reports(int count) {
        Await.until(count + " reports", () -> served.reports.size() == count, served.reports::toString);
        return served.reports;
    }

    @Test
    void a_code_is_reported_with_caller_keys_and_outcome() throws IOException {
        served.call("conference_mute").types("101").play();

        CodeReport report = reports(1).get(0);
        assertTrue(report.isProved());
        assertEquals(
                List.of(MODERATOR, "200", "100", "conference_mute", "101", ONE, Status.DONE),
                List.of(
                        report.by(),
                        report.number(),
                        report.conference(),
                        report.code(),
                        report.typed(),
                        report.outcome().channel(),
                        report.outcome().status()));
    }

    @Test
    void whoever_may_not_is_reported_with_their_number() throws IOException {
        served.call(ONE, "conference_kick?number=102").play();

        CodeReport report = reports(1).get(0);
        assertEquals(
                List.of(ONE, "101", Status.DENIED),
                List.of(report.by(), report.number(), report.outcome().status()));
        assertTrue(report.isProved());
    }

    @Test
    void a_peer_without_proof_is_reported_as_such_and_counted() throws IOException {
        served.connect("conference_kick?number=101").play();

        CodeReport report = reports(1).get(0);
        assertEquals(List.of(false, "", ""), List.of(report.isProved(), report.number(), report.conference()));
        assertEquals(1, served.server.refusedPeers());
    }

    @Test
    void each_act_of_a_roll_call_is_reported_in_a_word() throws IOException {
        served.call("conference_roll_call_act").types("1", "3", "1", "*").play();

        assertEquals(
                List.of("mute", "kick", ""),
                reports(3).stream().map(CodeReport::typed).toList());
    }
}
