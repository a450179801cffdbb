package confcodes.cli;

import static confcodes.cli.Specs.option;

import confcodes.conference.Invitation;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options for calling somebody into a conference. */
final class InvitationOptions {

    private final OptionSpec dialString;
    private final OptionSpec profile;

    /** Adds the options to a command. */
    InvitationOptions(CommandSpec command) {
        dialString = option(
                command,
                "--dial-string",
                "STRING",
                String.class,
                "PJSIP/%s",
                "What Asterisk dials to invite somebody, such as Local/%s@from-internal; %s is the number.");
        profile = option(
                command,
                OptionSpec.builder("--add-profile")
                        .paramLabel("PROFILE")
                        .type(String.class)
                        .showDefaultValue(Help.Visibility.NEVER),
                "",
                "The invitee's user profile in confbridge.conf; default_user when empty.");
    }

    /**
     * {@return how invitations are made}
     *
     * @throws IllegalArgumentException when a setting has not the form it needs; the message begins with its key
     */
    Invitation.Template template() {
        return new Invitation.Template(dialString.getValue(), profile.getValue());
    }
}
