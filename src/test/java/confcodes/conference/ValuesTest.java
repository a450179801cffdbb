package confcodes.conference;

import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conferences' names, participants, policies, outcomes and invitations. */
class ValuesTest {

    @ParameterizedTest
    @ValueSource(strings = {"100", "board meeting", "комната", "a,b", "x=y", "100@default"})
    void a_conference_s_name_need_not_be_a_number(String name) {
        assertTrue(Conference.isName(name));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "100\r", "100\r\nAction: Command", "1\n00", "1\0", "1\t0", "\u007f", "\u0085"})
    void a_conference_s_name_has_no_control_characters_and_is_not_blank(String name) {
        assertFalse(Conference.isName(name));
    }

    @Test
    void a_conference_s_name_has_79_characters_at_most() {
        assertTrue(Conference.isName("x".repeat(79)));
        assertFalse(Conference.isName("x".repeat(80)));
    }

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

    @ParameterizedTest
    @CsvSource({
        "ADMIN, true, false, false",
        "MARKED, true, true, false",
        "ANYONE, true, true, true",
    })
    void each_policy_allows_what_it_says(Policy policy, boolean admin, boolean marked, boolean member) {
        assertEquals(admin, policy.allows(People.admin("PJSIP/101-00000001", "101")));
        assertEquals(marked, policy.allows(People.marked("PJSIP/101-00000001", "101")));
        assertEquals(member, policy.allows(member("PJSIP/101-00000001", "101")));
    }

    @ParameterizedTest
    @EnumSource(PbxException.Reason.class)
    void a_missing_right_is_denied_and_every_other_failure_is_unavailable(PbxException.Reason reason) {
        Status status = reason == PbxException.Reason.NOT_PERMITTED ? Status.DENIED : Status.UNAVAILABLE;

        assertEquals(Outcome.of(status, "why"), Outcome.of(new PbxException(reason, "why")));
    }

    @ParameterizedTest
    @CsvSource({
        "PJSIP/%s, PJSIP/89161234567",
        "Local/%s@from-internal, Local/89161234567@from-internal",
        "PJSIP/%s@trunk, PJSIP/89161234567@trunk",
        "SIP/trunk/9%s, SIP/trunk/989161234567",
    })
    void the_number_takes_its_place_in_the_dial_string(String dialString, String dial) {
        assertEquals(
                dial, new Invitation.Template(dialString, "").to("89161234567").dial());
    }

    @Test
    void the_user_profile_goes_with_the_invitation() {
        assertEquals(
                "guest", new Invitation.Template("PJSIP/%s", "guest").to("101").userProfile());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "101", "00491701234567"})
    void digits_can_be_called(String number) {
        assertTrue(Invitation.isNumber(number));
    }

    @Test
    void a_number_has_32_digits_at_most() {
        assertTrue(Invitation.isNumber("1".repeat(32)));
        assertFalse(Invitation.isNumber("1".repeat(33)));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {"+49170", "101,g", "101&PJSIP/102", "alice", "1 2", "101\r\nX: y", "%s", "١٠١", "*61", "10#"})
    void whatever_else_was_given_is_never_called(String number) {
        assertFalse(Invitation.isNumber(number));
        assertThrows(IllegalArgumentException.class, () -> new Invitation(number, "PJSIP/101", ""));
    }

    @ParameterizedTest
    @EmptySource
    @ValueSource(
            strings = {"PJSIP/101", "%s", "/%s", "PJSIP/%s/%s", "PJSIP/%d", "PJSIP/%s%", "PJSIP/%s\r\nX: y", "P J/%s"})
    void a_dial_string_is_a_technology_and_one_place_for_the_number(String dialString) {
        assertThrows(IllegalArgumentException.class, () -> new Invitation.Template(dialString, ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "x,y", "x\ny", "профиль"})
    void a_user_profile_is_a_section_s_name(String profile) {
        assertThrows(IllegalArgumentException.class, () -> new Invitation.Template("PJSIP/%s", profile));
    }
}
