package confcodes.cli;

import confcodes.conference.Invitation;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
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
    void check() {
        super.check();
        if (!Invitation.isNumber(number.getValue())) {
            throw usageError("NUMBER is 1 to 32 digits");
        }
    }

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        String name = conference.getValue();
        Invitation invitation = invitations.template().to(number.getValue());
        Moderation moderation = Moderation.fromOutside(pbx, name);
        Outcome outcome =
                moderation.participants().isEmpty() ? Outcome.noConference(name) : moderation.invite(invitation);
        output.outcome(name, outcome, "calling " + invitation.dial() + " into " + name);
        return exitCode(outcome);
    }
}
