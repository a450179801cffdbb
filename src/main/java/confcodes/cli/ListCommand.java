package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes list CONF}. */
@Command(name = "list", description = "List the participants of a conference.")
final class ListCommand extends ConferenceCommand {

    @Override
    boolean canChange() {
        return false;
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        Moderation moderation = moderation(pbx);
        if (moderation.participants().isEmpty()) {
            return output.outcome(conference(), Outcome.noConference(conference()), "");
        }
        output.participants(moderation.participants(), moderation.speech().standings());
        return Outcome.DONE;
    }
}
