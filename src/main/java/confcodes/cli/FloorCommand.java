package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes floor CONF}. */
@Command(name = "floor", description = "Give the floor to the hand that waits longest.")
final class FloorCommand extends ConferenceCommand {

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        Outcome outcome = moderation(pbx).speech().giveFloor().outcome();
        return output.outcome(conference(), outcome, outcome.channel() + " has the floor of " + conference());
    }
}
