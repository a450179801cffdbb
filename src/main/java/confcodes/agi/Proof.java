package confcodes.agi;

import confcodes.conference.ChannelState;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
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

    /** The channel variable that holds the value meanwhile. */
    static final String VARIABLE = "CONFCODES_PROOF";

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");
    private static final int BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final FutureTask<Optional<ChannelState>> question;

    private Proof(FutureTask<Optional<ChannelState>> question) {
        this.question = question;
    }

    /**
     * Sets the value on the channel.
     *
     * @param onProved what is done as soon as the PBX has confirmed it
     * @throws AgiException when the peer does not answer
     */
    static Proof begin(Phone phone, Pbx pbx, Request request, Runnable onProved) throws AgiException {
        String value = new BigInteger(BITS, RANDOM).toString(Character.MAX_RADIX);
        phone.setVariable(VARIABLE, value);
        return new Proof(new FutureTask<>(() -> {
            Optional<ChannelState> caller = channel(pbx, request)
                    .filter(state -> state.variable().equals(value))
                    .filter(state -> state.uniqueId().equals(request.uniqueId()))
                    .filter(state -> state.channel().equals(request.channel()));
            caller.ifPresent(proved -> onProved.run());
            return caller;
        }));
    }

    private static Optional<ChannelState> channel(Pbx pbx, Request request) throws PbxException {
        try {
            return pbx.channel(request.uniqueId(), VARIABLE);
        } catch (IllegalArgumentException e) {
            // Nothing that the PBX can be asked for.
            return Optional.empty();
        }
    }

    /** Lets another thread ask the PBX while this one reads keys; without one, {@link #caller} asks. */
    void askWith(Executor other) {
        try {
            other.execute(question);
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            log.debug("no thread for the proof", e);
        }
    }

    /**
     * {@return the channel, if the peer controls it; empty if it does not} Asks the PBX unless another thread does.
     *
     * @throws PbxException when the PBX cannot be asked
     */
    Optional<ChannelState> caller() throws PbxException {
        question.run();
        try {
            return question.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PbxException(PbxException.Reason.UNREACHABLE, "interrupted while waiting for the PBX", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof PbxException failure) {
                throw new PbxException(failure.reason(), failure.getMessage(), failure);
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
