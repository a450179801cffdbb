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
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiException;

/**
 * Mutes whoever talks. Pressed again soon by the same caller, it takes that back; whom it muted, and when, is kept in a variable
 * of the caller's channel, so that any server knows it.
 */
final class Talkers {

    static final Code<Turn> CODE = Code.asking(
            Asks.NOTHING,
            "conference_mute_talking",
            "*13",
            "mute who is talking, or take it back",
            new Meaning<>(
                    Talkers::choices,
                    (press, turn, among) ->
                            List.of(Word.who(press.moderation(), turn.people().get(0))),
                    Prompt.NOBODY_TALKS,
                    Moderation.NOBODY_TALKS),
            Talkers::apply);

    private static final String MUTED = "CONFCODES_TALKERS";
    private static final int SECONDS = 30;

    private Talkers() {}

    /**
     * What can be done.
     *
     * @param operation MUTE one, or UNMUTE those who were muted before
     * @param people to whom
     */
    private record Turn(Operation operation, List<Participant> people) {}

    private static List<Turn> choices(Press press) throws AgiException {
        List<String> memory = List.of(press.phone().variable(MUTED).split(" "));
        long since = memory.get(0).matches("[0-9]{1,12}") ? Long.parseLong(memory.get(0)) : 0;
        List<Participant> muted = press.moderation().others().stream()
                .filter(p -> p.muted() && memory.contains(p.uniqueId()))
                .toList();
        return !muted.isEmpty() && Instant.now().getEpochSecond() - since <= SECONDS
                ? List.of(new Turn(Operation.UNMUTE, muted))
                : press.moderation().talking().stream()
                        .map(p -> new Turn(Operation.MUTE, List.of(p)))
                        .toList();
    }

    private static Result apply(Press press, List<Turn> chosen) throws PbxException, AgiException {
        boolean isMute = chosen.get(0).operation() == Operation.MUTE;
        List<Participant> people =
                chosen.stream().flatMap(turn -> turn.people().stream()).toList();
        Participant first = people.get(0);
        Moderation moderation = press.moderation();
        Outcome outcome;
        int count = 1;
        if (people.size() == 1) {
            outcome = moderation.apply(chosen.get(0).operation(), first, first.channel());
        } else {
            Moderation.Tally tally = moderation.applyToEach(chosen.get(0).operation(), people);
            outcome = tally.outcome();
            count = tally.count();
        }
        if (outcome.isDone()) {
            String ids = people.stream().map(Participant::uniqueId).collect(Collectors.joining(" "));
            press.phone().setVariable(MUTED, isMute ? Instant.now().getEpochSecond() + " " + ids : "");
        }
        List<Word> words = Stream.concat(
                        count == people.size()
                                ? people.stream().map(p -> Word.who(moderation, p))
                                : Stream.of(new Word.Counted(count)),
                        Word.said(isMute ? Prompt.MUTED : Prompt.UNMUTED).stream())
                .toList();
        return Result.of(outcome, words)
                .telling(people, Word.said(isMute ? Prompt.YOU_ARE_MUTED : Prompt.YOU_ARE_UNMUTED));
    }
}
