package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes hands CONF}. */
@Command(name = "hands", description = "List those who have raised their hand, the longest raised first.")
final class HandsCommand extends ConferenceCommand {

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
        output.participants(moderation.speech().hands(), moderation.speech().standings());
        return Outcome.DONE;
    }
}
