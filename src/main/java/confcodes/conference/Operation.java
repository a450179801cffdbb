package confcodes.conference;

/** What can be done to a participant. Each may be repeated without a second effect. */
public enum Operation {
    /** Nobody hears the participant any more. */
    MUTE,
    /** The participant is heard again. */
    UNMUTE,
    /** The participant is removed from the conference. */
    KICK
}
