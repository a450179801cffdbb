package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Callers go away: nothing is done that the last key did not confirm, and nothing of them stays behind. */
@LiveTest(serve = {"--dial-string=Local/%s@lab-ring/n", "--whisper=false"})
@Execution(ExecutionMode.CONCURRENT)
class HangUpLiveIT {

    private static final int CALLERS = 15;
    private static final int STEP_MILLIS = 80;

    private final Lab lab;
    private final ServerProcess server;

    @AutoClose
    private final Room room;

    HangUpLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
        this.room = lab.room(server);
    }

    @AfterEach
    void no_stack_trace_is_logged() {
        assertEquals(0, server.logged("\tat ") + server.logged(" ERROR "), server::logText);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10"})
    void before_the_number_is_complete(String keys) {
        room.join("101");
        Caller moderator = room.moderator("200");
        moderator.begin("*8");
        moderator.awaitAsked();
        if (!keys.isEmpty()) {
            moderator.keys(keys);
        }
        moderator.hangUp();
        assertEquals("none", outcome(moderator));
        room.awaitHere("101");
    }

    /** What is said of a number that nobody has is the last word, if the server was too slow to ask again. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*6, 999#, privacy-incorrect, cancelled or notfound",
                "*6, #, vm-sorry, cancelled",
                "*6, 101, vm-press, cancelled",
                "*9, 5, conf-errormenu, cancelled",
                "*6, 4567#, dir-multi1, cancelled",
                "*6, 4567#, dir-multi2, cancelled",
                "*44, , confbridge-participants, cancelled",
                "*44, , vm-press, cancelled",
                "*6, *#, beeperr, cancelled",
                "*8, 200#, confbridge-invalid, denied",
                "*31, , confbridge-invalid, denied",
                "*6, 101#, digits/1, done",
                "*6, 101#, descending-2tone, done",
                "*9, 0, conf-lockednow, done",
                "*11, , conf-now-muted, done",
                "*21, , conf-thereare, done",
                "*22, , digits/4, done"
            })
    void during_a_prompt(String code, String keys, String sound, String outcomes) {
        room.join("101");
        room.join("14567");
        room.join("24567");
        Caller moderator = room.moderator("200");
        moderator.pressUntilSound(sound, code, keys == null ? new String[0] : new String[] {keys});
        moderator.hangUp();
        String outcome = outcome(moderator);
        assertTrue(List.of(outcomes.split(" or ")).contains(outcome), outcome);
        room.awaitHere("101", "14567", "24567");
        if (!outcome.equals("done")) {
            assertEquals(List.of(), room.muted());
        }
    }

    /** Hang-ups in steps over a whole code, so that some fall on its action: what the log says of each is what was done. */
    @Test
    void at_any_moment() throws ExecutionException, InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try {
            List<Caller> members = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                members.add(room.join(Integer.toString(111 + i)));
            }
            List<Caller> moderators = room.moderators(IntStream.range(211, 211 + CALLERS));
            for (Caller moderator : moderators) {
                moderator.begin("*6");
                moderator.awaitAsked();
            }
            List<Future<?>> hangUps = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                moderators.get(i).keys(members.get(i).number() + "#");
                hangUps.add(clock.schedule(moderators.get(i)::hangUp, (long) STEP_MILLIS * i, TimeUnit.MILLISECONDS));
            }
            for (Future<?> hangUp : hangUps) {
                hangUp.get();
            }
            for (int i = 0; i < CALLERS; i++) {
                String outcome = outcome(moderators.get(i));
                assertTrue(List.of("none", "done", "cancelled").contains(outcome), outcome);
                assertEquals(outcome.equals("done"), members.get(i).isMuted(), outcome + " after step " + i);
            }
        } finally {
            clock.shutdownNow();
        }
    }

    /** The outcome that the server has logged last; {@code none} if the caller has gone before the server was called. */
    private String outcome(Caller caller) {
        Await.until("the caller's channel is gone", () -> !caller.isUp(), lab::logTail);
        long calls = lab.log()
                .lines()
                .filter(line -> line.contains("AGI(\"" + caller.channel() + "\""))
                .count();
        return calls == 0 ? "none" : room.awaitOutcome(caller, calls);
    }
}
