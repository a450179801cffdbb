package confcodes.cli;

import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.util.List;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code confcodes list CONF}. */
final class ListCommand extends ConferenceCommand {

    private final PositionalParamSpec conference = conferenceArgument();

    ListCommand() {
        super("list", "List the participants of a conference.");
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = conference.getValue();
        List<Participant> participants = pbx.participants(name);
        if (participants.isEmpty()) {
            Outcome none = Outcome.noConference(name);
            output.outcome(name, none, "");
            return exitCode(none);
        }
        output.participants(participants);
        return Confcodes.DONE;
    }
}
