package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Parameters;

/** What lock and unlock have in common. */
abstract class LockingCommand extends ConferenceCommand {

    private final boolean locked;
    private final String done;

    @Parameters(paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    LockingCommand(boolean locked, String done) {
        this.locked = locked;
        this.done = done;
    }

    @Override
    final int run(Pbx pbx, Output output) throws PbxException {
        Outcome outcome = Moderation.fromOutside(pbx, checked(conference)).lock(locked);
        output.outcome(conference, outcome, done + " " + conference);
        return exitCode(outcome);
    }
}
