package confcodes.conference;

import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberMatchingTest {

    private static final Participant MOBILE = member("PJSIP/trunk-0000001b", "+79161234567");

    private static List<String> matching(String typed, Participant... participants) {
        return NumberMatching.matching(typed, List.of(participants)).stream()
                .map(match -> match.participant().channel())
                .toList();
    }

    private static boolean matches(String typed, String callerId) {
        return !matching(typed, member("PJSIP/trunk-0000001b", callerId)).isEmpty();
    }

    @Test
    void a_caller_id_number_matches_exactly() {
        assertEquals(
                List.of("PJSIP/a-00000001"),
                matching("101", member("PJSIP/a-00000001", "101"), member("PJSIP/b-00000002", "1011")));
    }

    @Test
    void an_endpoint_that_is_an_address_is_no_number() {
        Participant addressed = member("SIP/192.168.1.101-0000001b", "");
        assertEquals(List.of(), matching("1101", addressed));
        assertEquals(List.of(addressed.channel()), matching("192.168.1.101", addressed));
    }

    @Test
    void an_endpoint_matches_exactly() {
        assertEquals(
                List.of("PJSIP/101-00000001"),
                matching("101", member("PJSIP/101-00000001", "5550000"), member("PJSIP/1010-00000002", "")));
    }

    @Test
    void two_with_the_same_number_both_match_in_their_order() {
        assertEquals(
                List.of("PJSIP/b-00000009", "PJSIP/101-00000002"),
                matching("101", member("PJSIP/b-00000009", "101"), member("PJSIP/101-00000002", "")));
    }

    @Test
    void somebody_whose_number_and_endpoint_both_match_is_found_once() {
        assertEquals(List.of("PJSIP/101-00000001"), matching("101", member("PJSIP/101-00000001", "101")));
    }

    static Stream<Arguments> pairs_of_notations() {
        List<String> notations = List.of("89161234567", "+79161234567", "0079161234567", "79161234567", "9161234567");
        return notations.stream().flatMap(typed -> notations.stream().map(callerId -> Arguments.of(typed, callerId)));
    }

    @ParameterizedTest
    @MethodSource("pairs_of_notations")
    void a_subscriber_is_found_in_every_notation(String typed, String callerId) {
        assertTrue(matches(typed, callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+7 (916) 123-45-67", "8 916 123-45-67", "916.123.4567"})
    void blanks_hyphens_brackets_and_points_in_a_number_do_not_count(String callerId) {
        assertTrue(matches("89161234567", callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"79161234567", "+79161234567", "0079161234567"})
    void another_country_s_subscriber_with_the_same_national_number_does_not_match(String typed) {
        for (String american : List.of("+19161234567", "0019161234567", "19161234567")) {
            assertFalse(matches(typed, american), american);
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
    void a_number_is_split_only_into_a_country_code_and_a_whole_national_number(String typed, String callerId) {
        assertFalse(matches(typed, callerId));
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
    void the_rest_of_an_international_number_must_be_a_possible_country_code(
            String typed, String callerId, boolean matches) {
        assertEquals(matches, matches(typed, callerId));
    }

    @Test
    void a_national_number_matches_the_subscribers_of_all_countries_that_have_it() {
        assertEquals(
                List.of(MOBILE.channel(), "PJSIP/us-00000002"),
                matching("9161234567", MOBILE, member("PJSIP/us-00000002", "+19161234567")));
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
        assertTrue(matches(typed, callerId));
    }

    @ParameterizedTest
    @CsvSource({
        "4321, PJSIP/204321-00000001",
        "4567, PJSIP/74951234567-00000001",
        "84951234567, PJSIP/74951234567-00000001",
        "4951234567, PJSIP/74951234567-00000001"
    })
    void an_endpoint_matches_neither_by_its_end_nor_in_another_notation(String typed, String channel) {
        assertEquals(List.of(), matching(typed, member(channel, "5550000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"567", "67", "7", "0"})
    void three_digits_are_never_enough_for_the_end_of_a_number(String typed) {
        assertEquals(List.of(), matching(typed, MOBILE, member("PJSIP/4567-00000567", "1000")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"7916", "9161", "6123", "123456", "79161234", "916123456"})
    void the_beginning_or_the_middle_of_a_number_matches_nobody(String typed) {
        assertEquals(List.of(), matching(typed, MOBILE, member("PJSIP/9161234560-00000001", "89161234560")));
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
    void the_suffix_of_a_channel_s_name_matches_nobody(String typed, String channel) {
        assertEquals(List.of(), matching(typed, member(channel, "")));
    }

    @Test
    void everybody_who_matches_by_any_rule_is_found_and_nobody_is_preferred() {
        List<Participant> participants = List.of(
                member("PJSIP/a-00000001", "+79161234567"),
                member("PJSIP/b-00000002", "89161234567"),
                member("PJSIP/c-00000003", "0089161234567"),
                member("PJSIP/89161234567-00000004", ""),
                member("PJSIP/d-00000005", "1234567"));

        assertEquals(
                List.of(
                        new Match(participants.get(0), Match.Kind.WHOLE),
                        new Match(participants.get(1), Match.Kind.WHOLE),
                        new Match(participants.get(2), Match.Kind.END),
                        new Match(participants.get(3), Match.Kind.WHOLE)),
                NumberMatching.matching("89161234567", participants));
    }

    @ParameterizedTest
    @CsvSource({
        "4567, 4567, WHOLE",
        "4567, 14567, END",
        "1234567, 01234567, WHOLE",
        "01234567, +491234567, WHOLE",
        "1234567, +491234567, END",
        "79161234567, 89161234567, WHOLE",
        "9161234567, +79161234567, WHOLE",
        "161234567, +79161234567, END"
    })
    void a_match_says_whether_only_the_end_was_given(String typed, String callerId, Match.Kind kind) {
        Match match = NumberMatching.matching(typed, List.of(member("PJSIP/trunk-0000001b", callerId)))
                .get(0);

        assertEquals(kind, match.kind());
        assertEquals(kind == Match.Kind.END, match.isEnd());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "+", "-", "*", "#", "...."})
    void without_a_digit_nobody_matches(String typed) {
        assertEquals(
                List.of(), matching(typed, MOBILE, member("PJSIP/101-00000001", ""), member("PJSIP/-00000002", "")));
    }

    @Test
    void a_withheld_number_is_matched_by_its_endpoint_only() {
        Participant withheld = member("PJSIP/205-00000001", "");

        assertEquals(List.of(), matching("0001", withheld));
        assertEquals(List.of("PJSIP/205-00000001"), matching("205", withheld));
    }

    @Test
    void an_endpoint_that_is_a_word_is_matched_by_the_whole_word_only() {
        Participant alice = member("PJSIP/alice-00000001", "Anonymous");

        assertEquals(List.of("PJSIP/alice-00000001"), matching("alice", alice));
        assertEquals(List.of(), matching("lice", alice));
        assertEquals(List.of(), matching("a", alice));
        assertEquals(List.of(), matching("25423", alice));
    }

    @Test
    void digits_at_the_end_of_a_word_are_no_number() {
        assertEquals(List.of(), matching("1234", member("PJSIP/alice1234-00000001", "x1234")));
    }
}
