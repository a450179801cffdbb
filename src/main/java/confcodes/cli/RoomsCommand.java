package confcodes.cli;

import confcodes.conference.Pbx;
import confcodes.conference.PbxException;

/** {@code confcodes rooms}. */
final class RoomsCommand extends ConferenceCommand {

    RoomsCommand() {
        super("rooms", "List the conferences that exist now.");
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        output.conferences(pbx.conferences());
        return Confcodes.DONE;
    }
}
