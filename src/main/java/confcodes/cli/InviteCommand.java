package confcodes.cli;

import confcodes.conference.Invitation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes invite CONF NUMBER}. */
@Command(name = "invite", aliases = "add", description = "Call somebody, who joins the conference on answering.")
final class InviteCommand extends ConferenceCommand {

    @Parameters(index = "1", paramLabel = "NUMBER", description = "Whom to call; digits only.")
    private String number;

    @Override
    void checkArguments() {
        super.checkArguments();
        if (!Invitation.isNumber(number)) {
            throw usageError("NUMBER is 1 to 32 digits");
        }
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        Invitation invitation = settings().invitations().to(number);
        // The first who joins a conference creates it: without the list, the call would.
        Outcome outcome = pbx.participants(conference()).isEmpty()
                ? Outcome.noConference(conference())
                : pbx.invite(conference(), invitation);
        return output.outcome(conference(), outcome, "calling " + invitation.dial() + " into " + conference());
    }
}
