package confcodes.agi;

import confcodes.conference.Invitation;
import confcodes.conference.Moderation;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import org.asteriskjava.fastagi.AgiException;

/** Calls the number that the caller types into the conference. */
final class AddScript extends CodeScript {

    AddScript(String code, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) throws PbxException, AgiException {
        return Asking.ask(
                phone,
                request.number(),
                settings().attempts(),
                Phone::readNumber,
                Prompt.NOT_FOUND,
                Result.not(Status.NOTFOUND, "only digits can be called"),
                number -> Invitation.isNumber(number)
                        ? Result.of(moderation.invite(settings().invitations().to(number)), to -> {
                            to.spell(number);
                            to.say(Prompt.INVITED);
                        })
                        : null);
    }
}
