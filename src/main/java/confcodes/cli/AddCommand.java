package confcodes.cli;

import confcodes.conference.Invitation;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code confcodes add CONF NUMBER}. */
@Command(name = "add", description = "Call somebody, who joins the conference on answering.")
final class AddCommand extends ConferenceCommand {

    @Mixin
    private InvitationOptions invitations;

    @Parameters(index = "0", paramLabel = "CONF", description = "The conference's name.")
    private String conference;

    @Parameters(index = "1", paramLabel = "NUMBER", description = "Whom to call; digits only.")
    private String number;

    @Override
    int run(Pbx pbx, Output output) throws PbxException {
        if (!Invitation.isNumber(number)) {
            throw usageError("NUMBER is 1 to 32 digits");
        }
        Invitation invitation = invitations.template().to(number);
        Moderation moderation = Moderation.fromOutside(pbx, checked(conference));
        Outcome outcome = moderation.participants().isEmpty()
                ? Outcome.of(Status.NOCONFERENCE, "no conference " + conference)
                : moderation.invite(invitation);
        output.outcome(conference, outcome, "calling " + invitation.dial() + " into " + conference);
        return exitCode(outcome);
    }
}
