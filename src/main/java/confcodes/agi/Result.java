package confcodes.agi;

import confcodes.conference.Outcome;
import confcodes.conference.Status;
import org.asteriskjava.fastagi.AgiException;

/**
 * What a script ends with. Immutable.
 *
 * @param number what the caller typed, for the log; empty when nothing was
 * @param outcome what came of it
 * @param announcement how that is said when it is {@link Status#DONE}; every other outcome has a prompt of its own
 */
record Result(String number, Outcome outcome, Announcement announcement) {

    /** Says a done operation. */
    @FunctionalInterface
    interface Announcement {
        void to(Phone phone) throws AgiException;
    }

    /** {@return a result without a number} */
    static Result of(Outcome outcome, Announcement announcement) {
        return new Result("", outcome, announcement);
    }

    /** {@return the result of something that was not done} */
    static Result not(Status status, String reason) {
        return not(Outcome.of(status, reason));
    }

    /** {@return the result of something that was not done} */
    static Result not(Outcome outcome) {
        return of(outcome, phone -> {});
    }

    /** {@return this result, with what the caller typed} */
    Result withNumber(String typed) {
        return new Result(typed, outcome, announcement);
    }
}
