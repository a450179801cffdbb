package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Says which code does what, in the order of the list, until a key is pressed. The keys are those of a sample menu. */
final class Help {

    /** The keys of confcodes_menu_public that are others than in confcodes_menu. */
    static final Map<String, String> PUBLIC_KEYS = Map.of(
            "conference_hand", "*9",
            "conference_add", "*35",
            "conference_mute", "*36",
            "conference_unmute", "*37",
            "conference_kick", "*38",
            "conference_lock", "*7",
            "conference_mute_all", "*5",
            "conference_roll_call", "*8");

    static final Code<String> CODE = code("conference_help", Map.of(), "*10");
    static final Code<String> PUBLIC = code("conference_help_public", PUBLIC_KEYS, "*6");

    private Help() {}

    private static Code<String> code(String name, Map<String, String> others, String myself) {
        return Code.plain(
                name,
                "*0",
                "say which code does what",
                moderation -> Result.of(Outcome.DONE, words(others, myself)).endedByKey());
    }

    private static List<Word> words(Map<String, String> others, String myself) {
        List<Word> words = new ArrayList<>(say(myself, Prompt.HELP_MUTE_MYSELF));
        Codes.ALL.stream()
                .filter(code -> code != CODE)
                .forEach(code -> words.addAll(say(others.getOrDefault(code.name(), code.key()), prompt(code))));
        return words;
    }

    private static List<Word> say(String key, Prompt prompt) {
        return List.of(new Word.Said(Prompt.HELP_PRESS), new Word.Spelled(key), new Word.Said(prompt));
    }

    private static Prompt prompt(Code<?> code) {
        return Prompt.valueOf(code.name().replace("conference_", "HELP_").toUpperCase(Locale.ROOT));
    }
}
