package confcodes.conference;

import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Tells whom a number means. First those whose caller ID number or endpoint is the number to the letter; if there are none,
 * those whose number is the same subscriber's in another notation, or ends with the digits given, four at least. Never a part
 * in the middle, and never the channel's suffix: only caller ID numbers and endpoints are looked at.
 *
 * <p>Notations: {@code 89161234567}, {@code +79161234567}, {@code 0079161234567} and {@code 9161234567} are one subscriber. A
 * leading {@code +} or {@code 00} marks a number as international, a leading {@code 0}, or {@code 8} before ten digits, is a
 * national trunk prefix (ITU-T E.123 and E.164: a country code has one to three digits, the whole at most fifteen).
 */
public final class NumberMatching {

    /** The country codes of two digits; all others but 1 and 7 have three. */
    private static final String TWO_DIGITS = "(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])";

    private static final int MIN_TAIL = 4;
    private static final int MIN_SUBSCRIBER = 7;
    private static final int NATIONAL_DIGITS = 10;

    /** What a country code may be (ITU-T E.164, assigned codes and spare ones): no code is the beginning of another. */
    private static final Pattern COUNTRY_CODE =
            Pattern.compile("[17]|" + TWO_DIGITS + "|(?!" + TWO_DIGITS + ")[2-689][0-9]{2}");

    /** An endpoint such as chan_sip's {@code SIP/192.0.2.101-…} has digits, but is nobody's number. */
    private static final String IP_ADDRESS = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

    private NumberMatching() {}

    /**
     * {@return those whom a number means, in their order; empty for an empty number}
     *
     * @param number what was typed, such as {@code 101}; in a shell also {@code +79161234567} or an endpoint's name
     * @param participants those to choose among
     */
    public static List<Participant> matching(String number, List<Participant> participants) {
        if (number.isBlank()) {
            return List.of();
        }
        List<Participant> exact = those(participants, number::equals);
        if (!exact.isEmpty()) {
            return exact;
        }
        Notation wanted = Notation.of(number);
        if (wanted == null) {
            return List.of();
        }
        List<Participant> same = those(participants, candidate -> {
            Notation given = Notation.of(candidate);
            return given != null && wanted.isSameSubscriber(given);
        });
        return same.isEmpty() ? those(participants, candidate -> wanted.isTailOf(Notation.of(candidate))) : same;
    }

    private static List<Participant> those(List<Participant> participants, Predicate<String> meant) {
        return participants.stream()
                .filter(p -> meant.test(p.number()) || meant.test(p.endpoint()))
                .toList();
    }

    /**
     * A telephone number taken apart.
     *
     * @param written all digits as written
     * @param subscriber the digits without {@code 00} or a national trunk prefix
     * @param form what the prefix says about it
     */
    private record Notation(String written, String subscriber, Form form) {

        private enum Form {
            INTERNATIONAL,
            NATIONAL,
            BARE
        }

        /** Returns null for what is not a telephone number. */
        static Notation of(String text) {
            String plain = text.replaceAll("[ ().-]", "");
            if (text.matches(IP_ADDRESS) || !plain.matches("\\+?[0-9]+")) {
                return null;
            }
            if (plain.startsWith("+")) {
                return new Notation(plain.substring(1), plain.substring(1), Form.INTERNATIONAL);
            }
            if (plain.startsWith("00")) {
                return new Notation(plain, plain.substring(2), Form.INTERNATIONAL);
            }
            if (plain.startsWith("0") || plain.startsWith("8") && plain.length() == NATIONAL_DIGITS + 1) {
                return new Notation(plain, plain.substring(1), Form.NATIONAL);
            }
            return new Notation(plain, plain, Form.BARE);
        }

        boolean isSameSubscriber(Notation other) {
            if (subscriber.equals(other.subscriber)) {
                return subscriber.length() >= MIN_SUBSCRIBER
                        && (isLocal() == other.isLocal() || isBare() || other.isBare());
            }
            return isNationalOf(other) || other.isNationalOf(this);
        }

        private boolean isLocal() {
            return form == Form.NATIONAL;
        }

        private boolean isBare() {
            return form == Form.BARE;
        }

        /**
         * Whether this is the other without its country code. A bare number is trusted so far only when it is long enough
         * to leave no doubt which part of it is the country code.
         */
        private boolean isNationalOf(Notation other) {
            int countryCode = other.subscriber.length() - subscriber.length();
            return countryCode >= 1
                    && COUNTRY_CODE
                            .matcher(other.subscriber.substring(0, countryCode))
                            .matches()
                    && form != Form.INTERNATIONAL
                    && other.form != Form.NATIONAL
                    && subscriber.length() >= (isBare() ? NATIONAL_DIGITS : MIN_SUBSCRIBER)
                    && (!other.isBare() || other.subscriber.length() > NATIONAL_DIGITS)
                    && other.subscriber.endsWith(subscriber);
        }

        boolean isTailOf(Notation other) {
            return other != null
                    && written.length() >= MIN_TAIL
                    && other.written.length() > written.length()
                    && other.written.endsWith(written);
        }
    }
}
