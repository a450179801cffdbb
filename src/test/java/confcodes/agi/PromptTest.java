package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class PromptTest {

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
}
