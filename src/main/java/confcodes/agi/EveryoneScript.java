package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import org.asteriskjava.fastagi.AgiException;

/** Does something to everyone but administrators and the caller; kicking them takes a confirming digit. */
final class EveryoneScript extends CodeScript {

    private final Operation operation;
    private final Prompt done;

    EveryoneScript(String code, Operation operation, Prompt done, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
        this.operation = operation;
        this.done = done;
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) throws PbxException, AgiException {
        int others = moderation.others().size();
        if (operation == Operation.KICK && others == 0) {
            return Result.not(Status.NOTFOUND, "nobody but administrators is there");
        }
        if (operation == Operation.KICK) {
            phone.sayCount(others);
            phone.say(Prompt.CONFIRM);
            Phone.Input confirmation = phone.readDigit();
            if (!confirmation.digits().equals("1")) {
                return Result.not(Status.CANCELLED, "not confirmed").withNumber(confirmation.digits());
            }
        }
        return Result.of(moderation.applyToAll(operation), to -> {
            if (operation == Operation.KICK) {
                to.sayCount(others);
            }
            to.say(done);
        });
    }
}
