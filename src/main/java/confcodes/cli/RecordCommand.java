package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes record CONF start|stop}. */
@Command(name = "record", description = "Start recording a conference, or stop it.")
final class RecordCommand extends ConferenceCommand {

    /** What to do. */
    enum Change {
        START,
        STOP
    }

    @Parameters(index = "0", paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    @Parameters(index = "1", paramLabel = "start|stop", description = "Which of the two.")
    private Change change;

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        boolean start = change == Change.START;
        Outcome outcome = Moderation.fromOutside(pbx, checked(conference)).record(start);
        output.outcome(conference, outcome, start ? "recording " + conference : "stopped recording " + conference);
        return exitCode(outcome);
    }
}
