package confcodes.cli;

import confcodes.conference.Invitation;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;

/** The options for calling somebody into a conference. */
final class InvitationOptions {

    @Option(
            names = "--dial-string",
            paramLabel = "STRING",
            defaultValue = "PJSIP/%s",
            description = "What Asterisk dials to invite somebody, such as Local/%%s@from-internal; %%s is the number.")
    private String dialString;

    @Option(
            names = "--add-profile",
            paramLabel = "PROFILE",
            defaultValue = "",
            showDefaultValue = Help.Visibility.NEVER,
            description = "The invitee's user profile in confbridge.conf; default_user when empty.")
    private String profile;

    /**
     * {@return how invitations are made}
     *
     * @throws IllegalArgumentException when a setting has not the form it needs; the message begins with its key
     */
    Invitation.Template template() {
        return new Invitation.Template(dialString, profile);
    }
}
