package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Result;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import java.util.List;
import java.util.Optional;

/** Mutes, unmutes or kicks everyone but administrators and the caller. Kicking them is confirmed. */
final class Everyone {

    static final Code<String> MUTE = Code.plain(
            "conference_mute_all",
            "*11",
            "mute all",
            moderation -> Result.of(moderation.speech().muteAll(), Word.said(Prompt.ALL_MUTED)));

    static final Code<String> UNMUTE = Code.plain(
            "conference_unmute_all",
            "*12",
            "unmute all",
            moderation -> Result.of(moderation.speech().unmuteAll(), Word.said(Prompt.ALL_UNMUTED)));

    static final Code<List<Participant>> KICK = Code.asking(
                    Asks.NOTHING,
                    "conference_kick_all",
                    "*44",
                    "kick all",
                    Meaning.oneOrNone(
                            press -> Optional.of(press.moderation().others()).filter(o -> !o.isEmpty()).stream()
                                    .toList(),
                            Prompt.NOT_FOUND,
                            Moderation.NOBODY_ELSE),
                    (press, chosen) -> kick(press.moderation(), chosen.get(0)))
            .confirmedBy(
                    (press, chosen) -> List.of(new Word.Counted(chosen.get(0).size()), new Word.Said(Prompt.CONFIRM)));

    private Everyone() {}

    private static Result kick(Moderation moderation, List<Participant> others) throws PbxException {
        Moderation.Tally tally = moderation.applyToEach(Operation.KICK, others);
        return Result.of(tally.outcome(), List.of(new Word.Counted(tally.count()), new Word.Said(Prompt.ALL_KICKED)));
    }
}
