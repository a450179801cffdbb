package confcodes.cli;

import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes rooms}. */
@Command(name = "rooms", description = "List the conferences that exist now.")
final class RoomsCommand extends ConferenceCommand {

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        output.conferences(pbx.conferences());
        return Confcodes.DONE;
    }
}
