package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes list CONF}. */
@Command(name = "list", description = "List the participants of a conference.")
final class ListCommand extends ConferenceCommand {

    @Parameters(paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        List<Participant> participants = pbx.participants(checked(conference));
        if (participants.isEmpty()) {
            Outcome none = Outcome.of(Status.NOCONFERENCE, "no conference " + conference);
            output.outcome(conference, none, "");
            return exitCode(none);
        }
        output.participants(participants);
        return Confcodes.DONE;
    }
}
