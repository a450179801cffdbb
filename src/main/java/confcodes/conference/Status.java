package confcodes.conference;

/** How an operation ended, in the words of the channel variable {@code CONFCODES_STATUS}. */
public enum Status {
    /** It was done, and Asterisk said so. */
    DONE,
    /** The number means nobody in the conference, or whoever it meant has left. */
    NOTFOUND,
    /**
     * One participant cannot be told apart from another: the number means several and none was chosen, or Asterisk, which takes
     * the beginning of a channel's name for the whole, could mute another one.
     */
    AMBIGUOUS,
    /** Refused: the caller may not do this, the AMI user may not, or Asterisk will not. */
    DENIED,
    /** The caller gave no digits, too late, or cancelled. */
    CANCELLED,
    /** There is no such conference, or the caller is in none. */
    NOCONFERENCE,
    /** The PBX could not be asked, or did not answer in time. */
    UNAVAILABLE
}
