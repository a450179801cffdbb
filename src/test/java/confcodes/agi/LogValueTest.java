package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class LogValueTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"101", "PJSIP/101-0000001a", "Local/100@conf-00000003;2", "+79161234567", "conference_mute"})
    void one_word_stands_as_it_is(String value) {
        assertEquals(value, LogValue.of(value));
    }

    @ParameterizedTest
    @NullAndEmptySource
    void nothing_is_a_hyphen(String value) {
        assertEquals("-", LogValue.of(value));
    }

    @Test
    void what_could_be_taken_for_something_else_is_quoted() {
        assertEquals("\"board meeting\"", LogValue.of("board meeting"));
        assertEquals("\"a=b\"", LogValue.of("a=b"));
        assertEquals("\"комната\"", LogValue.of("комната"));
        assertEquals("\"a\\\"b\\\\c\"", LogValue.of("a\"b\\c"));
    }

    @Test
    void control_characters_and_line_separators_are_written_out() {
        assertEquals("\"1\\x0d\\x0aAction: Command\"", LogValue.of("1\r\nAction: Command"));
        assertEquals("\"\\x1b[2J\\x9b\\x00\\x7f\"", LogValue.of("\u001b[2J\u009b\0\u007f"));
        assertEquals("\"a\\x2028b\"", LogValue.of("a\u2028b"));
    }

    @ParameterizedTest
    @CsvSource({
        "\u200b, 200b", // zero-width space
        "\u200d, 200d", // zero-width joiner
        "\ufeff, feff", // byte order mark
        "\u202e, 202e", // right-to-left override
        "\u2066, 2066", // left-to-right isolate
        "\u061c, 61c", // Arabic letter mark
        "\u2029, 2029", // paragraph separator
        "\ud800, d800", // half of a surrogate pair
        "\udb40\udc41, e0041", // a tag
    })
    void what_is_not_seen_or_changes_how_others_are_seen_is_written_out(String character, String code) {
        assertEquals("\"a\\x" + code + "b\"", LogValue.of("a" + character + "b"));
    }

    @Test
    void a_long_value_is_cut_at_160_characters_however_wide() {
        assertEquals("x".repeat(160), LogValue.of("x".repeat(160)));
        assertEquals("\"" + "x".repeat(160) + "…\"", LogValue.of("x".repeat(161)));
        assertEquals("\"" + "𝄞".repeat(160) + "…\"", LogValue.of("𝄞".repeat(1_000_000)));
        assertTrue(LogValue.of("\0".repeat(1_000)).length() < 700);
    }
}
