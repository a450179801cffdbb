package confcodes.cli;

import confcodes.conference.Operation;
import picocli.CommandLine.Command;

/** {@code confcodes mute CONF WHO}. */
@Command(name = "mute", description = "Mute a participant, or everyone but administrators.")
final class MuteCommand extends ParticipantCommand {

    MuteCommand() {
        super(Operation.MUTE, "muted");
    }
}
