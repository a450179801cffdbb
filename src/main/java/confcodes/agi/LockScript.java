package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import org.asteriskjava.fastagi.AgiException;

/** Locks the conference on the digit 0, unlocks it on 1. */
final class LockScript extends CodeScript {

    LockScript(String code, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) throws PbxException, AgiException {
        return Asking.ask(
                phone,
                request.number(),
                settings().attempts(),
                Phone::readDigit,
                Prompt.INVALID_DIGIT,
                Result.not(Status.CANCELLED, "0 locks, 1 unlocks"),
                digit -> switch (digit) {
                    case "0" -> Result.of(moderation.lock(true), to -> to.say(Prompt.LOCKED));
                    case "1" -> Result.of(moderation.lock(false), to -> to.say(Prompt.UNLOCKED));
                    default -> null;
                });
    }
}
