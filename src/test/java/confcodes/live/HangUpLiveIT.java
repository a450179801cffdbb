package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The caller goes away: nothing is done that the last digit did not confirm, and nothing of him stays behind. */
@ExtendWith(LiveExtension.class)
@Execution(ExecutionMode.CONCURRENT)
class HangUpLiveIT {

    private static final int CALLERS = 15;
    private static final int STEP_MILLIS = 80;

    private static Lab lab;
    private static LiveServer server;

    @BeforeAll
    static void start(Lab started) throws IOException {
        lab = started;
        server = LiveServer.start(lab.amiPort(), "change-me-confcodes", "--dial-string=Local/%s@lab-ring/n");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @AfterEach
    void no_stack_trace_is_logged() {
        assertTrue(
                server.log().stream().noneMatch(line -> line.startsWith("\tat ") || line.contains(" ERROR ")),
                server.log()::toString);
    }

    private static Caller moderator(Room room, String number) {
        return room.moderator(number, "CONFCODES_SERVER=127.0.0.1:" + server.port());
    }

    @Test
    void before_the_digits() {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = moderator(room, "200");
            moderator.begin("*8");
            moderator.awaitAsked();
            moderator.hangUp();
            assertEquals("cancelled", outcome(room, moderator));
            Waiting.until(
                    "he alone is gone",
                    () -> room.here().equals(List.of("101")),
                    () -> room.here().toString());
        }
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "*6, 999#, privacy-incorrect, cancelled",
                "*6, #, vm-sorry, cancelled",
                "*9, 5, conf-errormenu, cancelled",
                "*6, 4567#, dir-multi1, cancelled",
                "*6, 4567#, dir-multi2, cancelled",
                "*44, , confbridge-participants, cancelled",
                "*44, , vm-press, cancelled",
                "*6, *, beeperr, cancelled",
                "*8, 200#, confbridge-invalid, denied",
                "*31, , confbridge-invalid, denied",
                "*6, 101#, digits/1, done",
                "*6, 101#, descending-2tone, done",
                "*9, 0, conf-lockednow, done",
                "*11, , conf-now-muted, done",
                "*21, , conf-thereare, done",
                "*22, , digits/4, done"
            })
    void during_a_prompt(String code, String keys, String sound, String outcome) {
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            room.join("14567");
            room.join("24567");
            Caller moderator = moderator(room, "200");
            moderator.begin(code);
            if (keys != null) {
                moderator.awaitAsked();
                moderator.keys(keys);
            }
            moderator.awaitSound(sound);
            moderator.hangUp();
            assertEquals(outcome, outcome(room, moderator));
            Waiting.until(
                    "he alone is gone",
                    () -> room.here().equals(List.of("101", "14567", "24567")),
                    () -> room.here().toString());
            if (!outcome.equals("done")) {
                assertEquals(List.of(), room.muted());
            }
        }
    }

    /** Hang-ups in steps over a whole code, so that some fall on its action: what the log says of each is what was done. */
    @Test
    void at_any_moment() throws ExecutionException, InterruptedException {
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (Room room = Room.of(lab, server)) {
            List<Caller> members = new ArrayList<>();
            List<Caller> moderators = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                members.add(room.join(Integer.toString(111 + i)));
                moderators.add(moderator(room, Integer.toString(211 + i)));
            }
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
                String outcome = outcome(room, moderators.get(i));
                assertTrue(List.of("done", "cancelled").contains(outcome), outcome);
                assertEquals(outcome.equals("done"), members.get(i).isMuted(), outcome + " after step " + i);
            }
            assertEquals("cancelled", outcome(room, moderators.get(0)));
        } finally {
            clock.shutdownNow();
        }
    }

    /** The word of the one line that the server logs about a caller's code. */
    private static String outcome(Room room, Caller caller) {
        Waiting.until(
                "the code ends",
                () -> room.logOf(caller).size() == 1,
                () -> server.log().toString());
        return room.logOf(caller).get(0).replaceFirst(".* outcome=(\\w+) .*", "$1");
    }
}
