package confcodes.conference;

/**
 * A call that brings somebody into a conference. Immutable.
 *
 * @param number whom to call, 1 to 32 digits
 * @param dial what Asterisk is to dial, such as {@code PJSIP/101} or {@code Local/101@from-internal}
 * @param userProfile the user profile in confbridge.conf that the invitee joins with; empty for {@code default_user}
 */
public record Invitation(String number, String dial, String userProfile) {

    private static final int MAX_DIGITS = 32;

    /** Checks the number. */
    public Invitation {
        if (!isNumber(number)) {
            throw new IllegalArgumentException("not a number to call: 1 to 32 digits are");
        }
    }

    /**
     * {@return whether a text can be called: 1 to 32 of the digits 0 to 9}
     *
     * @param text the text, or null
     */
    public static boolean isNumber(String text) {
        return text != null
                && !text.isEmpty()
                && text.length() <= MAX_DIGITS
                && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    /**
     * How invitations are made: the settings {@code dial-string} and {@code add-profile}.
     *
     * @param dialString what Asterisk is to dial, with {@code %s} where the number goes
     * @param userProfile the invitee's user profile; empty for {@code default_user}
     */
    public record Template(String dialString, String userProfile) {

        /** Checks the dial string: a technology, a slash, exactly one {@code %s}, and no comma. */
        public Template {
            if (!dialString.matches("[A-Za-z0-9]+/[^%,\\p{Cntrl}]*%s[^%,\\p{Cntrl}]*")) {
                throw new IllegalArgumentException("dial-string has the form PJSIP/%s or Local/%s@from-internal");
            }
            if (!userProfile.matches("[A-Za-z0-9_-]*")) {
                throw new IllegalArgumentException("add-profile is a section's name in confbridge.conf");
            }
        }

        /**
         * {@return the invitation of a number}
         *
         * @param number the digits to call
         * @throws IllegalArgumentException when {@link #isNumber} says no
         */
        public Invitation to(String number) {
            return new Invitation(number, dialString.replace("%s", number), userProfile);
        }
    }
}
