package confcodes.cli;

import confcodes.conference.Conference;
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
}
