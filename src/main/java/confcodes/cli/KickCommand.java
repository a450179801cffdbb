package confcodes.cli;

import confcodes.cli.Confcodes.Terminal;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code confcodes kick CONF WHO}. With {@code --all} it kicks those whom it counted when it asked, and nobody else. */
@Command(name = "kick", description = "Remove a participant from a conference, or everyone but administrators.")
final class KickCommand extends ParticipantCommand {

    @Option(names = "--yes", description = "With --all: do not ask.")
    private boolean yes;

    @Option(names = "--last", description = "Who joined last, but administrators, in the place of WHO.")
    private boolean last;

    KickCommand() {
        super(Operation.KICK, "kicked");
    }

    @Override
    void checkArguments() {
        super.checkArguments();
        if (yes && !isForAll()) {
            throw usageError("--yes is for --all");
        }
        if (isForAll() && !yes && confcodes().terminal().isEmpty()) {
            throw usageError("kick --all asks first, but there is no terminal; --yes kicks without asking");
        }
    }

    @Override
    boolean isForSome() {
        return last;
    }

    @Override
    List<Participant> some(Moderation moderation) {
        return moderation.last().stream().toList();
    }

    @Override
    Outcome applyToAll(Moderation moderation, Output output) throws PbxException {
        List<Participant> others = moderation.others();
        Optional<Terminal> terminal = confcodes().terminal();
        if (!yes && !others.isEmpty() && terminal.isPresent()) {
            output.ask("Kick " + others.size() + " of " + conference() + ": everyone but administrators? [y/N]");
            if (!terminal.get().readLine().strip().equalsIgnoreCase("y")) {
                return output.outcome(conference(), Outcome.of(Status.CANCELLED, "nobody was kicked"), "");
            }
        }
        Moderation.Tally tally = moderation.applyToEach(Operation.KICK, others);
        return output.tally(
                conference(), tally, "kicked " + tally.count() + " of " + others.size() + " in " + conference());
    }
}
