package confcodes.agi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * The addresses from which FastAGI requests are taken. Immutable.
 *
 * @param networks the networks that are served
 */
public record Peers(List<Network> networks) {

    /** The host itself, 127.0.0.0/8 and ::1. */
    public static final Peers LOOPBACK = parse("loopback");

    /**
     * A network in CIDR notation.
     *
     * @param address its address
     * @param bits how many bits of it count
     */
    public record Network(InetAddress address, int bits) {

        boolean holds(InetAddress peer) {
            byte[] mine = address.getAddress();
            byte[] theirs = peer.getAddress();
            if (mine.length != theirs.length) {
                return false;
            }
            for (int bit = 0; bit < bits; bit++) {
                int mask = 0x80 >> bit % 8;
                if (((mine[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Copies the list. */
    public Peers {
        networks = List.copyOf(networks);
    }

    /**
     * {@return the peers that a setting names}
     *
     * @param text addresses and networks such as {@code 192.0.2.7} or {@code 192.0.2.0/24}, and the word {@code loopback},
     *     separated by commas
     * @throws IllegalArgumentException when one of them is neither
     */
    public static Peers parse(String text) {
        return new Peers(Arrays.stream(text.split(",", -1))
                .map(String::trim)
                .flatMap(word -> word.equals("loopback")
                        ? List.of(network("127.0.0.0/8"), network("::1")).stream()
                        : List.of(network(word)).stream())
                .toList());
    }

    private static Network network(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (!address.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*")) {
            throw new IllegalArgumentException("'" + text + "' is no address, no network and not 'loopback'");
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            int most = parsed.getAddress().length * 8;
            int bits = slash < 0 ? most : Integer.parseInt(text.substring(slash + 1));
            if (bits < 0 || bits > most) {
                throw new IllegalArgumentException("'" + text + "': a prefix has 0 to " + most + " bits");
            }
            return new Network(parsed, bits);
        } catch (UnknownHostException | NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' is no address and no network", e);
        }
    }

    /**
     * {@return whether a peer is served}
     *
     * @param peer the peer's address
     */
    public boolean serves(InetAddress peer) {
        return networks.stream().anyMatch(network -> network.holds(peer));
    }
}
