package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes hands CONF}. */
@Command(name = "hands", description = "List those who have raised their hand, the longest raised first.")
final class HandsCommand extends ListingCommand {

    @Override
    void print(Moderation moderation, Output output) throws PbxException {
        output.participants(moderation.speech().hands(), moderation.speech().standings());
    }
}
