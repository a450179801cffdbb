package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import java.util.List;
import org.asteriskjava.fastagi.AgiException;

/**
 * Reads out the participants' numbers in the order of Asterisk's list, until any key is pressed. Who withholds his number is
 * told by his position.
 */
final class RollCallScript extends CodeScript {

    RollCallScript(String code, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) {
        List<Participant> participants = moderation.participants();
        return Result.of(Outcome.DONE, to -> readOut(participants, to));
    }

    private static void readOut(List<Participant> participants, Phone phone) throws AgiException {
        char key = 0;
        for (int i = 0; i < participants.size() && key == 0 && phone.hasTime(); i++) {
            String number = participants.get(i).number();
            if (number.isEmpty()) {
                key = phone.sayCountUntilKey(i + 1);
                key = key == 0 ? phone.sayUntilKey(Prompt.WITHHELD) : key;
            } else {
                key = phone.spellUntilKey(number);
            }
        }
        phone.say(Prompt.ROLL_CALLED);
    }
}
