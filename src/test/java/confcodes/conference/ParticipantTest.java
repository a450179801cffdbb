package confcodes.conference;

import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticipantTest {

    @ParameterizedTest
    @CsvSource({
        "PJSIP/101-0000001a, 101",
        "PJSIP/my-trunk-0000001a, my-trunk",
        "SIP/trunk-00000002, trunk",
        "IAX2/branch-4711, branch",
        "Local/100@context-00000003;2, 100",
        "Local/100@my-context-00000003;1, 100",
        "Local/alice@example.org@context-00000003;1, alice@example.org",
        "DAHDI/i1/5551234-1, i1/5551234",
        "DAHDI/1-1, 1",
        "PJSIP/alice@example.org-00000001, alice@example.org",
        "Message/ast_msg_queue, ast_msg_queue",
    })
    void the_endpoint_is_what_stands_between_the_technology_and_the_suffix(String channel, String endpoint) {
        assertEquals(endpoint, member(channel, "").endpoint());
    }

    @Test
    void a_participant_has_a_channel() {
        assertThrows(IllegalArgumentException.class, () -> member("", "101"));
    }

    @Test
    void a_withheld_number_is_empty_and_never_null() {
        assertThrows(NullPointerException.class, () -> member("PJSIP/101-0000001a", null));
    }

    @ParameterizedTest
    @CsvSource({"101, '', 101", "'', '', trunk", "101, 101, trunk", "101, 102, 101"})
    void the_label_is_the_number_or_the_endpoint_if_the_number_tells_nobody_apart(
            String number, String other, String label) {
        Participant participant = member("PJSIP/trunk-00000001", number);

        assertEquals(label, participant.label(List.of(participant, member("PJSIP/trunk-00000002", other))));
    }
}
