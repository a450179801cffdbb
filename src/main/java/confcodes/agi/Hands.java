package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Speech;
import confcodes.conference.Status;
import java.util.List;
import java.util.Optional;

/** Raises and lowers the caller's hand, and gives the floor to whoever has raised theirs first. */
final class Hands {

    static final Code<String> CHANGE = Code.plain(
                    "conference_hand",
                    "*25",
                    "raise one's hand, or lower it",
                    moderation -> change(moderation.speech()))
            .forEverybody();

    static final Code<String> FLOOR =
            Code.plain("conference_floor", "*23", "give the floor to the hand that waits longest", moderation -> {
                Speech.Floor floor = moderation.speech().giveFloor();
                return Result.of(floor.outcome(), words(floor.given(), moderation.participants()))
                        .telling(floor.given(), Word.said(Prompt.YOU_ARE_UNMUTED))
                        .telling(floor.taken(), Word.said(Prompt.YOU_ARE_MUTED));
            });

    private Hands() {}

    private static Result change(Speech speech) throws PbxException {
        Optional<Boolean> raised = speech.changeHand();
        if (raised.isEmpty()) {
            return Result.not(Status.NOCONFERENCE, "the caller is in no conference yet");
        }
        return raised.get()
                ? Result.of(Outcome.DONE, Word.said(Prompt.HAND_RAISED))
                        .tellingModerators(speech.toTell(), Word.said(Prompt.HAND))
                : Result.of(Outcome.DONE, Word.said(Prompt.HAND_LOWERED));
    }

    private static List<Word> words(List<Participant> given, List<Participant> among) {
        return given.isEmpty()
                ? List.of()
                : List.of(
                        new Word.Spelled(OneParticipant.shortened(given.get(0).label(among))),
                        new Word.Said(Prompt.FLOOR_GIVEN));
    }
}
