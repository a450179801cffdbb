package confcodes.conference;

import java.time.Duration;

/** Participants for tests. */
public final class People {

    private People() {}

    /** {@return an ordinary participant} */
    public static Participant member(String channel, String number) {
        return participant(channel, number, false, false);
    }

    /** {@return an administrator} */
    public static Participant admin(String channel, String number) {
        return participant(channel, number, true, false);
    }

    /** {@return a marked user} */
    public static Participant marked(String channel, String number) {
        return participant(channel, number, false, true);
    }

    /** {@return an ordinary participant who talks} */
    public static Participant talking(String channel, String number) {
        return new Participant(
                channel, uniqueId(channel), number, "", false, false, false, false, true, Duration.ofMinutes(1));
    }

    /** {@return the unique id that a channel has in tests} */
    public static String uniqueId(String channel) {
        return "1700000000." + Integer.toUnsignedString(channel.hashCode());
    }

    private static Participant participant(String channel, String number, boolean admin, boolean marked) {
        return new Participant(
                channel, uniqueId(channel), number, "", admin, marked, false, false, false, Duration.ofMinutes(1));
    }

    /** {@return a participant as they are after being muted or unmuted} */
    static Participant withMuted(Participant participant, boolean muted) {
        return new Participant(
                participant.channel(),
                participant.uniqueId(),
                participant.number(),
                participant.name(),
                participant.admin(),
                participant.marked(),
                participant.waiting(),
                muted,
                participant.talking(),
                participant.answered());
    }
}
