package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code confcodes record CONF start|stop}. */
final class RecordCommand extends ConferenceCommand {

    /** What to do. */
    enum Change {
        START,
        STOP
    }

    private final PositionalParamSpec conference = conferenceArgument();
    private final PositionalParamSpec change =
            Specs.argument(spec(), "start|stop", Change.class, true, "Which of the two.");

    RecordCommand() {
        super("record", "Start recording a conference, or stop it.");
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = conference.getValue();
        boolean start = change.getValue() == Change.START;
        Outcome outcome = Moderation.fromOutside(pbx, name).record(start);
        output.outcome(name, outcome, start ? "recording " + name : "stopped recording " + name);
        return exitCode(outcome);
    }
}
