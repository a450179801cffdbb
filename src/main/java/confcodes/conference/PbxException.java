package confcodes.conference;

/** Something is wrong with the PBX or with the way to it. What the PBX answers to an action is an {@link Outcome}. */
public final class PbxException extends Exception {

    private static final long serialVersionUID = 1;

    /** What is wrong. */
    public enum Reason {
        /** No connection, or lost before the operation was sent. */
        UNREACHABLE,
        /** The PBX rejected the user name or the secret. */
        LOGIN_REFUSED,
        /** The AMI user lacks a class; the message names the line to change. */
        NOT_PERMITTED,
        /** A list came without its end, or with fewer rows than it says. */
        INCOMPLETE_LIST,
        /** Sent, but no answer came: it may have happened. */
        UNCONFIRMED
    }

    private final Reason reason;

    /**
     * Creates an exception.
     *
     * @param reason what is wrong
     * @param message one line for the administrator
     */
    public PbxException(Reason reason, String message) {
        this(reason, message, null);
    }

    /**
     * Creates an exception with its cause.
     *
     * @param reason what is wrong
     * @param message one line for the administrator
     * @param cause what was thrown, or null
     */
    public PbxException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /** {@return what is wrong} */
    public Reason reason() {
        return reason;
    }
}
