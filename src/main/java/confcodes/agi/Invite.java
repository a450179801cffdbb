package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Result;
import confcodes.conference.Invitation;
import confcodes.conference.Outcome;
import confcodes.conference.Status;
import java.util.List;

/** Calls the number that the caller types into the conference. */
final class Invite {

    static final Code<String> CODE = Code.asking(
            Asks.NUMBER,
            "conference_add",
            "*5",
            "invite somebody by number",
            Meaning.oneOrNone(
                    press -> Invitation.isNumber(press.keys()) ? List.of(press.keys()) : List.of(),
                    Prompt.NOT_FOUND,
                    Outcome.of(Status.NOTFOUND, "only digits can be called")),
            (press, chosen) -> Result.of(
                    press.calls().call(press.moderation().conference(), press.keys()),
                    List.of(new Word.Spelled(press.keys()), new Word.Said(Prompt.INVITED))));

    private Invite() {}
}
