package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;

/** Says how many are in the conference, the caller included. */
final class CountScript extends CodeScript {

    CountScript(String code, Pbx pbx, AgiSettings settings) {
        super(code, pbx, settings);
    }

    @Override
    Result run(Moderation moderation, Phone phone, Request request) {
        int count = moderation.participants().size();
        return Result.of(Outcome.DONE, to -> {
            if (count == 1) {
                to.say(Prompt.ALONE);
                return;
            }
            to.say(Prompt.COUNT);
            to.sayCount(count);
            to.say(Prompt.COUNTED);
        });
    }
}
