package confcodes.agi;

import confcodes.conference.Admission;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import confcodes.conference.Status;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiException;

/**
 * A service code as data; a {@link CodeRunner} does everything that codes share. Immutable.
 *
 * @param <T> what the code acts on, such as a participant
 * @param name its name in the request, such as {@code conference_mute}
 * @param key its keys in the sample menu, such as {@code *6}
 * @param summary what it does, in a few words, for the README's table
 * @param asks what the caller is asked for
 * @param meaning what the keys mean
 * @param confirmation what must be confirmed with {@code 1}
 * @param action what it does
 * @param policy who may use it; empty for what the setting {@code allow} says
 */
record Code<T>(
        String name,
        String key,
        String summary,
        Asks asks,
        Meaning<T> meaning,
        Confirmation<T> confirmation,
        Action<T> action,
        Optional<Policy> policy) {

    /** What a code asks for before it acts. */
    enum Asks {
        NOTHING,
        ONE_KEY,
        NUMBER
    }

    /**
     * What keys mean.
     *
     * @param <T> what the code acts on
     * @param choices what they can mean: empty asks again, one is taken, several are read out and a key chooses one or all
     * @param label how one of several is read out
     * @param wrong what is said before asking again, or at once by a code that asks for nothing
     * @param unknown the outcome when the last keys meant nothing either
     */
    record Meaning<T>(Choices<T> choices, Label<T> label, Prompt wrong, Outcome unknown) {

        /** {@return a meaning that is never one of several} */
        static <T> Meaning<T> oneOrNone(Choices<T> choices, Prompt wrong, Outcome unknown) {
            return new Meaning<>(choices, (press, choice, among) -> List.of(), wrong, unknown);
        }
    }

    /** Finds what keys can mean. */
    @FunctionalInterface
    interface Choices<T> {
        List<T> of(Press press) throws AgiException;
    }

    /** Says which of several one is. */
    @FunctionalInterface
    interface Label<T> {
        List<Word> of(Press press, T choice, List<T> among);
    }

    /**
     * What a code knows.
     *
     * @param moderation the conference, listed after the last key
     * @param keys what the caller typed
     * @param calls calls others for the conference
     * @param phone the caller's phone, whose channel can remember something until another code
     * @param dialog asks the caller
     * @param repeat for a code that acts more than once
     */
    record Press(Moderation moderation, String keys, Calls calls, Phone phone, Dialog dialog, Repeat repeat) {}

    /** What a code does each time that it acts. */
    interface Repeat {

        /** {@return whether the caller still may, and the conference, listed anew} */
        Admission admission() throws PbxException, AgiException;

        /**
         * Leaves a line in the log, and tells those to whom it was done.
         *
         * @param act what was done, in a word
         */
        void report(String act, Result result);
    }

    /** Calls somebody for a conference. */
    @FunctionalInterface
    interface Calls {
        Outcome call(String conference, String number) throws PbxException;
    }

    /** Says what is about to be done, and asks for {@code 1}; no words if it needs no confirmation. */
    @FunctionalInterface
    interface Confirmation<T> {
        List<Word> of(Press press, List<T> chosen);
    }

    /** Does what the code is for. */
    @FunctionalInterface
    interface Action<T> {
        /**
         * {@return what came of it}
         *
         * @param press the conference and the keys
         * @param chosen what the keys mean: one, or all of several
         * @throws PbxException when the PBX fails
         * @throws AgiException when the caller has gone
         */
        Result on(Press press, List<T> chosen) throws PbxException, AgiException;
    }

    /**
     * What came of a code. Immutable.
     *
     * @param outcome the outcome
     * @param words what is said; empty for the prompt of the outcome's status
     * @param ending whether a key ends the words
     * @param news what others are told if it is done, by a whisper
     */
    record Result(Outcome outcome, List<Word> words, Ending ending, List<News> news) {

        /** {@return the result of an operation, with what is said to its end if it is done} */
        static Result of(Outcome outcome, List<Word> words) {
            return saying(outcome, outcome.isDone() ? words : List.of());
        }

        /** {@return the result of an operation, with what is said to its end even if it is not done} */
        static Result saying(Outcome outcome, List<Word> words) {
            return new Result(outcome, words, Ending.ITS_END, List.of());
        }

        /** {@return this result, whose words a key ends} */
        Result endedByKey() {
            return new Result(outcome, words, Ending.ANY_KEY, news);
        }

        /** {@return this result, of which those are told to whom it was done} */
        Result telling(List<Participant> whom, List<Word> what) {
            return with(new News(Hearer.AFFECTED, whom, what));
        }

        /** {@return this result, of which moderators are told} */
        Result tellingModerators(List<Participant> whom, List<Word> what) {
            return with(new News(Hearer.MODERATOR, whom, what));
        }

        private Result with(News another) {
            return new Result(
                    outcome,
                    words,
                    ending,
                    Stream.concat(news.stream(), Stream.of(another)).toList());
        }

        /** {@return the result of something that was not done} */
        static Result not(Outcome outcome) {
            return of(outcome, List.of());
        }

        /** {@return the result of something that was not done} */
        static Result not(Status status, String reason) {
            return not(Outcome.of(status, reason));
        }
    }

    /** Whom a result is told to, and how. */
    record News(Hearer hearer, List<Participant> whom, List<Word> what) {}

    /** Why somebody is told. */
    enum Hearer {
        /** It was done to them. */
        AFFECTED,
        /** They have to decide about it. */
        MODERATOR
    }

    /** What ends the words of a result. */
    enum Ending {
        ITS_END,
        ANY_KEY
    }

    /** What a code does that asks for nothing. */
    @FunctionalInterface
    interface Plain {
        Result on(Moderation moderation) throws PbxException;
    }

    /** {@return a code that asks for nothing} */
    static Code<String> plain(String name, String key, String summary, Plain action) {
        return asking(
                Asks.NOTHING,
                name,
                key,
                summary,
                Meaning.oneOrNone(press -> List.of(press.keys()), Prompt.INVALID_DIGIT, Outcome.DONE),
                (press, chosen) -> action.on(press.moderation()));
    }

    /** {@return a code that asks for something} */
    static <T> Code<T> asking(
            Asks asks, String name, String key, String summary, Meaning<T> meaning, Action<T> action) {
        return new Code<>(name, key, summary, asks, meaning, (press, chosen) -> List.of(), action, Optional.empty());
    }

    /** {@return this code, done only after {@code 1} if there are words} */
    Code<T> confirmedBy(Confirmation<T> words) {
        return new Code<>(name, key, summary, asks, meaning, words, action, policy);
    }

    /** {@return this code, for everybody whose menu has it} */
    Code<T> forEverybody() {
        return new Code<>(name, key, summary, asks, meaning, confirmation, action, Optional.of(Policy.ANYONE));
    }
}
