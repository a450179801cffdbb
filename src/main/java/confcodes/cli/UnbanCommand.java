package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes unban CONF NUMBER}. */
@Command(name = "unban", description = "Let a banned number return.")
final class UnbanCommand extends ConferenceCommand {

    @Parameters(index = "1", paramLabel = "NUMBER", description = "The number.")
    private String number;

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        Outcome outcome = moderation(pbx).speech().unban(number);
        return output.outcome(conference(), outcome, "unbanned " + number + " of " + conference());
    }
}
