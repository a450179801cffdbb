package confcodes.agi;

import confcodes.conference.Pbx;
import java.time.Duration;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiException;

/**
 * Answers a balancer that asks whether new codes can be done here. It sets CONFCODES_HEALTH to UP if the PBX has answered within
 * the last second, else to DOWN. The request proves nothing, asks the PBX nothing and leaves no line in the log. Safe for
 * concurrent use.
 *
 * <p>A server that is stopping says DOWN, but goes on to serve until the balancer has had the time to hear it.
 */
final class Health {

    /** The script of the request. */
    static final String SCRIPT = "health";

    static final String VARIABLE = "CONFCODES_HEALTH";

    private static final Duration LATELY = Duration.ofSeconds(1);

    /** A balancer asks more often than this. */
    private static final Duration WATCHED = Duration.ofSeconds(5);

    private volatile boolean stopping;
    private volatile long lastAsked = System.nanoTime() - WATCHED.toNanos();

    /** Tells whether new codes of one of these PBXs can be done. */
    void tell(AgiChannel channel, Stream<Pbx> pbxs) throws AgiException {
        lastAsked = System.nanoTime();
        boolean isUp = !stopping && pbxs.anyMatch(pbx -> pbx.hasAnsweredWithin(LATELY));
        channel.setVariable(VARIABLE, isUp ? "UP" : "DOWN");
    }

    /** Says DOWN from now on. */
    void stop() {
        stopping = true;
    }

    /** {@return whether a balancer asks, which would take a closed port for a dead server, and end its codes} */
    boolean isWatched() {
        return System.nanoTime() - lastAsked < WATCHED.toNanos();
    }
}
