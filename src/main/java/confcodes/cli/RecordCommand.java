package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes record CONF start|stop}. */
@Command(name = "record", description = "Start recording a conference, or stop it.")
final class RecordCommand extends ConferenceCommand {

    @Parameters(index = "1", paramLabel = "start|stop", description = "Which of the two.")
    private Change change;

    /** What to do, as it is typed. */
    enum Change {
        start,
        stop
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        boolean start = change == Change.start;
        return output.outcome(
                conference(),
                pbx.record(conference(), start),
                (start ? "recording " : "stopped recording ") + conference());
    }
}
