package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.util.List;
import picocli.CommandLine.Command;

/** {@code confcodes list CONF}. */
@Command(name = "list", description = "List the participants of a conference.")
final class ListCommand extends ConferenceCommand {

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        List<Participant> participants = pbx.participants(conference());
        if (participants.isEmpty()) {
            return output.outcome(conference(), Outcome.noConference(conference()), "");
        }
        output.participants(participants);
        return Outcome.DONE;
    }
}
