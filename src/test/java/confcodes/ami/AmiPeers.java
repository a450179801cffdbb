package confcodes.ami;

import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.function.Executable;

/** What the tests of this package have in common. */
final class AmiPeers {

    static final Duration TIMEOUT = Duration.ofSeconds(5);

    /** A time-out that a test waits for. */
    static final Duration SHORT = Duration.ofMillis(600);

    private AmiPeers() {}

    static AmiSettings settings(ScriptedAmi ami, Duration timeout, int poolSize, boolean keepOpen) {
        return new AmiSettings(
                "",
                "127.0.0.1",
                ami.port(),
                ScriptedAmi.USER,
                new Secret(ScriptedAmi.SECRET),
                false,
                Optional.empty(),
                timeout,
                poolSize,
                keepOpen);
    }

    static AmiPbx pbx(ScriptedAmi ami) {
        return pbx(ami, TIMEOUT);
    }

    static AmiPbx pbx(ScriptedAmi ami, Duration timeout) {
        return new AmiPbx(settings(ami, timeout, 4, false));
    }

    /** {@return a pool that keeps its connections open} */
    static AmiPbx server(ScriptedAmi ami, int poolSize) {
        return new AmiPbx(settings(ami, TIMEOUT, poolSize, true));
    }

    static long in(Duration time) {
        return System.nanoTime() + time.toNanos();
    }

    static List<String> rows(int count) {
        return IntStream.range(101, 101 + count).mapToObj(ScriptedAmi::row).toList();
    }

    static Participant participant(String channel) {
        return new Participant(
                channel, "1700000000.1", "101", "", false, false, false, false, false, Duration.ofSeconds(1));
    }

    static List<String> numbers(List<Participant> participants) {
        return participants.stream().map(Participant::number).toList();
    }

    static PbxException assertFails(PbxException.Reason reason, Executable executable) {
        PbxException e = Assertions.assertThrows(PbxException.class, executable);
        Assertions.assertEquals(reason, e.reason(), () -> "reason of: " + e.getMessage());
        return e;
    }

    /** Fails if a failure takes more than its time, and 3 s for a busy machine. */
    static PbxException assertFailsWithin(Duration time, PbxException.Reason reason, Executable executable) {
        return Assertions.assertTimeout(time.plusSeconds(3), () -> assertFails(reason, executable));
    }
}
