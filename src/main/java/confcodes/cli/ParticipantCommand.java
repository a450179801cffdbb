package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What mute, unmute and kick have in common: on whom they act. */
abstract class ParticipantCommand extends ConferenceCommand {

    private final Operation operation;
    private final String done;

    @Parameters(index = "0", paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "WHO",
            description = "A number, an endpoint, or a full channel name.")
    private String who;

    @Option(names = "--all", description = "Everyone but administrators, in the place of WHO.")
    private boolean all;

    ParticipantCommand(Operation operation, String done) {
        this.operation = operation;
        this.done = done;
    }

    @Override
    final int run(Pbx pbx, Output output) throws PbxException {
        if (all == (who != null)) {
            throw usageError("either WHO or --all");
        }
        Moderation moderation = Moderation.fromOutside(pbx, checked(conference));
        if (moderation.participants().isEmpty()) {
            return print(output, Outcome.of(Status.NOCONFERENCE, "no conference " + conference), "");
        }
        if (all) {
            return print(
                    output, moderation.applyToAll(operation), done + " everyone but administrators of " + conference);
        }
        List<Participant> meant = moderation.whom(operation, who);
        if (meant.isEmpty()) {
            return print(output, Outcome.of(Status.NOTFOUND, "nobody in " + conference + " is " + who), "");
        }
        if (meant.size() > 1) {
            Outcome outcome = Outcome.of(Status.AMBIGUOUS, who + " means several, name one by its channel");
            output.outcome(conference, outcome, "", meant);
            return exitCode(outcome);
        }
        Outcome outcome = moderation.apply(operation, meant.get(0), who);
        return print(output, outcome, done + " " + outcome.channel() + " of " + conference);
    }

    private int print(Output output, Outcome outcome, String sentence) {
        output.outcome(conference, outcome, sentence);
        return exitCode(outcome);
    }
}
