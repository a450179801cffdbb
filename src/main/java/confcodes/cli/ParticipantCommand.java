package confcodes.cli;

import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code confcodes mute CONF WHO}, {@code unmute} and {@code kick}. */
final class ParticipantCommand extends ConferenceCommand {

    private final Operation operation;
    private final String done;
    private final PositionalParamSpec conference = conferenceArgument();
    private final PositionalParamSpec who = Specs.argument(
            spec(),
            "WHO",
            String.class,
            false,
            "A number, an endpoint (101 of PJSIP/101-0000001a), or a full channel name.");
    private final OptionSpec all = Specs.flag(spec(), "--all", "Everyone but administrators, in the place of WHO.");

    ParticipantCommand(String name, String description, Operation operation, String done) {
        super(name, description);
        this.operation = operation;
        this.done = done;
    }

    @Override
    void check() {
        super.check();
        String person = who.getValue();
        boolean everyone = all.getValue();
        if (everyone == (person != null)) {
            throw usageError("either WHO or --all");
        }
        if (!everyone && (person.isBlank() || person.chars().anyMatch(Character::isISOControl))) {
            throw usageError("WHO is not empty and without control characters");
        }
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = conference.getValue();
        String person = who.getValue();
        Moderation moderation = Moderation.fromOutside(pbx, name);
        if (moderation.participants().isEmpty()) {
            return print(output, name, Outcome.noConference(name), "");
        }
        if (person == null) {
            return print(
                    output, name, moderation.applyToAll(operation), done + " everyone but administrators of " + name);
        }
        List<Participant> meant = moderation.whom(operation, person);
        if (meant.isEmpty()) {
            return print(output, name, Outcome.of(Status.NOTFOUND, "nobody in " + name + " is " + person), "");
        }
        if (meant.size() > 1) {
            Outcome outcome = Outcome.of(Status.AMBIGUOUS, person + " means several, name one by its channel");
            output.outcome(name, outcome, "", meant);
            return exitCode(outcome);
        }
        Outcome outcome = moderation.apply(operation, meant.get(0), person);
        return print(output, name, outcome, done + " " + outcome.channel() + " of " + name);
    }

    private int print(Output output, String name, Outcome outcome, String sentence) {
        output.outcome(name, outcome, sentence);
        return exitCode(outcome);
    }
}
