package confcodes.cli;

import confcodes.conference.Operation;
import picocli.CommandLine.Command;

/** {@code confcodes kick CONF WHO}. */
@Command(name = "kick", description = "Remove a participant from a conference, or everyone but administrators.")
final class KickCommand extends ParticipantCommand {

    KickCommand() {
        super(Operation.KICK, "kicked");
    }
}
