package confcodes.agi;

import confcodes.conference.Invitation;
import confcodes.conference.MutesHold;
import confcodes.conference.Policy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalInt;

/**
 * How the phone face serves. Immutable. The ranges are checked where settings are read.
 *
 * @param bind the address to listen on: {@code agi-bind}
 * @param port the port to listen on, 0 for any free one: {@code agi-port}
 * @param peers who is served: {@code agi-peers}
 * @param maxConnections how many connections there may be at a time: {@code agi-connections}
 * @param allow who may use the codes: {@code allow}
 * @param mutesHold which mutes hold: {@code mutes-hold}
 * @param maxDigits how many digits make a number complete without {@code #}, 1 to 32; empty for none: {@code max-digits}
 * @param firstDigit how long to wait for the first digit, at least 1 s: {@code first-digit-timeout}
 * @param interDigit how long to wait for each further one, at least 1 s: {@code inter-digit-timeout}
 * @param maxDuration after how long a code asks no further question, at least 10 s: {@code max-duration}
 * @param whisper whether words after the last key are whispered, in the conference: {@code whisper}
 * @param tellParticipants whether one who is muted or unmuted is told so: {@code tell-participants}
 * @param invitations how conference_add calls: {@code dial-string}, {@code add-profile}
 * @param inviteNumbers which numbers conference_add may call, a regular expression: {@code invite-numbers}
 * @param inviteLimit how many may be called at a time for one conference: {@code invite-limit}
 * @param inviteAccept whether one who answers must accept: {@code invite-accept}
 * @param prompts the sound files of each prompt: {@code prompt-…}
 */
public record AgiSettings(
        InetAddress bind,
        int port,
        Peers peers,
        int maxConnections,
        Policy allow,
        MutesHold mutesHold,
        OptionalInt maxDigits,
        Duration firstDigit,
        Duration interDigit,
        Duration maxDuration,
        boolean whisper,
        boolean tellParticipants,
        Invitation.Template invitations,
        String inviteNumbers,
        int inviteLimit,
        boolean inviteAccept,
        Map<Prompt, String> prompts) {

    /** Copies the prompts. */
    public AgiSettings {
        prompts = Map.copyOf(prompts);
    }
}
