package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code confcodes lock CONF} and {@code unlock}. */
final class LockCommand extends ConferenceCommand {

    private final boolean locked;
    private final String done;
    private final PositionalParamSpec conference = conferenceArgument();

    LockCommand(String name, String description, boolean locked, String done) {
        super(name, description);
        this.locked = locked;
        this.done = done;
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = conference.getValue();
        Outcome outcome = Moderation.fromOutside(pbx, name).lock(locked);
        output.outcome(name, outcome, done + " " + name);
        return exitCode(outcome);
    }
}
