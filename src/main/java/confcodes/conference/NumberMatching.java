package confcodes.conference;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Tells whom a number means: everyone whose caller ID number or endpoint is the number to the letter, whose caller ID number is
 * the same number in another notation, or whose caller ID number ends with the digits, four at least. Never a part in the
 * middle, and never the channel's suffix. An endpoint's name counts only as a whole: a trunk can be named like a number, and is
 * nobody's.
 *
 * <p>Notations: {@code 89161234567}, {@code +79161234567}, {@code 0079161234567} and {@code 9161234567} are one number. A
 * leading {@code +} or {@code 00} marks a number as international; a leading {@code 0}, or {@code 8} before ten digits, is a
 * national trunk prefix (ITU-T E.123 and E.164: a country code has one to three digits, the whole at most fifteen).
 */
public final class NumberMatching {

    /** The country codes of two digits; all others but 1 and 7 have three. */
    private static final String TWO_DIGITS = "(?:2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])";

    private static final int MIN_END = 4;
    private static final int MIN_SUBSCRIBER = 7;
    private static final int NATIONAL_DIGITS = 10;

    /** What a country code may be (ITU-T E.164, assigned codes and spare ones): no code is the beginning of another. */
    private static final Pattern COUNTRY_CODE =
            Pattern.compile("[17]|" + TWO_DIGITS + "|(?!" + TWO_DIGITS + ")[2-689][0-9]{2}");

    /** A caller such as {@code 192.0.2.101} has digits, but no telephone number. */
    private static final Pattern IP_ADDRESS = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");

    private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]+");
    private static final Pattern SPACING = Pattern.compile("[ ().-]");

    private NumberMatching() {}

    /**
     * {@return those whom a number means, in their order; empty for an empty number}
     *
     * @param number what was typed, such as {@code 101}; in a shell also {@code +79161234567} or an endpoint's name
     * @param participants those to choose among
     */
    public static List<Match> matching(String number, List<Participant> participants) {
        Optional<Notation> wanted = Notation.of(number);
        return participants.stream()
                .flatMap(participant -> match(number, wanted, participant).stream())
                .toList();
    }

    private static Optional<Match> match(String number, Optional<Notation> wanted, Participant participant) {
        if (number.isBlank()) {
            return Optional.empty();
        }
        Optional<Notation> given = Notation.of(participant.number());
        boolean both = wanted.isPresent() && given.isPresent();
        if (number.equals(participant.number())
                || number.equals(participant.endpoint())
                || both && wanted.get().isSameNumber(given.get())) {
            return Optional.of(new Match(participant, Match.Kind.WHOLE));
        }
        return both && wanted.get().isEndOf(given.get())
                ? Optional.of(new Match(participant, Match.Kind.END))
                : Optional.empty();
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

        /** {@return a text as a telephone number; empty if it is none} */
        static Optional<Notation> of(String text) {
            String plain = SPACING.matcher(text).replaceAll("");
            return NUMBER.matcher(plain).matches() && !IP_ADDRESS.matcher(text).matches()
                    ? Optional.of(ofDigits(plain))
                    : Optional.empty();
        }

        private static Notation ofDigits(String plain) {
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

        boolean isSameNumber(Notation other) {
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

        boolean isEndOf(Notation other) {
            return written.length() >= MIN_END
                    && other.written.length() > written.length()
                    && other.written.endsWith(written);
        }
    }
}
