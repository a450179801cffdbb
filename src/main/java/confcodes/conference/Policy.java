package confcodes.conference;

/** Who in a conference may use service codes: the setting {@code allow}. */
public enum Policy {
    /** Those whom Asterisk lists as Admin. */
    ADMIN,
    /** Marked users and administrators. */
    MARKED,
    /** Everyone whose menu has the codes. */
    ANYONE;

    /**
     * {@return whether a participant may use service codes}
     *
     * @param participant the calling participant
     */
    public boolean allows(Participant participant) {
        return switch (this) {
            case ADMIN -> participant.admin();
            case MARKED -> participant.marked() || participant.admin();
            case ANYONE -> true;
        };
    }
}
