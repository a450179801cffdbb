package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Reads out who is in the conference, whoever joined last first, until any key is pressed. */
final class RollCall {

    static final Code<String> CODE = Code.plain(
            "conference_roll_call",
            "*22",
            "read out the participants, the newest first",
            moderation -> Result.of(Outcome.DONE, words(moderation)).endedByKey());

    private RollCall() {}

    private static List<Word> words(Moderation moderation) {
        List<Word> words = new ArrayList<>();
        words.add(new Word.Said(Prompt.ROLL_CALLED));
        moderation.participants().forEach(one -> words.add(Word.who(moderation, one)));
        Collections.reverse(words);
        return words;
    }
}
