package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import confcodes.conference.Status;
import java.util.List;

/** Locks the conference on the key 0, unlocks it on 1. */
final class Lock {

    static final Code<Boolean> CODE = Code.asking(
            Asks.ONE_KEY,
            "conference_lock",
            "*9",
            "lock the conference or unlock it",
            Meaning.oneOrNone(
                    press -> press.keys().matches("[01]") ? List.of(press.keys().equals("0")) : List.of(),
                    Prompt.INVALID_DIGIT,
                    Outcome.of(Status.CANCELLED, "0 locks, 1 unlocks")),
            (press, chosen) -> Result.of(
                    press.moderation().lock(chosen.get(0)),
                    Word.said(chosen.get(0) ? Prompt.LOCKED : Prompt.UNLOCKED)));

    private Lock() {}
}
