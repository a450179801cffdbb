package confcodes.conference;

import java.util.List;

/**
 * The port through which the domain reaches a PBX. Implementations are safe for concurrent use, bound the time of every
 * call, and refuse names with control characters, an empty channel and a channel without a slash (such as Asterisk's {@code
 * all}) with an {@link IllegalArgumentException} before anything is sent.
 *
 * <p>Every method throws {@link PbxException} when the PBX cannot be asked, refuses, or does not answer.
 */
public interface Pbx {

    /** What the PBX answers in the normal course. */
    enum Answer {
        /** It is done. */
        DONE,
        /** There is no such conference. */
        NO_CONFERENCE,
        /** The conference has no such participant. */
        NO_PARTICIPANT,
        /** It was so already: recording while it is recorded, or the reverse. */
        NO_CHANGE
    }

    /**
     * {@return everyone in the conference, the whole list or an exception; empty when there is no such conference}
     *
     * @param conference the conference's name
     * @throws PbxException when the list cannot be had whole
     */
    List<Participant> participants(String conference) throws PbxException;

    /**
     * {@return the conferences that exist now}
     *
     * @throws PbxException when the list cannot be had whole
     */
    List<Conference> conferences() throws PbxException;

    /**
     * Does something to one participant.
     *
     * @param operation what to do
     * @param conference the conference's name
     * @param channel the participant's full channel name
     * @return DONE, NO_CONFERENCE or NO_PARTICIPANT
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Answer apply(Operation operation, String conference, String channel) throws PbxException;

    /**
     * Does something to everyone in a conference but its administrators.
     *
     * @param operation what to do
     * @param conference the conference's name
     * @return DONE, NO_CONFERENCE, or NO_PARTICIPANT when only administrators are there
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Answer applyToParticipants(Operation operation, String conference) throws PbxException;

    /**
     * Locks a conference, so that only administrators can join, or unlocks it.
     *
     * @param conference the conference's name
     * @param locked whether it shall be locked
     * @return DONE or NO_CONFERENCE
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Answer lock(String conference, boolean locked) throws PbxException;

    /**
     * Starts or stops recording. Never repeated by itself.
     *
     * @param conference the conference's name
     * @param recording whether it shall be recorded
     * @return DONE, NO_CONFERENCE or NO_CHANGE
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Answer record(String conference, boolean recording) throws PbxException;

    /**
     * Calls somebody, who joins the conference on answering. Never repeated by itself, and done as soon as the PBX has queued
     * the call.
     *
     * @param conference the conference's name
     * @param invitation whom to call and how
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    void invite(String conference, Invitation invitation) throws PbxException;
}
