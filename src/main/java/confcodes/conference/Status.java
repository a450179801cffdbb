package confcodes.conference;

/** How an operation ended, in the words of the channel variable {@code CONFCODES_STATUS}. */
public enum Status {
    /** It was done, and Asterisk said so. */
    DONE,
    /** Nobody in the conference is meant by the number, or whoever was has left. */
    NOTFOUND,
    /** The number means several, and none was chosen. */
    AMBIGUOUS,
    /** The caller may not do this, or the AMI user may not. */
    DENIED,
    /** The caller gave no digits, too late, or cancelled. */
    CANCELLED,
    /** There is no such conference, or the caller is in none. */
    NOCONFERENCE,
    /** The PBX could not be asked, or did not answer in time. */
    UNAVAILABLE
}
