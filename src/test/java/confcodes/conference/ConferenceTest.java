package confcodes.conference;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class ConferenceTest {

    @ParameterizedTest
    @ValueSource(strings = {"100", "board meeting", "комната", "a,b", "x=y", "100@default"})
    void a_name_need_not_be_a_number(String name) {
        assertTrue(Conference.isName(name));
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(strings = {" ", "100\r", "100\r\nAction: Command", "1\n00", "1\0", "1\t0", "\u007f", "\u0085"})
    void a_name_has_no_control_characters_and_is_not_blank(String name) {
        assertFalse(Conference.isName(name));
    }

    @Test
    void a_name_has_79_characters_at_most() {
        assertTrue(Conference.isName("x".repeat(79)));
        assertFalse(Conference.isName("x".repeat(80)));
    }
}
