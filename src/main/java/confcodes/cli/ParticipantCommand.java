package confcodes.cli;

import confcodes.conference.Match;
import confcodes.conference.Moderation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A command that does something to one participant, or to everyone but administrators. */
abstract class ParticipantCommand extends ConferenceCommand {

    private final Operation operation;
    private final String done;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "WHO",
            description = "A number, an endpoint (101 of PJSIP/101-0000001a), or a full channel name.")
    private String who;

    @Option(names = "--all", description = "Everyone but administrators, in the place of WHO.")
    private boolean all;

    /**
     * Creates a command.
     *
     * @param operation what it does
     * @param done the word for it when it is done, such as {@code muted}
     */
    ParticipantCommand(Operation operation, String done) {
        this.operation = operation;
        this.done = done;
    }

    final boolean isForAll() {
        return all;
    }

    /** {@return whether an option of the command's own takes the place of WHO} */
    boolean isForSome() {
        return false;
    }

    /** {@return those whom this option means} */
    List<Participant> some(Moderation moderation) {
        return List.of();
    }

    /** {@return what comes of it if they are nobody} */
    Outcome nobody() {
        return Moderation.NOBODY_ELSE;
    }

    @Override
    void checkArguments() {
        super.checkArguments();
        if (Stream.of(all, isForSome(), who != null).filter(given -> given).count() != 1) {
            throw usageError("WHO or one option in its place");
        }
        if (who != null && (who.isBlank() || who.chars().anyMatch(Character::isISOControl))) {
            throw usageError("WHO is not empty and without control characters");
        }
    }

    @Override
    final Outcome run(Pbx pbx, Output output) throws PbxException {
        Moderation moderation = moderation(pbx);
        if (moderation.participants().isEmpty()) {
            return output.outcome(conference(), Outcome.noConference(conference()), "");
        }
        if (isForSome()) {
            return applyToSome(moderation, output);
        }
        return all ? applyToAll(moderation, output) : applyToOne(moderation, output);
    }

    /** Does it to everyone but administrators. */
    Outcome applyToAll(Moderation moderation, Output output) throws PbxException {
        return output.outcome(
                conference(),
                operation == Operation.MUTE
                        ? moderation.speech().muteAll()
                        : moderation.speech().unmuteAll(),
                done + " everyone but administrators of " + conference());
    }

    private Outcome applyToSome(Moderation moderation, Output output) throws PbxException {
        List<Participant> some = some(moderation);
        if (some.isEmpty()) {
            return output.outcome(conference(), nobody(), "");
        }
        Participant first = some.get(0);
        if (some.size() == 1) {
            Outcome outcome = moderation.apply(operation, first, first.channel());
            return output.outcome(conference(), outcome, done + " " + first.channel() + " of " + conference());
        }
        Moderation.Tally tally = moderation.applyToEach(operation, some);
        return output.tally(
                conference(), tally, done + " " + tally.count() + " of " + some.size() + " in " + conference());
    }

    /** Does it to one. */
    Outcome applyToOne(Moderation moderation, Participant participant) throws PbxException {
        return moderation.apply(operation, participant, who);
    }

    /** The end of a number may be another's too: like several, it is answered with what tells them apart. */
    private Outcome applyToOne(Moderation moderation, Output output) throws PbxException {
        List<Match> matching = moderation.matching(operation, who);
        if (matching.isEmpty()) {
            String reason = "nobody in " + conference() + " is " + who;
            return output.outcome(conference(), Outcome.of(Status.NOTFOUND, reason), "");
        }
        if (matching.size() > 1 || matching.get(0).isEnd()) {
            String reason = who + (matching.size() > 1 ? " means several" : " is only the end of a number")
                    + ", name one by its channel";
            return output.ambiguous(
                    conference(),
                    Outcome.of(Status.AMBIGUOUS, reason),
                    matching.stream().map(Match::participant).toList());
        }
        Outcome outcome = applyToOne(moderation, matching.get(0).participant());
        return output.outcome(conference(), outcome, done + " " + outcome.channel() + " of " + conference());
    }
}
