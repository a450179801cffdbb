package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import java.util.List;

/** Says how many are in the conference, the caller included. */
final class Count {

    static final Code<String> CODE =
            Code.plain("conference_count", "*21", "say how many are in the conference", moderation -> {
                int count = moderation.participants().size();
                return Result.of(
                        Outcome.DONE,
                        count == 1
                                ? Word.said(Prompt.ALONE)
                                : List.of(
                                        new Word.Said(Prompt.COUNT),
                                        new Word.Counted(count),
                                        new Word.Said(Prompt.COUNTED)));
            });

    private Count() {}
}
