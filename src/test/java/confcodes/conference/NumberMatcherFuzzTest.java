package confcodes.conference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.FuzzSeeds;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What holds of whomever a number means, for numbers and participants by the thousand; a failure names its seed. */
class NumberMatcherFuzzTest {

    private static final int CASES = 20_000 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final String[] TECHNOLOGIES = {"PJSIP/", "SIP/", "Local/", "IAX2/", "DAHDI/i1/"};
    private static final String SIGNS = "0123456789+ ()-.*#abcxyz@/;%\n\u0660";

    /** What src/lab/torture gives to a fuzzer: what is typed, then a line for each participant, his number and channel. */
    public static void fuzzerTestOneInput(byte[] input) {
        List<String> lines =
                new String(input, StandardCharsets.UTF_8).lines().limit(8).toList();
        List<Participant> all = lines.stream()
                .skip(1)
                .map(line -> line.split(" ", 2))
                .filter(line -> line.length == 2 && !line[1].isEmpty())
                .map(line -> People.member(line[1], line[0]))
                .toList();
        check(lines.isEmpty() ? "" : lines.get(0), all, "");
    }

    @Test
    void whoever_is_meant_has_the_number_to_the_letter_or_its_last_digits() {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<Participant> all = participants(random);
            check(typed(random, all), all, "seed " + seed + ": ");
        }
    }

    @Test
    void what_fuzzing_begins_with_is_no_fault() throws IOException {
        for (byte[] seed : FuzzSeeds.of(NumberMatcherFuzzTest.class)) {
            fuzzerTestOneInput(seed);
        }
    }

    private static void check(String typed, List<Participant> all, String seed) {
        String about = seed + "'" + typed + "' among " + all;
        List<Participant> meant = NumberMatcher.whom(typed, all);
        assertEquals(all.stream().filter(meant::contains).toList(), meant, about);
        assertTrue(!typed.isBlank() || meant.isEmpty(), about);
        List<Participant> exact = all.stream()
                .filter(p -> p.number().equals(typed) || p.endpoint().equals(typed))
                .toList();
        if (!typed.isBlank() && !exact.isEmpty()) {
            assertEquals(exact, meant, about);
            return;
        }
        String tail = last(digits(typed), 4);
        for (Participant one : meant) {
            assertTrue(tail.length() == 4, about);
            assertTrue(
                    digits(one.number()).endsWith(tail)
                            || digits(one.endpoint()).endsWith(tail),
                    about);
        }
    }

    private static List<Participant> participants(Random random) {
        List<Participant> participants = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            String number = number(random);
            String endpoint = random.nextBoolean() ? number(random) : "trunk" + random.nextInt(3);
            String channel = TECHNOLOGIES[random.nextInt(TECHNOLOGIES.length)]
                    + (endpoint.isEmpty() ? "x" : endpoint)
                    + String.format("-%08x", random.nextInt());
            participants.add(People.member(channel, number));
        }
        return participants;
    }

    private static String number(Random random) {
        return switch (random.nextInt(5)) {
            case 0 -> "";
            case 1 -> Integer.toString(100 + random.nextInt(20));
            case 2 -> "+7916123456" + random.nextInt(3);
            case 3 -> "8916123456" + random.nextInt(3);
            default -> "00" + random.nextInt(1000) + random.nextInt(100_000_000);
        };
    }

    /** Somebody's number with a part cut off, put before or changed, or anything. */
    private static String typed(Random random, List<Participant> all) {
        StringBuilder typed = new StringBuilder(
                all.isEmpty() ? "" : all.get(random.nextInt(all.size())).number());
        for (int changes = random.nextInt(4); changes > 0; changes--) {
            int at = random.nextInt(typed.length() + 1);
            switch (random.nextInt(4)) {
                case 0 -> typed.delete(0, at);
                case 1 -> typed.setLength(at);
                case 2 -> typed.insert(at, SIGNS.charAt(random.nextInt(SIGNS.length())));
                default -> typed.insert(0, random.nextInt(10));
            }
        }
        return typed.toString();
    }

    private static String digits(String text) {
        return text.replaceAll("[^0-9]", "");
    }

    private static String last(String text, int count) {
        return text.substring(Math.max(0, text.length() - count));
    }
}
