package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What the moderator's phone hears after the last key: every outcome is audible, and done and not done differ. What a SIP phone
 * hears is compared by the loudness of each twentieth of a second, its melody.
 */
@LiveTest(serve = {"--dial-string=Local/%s@lab-ring/n", "--whisper=false"})
@Isolated
class EarLiveIT {

    private static final int SAMPLES_A_FRAME = 400;
    private static final int AUDIBLE = 300;
    private static final double DIFFERENT = 0.2;

    private final Lab lab;
    private final ServerProcess server;

    EarLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    @Test
    void every_outcome_is_audible_and_done_differs_from_not_done() {
        Map<String, List<Integer>> heard = new LinkedHashMap<>();
        heard.put("mute done", melody(server.port(), "DONE", "*6", "101#"));
        heard.put("unmute done", melody(server.port(), "DONE", "*7", "101#"));
        heard.put("kick done", melody(server.port(), "DONE", "*8", "101#"));
        heard.put("add done", melody(server.port(), "DONE", "*5", "105#"));
        heard.put("lock done", melody(server.port(), "DONE", "*9", "0"));
        heard.put("unlock done", melody(server.port(), "DONE", "*9", "1"));
        heard.put("mute all done", melody(server.port(), "DONE", "*11"));
        heard.put("unmute all done", melody(server.port(), "DONE", "*12"));
        heard.put("count done", melody(server.port(), "DONE", "*21"));
        heard.put("roll call done", melody(server.port(), "DONE", "*22"));
        heard.put("kick all done", melody(server.port(), "DONE", "*44", "1"));
        heard.put("kick last done", melody(server.port(), "DONE", "*18", "1"));
        heard.put("nobody talks", melody(server.port(), "NOTFOUND", "*13"));
        heard.put("not found", melody(server.port(), "NOTFOUND", "*6", "999#", "999#", "999#"));
        heard.put("cancelled", melody(server.port(), "CANCELLED", "*6", "*#"));
        heard.put("denied", melody(server.port(), "DENIED", "*8", "200#"));
        heard.put("record denied", melody(server.port(), "DENIED", "*31"));
        heard.put("unavailable", melody(ServerProcess.freePort(), "UNAVAILABLE", "*6", "101#"));
        heard.forEach(EarLiveIT::assertAudible);
        List<Integer> again = melody(server.port(), "DONE", "*9", "0");
        assertTrue(
                difference(heard.get("lock done"), again) < DIFFERENT,
                () -> "the same prompt heard twice differs: " + heard.get("lock done") + again);
        List<String> names = List.copyOf(heard.keySet());
        for (String done : names.stream().filter(name -> name.endsWith("done")).toList()) {
            for (String not :
                    names.stream().filter(name -> !name.endsWith("done")).toList()) {
                assertDiffer(heard, done, not);
            }
        }
    }

    @Test
    void a_sound_file_that_is_missing_is_a_tone_which_says_done_or_not(@TempDir Path directory) throws IOException {
        Path settings =
                Files.writeString(directory.resolve("settings"), "prompt-muted=nothing\nprompt-not-found=nothing\n");
        try (ServerProcess mute = lab.serve("--whisper=false", "--config=" + settings)) {
            Map<String, List<Integer>> heard = new LinkedHashMap<>();
            heard.put("mute done", melody(mute.port(), "DONE", "*6", "101#"));
            heard.put("not found", melody(mute.port(), "NOTFOUND", "*6", "999#", "999#", "999#"));
            heard.forEach(EarLiveIT::assertAudible);
            assertDiffer(heard, "mute done", "not found");
            mute.awaitLine(line -> line.contains("no sound file nothing") && line.contains("prompt-muted"));
            mute.awaitLine(line -> line.contains("no sound file nothing") && line.contains("prompt-not-found"));
        }
    }

    private static void assertAudible(String outcome, List<Integer> levels) {
        assertTrue(
                levels.stream().filter(level -> level > AUDIBLE).count() >= 3, () -> outcome + " is silent: " + levels);
    }

    private static void assertDiffer(Map<String, List<Integer>> heard, String one, String other) {
        double difference = difference(heard.get(one), heard.get(other));
        assertTrue(difference > DIFFERENT, () -> one + " sounds like " + other + ", they differ by " + difference);
    }

    /** How far two melodies lie apart, each from its first sound on: 0 for the same, 1 for nothing in common. */
    private static double difference(List<Integer> one, List<Integer> other) {
        return IntStream.rangeClosed(-2, 2)
                .mapToDouble(shift -> difference(fromFirstSound(one), fromFirstSound(other), shift))
                .min()
                .orElseThrow();
    }

    private static double difference(List<Integer> left, List<Integer> right, int shift) {
        double apart = 0;
        double loudness = 0;
        for (int i = -2; i < Math.max(left.size(), right.size()) + 2; i++) {
            int a = level(left, i);
            int b = level(right, i + shift);
            apart += Math.abs(a - b);
            loudness += a + b;
        }
        return apart / loudness;
    }

    private static int level(List<Integer> levels, int index) {
        return index >= 0 && index < levels.size() ? levels.get(index) : 0;
    }

    private static List<Integer> fromFirstSound(List<Integer> levels) {
        int first = 0;
        while (first < levels.size() && levels.get(first) <= AUDIBLE) {
            first++;
        }
        return levels.subList(first, levels.size());
    }

    /** Lets a moderator press a code and returns the loudness of each twentieth of a second that they hear afterwards. */
    private List<Integer> melody(int agiPort, String status, String code, String... keys) {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator(Room.Kind.SIP, "200");
            moderator.codesGoTo(agiPort);
            assertEquals(status, moderator.press(code, keys), code);
            short[] samples = moderator.phone().heard();
            List<Integer> levels = new ArrayList<>();
            for (int at = 0; at + SAMPLES_A_FRAME <= samples.length; at += SAMPLES_A_FRAME) {
                double power = IntStream.range(at, at + SAMPLES_A_FRAME)
                        .mapToDouble(i -> samples[i] * samples[i])
                        .sum();
                levels.add((int) Math.sqrt(power / SAMPLES_A_FRAME));
            }
            return levels;
        }
    }
}
