package confcodes.agi;

import confcodes.conference.Outcome;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.asteriskjava.fastagi.AgiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says words to one participant in their conference, which nobody else hears. The PBX opens the way and calls this server back
 * with a token (extensions_confcodes.conf, {@code confcodes_whisper}); the words are played on that connection. One whisper at
 * a time speaks to a channel, to its end. Safe for concurrent use.
 */
final class Whispers {

    /** The script of the request that calls back. */
    static final String SCRIPT = "whisper";

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");

    /** How long the PBX may take to call back: 5 to 20 ms, longer while it is busy. */
    private static final Duration BEGIN = Duration.ofSeconds(1);

    /** After a failure nobody waits for the next one to fail. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final Map<String, Whisper> expected = new HashMap<>();
    private final Map<String, Whisper> speaking = new HashMap<>();
    private final Map<String, Whisper> waiting = new HashMap<>();
    private long pausedUntil = System.nanoTime();
    private long lastBegun = pausedUntil - PAUSE.toNanos();
    private long started;
    private long failed;

    /**
     * Somebody who can be spoken to.
     *
     * @param uniqueId the unique id of their channel
     * @param server where their PBX reaches this server
     */
    record Ear(String uniqueId, String server) {}

    /**
     * What is said to one ear.
     *
     * @param by of which code, with its PBX and its settings, whatever was reloaded meanwhile
     * @param failures failures that came before and were not said yet
     * @param words the newest words
     * @param isFailure whether these are a failure, which is not left out for what comes after it
     */
    private record Whisper(
            String token,
            CodeRunner.Services by,
            Ear ear,
            List<Word> failures,
            List<Word> words,
            boolean isFailure,
            CompletableFuture<Boolean> begun) {

        static Whisper of(CodeRunner.Services by, Ear ear, List<Word> failures, List<Word> words, boolean isFailure) {
            return new Whisper(Token.random(), by, ear, failures, words, isFailure, new CompletableFuture<>());
        }

        /** {@return what is left to say of this one, which has not begun, and of a newer one} */
        Whisper then(Whisper newer) {
            boolean isKept = isFailure && !words.equals(newer.words);
            return of(newer.by, ear, isKept ? both(failures, words) : failures, newer.words, newer.isFailure);
        }

        List<Word> all() {
            return both(failures, words);
        }

        private static List<Word> both(List<Word> some, List<Word> more) {
            return Stream.concat(some.stream(), more.stream()).toList();
        }
    }

    /**
     * Says words. Returns when the PBX has called back, some milliseconds later, or at once if others are being said to the
     * same ear: then these are next.
     *
     * @param by of which code
     * @param isFailure whether the words are to be heard even if others come after them
     * @return whether they will be heard; if not, a warning says why
     */
    boolean say(CodeRunner.Services by, Ear ear, List<Word> words, boolean isFailure) {
        Whisper whisper = Whisper.of(by, ear, List.of(), words, isFailure);
        synchronized (this) {
            if (System.nanoTime() - pausedUntil < 0) {
                return false;
            }
            if (speaking.containsKey(ear.uniqueId())) {
                waiting.merge(ear.uniqueId(), whisper, Whisper::then);
                return true;
            }
            expect(whisper);
        }
        return begin(whisper);
    }

    private synchronized void expect(Whisper whisper) {
        speaking.put(whisper.ear().uniqueId(), whisper);
        expected.put(whisper.token(), whisper);
    }

    private boolean begin(Whisper whisper) {
        String reason;
        try {
            Ear ear = whisper.ear();
            Outcome outcome = whisper.by().pbx().whisper(ear.uniqueId(), ear.server(), whisper.token());
            if (outcome.isDone() && whisper.begun().get(BEGIN.toMillis(), TimeUnit.MILLISECONDS)) {
                begun();
                return true;
            }
            reason = outcome.isDone() ? "load app_chanspy.so in modules.conf" : outcome.reason();
        } catch (PbxException e) {
            reason = e.getMessage();
        } catch (TimeoutException e) {
            if (hasBegunLately()) {
                // The way is open. Who pressed a code in this very moment has hung up the whisper.
                end(whisper);
                return false;
            }
            reason = "no call back from [confcodes_whisper] of extensions_confcodes.conf to "
                    + whisper.ear().server() + " in " + BEGIN.toMillis() + " ms";
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            reason = "stopping";
        }
        fail(whisper, reason);
        return false;
    }

    /** {@return of which code the whisper is that a token stands for; empty if there is none} */
    synchronized Optional<CodeRunner.Services> of(String token) {
        return Optional.ofNullable(expected.get(token)).map(Whisper::by);
    }

    /** {@return whether something is being said, or waits to be, of a code of these} */
    synchronized boolean isSaying(CodeRunner.Services by) {
        return Stream.concat(speaking.values().stream(), waiting.values().stream())
                .anyMatch(whisper -> whisper.by() == by);
    }

    private synchronized void begun() {
        lastBegun = System.nanoTime();
        started++;
    }

    private synchronized boolean hasBegunLately() {
        return System.nanoTime() - lastBegun < PAUSE.toNanos();
    }

    /** {@return how many have begun} */
    synchronized long started() {
        return started;
    }

    /** {@return how many could not begin, for which there was a warning} */
    synchronized long failed() {
        return failed;
    }

    private void fail(Whisper whisper, String reason) {
        log.warn(
                "cannot whisper, so words are played before the return for {} s: {}{}",
                PAUSE.toSeconds(),
                LogValue.of(reason),
                LogValue.pbx(whisper.by().name()));
        synchronized (this) {
            failed++;
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            waiting.remove(whisper.ear().uniqueId());
        }
        end(whisper);
    }

    /**
     * Plays what a token stands for on the connection that brought it, to its end.
     *
     * @param proof that the peer controls the channel it names
     * @throws PbxException when the PBX cannot be asked for the proof
     * @throws AgiException when whoever hears it has hung up, or has pressed a service code
     */
    void speak(Request request, Phone phone, Proof proof) throws PbxException, AgiException {
        Whisper whisper;
        synchronized (this) {
            whisper = expected.remove(request.token());
        }
        if (whisper == null) {
            return;
        }
        try {
            boolean canSpeak = request.canWhisper()
                    && request.channel().startsWith("Local/w" + whisper.ear().uniqueId() + "@confcodes_whisper-")
                    && proof.caller().isPresent();
            whisper.begun().complete(canSpeak);
            if (canSpeak) {
                phone.answer();
                new Speaker(phone, whisper.by().settings()).say(whisper.all(), Code.Ending.ITS_END);
            }
        } finally {
            whisper.begun().complete(false);
            end(whisper);
        }
    }

    private void end(Whisper whisper) {
        Whisper next;
        synchronized (this) {
            expected.remove(whisper.token());
            if (!speaking.remove(whisper.ear().uniqueId(), whisper)) {
                return;
            }
            next = waiting.remove(whisper.ear().uniqueId());
            if (next != null) {
                expect(next);
            }
        }
        if (next != null) {
            try {
                next.by().threads().execute(() -> begin(next));
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                fail(next, "no thread");
            }
        }
    }
}
