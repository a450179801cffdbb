package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes list CONF}. */
@Command(name = "list", description = "List the participants of a conference.")
final class ListCommand extends ListingCommand {

    @Override
    void print(Moderation moderation, Output output) throws PbxException {
        output.participants(moderation.participants(), moderation.speech().standings());
    }
}
