package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads out the participants' numbers in the order of Asterisk's list, until any key is pressed. Each takes a few seconds at
 * most: of a long number the end is spelled. Whoever has no number that can be spelled is named by their position.
 */
final class RollCall {

    static final Code<String> CODE = Code.plain(
            "conference_roll_call",
            "*22",
            "read out the participants' numbers",
            moderation ->
                    Result.of(Outcome.DONE, words(moderation.participants())).endedByKey());

    private RollCall() {}

    private static List<Word> words(List<Participant> participants) {
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < participants.size(); i++) {
            Word.Spelled number = new Word.Spelled(participants.get(i).number());
            if (number.spellable().isEmpty()) {
                words.add(new Word.Counted(i + 1));
                words.add(new Word.Said(Prompt.WITHHELD));
            } else {
                words.add(number);
            }
        }
        words.add(new Word.Said(Prompt.ROLL_CALLED));
        return words;
    }
}
