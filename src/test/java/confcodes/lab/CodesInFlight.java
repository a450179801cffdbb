package confcodes.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Service codes of a conference's moderators, who mute themselves by number. The callers are FastAGI peers, since real ones die
 * with their PBX; they stand for channels that really are in the conference. Half of them type their number around a fault, half
 * after it.
 */
public final class CodesInFlight implements AutoCloseable {

    private static final long STEP_NANOS = 4_000_000;

    private final Room room;
    private final List<Code> codes = new ArrayList<>();
    private final ExecutorService phones;

    /**
     * A code.
     *
     * @param number what is typed, the moderator's own number
     * @param peer the peer
     */
    public record Code(String number, FastAgiPeer peer) {

        private Code type() {
            try {
                peer.types(number).playOn();
                return this;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private boolean isDone() {
            return peer.status().equals("DONE");
        }
    }

    /**
     * Fills a conference and begins the codes, so that each waits for its number.
     *
     * @param lab the lab
     * @param server the server
     * @param count how many
     */
    public CodesInFlight(Lab lab, ServerProcess server, int count) {
        phones = Executors.newFixedThreadPool(count);
        room = lab.room(server);
        try {
            for (Caller caller : room.moderators(IntStream.range(1001, 1001 + count))) {
                FastAgiPeer peer = new FastAgiPeer(server.port(), "conference_mute?conference=" + room.name());
                codes.add(new Code(
                        caller.number(), peer.standsFor(caller, lab.ami()).playUntilAsked()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The first half is typed in steps of 4 ms, in the midst of which the fault strikes; then the second half is typed. */
    public CodesInFlight strike(Runnable fault) {
        List<Future<Code>> ended = new ArrayList<>();
        long begun = System.nanoTime();
        for (int i = 0; i < codes.size() / 2; i++) {
            long at = begun + i * STEP_NANOS;
            Code code = codes.get(i);
            ended.add(phones.submit(() -> {
                for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                return code.type();
            }));
        }
        join(ended.get(1));
        fault.run();
        codes.subList(codes.size() / 2, codes.size()).forEach(code -> ended.add(phones.submit(code::type)));
        ended.forEach(CodesInFlight::join);
        return this;
    }

    private static void join(Future<Code> code) {
        try {
            code.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** {@return the conference} */
    public Room room() {
        return room;
    }

    /** {@return the peers of all codes} */
    public List<FastAgiPeer> peers() {
        return codes.stream().map(Code::peer).toList();
    }

    /** {@return all numbers} */
    public List<String> numbers() {
        return codes.stream().map(Code::number).toList();
    }

    /** {@return the numbers of those who were told DONE} */
    public List<String> done() {
        return done(codes.stream());
    }

    /** {@return the numbers of those who typed after the fault and were told DONE all the same} */
    public List<String> doneAfterwards() {
        return done(codes.stream().skip(codes.size() / 2));
    }

    private static List<String> done(Stream<Code> codes) {
        return codes.filter(Code::isDone).map(Code::number).toList();
    }

    @Override
    public void close() {
        phones.shutdownNow();
        room.close();
    }
}
