package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sound's name is, who is a peer, and what a value looks like in the log. */
class ValuesTest {

    @ParameterizedTest
    @EnumSource(Prompt.class)
    void every_default_is_the_name_of_sound_files(Prompt prompt) {
        assertTrue(Prompt.isSound(prompt.defaultSound()));
    }

    @Test
    void a_prompt_s_key_is_its_name_in_the_words_of_settings() {
        assertEquals("prompt-all-muted", Prompt.ALL_MUTED.key());
    }

    @ParameterizedTest
    @ValueSource(strings = {"beep", "custom/muted", "digits/1&digits/2", "/var/sounds/muted", "my_sound-1.v2"})
    void sound_files_are_joined_by_an_ampersand(String sound) {
        assertTrue(Prompt.isSound(sound));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "&", "a&", "&a", "a&&b", "a b", "a,b", "a|b", "a\"", "a\n", "${X}", "a\\b"})
    void what_would_be_more_to_asterisk_than_a_name_is_refused(String sound) {
        assertFalse(Prompt.isSound(sound));
    }

    @ParameterizedTest
    @CsvSource({
        "loopback, 127.0.0.1, true",
        "loopback, 127.8.9.10, true",
        "loopback, ::1, true",
        "loopback, 128.0.0.1, false",
        "loopback, ::2, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.99/24, 192.0.2.1, true",
        "10.16.0.0/12, 10.31.255.255, true",
        "10.16.0.0/12, 10.32.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "::ffff:192.0.2.7, 192.0.2.7, true",
        "'loopback, 192.0.2.7,10.0.0.0/8', 127.0.0.1, true",
        "'loopback, 192.0.2.7,10.0.0.0/8', ::1, true",
        "'loopback, 192.0.2.7,10.0.0.0/8', 192.0.2.7, true",
        "'loopback, 192.0.2.7,10.0.0.0/8', 10.1.2.3, true",
        "'loopback, 192.0.2.7,10.0.0.0/8', 192.0.2.8, false",
    })
    void a_peer_is_served_if_it_is_in_a_network(String peers, String peer, boolean served) throws UnknownHostException {
        assertEquals(served, Peers.parse(peers).serves(InetAddress.getByName(peer)));
    }

    @Test
    void what_is_no_address_is_refused() {
        String refused = " ;,;loopback,;pbx.example.org;localhost;10;10/8;1.2.3;1.2.3.256;192.0.2.0/33;192.0.2.0/-1;"
                + "192.0.2.0/;192.0.2.0/x;2001:db8::/129;:::;*;192.0.2.1 192.0.2.2";
        for (String peers : refused.split(";")) {
            assertThrows(IllegalArgumentException.class, () -> Peers.parse(peers.strip()), peers);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"101", "PJSIP/101-0000001a", "Local/100@conf-00000003;2", "+79161234567", "conference_mute"})
    void one_word_is_logged_as_it_is(String value) {
        assertEquals(value, LogValue.of(value));
    }

    @ParameterizedTest
    @NullAndEmptySource
    void nothing_is_logged_as_a_hyphen(String value) {
        assertEquals("-", LogValue.of(value));
    }

    /** In quotes, and what is not seen or changes how others are seen by its code. */
    @ParameterizedTest
    @CsvSource({
        "board meeting, board meeting",
        "a=b, a=b",
        "комната, комната",
        "'a\"b\\c', 'a\\\"b\\\\c'",
        "a\u2028b, a\\x2028b", // line separator
        "a\u2029b, a\\x2029b", // paragraph separator
        "a\u200bb, a\\x200bb", // zero-width space
        "a\u200db, a\\x200db", // zero-width joiner
        "a\ufeffb, a\\xfeffb", // byte order mark
        "a\u202eb, a\\x202eb", // right-to-left override
        "a\u2066b, a\\x2066b", // left-to-right isolate
        "a\u061cb, a\\x61cb", // Arabic letter mark
        "a\ud800b, a\\xd800b", // half of a surrogate pair
        "a\udb40\udc41b, a\\xe0041b", // a tag
    })
    void what_could_be_taken_for_something_else_is_quoted(String value, String quoted) {
        assertEquals("\"" + quoted + "\"", LogValue.of(value));
    }

    @Test
    void control_characters_are_written_out() {
        assertEquals("\"1\\x0d\\x0aAction: Command\"", LogValue.of("1\r\nAction: Command"));
        assertEquals("\"\\x1b[2J\\x9b\\x00\\x7f\"", LogValue.of("\u001b[2J\u009b\0\u007f"));
    }

    @Test
    void a_long_value_is_cut_at_160_characters_however_wide() {
        assertEquals("x".repeat(160), LogValue.of("x".repeat(160)));
        assertEquals("\"" + "x".repeat(160) + "…\"", LogValue.of("x".repeat(161)));
        assertEquals("\"" + "𝄞".repeat(160) + "…\"", LogValue.of("𝄞".repeat(1_000_000)));
        assertTrue(LogValue.of("\0".repeat(1_000)).length() < 700);
    }
}
