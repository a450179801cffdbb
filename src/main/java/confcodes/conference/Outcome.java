package confcodes.conference;

import java.util.Objects;

/**
 * What came of an operation. Immutable. Each face maps it in one place: the phone to words, the shell to an exit code.
 *
 * @param status how it ended
 * @param channel the channel acted on; empty when there is none, or when it was everybody
 * @param reason why it did not end with {@link Status#DONE}, for the log and the shell; empty when there is nothing to add
 */
public record Outcome(Status status, String channel, String reason) {

    /** It was done, to nobody in particular. */
    public static final Outcome DONE = new Outcome(Status.DONE, "", "");

    /** Checks that nothing is null. */
    public Outcome {
        Objects.requireNonNull(status);
        Objects.requireNonNull(channel);
        Objects.requireNonNull(reason);
    }

    /** {@return whether it was done} */
    public boolean isDone() {
        return status == Status.DONE;
    }

    /**
     * {@return an outcome that is not {@link Status#DONE}, with its reason}
     *
     * @param status how it ended
     * @param reason why
     */
    public static Outcome of(Status status, String reason) {
        return new Outcome(status, "", reason);
    }

    /**
     * {@return the outcome for a conference that is not there}
     *
     * @param conference the name that was asked for
     */
    public static Outcome noConference(String conference) {
        return of(Status.NOCONFERENCE, "no conference " + conference);
    }

    /**
     * {@return the outcome of something done to one participant}
     *
     * @param participant the participant it was done to
     */
    public static Outcome done(Participant participant) {
        return new Outcome(Status.DONE, participant.channel(), "");
    }

    /**
     * {@return the outcome that a failure of the PBX amounts to: {@link Status#DENIED} when the AMI user lacks a right, else
     * {@link Status#UNAVAILABLE}}
     *
     * @param failure what went wrong
     */
    public static Outcome of(PbxException failure) {
        Status status = switch (failure.reason()) {
            case NOT_PERMITTED -> Status.DENIED;
            case UNREACHABLE, LOGIN_REFUSED, INCOMPLETE_LIST, UNCONFIRMED -> Status.UNAVAILABLE;
        };
        return of(status, failure.getMessage());
    }
}
