package confcodes.bench;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.asteriskjava.manager.action.ConfbridgeUnmuteAction;

/**
 * How long the moderator is away after the last key, with whispers and without. No event of Asterisk tells it: a participant's
 * telephone plays a tone, and the moderator's SIP phone looks for it in what it receives.
 */
final class Returns {

    private static final List<Integer> SIZES = List.of(3, 50, 200);
    private static final String MUTED = "4101";

    private final Bench bench;
    private final Map<String, Samples> samples = new LinkedHashMap<>();

    Returns(Bench bench) {
        this.bench = bench;
    }

    void measure() throws Exception {
        bench.lab().followCodes(true);
        for (int size : SIZES) {
            measure(size, true, bench.effort().presses() * 5);
            measure(size, false, bench.effort().presses());
        }
        bench.lab().followCodes(false);
    }

    private void measure(int size, boolean whisper, int presses) throws Exception {
        Lab lab = bench.lab();
        Samples returned = new Samples();
        samples.put(size + " | " + (whisper ? "yes" : "no"), returned);
        try (ServerProcess server = lab.serve("--whisper=" + whisper);
                Room room = lab.room(server)) {
            // While its queues are long, Asterisk takes no SIP call.
            bench.settle();
            Caller moderator = room.moderator(Room.Kind.SIP, "9200");
            room.join(MUTED);
            room.join("4102").playsTone();
            Stream.iterate(5000, number -> number + 1)
                    .limit(size - 3L)
                    .forEach(number -> room.join(Integer.toString(number), "bench_user", ""));
            bench.settle();
            Bench.progress("  " + size + (whisper ? ", whispered" : ", heard before the return"));
            for (int i = 0; i < presses; i++) {
                Await.until("the tone is heard", () -> moderator.phone().toneSinceKey() > 0);
                moderator.pressInOneGo("*6" + MUTED + "#");
                Await.until("the tone is heard again", () -> moderator.phone().toneSinceKey() > 0);
                returned.add(moderator.phone().toneSinceKey());
                moderator.awaitBack();
                room.participants().stream()
                        .filter(row -> MUTED.equals(row.getCallerIdNum()))
                        .forEach(row -> lab.ami().ask(new ConfbridgeUnmuteAction(room.name(), row.getChannel())));
            }
        }
        Bench.progress("    p50 / p99 " + returned.cell() + " ms");
    }

    void report(Report report) {
        report.heading("Return")
                .line("ms from the end of the last key until the moderator's SIP phone receives the conference again.")
                .table("size | whispered | presses | p50 | p99");
        samples.forEach((what, returned) -> report.row(what, returned.count(), returned.p50(), returned.p99()));
        for (int size : SIZES) {
            Samples whispered = samples.get(size + " | yes");
            report.atMost("from the last key to the return, p50, at " + size, " ms", whispered.p50(), 100);
            report.atMost("the same, p99, at " + size, " ms", whispered.p99(), 300);
        }
    }
}
