package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import org.asteriskjava.fastagi.AgiException;

/** Does something to the one participant whose number the caller types. */
final class ParticipantScript extends CodeScript {

    private static final int MOST_CHOICES = 9;
    private static final int LONGEST_SPELT = 6;
    private static final int END_OF_LONG = 4;

    private final Operation operation;
    private final Prompt done;

    ParticipantScript(String code, Operation operation, Prompt done, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
        this.operation = operation;
        this.done = done;
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) throws PbxException, AgiException {
        return Asking.ask(
                phone,
                request.number(),
                settings().attempts(),
                Phone::readNumber,
                Prompt.NOT_FOUND,
                Result.not(Status.NOTFOUND, "nobody here has this number"),
                number -> applyTo(number, moderation, phone));
    }

    private Result applyTo(String number, Moderation moderation, Phone phone) throws PbxException, AgiException {
        List<Participant> meant = moderation.whom(operation, number);
        if (meant.isEmpty()) {
            return null;
        }
        if (meant.size() > MOST_CHOICES) {
            return Result.not(Status.AMBIGUOUS, meant.size() + " participants fit");
        }
        int choice = meant.size() == 1 ? 1 : choose(meant, phone);
        if (choice == 0) {
            return Result.not(Status.AMBIGUOUS, "none of " + meant.size() + " chosen");
        }
        Participant chosen = meant.get(choice - 1);
        return Result.of(moderation.apply(operation, chosen, number), to -> {
            to.spell(shortened(label(chosen, meant)));
            to.say(done);
        });
    }

    /** Reads out the choices, again after a digit that is none of them; returns the one chosen, from 1, or 0. */
    private int choose(List<Participant> meant, Phone phone) throws AgiException {
        for (int attempt = 1; attempt <= settings().attempts() && phone.hasTime(); attempt++) {
            char key = readOut(meant, phone);
            if (key == 0) {
                key = phone.waitForKey();
            }
            int choice = key - '0';
            if (choice >= 1 && choice <= meant.size()) {
                return choice;
            }
            if (key == 0 || key == '*') {
                return 0;
            }
            phone.say(Prompt.INVALID_DIGIT);
        }
        return 0;
    }

    private static char readOut(List<Participant> meant, Phone phone) throws AgiException {
        char key = 0;
        for (int i = 0; i < meant.size() && key == 0; i++) {
            key = phone.sayUntilKey(Prompt.CHOOSE);
            key = key == 0 ? phone.spellUntilKey(Integer.toString(i + 1)) : key;
            key = key == 0 ? phone.sayUntilKey(Prompt.CHOOSE_FOR) : key;
            key = key == 0 ? phone.spellUntilKey(label(meant.get(i), meant)) : key;
        }
        return key;
    }

    /** The end of a long number says who it was: eleven digits would keep the caller out for ten seconds. */
    private static String shortened(String label) {
        return label.length() > LONGEST_SPELT ? label.substring(label.length() - END_OF_LONG) : label;
    }

    /** What tells a participant from the others: the number, or the endpoint when there is none or others have the same. */
    private static String label(Participant participant, List<Participant> among) {
        long same = among.stream()
                .filter(other -> other.number().equals(participant.number()))
                .count();
        return participant.number().isEmpty() || same > 1 ? participant.endpoint() : participant.number();
    }
}
