package confcodes.ami;

import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this package have in common. */
final class AmiPeers {

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** More than any time-out here, on a machine that is busy. */
    static final Duration SLACK = Duration.ofSeconds(3);

    private AmiPeers() {}

    static AmiSettings settings(ScriptedAmi ami, Duration timeout, int poolSize, boolean keepOpen) {
        return settings(ami.port(), timeout, poolSize, Duration.ofSeconds(15), keepOpen);
    }

    static AmiSettings settings(int port, Duration timeout, int poolSize, Duration ping, boolean keepOpen) {
        return new AmiSettings(
                "127.0.0.1",
                port,
                ScriptedAmi.USER,
                new Secret(ScriptedAmi.SECRET),
                false,
                Optional.empty(),
                timeout,
                poolSize,
                timeout,
                ping,
                keepOpen);
    }

    static AmiPbx pbx(ScriptedAmi ami) {
        return pbx(ami, TIMEOUT);
    }

    static AmiPbx pbx(ScriptedAmi ami, Duration timeout) {
        return new AmiPbx(settings(ami, timeout, 4, false));
    }

    static List<String> rows(int count) {
        return IntStream.range(101, 101 + count).mapToObj(ScriptedAmi::row).toList();
    }

    static PbxException assertFails(PbxException.Reason reason, Executable executable) {
        PbxException e = Assertions.assertThrows(PbxException.class, executable);
        Assertions.assertEquals(reason, e.reason(), () -> "reason of: " + e.getMessage());
        return e;
    }

    /** {@return the live threads of sessions} */
    static List<String> sessionThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith("Asterisk-Java ManagerConnection"))
                .toList();
    }
}
