package confcodes.cli;

import confcodes.conference.Invitation;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code confcodes add CONF NUMBER}. */
final class AddCommand extends ConferenceCommand {

    private final InvitationOptions invitations = new InvitationOptions(spec());
    private final PositionalParamSpec conference = conferenceArgument();
    private final PositionalParamSpec number =
            Specs.argument(spec(), "NUMBER", String.class, true, "Whom to call; digits only.");

    AddCommand() {
        super("add", "Call somebody, who joins the conference on answering.");
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = checked(conference.getValue());
        String callee = number.getValue();
        if (!Invitation.isNumber(callee)) {
            throw usageError("NUMBER is 1 to 32 digits");
        }
        Invitation invitation = invitations.template().to(callee);
        Moderation moderation = Moderation.fromOutside(pbx, name);
        Outcome outcome = moderation.participants().isEmpty()
                ? Outcome.of(Status.NOCONFERENCE, "no conference " + name)
                : moderation.invite(invitation);
        output.outcome(name, outcome, "calling " + invitation.dial() + " into " + name);
        return exitCode(outcome);
    }
}
