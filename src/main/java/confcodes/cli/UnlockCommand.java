package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes unlock CONF}. */
@Command(name = "unlock", description = "Unlock a conference.")
final class UnlockCommand extends ConferenceCommand {

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        return output.outcome(conference(), pbx.lock(conference(), false), "unlocked " + conference());
    }
}
