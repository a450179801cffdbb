package confcodes.ami;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the PBX is reached. Immutable. The ranges are checked where settings are read.
 *
 * @param name the PBX's name among several, for the log; empty if it has none: {@code pbx}
 * @param host name or address of the Asterisk server: {@code ami-host}
 * @param port its AMI port, 1 to 65535: {@code ami-port}
 * @param user the section of manager.conf to log in as: {@code ami-user}
 * @param secret that section's secret
 * @param tls whether the port speaks TLS: {@code ami-tls}
 * @param tlsCa certificates in PEM that the server's is checked against; empty for the JVM's own: {@code ami-tls-ca}
 * @param timeout how long one operation may take, the wait for a connection, its login and a second attempt included, at least
 *     100 ms: {@code ami-timeout}
 * @param poolSize how many connections at most, 1 to 64: {@code pool-size}
 * @param keepOpen whether the pool keeps all its connections open, as a server wants it, or opens them on demand
 */
public record AmiSettings(
        String name,
        String host,
        int port,
        String user,
        Secret secret,
        boolean tls,
        Optional<Path> tlsCa,
        Duration timeout,
        int poolSize,
        boolean keepOpen) {

    /** {@return the PBX's address as it is written in messages, such as {@code 127.0.0.1:5038}} */
    public String address() {
        return host + ":" + port;
    }
}
