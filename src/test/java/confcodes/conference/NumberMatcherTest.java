package confcodes.conference;

import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberMatcherTest {

    private static final Participant MOBILE = member("PJSIP/trunk-0000001b", "+79161234567");

    private static List<String> whom(String typed, Participant... participants) {
        return NumberMatcher.whom(typed, List.of(participants)).stream()
                .map(Participant::channel)
                .toList();
    }

    private static boolean means(String typed, String callerId) {
        return !whom(typed, member("PJSIP/trunk-0000001b", callerId)).isEmpty();
    }

    @Test
    void a_caller_id_number_is_matched_to_the_letter() {
        assertEquals(
                List.of("PJSIP/a-00000001"),
                whom("101", member("PJSIP/a-00000001", "101"), member("PJSIP/b-00000002", "1011")));
    }

    @Test
    void an_address_in_the_place_of_an_endpoint_is_nobodys_number() {
        Participant behindAnAddress = member("SIP/192.168.1.101-0000001b", "");
        assertEquals(List.of(), whom("1101", behindAnAddress));
        assertEquals(List.of(behindAnAddress.channel()), whom("192.168.1.101", behindAnAddress));
    }

    @Test
    void an_endpoint_is_matched_to_the_letter() {
        assertEquals(
                List.of("PJSIP/101-00000001"),
                whom("101", member("PJSIP/101-00000001", "5550000"), member("PJSIP/1010-00000002", "")));
    }

    @Test
    void two_with_the_same_number_are_both_meant_in_their_order() {
        assertEquals(
                List.of("PJSIP/b-00000009", "PJSIP/101-00000002"),
                whom("101", member("PJSIP/b-00000009", "101"), member("PJSIP/101-00000002", "")));
    }

    @Test
    void somebody_whose_number_and_endpoint_both_fit_is_meant_once() {
        assertEquals(List.of("PJSIP/101-00000001"), whom("101", member("PJSIP/101-00000001", "101")));
    }

    static Stream<Arguments> pairs_of_notations() {
        List<String> notations = List.of("89161234567", "+79161234567", "0079161234567", "79161234567", "9161234567");
        return notations.stream().flatMap(typed -> notations.stream().map(callerId -> Arguments.of(typed, callerId)));
    }

    @ParameterizedTest
    @MethodSource("pairs_of_notations")
    void a_subscriber_is_found_in_every_notation(String typed, String callerId) {
        assertTrue(means(typed, callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+7 (916) 123-45-67", "8 916 123-45-67", "916.123.4567"})
    void blanks_hyphens_brackets_and_points_in_a_number_do_not_count(String callerId) {
        assertTrue(means("89161234567", callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"79161234567", "+79161234567", "0079161234567"})
    void another_country_s_subscriber_with_the_same_national_number_is_not_meant(String typed) {
        for (String american : List.of("+19161234567", "0019161234567", "19161234567")) {
            assertFalse(means(typed, american), american);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "+12349161234567, 9161234567",
        "0012349161234567, 89161234567",
        "+4912345, 012345",
        "79161234567, 1234567",
        "+79161234567, 161234567",
    })
    void what_is_no_country_code_and_a_whole_national_number_is_not_taken_apart(String typed, String callerId) {
        assertFalse(means(typed, callerId));
    }

    @ParameterizedTest
    @CsvSource({
        "01234567, +11234567, true",
        "0123456789, +49123456789, true",
        "0123456789, +210123456789, true",
        "0301234567, +12301234567, false",
        "0123456789, +79123456789, false",
        "0123456789, +490123456788, false"
    })
    void the_rest_of_an_international_number_is_a_country_code_only_if_there_can_be_such_a_one(
            String typed, String callerId, boolean means) {
        assertEquals(means, means(typed, callerId));
    }

    @Test
    void a_national_number_means_the_subscribers_of_all_countries_that_have_it() {
        assertEquals(
                List.of(MOBILE.channel(), "PJSIP/us-00000002"),
                whom("9161234567", MOBILE, member("PJSIP/us-00000002", "+19161234567")));
    }

    @ParameterizedTest
    @CsvSource({
        "4567, +79161234567",
        "34567, 89161234567",
        "161234567, +79161234567",
        "0123, +49301230123",
        "00123, +49301200123",
        "8123, 74958123",
        "4321, 204321"
    })
    void the_last_four_or_more_digits_suffice(String typed, String callerId) {
        assertTrue(means(typed, callerId));
    }

    @Test
    void the_last_digits_of_an_endpoint_suffice_too() {
        assertEquals(List.of("PJSIP/204321-00000001"), whom("4321", member("PJSIP/204321-00000001", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"567", "67", "7", "0"})
    void three_digits_are_never_enough_for_the_end_of_a_number(String typed) {
        assertEquals(List.of(), whom(typed, MOBILE, member("PJSIP/4567-00000567", "1000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7916", "9161", "6123", "123456", "79161234", "916123456"})
    void the_beginning_or_the_middle_of_a_number_means_nobody(String typed) {
        assertEquals(List.of(), whom(typed, MOBILE, member("PJSIP/9161234560-00000001", "89161234560")));
    }

    @ParameterizedTest
    @CsvSource({
        "10, PJSIP/101-00000010",
        "10, PJSIP/210-0000001a",
        "1234, PJSIP/200-00001234",
        "00001234, PJSIP/200-00001234",
        "2, Local/200@conf-00000003;2",
        "0003, Local/200@conf-00000003;2",
        "1, DAHDI/i1/555-1",
    })
    void the_suffix_of_a_channel_s_name_means_nobody(String typed, String channel) {
        assertEquals(List.of(), whom(typed, member(channel, "")));
    }

    @Test
    void to_the_letter_beats_another_notation() {
        assertEquals(
                List.of("PJSIP/b-00000002"), whom("89161234567", MOBILE, member("PJSIP/b-00000002", "89161234567")));
    }

    @Test
    void another_notation_beats_the_end_of_a_longer_number() {
        assertEquals(List.of("PJSIP/b-00000002"), whom("1234567", MOBILE, member("PJSIP/b-00000002", "01234567")));
    }

    @Test
    void to_the_letter_beats_the_end_of_a_longer_number() {
        assertEquals(List.of("PJSIP/4567-00000002"), whom("4567", MOBILE, member("PJSIP/4567-00000002", "")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "+", "-", "*", "#", "...."})
    void without_a_digit_nobody_is_meant(String typed) {
        assertEquals(List.of(), whom(typed, MOBILE, member("PJSIP/101-00000001", ""), member("PJSIP/-00000002", "")));
    }

    @Test
    void a_withheld_number_is_meant_by_its_endpoint_only() {
        Participant withheld = member("PJSIP/205-00000001", "");

        assertEquals(List.of(), whom("0001", withheld));
        assertEquals(List.of("PJSIP/205-00000001"), whom("205", withheld));
    }

    @Test
    void an_endpoint_that_is_a_word_is_meant_by_the_whole_word_only() {
        Participant alice = member("PJSIP/alice-00000001", "Anonymous");

        assertEquals(List.of("PJSIP/alice-00000001"), whom("alice", alice));
        assertEquals(List.of(), whom("lice", alice));
        assertEquals(List.of(), whom("a", alice));
        assertEquals(List.of(), whom("25423", alice));
    }

    @Test
    void digits_at_the_end_of_a_word_are_no_number() {
        assertEquals(List.of(), whom("1234", member("PJSIP/alice1234-00000001", "x1234")));
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
        if (digits.length() >= 4) {
            parts.add(digits);
        }
        return parts;
    }

    @Test
    void whoever_is_meant_has_a_number_that_is_or_ends_with_what_was_typed() {
        Random random = new Random(4573);
        int meant = 0;
        for (int round = 0; round < 20_000; round++) {
            List<Participant> participants = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                participants.add(member(
                        String.format("PJSIP/%s-%08x", number(random), random.nextInt(0x10000)), number(random)));
            }
            String typed = random.nextBoolean() ? number(random) : partOfSomebody(random, participants);
            for (Participant participant : NumberMatcher.whom(typed, participants)) {
                meant++;
                List<String> own = List.of(participant.number(), participant.endpoint());
                assertTrue(
                        own.contains(typed)
                                || own.stream()
                                        .anyMatch(number -> nationalParts(typed).stream()
                                                .anyMatch(number.replace("+", "")::endsWith)),
                        () -> typed + " is not " + participant);
            }
        }
        assertTrue(meant > 1_000, "hardly anybody was meant: " + meant);
    }

    @Test
    void whoever_has_the_number_typed_is_meant_and_then_nobody_who_has_not() {
        Random random = new Random(5038);
        for (int round = 0; round < 5_000; round++) {
            List<Participant> participants = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                participants.add(member(String.format("PJSIP/%s-%08x", number(random), i), number(random)));
            }
            String typed = participants.get(random.nextInt(6)).number();
            List<Participant> exact = participants.stream()
                    .filter(p -> p.number().equals(typed) || p.endpoint().equals(typed))
                    .toList();

            assertEquals(exact, NumberMatcher.whom(typed, participants), typed);
        }
    }

    private static String number(Random random) {
        String prefix = List.of("", "", "0", "00", "+", "8", "7", "+7", "007").get(random.nextInt(9));
        StringBuilder number = new StringBuilder(prefix);
        int length = 1 + random.nextInt(11);
        for (int i = 0; i < length; i++) {
            number.append((char) ('0' + random.nextInt(10)));
        }
        return number.toString();
    }

    private static String partOfSomebody(Random random, List<Participant> participants) {
        Participant somebody = participants.get(random.nextInt(participants.size()));
        String text = random.nextInt(4) == 0 ? somebody.channel() : somebody.number();
        String digits = text.replaceAll("[^0-9]", "");
        int from = random.nextInt(digits.length());
        int to = random.nextBoolean() ? digits.length() : from + 1 + random.nextInt(digits.length() - from);
        String prefix = List.of("", "", "8", "0", "7", "+7", "007").get(random.nextInt(7));
        return prefix + digits.substring(from, to);
    }
}
