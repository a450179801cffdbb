package confcodes.live;

import static confcodes.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.live.Room.Caller;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * What the moderator's phone hears: every outcome is audible, and done and not done differ. A recording of the phone's ear is
 * compared by the loudness of each twentieth of a second, its melody.
 */
@ExtendWith(LiveExtension.class)
@Isolated
class EarLiveIT {

    private static final int SAMPLES_A_SECOND = 8000;
    private static final int SAMPLES_A_FRAME = 400;

    /** Of Asterisk's default country, us, in hertz (indications.conf). */
    private static final double DIAL_TONE_LOW = 350;

    private static final double DIAL_TONE_HIGH = 440;
    private static final int WAV_HEADER = 44;

    /** Where the header has the number of bytes behind it. */
    private static final int WAV_LENGTH = 40;

    private static final int AUDIBLE = 300;
    private static final double DIFFERENT = 0.2;

    private static Lab lab;
    private static LiveServer server;

    @BeforeAll
    static void start(Lab started) throws IOException {
        lab = started;
        server = LiveServer.start(lab, "--first-digit-timeout=2s", "--attempts=1", "--dial-string=Local/%s@lab-ring/n");
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    @Test
    void every_outcome_is_audible_and_done_differs_from_not_done() throws IOException {
        Map<String, List<Integer>> heard = new LinkedHashMap<>();
        heard.put("mute done", melody("DONE", "*6", "101#"));
        heard.put("unmute done", melody("DONE", "*7", "101#"));
        heard.put("kick done", melody("DONE", "*8", "101#"));
        heard.put("add done", melody("DONE", "*5", "105#"));
        heard.put("lock done", melody("DONE", "*9", "0"));
        heard.put("unlock done", melody("DONE", "*9", "1"));
        heard.put("mute all done", melody("DONE", "*11"));
        heard.put("unmute all done", melody("DONE", "*12"));
        heard.put("count done", melody("DONE", "*21"));
        heard.put("roll call done", melody("DONE", "*22"));
        heard.put("kick all done", melody("DONE", "*44", "1"));
        heard.put("not found", melody("NOTFOUND", "*6", "999#"));
        heard.put("cancelled", melody("CANCELLED", "*6", "*"));
        heard.put("denied", melody("DENIED", "*8", "200#"));
        heard.put("record denied", melody("DENIED", "*31"));
        lab.codesGoTo(1);
        heard.put("unavailable", melody("UNAVAILABLE", "*6"));
        lab.codesGoTo(server.port());
        heard.forEach(EarLiveIT::assertAudible);
        List<Integer> again = melody("DONE", "*9", "0");
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
    void a_sound_file_that_is_missing_is_a_tone_which_says_done_or_not() throws IOException {
        try (LiveServer mute = LiveServer.start(lab, "--prompt-muted=nothing", "--prompt-not-found=nothing")) {
            Map<String, List<Integer>> heard = new LinkedHashMap<>();
            heard.put("mute done", melody("DONE", "*6", "101#"));
            heard.put("not found", melody("NOTFOUND", "*6", "999#", "999#", "999#"));
            heard.forEach(EarLiveIT::assertAudible);
            assertDiffer(heard, "mute done", "not found");
            mute.awaitLine(line -> line.contains("no sound file nothing") && line.contains("prompt-muted"));
            mute.awaitLine(line -> line.contains("no sound file nothing") && line.contains("prompt-not-found"));
        } finally {
            lab.codesGoTo(server.port());
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

    /** Lets a moderator press a code and returns the loudness of each twentieth of a second that he hears but the dial tone. */
    private static List<Integer> melody(String status, String code, String... keys) throws IOException {
        String recording = "ear" + System.nanoTime();
        try (Room room = Room.of(lab, server)) {
            room.join("101");
            Caller moderator = room.moderator("200", "HEAR=" + recording);
            moderator.begin(code);
            for (String next : keys) {
                moderator.awaitAsked();
                moderator.keys(next);
            }
            moderator.awaitBack();
            assertEquals(status, moderator.status(), code);
        }
        Path file = lab.file("spool/monitor/" + recording + ".wav");
        eventually("the end of the recording " + file, () -> isWhole(wav(file)));
        ByteBuffer wav = wav(file).position(WAV_HEADER);
        List<Integer> levels = new ArrayList<>();
        while (wav.remaining() >= 2 * SAMPLES_A_FRAME) {
            double[] frame = IntStream.range(0, SAMPLES_A_FRAME)
                    .mapToDouble(i -> wav.getShort())
                    .toArray();
            double power = DoubleStream.of(frame).map(sample -> sample * sample).sum() / SAMPLES_A_FRAME;
            if (power(frame, DIAL_TONE_LOW) + power(frame, DIAL_TONE_HIGH) < power / 2) {
                levels.add((int) Math.sqrt(power));
            }
        }
        return levels;
    }

    private static ByteBuffer wav(Path file) {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return whether MixMonitor has written all: it writes the length into the header when it closes the file} */
    private static boolean isWhole(ByteBuffer wav) {
        return wav.limit() > WAV_HEADER && wav.getInt(WAV_LENGTH) == wav.limit() - WAV_HEADER;
    }

    /** The power that a frame has at a frequency. */
    private static double power(double[] frame, double hertz) {
        double cosine = 0;
        double sine = 0;
        for (int i = 0; i < frame.length; i++) {
            cosine += frame[i] * Math.cos(2 * Math.PI * hertz * i / SAMPLES_A_SECOND);
            sine += frame[i] * Math.sin(2 * Math.PI * hertz * i / SAMPLES_A_SECOND);
        }
        return 2 * (cosine * cosine + sine * sine) / frame.length / frame.length;
    }
}
