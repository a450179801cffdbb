package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes conferences}. */
@Command(name = "conferences", aliases = "rooms", description = "List the conferences that exist now.")
final class ConferencesCommand extends PbxCommand {

    @Override
    boolean canChange() {
        return false;
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        output.conferences(pbx.conferences());
        return Outcome.DONE;
    }
}
