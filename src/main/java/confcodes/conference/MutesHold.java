package confcodes.conference;

/** Which mutes those who are muted cannot undo themselves: the setting {@code mutes-hold}. */
public enum MutesHold {
    /** The mute of all, which also mutes whoever joins later. */
    ALL,
    /** That, and the mute of one participant. */
    EACH,
    /** None. Then a mute of all is for those who are present. */
    NONE
}
