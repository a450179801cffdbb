package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Meaning;
import confcodes.agi.Code.Press;
import confcodes.agi.Code.Result;
import confcodes.conference.Admission;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.asteriskjava.fastagi.AgiException;

/**
 * Reads out one participant after the other, whoever joined last first, and does what the keys say to the one who is being read
 * out. Each is one Read with the words in it: a key counts for them and for nobody else. Without a key they are read out again:
 * if the next one followed, a late key would hit that one. It is the roll of the beginning; before each act the conference is
 * listed anew.
 */
final class RollCallAct {

    static final Code<String> CODE = Code.asking(
            Asks.NOTHING,
            "conference_roll_call_act",
            "*26",
            "roll call to act on, the newest first",
            Meaning.oneOrNone(press -> List.of(press.keys()), Prompt.NOT_FOUND, Outcome.DONE),
            (press, chosen) -> new RollCallAct(press).run());

    private static final String MUTE_OR_UNMUTE = "1";
    private static final String KICK = "3";

    private final Press press;
    private final List<Participant> roll;
    private int at;

    private RollCallAct(Press press) {
        this.press = press;
        this.roll = press.moderation().participants();
        this.at = roll.size() - 1;
    }

    private Result run() throws PbxException, AgiException {
        String act = "";
        while (at >= 0) {
            Admission admission = press.repeat().admission();
            if (admission instanceof Admission.Refused refused) {
                return Result.not(refused.outcome());
            }
            Moderation now = ((Admission.Granted) admission).moderation();
            Optional<Participant> one = now.participants().stream()
                    .filter(p -> p.channel().equals(roll.get(at).channel()))
                    .findFirst();
            List<Word> words = who();
            if (!act.isEmpty()) {
                words.add(new Word.Said(apply(act, now, one.orElse(roll.get(at)))));
            } else if (one.isEmpty()) {
                at--;
                continue;
            } else if (one.get().muted()) {
                words.add(new Word.Said(Prompt.MUTED));
            }
            Typed typed = press.dialog().key(words);
            if (typed instanceof Typed.Cancelled) {
                break;
            }
            act = move(typed);
        }
        return Result.of(Outcome.DONE, Word.said(Prompt.ROLL_CALLED));
    }

    private List<Word> who() {
        return new ArrayList<>(List.of(Word.who(press.moderation(), roll.get(at))));
    }

    /** Goes where a key says; returns what is to be done there, if anything. */
    private String move(Typed typed) throws AgiException {
        String key = typed instanceof Typed.Keys keys ? keys.keys() : "";
        switch (key) {
            case MUTE_OR_UNMUTE -> {
                return key;
            }
            case KICK -> {
                List<Word> words = who();
                words.add(new Word.Said(Prompt.CONFIRM_ONE));
                return press.dialog().key(words).equals(new Typed.Keys("1")) ? KICK : "";
            }
            case "6" -> at--;
            case "4" -> at = Math.min(at + 1, roll.size() - 1);
            case "9" -> at = position().filter(p -> p >= 1 && p <= roll.size()).orElse(at + 1) - 1;
            default -> {
                // Read out again.
            }
        }
        return "";
    }

    private Optional<Integer> position() throws AgiException {
        Typed typed = press.phone().readAfterTone(Phone.READ_ALL);
        String keys = typed instanceof Typed.Keys complete
                ? complete.keys()
                : typed instanceof Typed.Paused paused ? paused.keys() : "";
        return keys.matches("[0-9]{1,9}") ? Optional.of(Integer.parseInt(keys)) : Optional.empty();
    }

    private Prompt apply(String act, Moderation now, Participant one) throws PbxException {
        Operation operation = act.equals(KICK) ? Operation.KICK : one.muted() ? Operation.UNMUTE : Operation.MUTE;
        Outcome outcome = now.apply(operation, one, one.channel());
        Prompt news = operation == Operation.MUTE ? Prompt.YOU_ARE_MUTED : Prompt.YOU_ARE_UNMUTED;
        List<Participant> told = operation == Operation.KICK ? List.of() : List.of(one);
        press.repeat()
                .report(
                        operation.name().toLowerCase(Locale.ROOT),
                        Result.of(outcome, List.of()).telling(told, Word.said(news)));
        if (!outcome.isDone()) {
            return Prompt.of(outcome.status());
        }
        return switch (operation) {
            case MUTE -> Prompt.MUTED;
            case UNMUTE -> Prompt.UNMUTED;
            case KICK -> Prompt.KICKED;
        };
    }
}
