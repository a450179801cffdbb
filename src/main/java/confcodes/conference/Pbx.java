package confcodes.conference;

import java.util.List;
import java.util.Optional;

/**
 * The port through which the domain reaches a PBX. Implementations are safe for concurrent use, limit the time of every call,
 * and refuse a name that cannot be sent, such as one with a control character, with the outcome {@link Status#DENIED} or an
 * {@link IllegalArgumentException} before anything is sent.
 *
 * <p>An action answers with its {@link Outcome}. Every method throws {@link PbxException} when the PBX cannot be asked, lacks
 * a permission, or does not answer.
 */
public interface Pbx {

    /**
     * {@return everyone in the conference, in the order in which they joined; empty when there is no such conference} Those who
     * wait for a marked user come last, and count as joined when that one has come (Asterisk 16 and 22).
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
     * {@return what the PBX knows of a channel now; empty when there is no such channel, or when the answer could mean another
     * one}
     *
     * @param uniqueId the channel's unique id, such as {@code 1700000000.42}
     * @param variable the name of a channel variable whose value is wanted too
     * @throws PbxException when the PBX cannot be asked
     */
    Optional<ChannelState> channel(String uniqueId, String variable) throws PbxException;

    /**
     * {@return the name of the conference whose bridge has an id; empty when there is no such bridge}
     *
     * @param bridge the bridge's id, as {@link ChannelState#bridge}
     * @throws PbxException when the PBX cannot be asked
     */
    Optional<String> conferenceOf(String bridge) throws PbxException;

    /**
     * Does something to one participant and to nobody else.
     *
     * @param operation what to do
     * @param conference the conference's name
     * @param participant whom to do it to
     * @param among everyone in the conference as last listed: a PBX that takes the beginning of a channel's name for the whole
     *     must be able to tell them apart
     * @return DONE, NOCONFERENCE, NOTFOUND, AMBIGUOUS when the PBX could take another for this one, DENIED when it refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome apply(Operation operation, String conference, Participant participant, List<Participant> among)
            throws PbxException;

    /**
     * Does something to everyone in a conference but its administrators.
     *
     * @param operation what to do
     * @param conference the conference's name
     * @return DONE, NOCONFERENCE, NOTFOUND when only administrators are there, DENIED when the PBX refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome applyToAll(Operation operation, String conference) throws PbxException;

    /**
     * Locks a conference, so that only administrators can join, or unlocks it.
     *
     * @param conference the conference's name
     * @param locked whether it shall be locked
     * @return DONE, NOCONFERENCE, or DENIED when the PBX refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome lock(String conference, boolean locked) throws PbxException;

    /**
     * Starts or stops recording. Never repeated by itself.
     *
     * @param conference the conference's name
     * @param recording whether it shall be recorded
     * @return DONE, also when it was so already; NOCONFERENCE; DENIED when the name cannot be part of a file's name, or when
     *     the PBX refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome record(String conference, boolean recording) throws PbxException;

    /**
     * Calls somebody, who joins the conference on answering. Never repeated by itself.
     *
     * @param conference the conference's name
     * @param invitation whom to call and how
     * @return DONE as soon as the PBX has queued the call; DENIED for a name that the call cannot be given, or when the PBX
     *     refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome invite(String conference, Invitation invitation) throws PbxException;

    /**
     * Calls somebody for a conference. What becomes of the call, and whether whoever answers wants to join, is asked of the
     * FastAGI server. Never repeated by itself.
     *
     * @param conference the conference's name
     * @param invitation whom to call and how
     * @param server where the PBX reaches the FastAGI server, such as {@code 127.0.0.1:4573}
     * @param token what the PBX tells the server, which knows the call by it
     * @return DONE as soon as the PBX has queued the call; DENIED for a name that the call cannot be given, or when the PBX
     *     refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome call(String conference, Invitation invitation, String server, String token) throws PbxException;

    /**
     * {@return whether only administrators can join a conference}
     *
     * @param conference the conference's name
     * @throws PbxException when the PBX cannot be asked
     */
    boolean isLocked(String conference) throws PbxException;

    /**
     * Opens a way into one ear: the PBX calls the FastAGI server, and what the server plays there is heard by one channel
     * alone, also in a conference.
     *
     * @param uniqueId the unique id of the channel that shall hear it
     * @param server where the PBX reaches the FastAGI server, such as {@code 127.0.0.1:4573}
     * @param token what the PBX tells the server, which knows the whisper by it
     * @return DONE as soon as the PBX has queued it; DENIED for an id that the PBX cannot be given, or when it refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome whisper(String uniqueId, String server, String token) throws PbxException;

    /**
     * {@return the value of a variable; empty when it is not set, or when there is no such channel}
     *
     * @param channel the channel's full name; empty for a global variable
     * @param name the variable's name
     * @throws PbxException when the PBX cannot be asked
     */
    String variable(String channel, String name) throws PbxException;

    /**
     * Sets a variable.
     *
     * @param channel the channel's full name; empty for a global variable
     * @param name the variable's name, or a function such as {@code MUTEAUDIO(in)}
     * @param value its value, which is not empty
     * @return DONE, NOTFOUND when there is no such channel, DENIED when the PBX refuses
     * @throws PbxException with {@link PbxException.Reason#UNCONFIRMED} when it may have happened
     */
    Outcome setVariable(String channel, String name, String value) throws PbxException;

    /**
     * Begins to tell a listener when something happens in a conference, and when the PBX is lost and is back. Locking, and raised
     * hands, are not told. It goes on until the PBX is closed.
     *
     * @param listener is told
     */
    void watch(PbxListener listener);
}
