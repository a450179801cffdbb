package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Pbx;
import confcodes.conference.Status;

/** Answers to names that are no service code, so that the caller hears that nothing was done. */
final class UnknownScript extends CodeScript {

    UnknownScript(Pbx pbx, AgiSettings settings) {
        super("unknown", pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) {
        return Result.not(Status.DENIED, "no such service code");
    }
}
