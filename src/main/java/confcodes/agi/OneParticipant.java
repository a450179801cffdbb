package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Press;
import confcodes.agi.Code.Result;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;

/** Mutes, unmutes or kicks the one participant whose number the caller types. */
final class OneParticipant {

    static final Code<Participant> MUTE =
            code("conference_mute", "*6", "mute a participant by number", Operation.MUTE, Prompt.MUTED);
    static final Code<Participant> UNMUTE =
            code("conference_unmute", "*7", "unmute a participant by number", Operation.UNMUTE, Prompt.UNMUTED);
    static final Code<Participant> KICK =
            code("conference_kick", "*8", "kick a participant by number", Operation.KICK, Prompt.KICKED);

    private static final int LONGEST_SPELLED = 6;
    private static final int END_OF_LONG = 4;

    private OneParticipant() {}

    private static Code<Participant> code(String name, String key, String summary, Operation operation, Prompt done) {
        return Code.asking(
                Asks.NUMBER,
                name,
                key,
                summary,
                new Meaning<>(
                        (moderation, number) -> moderation.matching(operation, number),
                        (participant, among) -> List.of(new Word.Spelled(participant.label(among))),
                        Prompt.NOT_FOUND,
                        Outcome.of(Status.NOTFOUND, "nobody here has this number")),
                (press, participant) -> apply(operation, done, press, participant));
    }

    private static Result apply(Operation operation, Prompt done, Press press, Participant participant)
            throws PbxException {
        Moderation moderation = press.moderation();
        String label = participant.label(moderation.matching(operation, press.keys()));
        return Result.of(
                moderation.apply(operation, participant, press.keys()),
                List.of(new Word.Spelled(shortened(label)), new Word.Said(done)));
    }

    /** The end of a long number says who it was: eleven digits would keep the caller out for ten seconds. */
    private static String shortened(String label) {
        return label.length() > LONGEST_SPELLED ? label.substring(label.length() - END_OF_LONG) : label;
    }
}
