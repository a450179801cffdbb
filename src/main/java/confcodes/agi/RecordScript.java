package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;

/** Starts recording the conference, or stops it when it is being recorded. */
final class RecordScript extends CodeScript {

    RecordScript(String code, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) throws PbxException {
        Outcome started = moderation.record(true);
        return started.status() == Status.NOTFOUND
                ? Result.of(moderation.record(false), to -> to.say(Prompt.RECORDED))
                : Result.of(started, to -> to.say(Prompt.RECORDING));
    }
}
