package confcodes.agi;

import confcodes.conference.ChannelState;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.Optional;
import org.asteriskjava.fastagi.AgiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The proof that a FastAGI peer controls the channel it names. FastAGI has no authentication, and callers can write header
 * lines of their own into Asterisk's request (a newline in a SIP user). So the server sets a random value on the channel
 * through the AGI connection, and reads it back from that channel through AMI: only Asterisk, running AGI() on that very
 * channel, can make the two agree. By unique id, since names repeat.
 */
final class Proof {

    /**
     * The channel variable that holds the value. It stays, and tells the dialplan that a server has taken the code: no other
     * may be asked for it, because it may have happened. A value proves nothing in another request, which has its own.
     */
    static final String VARIABLE = "CONFCODES_TAKEN";

    /** A PBX that has been silent for so long is asked before the code is taken. */
    private static final Duration SILENCE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");

    private final Pbx pbx;
    private final Request request;
    private final String value;
    private final Runnable onProved;

    private Proof(Pbx pbx, Request request, String value, Runnable onProved) {
        this.pbx = pbx;
        this.request = request;
        this.value = value;
        this.onProved = onProved;
    }

    /**
     * Sets the value on the channel, unless the PBX is lost: then another server may still reach it.
     *
     * @param onProved what is done when the PBX has confirmed it
     * @throws PbxException when the PBX cannot be asked
     * @throws AgiException when the peer does not answer
     */
    static Proof begin(Phone phone, Pbx pbx, Request request, Runnable onProved) throws PbxException, AgiException {
        Proof proof = new Proof(pbx, request, Token.random(), onProved);
        if (!pbx.hasAnsweredWithin(SILENCE)) {
            proof.channel();
        }
        phone.setVariable(VARIABLE, proof.value);
        return proof;
    }

    /**
     * {@return the channel, if the peer controls it now; empty if it does not} It is asked for again after each question: a
     * transfer can put somebody else on the channel meanwhile.
     *
     * @throws PbxException when the PBX cannot be asked
     */
    Optional<ChannelState> caller() throws PbxException {
        Optional<ChannelState> caller = channel()
                .filter(state -> state.variable().equals(value))
                .filter(state -> state.uniqueId().equals(request.uniqueId()))
                .filter(state -> state.channel().equals(request.channel()));
        caller.ifPresent(proved -> onProved.run());
        return caller;
    }

    private Optional<ChannelState> channel() throws PbxException {
        try {
            return pbx.channel(request.uniqueId(), VARIABLE);
        } catch (IllegalArgumentException e) {
            // Nothing that the PBX can be asked for.
            return Optional.empty();
        }
    }

    /** Asks the PBX, for a thread beside the one that reads keys, so that the connection counts as proved meanwhile. */
    void ask() {
        try {
            caller();
        } catch (PbxException e) {
            log.debug("no proof yet", e);
        }
    }
}
