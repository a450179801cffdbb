package confcodes.ami;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How the PBX is reached. Immutable.
 *
 * @param host name or address of the Asterisk server: {@code ami-host}
 * @param port its AMI port, 1 to 65535: {@code ami-port}
 * @param user the section of manager.conf to log in as: {@code ami-user}
 * @param secret that section's secret
 * @param tls whether the port speaks TLS: {@code ami-tls}
 * @param tlsCa certificates in PEM that the server's is checked against; empty for the JVM's own: {@code ami-tls-ca}
 * @param timeout how long one operation may take once it has a connection, a second attempt included: {@code ami-timeout}
 * @param poolSize how many connections at most, 1 to 64: {@code pool-size}
 * @param poolWait how long an operation may wait for a free connection: {@code pool-wait}
 * @param ping how long a connection may be idle before it is asked whether it lives: {@code ami-ping}
 * @param keepOpen whether the pool keeps all its connections open, as a server wants it, or opens them on demand
 */
public record AmiSettings(
        String host,
        int port,
        String user,
        Secret secret,
        boolean tls,
        Optional<Path> tlsCa,
        Duration timeout,
        int poolSize,
        Duration poolWait,
        Duration ping,
        boolean keepOpen) {

    /** Checks ranges and that host and user are one word each. */
    public AmiSettings {
        require(host.matches("[^\\s\\p{Cntrl}]+"), "ami-host is a name or an address");
        require(port >= 1 && port <= 65_535, "ami-port is 1 to 65535");
        require(user.matches("[^\\s\\p{Cntrl}]+"), "ami-user is a section's name in manager.conf");
        require(timeout.compareTo(Duration.ofMillis(100)) >= 0, "ami-timeout is at least 100ms");
        require(poolSize >= 1 && poolSize <= 64, "pool-size is 1 to 64");
        require(!poolWait.isNegative() && !poolWait.isZero(), "pool-wait is more than 0");
        require(ping.compareTo(Duration.ofSeconds(1)) >= 0, "ami-ping is at least 1s");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }

    /** {@return the PBX's address as it is written in messages, such as {@code 127.0.0.1:5038}} */
    public String address() {
        return host + ":" + port;
    }
}
