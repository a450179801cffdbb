package confcodes.conference;

import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumberMatchingTest {

    private static final String TRUNK = "PJSIP/trunk-0000001b";

    /** {@return how a number matches one participant: WHOLE, END or NOT} */
    private static String match(String typed, String channel, String callerId) {
        List<Match> matches = NumberMatching.matching(typed, List.of(member(channel, callerId)));
        return matches.isEmpty() ? "NOT" : matches.get(0).kind().name();
    }

    static Stream<Arguments> pairs_of_notations() {
        List<String> notations = List.of("89161234567", "+79161234567", "0079161234567", "79161234567", "9161234567");
        return notations.stream().flatMap(typed -> notations.stream().map(callerId -> Arguments.of(typed, callerId)));
    }

    @ParameterizedTest
    @MethodSource("pairs_of_notations")
    void a_number_is_whole_in_every_notation(String typed, String callerId) {
        assertEquals("WHOLE", match(typed, TRUNK, callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"+7 (916) 123-45-67", "8 916 123-45-67", "916.123.4567"})
    void blanks_hyphens_brackets_and_points_in_a_number_do_not_count(String callerId) {
        assertEquals("WHOLE", match("89161234567", TRUNK, callerId));
    }

    @ParameterizedTest
    @ValueSource(strings = {"79161234567", "+79161234567", "0079161234567"})
    void another_country_s_number_with_the_same_national_part_does_not_match(String typed) {
        for (String american : List.of("+19161234567", "0019161234567", "19161234567")) {
            assertEquals("NOT", match(typed, TRUNK, american), american);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // Exactly.
        "101, 101, WHOLE",
        "101, 1011, NOT",
        "101, 2101, NOT",
        "4567, 4567, WHOLE",
        // Another notation: a country code that there can be, before a whole national number.
        "1234567, 01234567, WHOLE",
        "01234567, +491234567, WHOLE",
        "01234567, +11234567, WHOLE",
        "0123456789, +49123456789, WHOLE",
        "0123456789, +210123456789, WHOLE",
        "0301234567, +12301234567, NOT",
        "0123456789, +79123456789, NOT",
        "0123456789, +490123456788, NOT",
        "+12349161234567, 9161234567, NOT",
        "0012349161234567, 89161234567, NOT",
        "+4912345, 012345, NOT",
        "79161234567, 1234567, NOT",
        "+79161234567, 161234567, NOT",
        // The end: four digits at least.
        "4567, +79161234567, END",
        "4567, 14567, END",
        "34567, 89161234567, END",
        "161234567, +79161234567, END",
        "1234567, +491234567, END",
        "0123, +49301230123, END",
        "00123, +49301200123, END",
        "8123, 74958123, END",
        "4321, 204321, END",
        "567, +79161234567, NOT",
        "67, +79161234567, NOT",
        "7, +79161234567, NOT",
        // Never the beginning or the middle.
        "7916, +79161234567, NOT",
        "9161, +79161234567, NOT",
        "6123, +79161234567, NOT",
        "123456, +79161234567, NOT",
        "79161234, +79161234567, NOT",
        "916123456, +79161234567, NOT",
        // What is no telephone number.
        "1234, x1234, NOT",
        "1101, 192.168.1.101, NOT",
        "1681101, 192.168.1.101, NOT"
    })
    void a_caller_id_number_matches_exactly_in_another_notation_or_by_its_end(
            String typed, String callerId, String match) {
        assertEquals(match, match(typed, TRUNK, callerId));
    }

    @ParameterizedTest
    @CsvSource({
        "101, PJSIP/101-00000001, WHOLE",
        "101, PJSIP/1010-00000002, NOT",
        "205, PJSIP/205-00000001, WHOLE",
        "alice, PJSIP/alice-00000001, WHOLE",
        "192.168.1.101, SIP/192.168.1.101-0000001b, WHOLE",
        // By no part, in no other notation, even if a trunk is named like a number.
        "lice, PJSIP/alice-00000001, NOT",
        "a, PJSIP/alice-00000001, NOT",
        "25423, PJSIP/alice-00000001, NOT",
        "1234, PJSIP/alice1234-00000001, NOT",
        "1101, SIP/192.168.1.101-0000001b, NOT",
        "4321, PJSIP/204321-00000001, NOT",
        "4567, PJSIP/74951234567-00000001, NOT",
        "84951234567, PJSIP/74951234567-00000001, NOT",
        "4951234567, PJSIP/74951234567-00000001, NOT",
        "9161234, PJSIP/9161234560-00000001, NOT",
        // The suffix of a channel's name is nobody's.
        "10, PJSIP/101-00000010, NOT",
        "10, PJSIP/210-0000001a, NOT",
        "567, PJSIP/4567-00000567, NOT",
        "1234, PJSIP/200-00001234, NOT",
        "00001234, PJSIP/200-00001234, NOT",
        "0001, PJSIP/205-00000001, NOT",
        "2, Local/200@conf-00000003;2, NOT",
        "0003, Local/200@conf-00000003;2, NOT",
        "1, DAHDI/i1/555-1, NOT"
    })
    void an_endpoint_matches_exactly_or_not_at_all(String typed, String channel, String match) {
        for (String callerId : List.of("", "Anonymous", "5550000")) {
            assertEquals(match, match(typed, channel, callerId), callerId);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t", "+", "-", "*", "#", "....", "0"})
    void without_a_number_nobody_matches(String typed) {
        assertEquals("NOT", match(typed, "PJSIP/-00000002", ""));
        assertEquals("NOT", match(typed, TRUNK, "+79161234567"));
    }

    @Test
    void everybody_who_matches_by_any_rule_is_found_once_in_their_order_and_nobody_is_preferred() {
        List<Participant> participants = List.of(
                member("PJSIP/a-00000001", "+79161234567"),
                member("PJSIP/us-00000002", "+19161234567"),
                member("PJSIP/c-00000003", "3009161234567"),
                member("PJSIP/9161234567-00000004", "9161234567"),
                member("PJSIP/9161234567-00000005", ""),
                member("PJSIP/d-00000006", "1234567"));

        assertEquals(
                List.of(
                        new Match(participants.get(0), Match.Kind.WHOLE),
                        new Match(participants.get(1), Match.Kind.WHOLE),
                        new Match(participants.get(2), Match.Kind.END),
                        new Match(participants.get(3), Match.Kind.WHOLE),
                        new Match(participants.get(4), Match.Kind.WHOLE)),
                NumberMatching.matching("9161234567", participants));
    }
}
