package confcodes.cli;

import confcodes.conference.Conference;
import confcodes.conference.Moderation;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Parameters;

/** A command about one conference. */
abstract class ConferenceCommand extends PbxCommand {

    @Parameters(index = "0", paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    @Override
    final String conference() {
        return conference;
    }

    @Override
    void checkArguments() {
        if (!Conference.isName(conference)) {
            throw usageError("CONF is 1 to 79 characters without control characters");
        }
    }

    /** {@return the conference as it is now} */
    final Moderation moderation(Pbx pbx) throws PbxException {
        return Moderation.fromOutside(pbx, settings().get(Setting.MUTES_HOLD), conference);
    }
}
