package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Press;
import confcodes.agi.Code.Result;
import confcodes.conference.Match;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Speech;
import confcodes.conference.Status;
import java.util.List;

/** Mutes, unmutes, kicks or bans the one participant whose number the caller types, or all who have that number. */
final class OneParticipant {

    static final Code<Match> MUTE = code(
            "conference_mute",
            "*6",
            "mute a participant by number",
            Operation.MUTE,
            Prompt.MUTED,
            Word.said(Prompt.YOU_ARE_MUTED));
    static final Code<Match> UNMUTE = code(
            "conference_unmute",
            "*7",
            "unmute a participant by number",
            Operation.UNMUTE,
            Prompt.UNMUTED,
            Word.said(Prompt.YOU_ARE_UNMUTED));
    static final Code<Match> KICK = code(
                    "conference_kick", "*8", "kick a participant by number", Operation.KICK, Prompt.KICKED, List.of())
            .confirmedBy(OneParticipant::confirmation);

    static final Code<Match> BAN = Code.asking(
                    Asks.NUMBER,
                    "conference_ban",
                    "*48",
                    "ban a participant by number",
                    meaning(Operation.KICK),
                    OneParticipant::ban)
            .confirmedBy(OneParticipant::confirmation);

    private static final int LONGEST_SPELLED = 6;
    private static final int END_OF_LONG = 4;

    private OneParticipant() {}

    private static Code<Match> code(
            String name, String key, String summary, Operation operation, Prompt done, List<Word> news) {
        return Code.asking(
                Asks.NUMBER,
                name,
                key,
                summary,
                meaning(operation),
                (press, chosen) -> chosen.size() == 1
                        ? apply(operation, done, press, chosen.get(0)).telling(people(chosen), news)
                        : applyToEach(operation, done, press, chosen).telling(people(chosen), news));
    }

    private static Meaning<Match> meaning(Operation operation) {
        return new Meaning<>(
                press -> press.moderation().matching(operation, press.keys()),
                (press, match, among) -> List.of(who(press, match, match.label(among))),
                Prompt.NOT_FOUND,
                Outcome.of(Status.NOTFOUND, "nobody here has this number"));
    }

    /** The first who cannot be banned ends it. */
    private static Result ban(Press press, List<Match> chosen) throws PbxException {
        for (Match match : chosen) {
            Outcome outcome = press.moderation().speech().ban(match.participant());
            if (outcome.equals(Speech.WITHHELD)) {
                return Result.saying(outcome, Word.said(Prompt.BAN_WITHHELD));
            }
            if (!outcome.isDone()) {
                return Result.not(outcome);
            }
        }
        Match first = chosen.get(0);
        Word who =
                chosen.size() > 1 ? new Word.Counted(chosen.size()) : new Word.Spelled(shortened(first.label(chosen)));
        Outcome outcome = chosen.size() > 1 ? Outcome.DONE : Outcome.done(first.participant());
        return Result.of(outcome, List.of(who, new Word.Said(Prompt.BANNED)));
    }

    private static List<Participant> people(List<Match> matches) {
        return matches.stream().map(Match::participant).toList();
    }

    private static Result apply(Operation operation, Prompt done, Press press, Match match) throws PbxException {
        Moderation moderation = press.moderation();
        String label = match.label(moderation.matching(operation, press.keys()));
        return Result.of(
                moderation.apply(operation, match.participant(), press.keys()),
                List.of(who(press, match, match.isEnd() ? label : shortened(label)), new Word.Said(done)));
    }

    private static Result applyToEach(Operation operation, Prompt done, Press press, List<Match> chosen)
            throws PbxException {
        Moderation.Tally tally = press.moderation().applyToEach(operation, people(chosen));
        return Result.of(tally.outcome(), List.of(new Word.Counted(tally.count()), new Word.Said(done)));
    }

    /** Several, and one whose number only ends so, are kicked after a confirmation. */
    private static List<Word> confirmation(Press press, List<Match> chosen) {
        if (chosen.size() > 1) {
            return List.of(new Word.Counted(chosen.size()), new Word.Said(Prompt.CONFIRM));
        }
        Match match = chosen.get(0);
        return match.isEnd()
                ? List.of(who(press, match, match.label(chosen)), new Word.Said(Prompt.CONFIRM_ONE))
                : List.of();
    }

    private static Word who(Press press, Match match, String label) {
        return Word.Person.of(press.moderation().conference(), match.participant(), new Word.Spelled(label));
    }

    /** The end of a long number says who it was: eleven digits would keep the caller out for ten seconds. */
    static String shortened(String label) {
        return label.length() > LONGEST_SPELLED ? label.substring(label.length() - END_OF_LONG) : label;
    }
}
