package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code confcodes mute CONF WHO}. */
@Command(name = "mute", description = "Mute a participant, or everyone but administrators.")
final class MuteCommand extends ParticipantCommand {

    @Option(names = "--talking", description = "Whoever talks now, but administrators, in the place of WHO.")
    private boolean talking;

    MuteCommand() {
        super(Operation.MUTE, "muted");
    }

    @Override
    boolean isForSome() {
        return talking;
    }

    @Override
    List<Participant> some(Moderation moderation) {
        return moderation.talking();
    }

    @Override
    Outcome nobody() {
        return Moderation.NOBODY_TALKS;
    }
}
