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

/** What holds of everybody who matches, for numbers and participants by the thousand; a failure names its seed. */
class NumberMatchingFuzzTest {

    private static final int CASES = 20_000 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final String[] TECHNOLOGIES = {"PJSIP/", "SIP/", "Local/", "IAX2/", "DAHDI/i1/"};
    private static final String SIGNS = "0123456789+ ()-.*#abcxyz@/;%\n\u0660";

    /** What src/lab/torture gives to a fuzzer: what is typed, then a line for each participant, their number and channel. */
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
    void whoever_matches_has_the_number_exactly_or_its_last_digits() {
        int matched = 0;
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            List<Participant> all = participants(random);
            matched += check(typed(random, all), all, "seed " + seed + ": ");
        }
        assertTrue(matched > CASES / 4, "hardly anybody matched: " + matched);
    }

    @Test
    void the_fuzzer_s_seeds_are_no_fault() throws IOException {
        for (byte[] seed : FuzzSeeds.of(NumberMatchingFuzzTest.class)) {
            fuzzerTestOneInput(seed);
        }
    }

    private static int check(String typed, List<Participant> all, String seed) {
        String about = seed + "'" + typed + "' among " + all;
        List<Match> matches = NumberMatching.matching(typed, all);
        List<Participant> found = matches.stream().map(Match::participant).toList();
        assertEquals(all.stream().filter(found::contains).toList(), found, about);
        assertTrue(!typed.isBlank() || matches.isEmpty(), about);
        for (Participant one : all) {
            boolean exact = one.number().equals(typed) || one.endpoint().equals(typed);
            assertTrue(typed.isBlank() || !exact || matches.contains(new Match(one, Match.Kind.WHOLE)), about);
        }
        String written = plain(typed).replace("+", "");
        for (Match match : matches) {
            String number = plain(match.participant().number()).replace("+", "");
            assertTrue(
                    match.isEnd()
                            ? written.length() >= 4 && number.length() > written.length() && number.endsWith(written)
                            : match.participant().number().equals(typed)
                                    || match.participant().endpoint().equals(typed)
                                    || nationalParts(plain(typed)).stream().anyMatch(number::endsWith),
                    about);
        }
        return matches.size();
    }

    /** What is left of a typed number when its trunk or international prefix, and a country code, are taken off. */
    private static List<String> nationalParts(String typed) {
        List<String> parts = new ArrayList<>();
        String digits = typed.replace("+", "");
        boolean international = typed.startsWith("+") || typed.startsWith("00");
        String subscriber = typed.startsWith("00") ? digits.substring(2) : digits;
        for (int countryCode = 0; countryCode <= 3; countryCode++) {
            int left = subscriber.length() - countryCode;
            if (left >= 7 && (countryCode == 0 || international || left >= 10 || subscriber.length() > 10)) {
                parts.add(subscriber.substring(countryCode));
            }
        }
        if (digits.startsWith("0") && digits.length() > 7) {
            parts.add(digits.substring(1));
        }
        return parts;
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

    private static String plain(String text) {
        return text.replaceAll("[ ().-]", "");
    }
}
