package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Result;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import java.util.List;

/** Kicks who joined last, the usual intruder, after a confirmation; never an administrator, and never the caller. */
final class KickLast {

    static final Code<Participant> CODE = Code.asking(
                    Asks.NOTHING,
                    "conference_kick_last",
                    "*18",
                    "kick who joined last",
                    Meaning.oneOrNone(
                            press -> press.moderation().last().stream().toList(),
                            Prompt.NOT_FOUND,
                            Moderation.NOBODY_ELSE),
                    (press, chosen) -> Result.of(
                            press.moderation()
                                    .apply(
                                            Operation.KICK,
                                            chosen.get(0),
                                            chosen.get(0).channel()),
                            List.of(Word.who(press.moderation(), chosen.get(0)), new Word.Said(Prompt.KICKED))))
            .confirmedBy((press, chosen) ->
                    List.of(Word.who(press.moderation(), chosen.get(0)), new Word.Said(Prompt.CONFIRM_ONE)));

    private KickLast() {}
}
