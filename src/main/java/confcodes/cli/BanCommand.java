package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;

/** {@code confcodes ban CONF WHO}. */
@Command(name = "ban", description = "Remove a participant, and refuse their number until the conference ends.")
final class BanCommand extends ParticipantCommand {

    BanCommand() {
        super(Operation.KICK, "banned");
    }

    @Override
    void checkArguments() {
        super.checkArguments();
        if (isForAll()) {
            throw usageError("ban is for one");
        }
    }

    @Override
    Outcome applyToOne(Moderation moderation, Participant participant) throws PbxException {
        return moderation.speech().ban(participant);
    }
}
