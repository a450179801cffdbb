package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes bans CONF}. */
@Command(name = "bans", description = "List the numbers that are banned from a conference.")
final class BansCommand extends ConferenceCommand {

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
        output.numbers(moderation.speech().bans());
        return Outcome.DONE;
    }
}
