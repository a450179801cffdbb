package confcodes.conference;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * A person in a conference, as one row of Asterisk's {@code ConfbridgeList} tells it. Immutable.
 *
 * @param channel the channel's full name, such as {@code PJSIP/101-0000001a}
 * @param uniqueId the channel's unique id, such as {@code 1700000000.42}; empty when it cannot be known
 * @param number the caller ID number, such as {@code +79161234567}; empty when withheld
 * @param name the caller ID name; empty when there is none
 * @param admin whether Asterisk counts the participant among the conference's administrators
 * @param marked whether the participant is a marked user
 * @param waiting whether the participant still waits for a marked user
 * @param muted whether the participant is muted
 * @param talking whether Asterisk hears the participant talk; always false without talk detection in the user profile
 * @param answered how long the channel has been up, in whole seconds
 */
public record Participant(
        String channel,
        String uniqueId,
        String number,
        String name,
        boolean admin,
        boolean marked,
        boolean waiting,
        boolean muted,
        boolean talking,
        Duration answered) {

    /** Checks that nothing is null and that the channel has a name. */
    public Participant {
        if (channel.isEmpty()) {
            throw new IllegalArgumentException("a participant without a channel");
        }
        Objects.requireNonNull(uniqueId);
        Objects.requireNonNull(number);
        Objects.requireNonNull(name);
        Objects.requireNonNull(answered);
    }

    /**
     * {@return the endpoint in the channel's name: {@code 101} of {@code PJSIP/101-0000001a}, {@code 100} of {@code
     * Local/100@context-00000003;2}} It is what stands between the technology's slash and the last hyphen, for Local up to
     * the at sign.
     */
    public String endpoint() {
        String rest = channel.substring(channel.indexOf('/') + 1);
        int at = channel.startsWith("Local/") ? rest.lastIndexOf('@') : -1;
        int end = at >= 0 ? at : rest.lastIndexOf('-');
        return end < 0 ? rest : rest.substring(0, end);
    }

    /**
     * {@return what tells this participant from others: the number, or the endpoint if there is no number or one of the others
     * has the same}
     *
     * @param among the others, with or without this one
     */
    public String label(List<Participant> among) {
        boolean shared = among.stream()
                .anyMatch(other ->
                        !other.channel().equals(channel) && other.number().equals(number));
        return number.isEmpty() || shared ? endpoint() : number;
    }
}
