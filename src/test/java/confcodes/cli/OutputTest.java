package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import confcodes.conference.Conference;
import confcodes.conference.Moderation.Tally;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Speech;
import confcodes.conference.Status;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OutputTest {

    private static final Participant ANNA = new Participant(
            "PJSIP/101-0000001a",
            "1700000000.1",
            "+79161234567",
            "Anna \"the\" First",
            true,
            true,
            false,
            false,
            true,
            Duration.ofSeconds(3_725));
    private static final Participant WITHHELD = new Participant(
            "SIP/trunk-00000002", "1700000000.2", "", "", false, false, true, true, false, Duration.ZERO);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private static final Speech.Standing NO_STANDING = new Speech.Standing(false, false);

    private static final Map<String, Speech.Standing> STANDINGS =
            Map.of(ANNA.channel(), NO_STANDING, WITHHELD.channel(), new Speech.Standing(true, true));

    private Output output(boolean json) {
        return new Output(new PrintWriter(out), new PrintWriter(err), json);
    }

    private JsonElement json() {
        JsonElement json = JsonParser.parseString(out.toString());
        out.getBuffer().setLength(0);
        return json;
    }

    @Test
    void participants_are_an_aligned_table() {
        output(false).participants(List.of(ANNA, WITHHELD), STANDINGS);

        assertEquals("""
                NUMBER        NAME              CHANNEL             ADMIN  MARKED  WAITING  MUTED      TALKING  HAND  TIME
                +79161234567  Anna "the" First  PJSIP/101-0000001a  yes    yes     no       no         yes      no    1:02:05
                -             -                 SIP/trunk-00000002  no     no      yes      moderator  no       yes   0:00:00
                """, out.toString());
        assertEquals("", err.toString());
    }

    @Test
    void participants_in_json_have_everything_that_the_list_tells() {
        output(true).participants(List.of(ANNA, WITHHELD), STANDINGS);

        JsonArray array = json().getAsJsonArray();
        assertEquals(JsonParser.parseString("""
                        {"channel": "PJSIP/101-0000001a", "endpoint": "101", "number": "+79161234567",
                         "name": "Anna \\"the\\" First", "admin": true, "marked": true, "waiting": false,
                         "muted": false, "talking": true, "hand": false, "mutedByModerator": false, "seconds": 3725}"""), array.get(0));
        assertEquals("", array.get(1).getAsJsonObject().get("number").getAsString());
        assertEquals(2, array.size());
    }

    @Test
    void conferences_are_an_aligned_table_or_json() {
        List<Conference> conferences =
                List.of(new Conference("100", 12, 1, true), new Conference("board meeting", 2, 0, false));
        output(false).conferences(conferences);
        assertEquals("""
                CONFERENCE     PARTICIPANTS  MARKED  LOCKED
                100            12            1       yes
                board meeting  2             0       no
                """, out.toString());

        out.getBuffer().setLength(0);
        output(true).conferences(conferences.subList(0, 1));
        assertEquals(JsonParser.parseString("""
                        [{"conference": "100", "participants": 12, "marked": 1, "locked": true}]"""), json());
    }

    @Test
    void a_pbx_that_has_a_name_is_in_each_row() {
        Map<String, List<Conference>> conferences = new LinkedHashMap<>();
        conferences.put("pbx1", List.of(new Conference("100", 12, 1, true)));
        conferences.put("b", List.of(new Conference("100", 2, 0, false)));
        output(false).conferences(conferences);
        assertEquals("""
                PBX   CONFERENCE  PARTICIPANTS  MARKED  LOCKED
                pbx1  100         12            1       yes
                b     100         2             0       no
                """, out.toString());

        out.getBuffer().setLength(0);
        output(true).conferences(conferences);
        JsonElement second = json().getAsJsonArray().get(1);
        assertEquals(JsonParser.parseString("""
                        {"pbx": "b", "conference": "100", "participants": 2, "marked": 0, "locked": false}"""), second);

        new Output(new PrintWriter(out), new PrintWriter(err), false, "b").participants(List.of(ANNA), STANDINGS);
        assertTrue(out.toString().matches("PBX  NUMBER .*\\Rb    \\+7.*\\R"), out.toString());
        out.getBuffer().setLength(0);
        new Output(new PrintWriter(out), new PrintWriter(err), true, "b").participants(List.of(ANNA), STANDINGS);
        assertEquals(
                "b", json().getAsJsonArray().get(0).getAsJsonObject().get("pbx").getAsString());
    }

    @Test
    void nothing_is_a_table_s_head_and_an_empty_array() {
        output(false).conferences(List.of());
        assertEquals("CONFERENCE  PARTICIPANTS  MARKED  LOCKED\n", out.toString());

        out.getBuffer().setLength(0);
        output(true).conferences(List.of());
        assertEquals("[]\n", out.toString());
    }

    @Test
    void what_was_done_is_a_sentence_on_out_and_what_was_not_its_reason_on_err() {
        output(false).outcome("100", Outcome.done(ANNA), "muted them");
        assertEquals("muted them\n", out.toString());
        assertEquals("", err.toString());

        output(false).outcome("100", Outcome.of(Status.NOTFOUND, "nobody is 101"), "muted them");
        assertEquals("muted them\n", out.toString());
        assertEquals("confcodes: nobody is 101\n", err.toString());
    }

    @Test
    void an_outcome_in_json_is_an_object_on_out_whatever_it_is() {
        Output output = output(true);
        output.outcome("100", Outcome.done(ANNA), "muted them");
        assertEquals(JsonParser.parseString("""
                        {"status": "DONE", "conference": "100", "channel": "PJSIP/101-0000001a"}"""), json());
        output.tally("100", new Tally(Outcome.DONE, 3), "kicked 3");
        assertEquals(JsonParser.parseString("""
                        {"status": "DONE", "conference": "100", "count": 3}"""), json());
        assertEquals("", err.toString());

        output.ambiguous("100", Outcome.of(Status.AMBIGUOUS, "two"), List.of(ANNA, WITHHELD));
        assertEquals("confcodes: two: PJSIP/101-0000001a SIP/trunk-00000002\n", err.toString());
        JsonElement ambiguous = json();
        assertEquals("two", ambiguous.getAsJsonObject().get("reason").getAsString());
        assertEquals(2, ambiguous.getAsJsonObject().getAsJsonArray("candidates").size());

        output.outcome("", Outcome.of(Status.UNAVAILABLE, "down"), "");
        assertEquals(JsonParser.parseString("""
                        {"status": "UNAVAILABLE", "reason": "down"}"""), json());
    }

    /** ANSI escapes and other control characters, bidirectional overrides, line separators, zero-width characters, a tag. */
    static Stream<String> evil() {
        String characters =
                "\r\n\t\0\u007f\u202e\u2066\u2028\u2029\u200b\u200d\u2060\ufeff\u00ad\u034f\u115f\u180b\u3164"
                        + "\ufe0f\uffa0\udb40\udc41";
        return Stream.concat(
                Stream.of("\u001b[2J", "\u009b2J"), characters.codePoints().mapToObj(Character::toString));
    }

    @ParameterizedTest
    @MethodSource("evil")
    void what_a_terminal_obeys_or_does_not_show_does_not_reach_it(String evil) {
        Participant participant = new Participant(
                "PJSIP/101-0000001a", "", evil, "x" + evil + "y", false, false, false, false, false, Duration.ZERO);

        output(false).participants(List.of(participant), Map.of(participant.channel(), NO_STANDING));
        output(false).outcome("100", Outcome.DONE, "muted " + evil);
        output(false).ambiguous("100", Outcome.of(Status.AMBIGUOUS, evil), List.of(participant));
        output(false).ask(evil);
        assertClean(evil, out.toString());
        assertClean(evil, err + "\n");
        assertEquals(3, out.toString().lines().count(), out.toString());
        assertEquals(2, err.toString().lines().count(), err.toString());

        out.getBuffer().setLength(0);
        output(true).participants(List.of(participant), Map.of(participant.channel(), NO_STANDING));
        assertClean(evil, out.toString());
        JsonElement json = json().getAsJsonArray().get(0);
        assertEquals("x" + evil + "y", json.getAsJsonObject().get("name").getAsString(), "scripts get it whole");
    }

    private static void assertClean(String evil, String text) {
        String line = text.replace("\n", "");
        assertTrue(text.endsWith("\n"));
        assertFalse(line.codePoints().anyMatch(Character::isISOControl), text);
        assertFalse(line.contains(evil), text);
    }

    @Test
    void names_in_other_scripts_stay_as_they_are() {
        assertEquals("Анна 안나 Größe علي 👍", Output.printable("Анна 안나 Größe علي 👍"));
    }
}
