package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeersTest {

    private static boolean serves(String peers, String peer) throws UnknownHostException {
        return Peers.parse(peers).serves(InetAddress.getByName(peer));
    }

    @ParameterizedTest
    @CsvSource({
        "loopback, 127.0.0.1, true",
        "loopback, 127.8.9.10, true",
        "loopback, ::1, true",
        "loopback, 128.0.0.1, false",
        "loopback, ::2, false",
        "192.0.2.7, 192.0.2.7, true",
        "192.0.2.7, 192.0.2.6, false",
        "192.0.2.0/24, 192.0.2.255, true",
        "192.0.2.0/24, 192.0.3.0, false",
        "192.0.2.99/24, 192.0.2.1, true",
        "10.16.0.0/12, 10.31.255.255, true",
        "10.16.0.0/12, 10.32.0.0, false",
        "0.0.0.0/0, 203.0.113.9, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "2001:db8::/32, 2001:db8:ffff::1, true",
        "2001:db8::/32, 2001:db9::1, false",
        "2001:db8::1, 2001:db8::1, true",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "::ffff:192.0.2.7, 192.0.2.7, true",
    })
    void a_peer_is_served_if_it_is_in_a_network(String peers, String peer, boolean served) throws UnknownHostException {
        assertEquals(served, serves(peers, peer));
    }

    @Test
    void several_are_separated_by_commas() throws UnknownHostException {
        for (String peer : new String[] {"127.0.0.1", "::1", "192.0.2.7", "10.1.2.3"}) {
            assertEquals(true, serves("loopback, 192.0.2.7,10.0.0.0/8", peer), peer);
        }
        assertEquals(false, serves("loopback, 192.0.2.7,10.0.0.0/8", "192.0.2.8"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "loopback,",
                "pbx.example.org",
                "localhost",
                "10",
                "10/8",
                "1.2.3",
                "1.2.3.256",
                "192.0.2.0/33",
                "192.0.2.0/-1",
                "192.0.2.0/",
                "192.0.2.0/x",
                "2001:db8::/129",
                ":::",
                "*",
                "192.0.2.1 192.0.2.2",
            })
    void what_is_no_address_is_refused(String peers) {
        assertThrows(IllegalArgumentException.class, () -> Peers.parse(peers));
    }
}
