package confcodes.agi;

import confcodes.conference.Invitation;
import confcodes.conference.Policy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;

/**
 * How the phone face serves. Immutable.
 *
 * @param bind the address to listen on: {@code agi-bind}
 * @param port the port to listen on, 0 for any free one: {@code agi-port}
 * @param peers who is served: {@code agi-peers}
 * @param maxConnections how many connections there may be at a time: {@code agi-connections}
 * @param maxConnectionsPerPeer how many of them from one address: {@code agi-connections-per-peer}
 * @param requestTimeout how long a peer may take for its request: {@code agi-request-timeout}
 * @param allow who may use the codes: {@code allow}
 * @param maxDigits how many digits a number has at most, 1 to 32: {@code max-digits}
 * @param firstDigit how long to wait for the first digit: {@code first-digit-timeout}
 * @param interDigit how long to wait for each further one: {@code inter-digit-timeout}
 * @param attempts how often to ask, 1 to 9: {@code attempts}
 * @param maxDuration how long a code may keep the caller out of the conference: {@code max-duration}
 * @param invitations how conference_add calls: {@code dial-string}, {@code add-profile}
 * @param prompts the sound files of each prompt: {@code prompt-…}
 */
public record AgiSettings(
        InetAddress bind,
        int port,
        Peers peers,
        int maxConnections,
        int maxConnectionsPerPeer,
        Duration requestTimeout,
        Policy allow,
        int maxDigits,
        Duration firstDigit,
        Duration interDigit,
        int attempts,
        Duration maxDuration,
        Invitation.Template invitations,
        Map<Prompt, String> prompts) {

    /** Checks ranges, and that every prompt has a sound. */
    public AgiSettings {
        require(port >= 0 && port <= 65_535, "agi-port is 0 to 65535");
        require(maxConnections >= 1, "agi-connections is at least 1");
        require(maxConnectionsPerPeer >= 1, "agi-connections-per-peer is at least 1");
        require(isSecond(requestTimeout), "agi-request-timeout is at least 1s");
        require(maxDigits >= 1 && maxDigits <= 32, "max-digits is 1 to 32");
        require(isSecond(firstDigit), "first-digit-timeout is at least 1s");
        require(isSecond(interDigit), "inter-digit-timeout is at least 1s");
        require(attempts >= 1 && attempts <= 9, "attempts is 1 to 9");
        require(maxDuration.compareTo(Duration.ofSeconds(10)) >= 0, "max-duration is at least 10s");
        prompts = Map.copyOf(prompts);
        for (Prompt prompt : Prompt.values()) {
            require(
                    prompts.containsKey(prompt) && Prompt.isSound(prompts.get(prompt)),
                    prompt.key() + " is the name of a sound file, or several joined by &");
        }
    }

    private static boolean isSecond(Duration duration) {
        return duration.compareTo(Duration.ofSeconds(1)) >= 0;
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
