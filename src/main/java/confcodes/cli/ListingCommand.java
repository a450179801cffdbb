package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;

/** A command that prints something of a conference that exists, and changes nothing. */
abstract class ListingCommand extends ConferenceCommand {

    /** Prints it. */
    abstract void print(Moderation moderation, Output output) throws PbxException;

    @Override
    final boolean canChange() {
        return false;
    }

    @Override
    final Outcome run(Pbx pbx, Output output) throws PbxException {
        Moderation moderation = moderation(pbx);
        if (moderation.participants().isEmpty()) {
            return output.outcome(conference(), Outcome.noConference(conference()), "");
        }
        print(moderation, output);
        return Outcome.DONE;
    }
}
