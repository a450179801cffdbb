package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import confcodes.lab.SlowAmi;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.asteriskjava.manager.action.ConfbridgeUnmuteAction;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A number that is typed in one go is read whole or not at all, whenever its keys come and however slow AMI is. Every beginning
 * and every end of it is somebody else's number.
 */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class KeysLiveIT {

    private static final String NUMBER = "2101";
    private static final List<String> OTHERS = List.of("2", "21", "210", "101", "01", "1");

    /** In all; {@code src/lab/torture} types more. */
    private static final int NUMBERS = Integer.getInteger("confcodes.keys", 54);

    private final Lab lab;

    KeysLiveIT(Lab lab) {
        this.lab = lab;
    }

    /** When the number is typed. */
    private enum Moment {
        /** In one go with the code. */
        IN_ONE_GO("*6" + NUMBER + "#"),
        /** About when the dial tone begins. */
        ABOUT_THE_TONE("*6"),
        /** After a number that nobody has, while that is looked up, said and asked again. */
        AFTER_ANOTHER("*6999#");

        private final String first;

        Moment(String first) {
            this.first = first;
        }
    }

    /** What came of it. */
    private enum Effect {
        DONE,
        NOTHING,
        WRONG
    }

    @ParameterizedTest
    @CsvSource({"0, 100", "0, 150", "0, 250", "30, 100", "30, 150", "30, 250", "300, 100", "300, 150", "300, 250"})
    void a_number_is_read_whole_or_not_at_all(int amiMillis, int keyMillis) {
        Map<Moment, Map<Effect, Integer>> effects = new EnumMap<>(Moment.class);
        List<String> wrong = new ArrayList<>();
        Random random = new Random(amiMillis * 1000L + keyMillis);
        try (SlowAmi slow = new SlowAmi(lab.amiPort(), Duration.ofMillis(amiMillis));
                ServerProcess server = ServerProcess.start(slow.port(), Lab.SECRET, "--ami-timeout=5s");
                Room room = lab.room(server)) {
            OTHERS.forEach(room::join);
            room.join(NUMBER);
            Caller moderator = room.moderator(Kind.SIP, "200");
            for (int i = 0; i < NUMBERS / 9; i++) {
                Moment moment = Moment.values()[i % Moment.values().length];
                int pause = random.nextInt(moment == Moment.AFTER_ANOTHER ? 4000 : 600);
                type(moderator, moment, pause, Duration.ofMillis(keyMillis), random.nextBoolean());
                List<String> muted = room.muted();
                Effect effect =
                        muted.isEmpty() ? Effect.NOTHING : muted.equals(List.of(NUMBER)) ? Effect.DONE : Effect.WRONG;
                effects.computeIfAbsent(moment, m -> new EnumMap<>(Effect.class))
                        .merge(effect, 1, Integer::sum);
                if (effect == Effect.WRONG) {
                    wrong.add(moment + " after " + pause + " ms: " + muted);
                }
                room.participants()
                        .forEach(row -> lab.ami().ask(new ConfbridgeUnmuteAction(room.name(), row.getChannel())));
            }
        }
        System.out.println("AMI " + amiMillis + " ms, keys " + keyMillis + " ms: " + effects);
        assertEquals(List.of(), wrong);
        assertTrue(effects.get(Moment.IN_ONE_GO).getOrDefault(Effect.DONE, 0) > 0, effects::toString);
    }

    private static void type(Caller moderator, Moment moment, int pause, Duration key, boolean info) {
        moderator.expectCode();
        moderator.keys(moment.first, key, info);
        if (moment != Moment.IN_ONE_GO) {
            LockSupport.parkNanos(Duration.ofMillis(pause).toNanos());
            moderator.keys(NUMBER + "#", key, info);
        }
        moderator.awaitBack();
    }
}
