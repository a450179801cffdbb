package confcodes.agi;

import confcodes.agi.Code.Result;
import confcodes.conference.Outcome;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiHangupException;

/**
 * Questions that a caller answers with keys. One rule for all of them: a question is asked three times at most; keys that mean
 * nothing, or no keys, ask again; a star cancels; {@code #} ends a number; after {@code max-duration} no question is asked.
 * Used by one thread.
 *
 * <p>While the PBX is asked, Asterisk drops keys. Two keys take longer than {@link #NO_KEY_LOST}, so that until then none can
 * have been lost. Later than that nothing is asked again: what is left of a number whose beginning was lost is another number.
 * And a choice or a confirmation is asked for only after a moment without keys: what is left of a number is no answer.
 */
final class Dialog {

    /** From the end of one key to the end of the next: 40 ms of tone and 40 ms of silence at least (ITU-T Q.24). */
    static final Duration NO_KEY_LOST = Duration.ofMillis(80);

    private static final int ATTEMPTS = 3;

    private final Phone phone;
    private final Speaker speaker;
    private final AgiSettings settings;
    private final Duration noKeyLost;
    private long ends;
    private int questions;

    Dialog(Phone phone, Speaker speaker, AgiSettings settings, Duration noKeyLost) {
        this.phone = phone;
        this.speaker = speaker;
        this.settings = settings;
        this.noKeyLost = noKeyLost;
        this.ends = System.nanoTime() + settings.maxDuration().toNanos();
    }

    /**
     * A question.
     *
     * @param words what is said before the keys, each time; empty for a dial tone the first time, and a beep after that
     * @param most how many keys end it without {@code #}
     * @param wrong what is said first when it is asked again because the keys meant nothing
     * @param unknown the outcome when the last keys meant nothing either
     * @param hash what {@code #} alone is
     */
    record Question(List<Word> words, int most, Prompt wrong, Outcome unknown, Hash hash) {}

    /** What {@code #} alone is. */
    enum Hash {
        /** The end of keys that were not pressed. */
        NO_KEYS,
        /** A key like others. */
        A_KEY
    }

    /** Makes something of keys. */
    @FunctionalInterface
    interface Use {
        /**
         * {@return the result; empty when the keys mean nothing, so that they are asked for again}
         *
         * @throws PbxException when the PBX fails
         * @throws AgiException when the caller has gone
         */
        Optional<Result> of(String keys) throws PbxException, AgiException;
    }

    /** {@return the question for a number} */
    Question number(Prompt wrong, Outcome unknown) {
        return new Question(List.of(), settings.maxDigits().orElse(Phone.READ_ALL), wrong, unknown, Hash.NO_KEYS);
    }

    /** {@return the question for one key} */
    static Question oneKey(List<Word> words, Prompt wrong, Outcome unknown) {
        return new Question(words, 1, wrong, unknown, Hash.NO_KEYS);
    }

    /** {@return the question for one key, which can be {@code #} too} */
    static Question choice(List<Word> words, Outcome unknown) {
        return new Question(words, 1, Prompt.INVALID_DIGIT, unknown, Hash.A_KEY);
    }

    /**
     * Asks until the keys mean something.
     *
     * @param given keys that were read before; empty to read them now
     * @throws PbxException when the PBX fails
     * @throws AgiException when the caller has gone
     */
    Result ask(Question question, Optional<Typed> given, Use use) throws PbxException, AgiException {
        if (given.isEmpty() && isOver()) {
            return cancelled("max-duration reached");
        }
        // Whether there is a recorded name is a question too, during which keys are dropped.
        List<String> sounds = speaker.sounds(question.words());
        if (given.isEmpty() && !sounds.isEmpty() && isKeyLost()) {
            Typed early = phone.readQuietly();
            if (early instanceof Typed.HungUp) {
                throw new AgiHangupException();
            } else if (!(early instanceof Typed.Nothing)) {
                return cancelled("keys were pressed before the question");
            }
        }
        Typed typed = given.isPresent() ? given.get() : first(question, sounds);
        for (int attempt = 1; ; attempt++) {
            Prompt again = Prompt.NO_DIGITS;
            Result otherwise = cancelled("no digits");
            if (typed instanceof Typed.Paused paused) {
                typed = accepted(paused);
            }
            if (typed instanceof Typed.Hash && question.hash() == Hash.A_KEY) {
                typed = new Typed.Keys("#");
            }
            if (typed instanceof Typed.HungUp) {
                throw new AgiHangupException();
            } else if (typed instanceof Typed.Cancelled cancelled) {
                return cancelled(cancelled.reason());
            } else if (typed instanceof Typed.Keys keys) {
                Optional<Result> result = use.of(keys.keys());
                if (result.isPresent()) {
                    return result.get();
                }
                again = question.wrong();
                otherwise = Result.not(question.unknown());
            }
            if (attempt == ATTEMPTS || isKeyLost()) {
                return otherwise;
            }
            if (isOver()) {
                return cancelled("max-duration reached");
            }
            typed = again(question, again, sounds);
        }
    }

    /**
     * Reads one key during and after words, for a code that asks on and on: {@code max-duration} counts from the last key.
     *
     * @return the key; {@link Typed.Hash} too if keys before the words may be the rest of what was lost
     * @throws AgiException when the caller has gone
     */
    Typed key(List<Word> words) throws AgiException {
        if (isOver()) {
            return new Typed.Cancelled("max-duration reached");
        }
        List<String> sounds = new ArrayList<>(speaker.sounds(words));
        sounds.add("beep");
        Typed early = isKeyLost() ? phone.readQuietly() : new Typed.Nothing();
        Typed typed = early instanceof Typed.Nothing
                ? phone.readAfter(sounds, 1)
                : early instanceof Typed.HungUp ? early : new Typed.Hash();
        if (typed instanceof Typed.HungUp) {
            throw new AgiHangupException();
        }
        if (typed instanceof Typed.Keys) {
            ends = System.nanoTime() + settings.maxDuration().toNanos();
        }
        questions++;
        return typed;
    }

    private Typed first(Question question, List<String> sounds) throws AgiException {
        questions++;
        return sounds.isEmpty() ? phone.readAfterTone(question.most()) : phone.readAfter(sounds, question.most());
    }

    /** A missing last file would end Read at once, so there is a core sound at the end. */
    private Typed again(Question question, Prompt why, List<String> after) throws AgiException {
        questions++;
        List<String> sounds = new ArrayList<>(speaker.sounds(Word.said(why)));
        sounds.addAll(after);
        sounds.add("beep");
        return phone.readAfter(sounds, question.most());
    }

    /** After a pause in mid number the keys count only if the caller accepts them: the end of a number is another number. */
    private Typed accepted(Typed.Paused paused) throws AgiException {
        if (isOver()) {
            return new Typed.Cancelled("max-duration reached");
        }
        List<Word> words = List.of(new Word.Spelled(paused.keys()), new Word.Said(Prompt.ACCEPT));
        List<String> sounds = new ArrayList<>(speaker.sounds(words));
        sounds.add("beep");
        Typed answer = phone.readAfter(sounds, Phone.READ_ALL);
        if (answer instanceof Typed.HungUp) {
            return answer;
        }
        return answer instanceof Typed.Hash
                ? new Typed.Keys(paused.keys())
                : new Typed.Cancelled("a pause in mid number, not accepted");
    }

    /** {@return how many questions were asked so far} */
    int questions() {
        return questions;
    }

    /** {@return whether a key can have been lost since the last one} */
    private boolean isKeyLost() {
        return System.nanoTime() - phone.lastKey() > noKeyLost.toNanos();
    }

    private boolean isOver() {
        return System.nanoTime() - ends >= 0;
    }

    private static Result cancelled(String reason) {
        return Result.not(Status.CANCELLED, reason);
    }
}
