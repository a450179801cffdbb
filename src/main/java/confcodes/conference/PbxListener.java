package confcodes.conference;

/**
 * Is told when it is worth looking at a conference again. Nothing that it is told is proved. It is called by one thread of the
 * PBX's, and returns at once.
 */
public interface PbxListener {

    /**
     * Something may have happened: somebody has joined, left, was muted or unmuted, or has begun or ended to talk.
     *
     * @param conference the conference's name, which may be none at all; empty when the PBX was reached, for the first time or
     *     again, so that anything may have happened
     */
    void changed(String conference);

    /**
     * Nothing is heard of the PBX until {@link #changed} is called with an empty name. Called again for each failed attempt.
     *
     * @param reason what is wrong
     */
    void lost(PbxException reason);
}
