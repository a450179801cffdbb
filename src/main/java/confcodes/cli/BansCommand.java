package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes bans CONF}. */
@Command(name = "bans", description = "List the numbers that are banned from a conference.")
final class BansCommand extends ListingCommand {

    @Override
    void print(Moderation moderation, Output output) throws PbxException {
        output.numbers(moderation.speech().bans());
    }
}
