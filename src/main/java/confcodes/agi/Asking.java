package confcodes.agi;

import confcodes.conference.PbxException;
import confcodes.conference.Status;
import org.asteriskjava.fastagi.AgiException;

/** Asking a caller for digits until they mean something, as often as {@code attempts} allows. */
final class Asking {

    private Asking() {}

    /** Reads digits from the phone. */
    @FunctionalInterface
    interface Reading {
        Phone.Input from(Phone phone) throws AgiException;
    }

    /** Makes something of digits. */
    @FunctionalInterface
    interface Use {
        /**
         * {@return the result; null when the digits mean nothing, so that they are asked for again}
         *
         * @throws PbxException when the PBX fails
         * @throws AgiException when the caller has gone
         */
        Result of(String digits) throws PbxException, AgiException;
    }

    /**
     * Asks and uses what is typed.
     *
     * @param given digits that take the place of asking; empty to ask
     * @param attempts how often to ask
     * @param wrong what is said before asking again
     * @param unknown the result when the last digits meant nothing either
     */
    static Result ask(Phone phone, String given, int attempts, Reading reading, Prompt wrong, Result unknown, Use use)
            throws PbxException, AgiException {
        if (!given.isEmpty()) {
            return orUnknown(use.of(given), unknown).withNumber(given);
        }
        Result last = Result.not(Status.CANCELLED, "no digits");
        for (int attempt = 1; attempt <= attempts; attempt++) {
            Phone.Input input = reading.from(phone);
            switch (input.end()) {
                case COMPLETE -> {
                    Result result = use.of(input.digits());
                    if (result != null) {
                        return result.withNumber(input.digits());
                    }
                    last = unknown.withNumber(input.digits());
                }
                case NOTHING -> last = Result.not(Status.CANCELLED, "no digits");
                case CANCELLED -> {
                    return Result.not(Status.CANCELLED, "cancelled by the caller");
                }
                case TOO_LATE -> {
                    return Result.not(Status.CANCELLED, "max-duration reached");
                }
            }
            if (attempt < attempts) {
                phone.say(input.end() == Phone.End.COMPLETE ? wrong : Prompt.NO_DIGITS);
            }
        }
        return last;
    }

    private static Result orUnknown(Result result, Result unknown) {
        return result == null ? unknown : result;
    }
}
