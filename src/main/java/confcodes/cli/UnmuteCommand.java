package confcodes.cli;

import confcodes.conference.Operation;
import picocli.CommandLine.Command;

/** {@code confcodes unmute CONF WHO}. */
@Command(name = "unmute", description = "Unmute a participant, or everyone but administrators.")
final class UnmuteCommand extends ParticipantCommand {

    UnmuteCommand() {
        super(Operation.UNMUTE, "unmuted");
    }
}
