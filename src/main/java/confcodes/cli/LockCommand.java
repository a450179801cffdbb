package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes lock CONF}. */
@Command(name = "lock", description = "Lock a conference, so that only administrators can join.")
final class LockCommand extends ConferenceCommand {

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        return output.outcome(conference(), pbx.lock(conference(), true), "locked " + conference());
    }
}
