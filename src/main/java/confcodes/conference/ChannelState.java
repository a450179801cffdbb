package confcodes.conference;

import java.util.Objects;

/**
 * What the PBX knows of one channel now. Immutable.
 *
 * @param channel the channel's full name, such as {@code PJSIP/200-0000001a}
 * @param uniqueId its unique id, such as {@code 1700000000.42}
 * @param bridge the id of the bridge it stands in; empty when it is in none
 * @param variable the value of the channel variable that was asked for; empty when it is not set
 * @param kicked whether it was kicked out of the bridge, where it may stay until its code ends
 */
public record ChannelState(String channel, String uniqueId, String bridge, String variable, boolean kicked) {

    /** Checks that nothing is null. */
    public ChannelState {
        Objects.requireNonNull(channel);
        Objects.requireNonNull(uniqueId);
        Objects.requireNonNull(bridge);
        Objects.requireNonNull(variable);
    }
}
