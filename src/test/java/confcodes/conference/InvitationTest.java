package confcodes.conference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EmptySource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class InvitationTest {

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
