package confcodes.agi;

import java.math.BigInteger;
import java.security.SecureRandom;

/** Values that nobody can guess: 128 bits. */
final class Token {

    private static final int BITS = 128;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Token() {}

    /** {@return a new one, of digits and small letters} */
    static String random() {
        return new BigInteger(BITS, RANDOM).toString(Character.MAX_RADIX);
    }
}
