package confcodes.agi;

import confcodes.agi.Code.Asks;
import confcodes.agi.Code.Press;
import confcodes.agi.Code.Result;
import confcodes.conference.Admission;
import confcodes.conference.ChannelState;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import confcodes.conference.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiHangupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one service code, from the request to the last word: name, proof, keys, permission, choice, confirmation, action, the
 * line in the log, the channel variables, the words. Used by one thread.
 *
 * <p>The keys come first; while they are typed another thread asks the PBX for the proof. The list that says whether the caller
 * may, and on which the code acts, is asked for after the last key: nobody acts by a right that they had a minute ago.
 */
final class CodeRunner {

    private static final Logger log = LoggerFactory.getLogger("confcodes.code");

    /** How many choices are read out before the next page: one for each key from 1 to 9. */
    private static final int PAGE = 9;

    private final Services services;
    private final Request request;
    private final AgiConnection connection;
    private final Phone phone;
    private final Speaker speaker;
    private final Dialog dialog;
    private Optional<Proof> proof = Optional.empty();
    private Optional<ChannelState> caller = Optional.empty();
    private Policy policy = Policy.ADMIN;
    private Optional<String> named = Optional.empty();
    private String conference = "";
    private String callerNumber = "";
    private String typed = "";

    /**
     * What all codes of a PBX share.
     *
     * @param name the PBX's name; empty if it has none
     * @param pbx the PBX
     * @param settings the settings
     * @param threads where the PBX is asked while a caller types
     * @param warnings what is said of refused peers
     * @param whispers who is spoken to in their conference
     * @param invitations who is being called
     * @param noKeyLost how long after a key none can have been lost, see {@link Dialog}
     * @param reports is told what became of each code
     * @param users how many threads use this; negative when none may any more
     */
    record Services(
            String name,
            Pbx pbx,
            AgiSettings settings,
            Executor threads,
            Warnings warnings,
            Whispers whispers,
            Invitations invitations,
            Duration noKeyLost,
            Consumer<CodeReport> reports,
            AtomicInteger users) {

        private static final int GONE = Integer.MIN_VALUE;

        /** {@return whether the thread may use this until it calls {@link #end}; not if it was replaced and is unused} */
        boolean begin() {
            return users.getAndUpdate(now -> now < 0 ? now : now + 1) >= 0;
        }

        void end() {
            users.decrementAndGet();
        }

        /** {@return whether no code uses this, nor what codes have left to be said, from now on} To be asked after it was replaced. */
        boolean isUnused() {
            users.compareAndSet(0, GONE);
            // In this order: an invitation that ends is said.
            return users.get() < 0 && !invitations.isCalling(this) && !whispers.isSaying(this);
        }

        /** Runs something beside the caller's own thread, if there is a thread to be had. */
        void inBackground(Runnable run) {
            users.incrementAndGet();
            try {
                threads.execute(() -> {
                    try {
                        run.run();
                    } finally {
                        end();
                    }
                });
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                end();
                log.debug("no thread", e);
            }
        }
    }

    CodeRunner(Services services, Request request, Phone phone, AgiConnection connection) {
        this.services = services;
        this.request = request;
        this.phone = phone;
        this.connection = connection;
        this.speaker = new Speaker(phone, services.settings());
        this.dialog = new Dialog(phone, speaker, services.settings(), services.noKeyLost());
    }

    /** Runs the code to its end. */
    void run() {
        Result result;
        try {
            Optional<Code<?>> code = Codes.named(request.code());
            result = code.isPresent() ? ask(code.get()) : unknown();
        } catch (PbxException e) {
            result = Result.not(Outcome.of(e));
        } catch (AgiHangupException e) {
            result = Result.not(Status.CANCELLED, connection.failure().orElse("hung up"));
        } catch (AgiException e) {
            result = Result.not(
                    Status.CANCELLED, connection.failure().orElse("not understood by Asterisk: " + e.getMessage()));
        } catch (RuntimeException e) {
            log.error("a fault in {}", LogValue.of(request.code()), e);
            result = Result.not(Status.UNAVAILABLE, "a fault of confcodes, see above");
        }
        report(typed, result.outcome());
        tell(result);
    }

    /** A wrong name is the dialplan's, wrong keys are the caller's. */
    private Result unknown() {
        boolean isTyped = request.code().equals(Codes.ANY);
        return Result.not(isTyped ? Status.CANCELLED : Status.DENIED, "no such service code");
    }

    private <T> Result ask(Code<T> code) throws PbxException, AgiException {
        Optional<Typed> given = request.number().<Typed>map(Typed.Keys::new).or(request::keys);
        Proof begun = Proof.begin(phone, services.pbx(), request, connection::prove);
        proof = Optional.of(begun);
        if (code.asks() != Asks.NOTHING && given.isEmpty()) {
            services.inBackground(begun::ask);
        }
        Code.Meaning<T> meaning = code.meaning();
        Dialog.Use use = keys -> {
            typed = keys;
            return understand(code, begun, keys);
        };
        if (code.asks() == Asks.NOTHING || request.number().isPresent()) {
            return use.of(request.number().orElse(""))
                    .orElse(Result.saying(meaning.unknown(), Word.said(meaning.wrong())));
        }
        return dialog.ask(
                code.asks() == Asks.NUMBER
                        ? dialog.number(meaning.wrong(), meaning.unknown())
                        : Dialog.oneKey(List.of(), meaning.wrong(), meaning.unknown()),
                given,
                use);
    }

    /** Finds out what the keys mean, and does it; empty if they mean nothing. */
    private <T> Optional<Result> understand(Code<T> code, Proof proof, String keys) throws PbxException, AgiException {
        policy = code.policy().orElse(services.settings().allow());
        Admission admission = admission(proof);
        if (admission instanceof Admission.Refused refused) {
            return Optional.of(Result.not(refused.outcome()));
        }
        Press press = press(((Admission.Granted) admission).moderation(), keys);
        int asked = dialog.questions();
        List<T> choices = code.meaning().choices().of(press);
        Then<T> act = chosen -> {
            if (dialog.questions() == asked) {
                return code.action().on(press, chosen);
            }
            Admission again = admission(proof);
            return again instanceof Admission.Granted granted
                    ? code.action().on(press(granted.moderation(), keys), chosen)
                    : Result.not(((Admission.Refused) again).outcome());
        };
        Then<T> confirmed = chosen -> confirm(code, press, chosen, act);
        return switch (choices.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(confirmed.with(choices));
            default -> Optional.of(choose(code, press, choices, 0, confirmed));
        };
    }

    /** What is done with what the keys mean: one, or all of several. */
    @FunctionalInterface
    private interface Then<T> {
        Result with(List<T> chosen) throws PbxException, AgiException;
    }

    /** Reads out one page of several: 1 to 9 chooses, 0 goes on to the next page, # means all. */
    private <T> Result choose(Code<T> code, Press press, List<T> choices, int from, Then<T> then)
            throws PbxException, AgiException {
        List<T> page = choices.subList(from, Math.min(from + PAGE, choices.size()));
        List<Word> words = new ArrayList<>();
        for (int i = 0; i < page.size(); i++) {
            words.add(new Word.Said(Prompt.CHOOSE));
            words.add(new Word.Counted(i + 1));
            words.add(new Word.Said(Prompt.CHOOSE_FOR));
            words.addAll(code.meaning().label().of(press, page.get(i), choices));
        }
        if (choices.size() > PAGE) {
            words.add(new Word.Said(Prompt.CHOOSE_NEXT));
        }
        Outcome none = Outcome.of(Status.AMBIGUOUS, "none of " + choices.size() + " chosen");
        return dialog.ask(Dialog.choice(words, none), Optional.empty(), key -> {
            if (key.equals("#")) {
                return Optional.of(then.with(choices));
            }
            if (key.equals("0") && choices.size() > PAGE) {
                int next = from + PAGE < choices.size() ? from + PAGE : 0;
                return Optional.of(choose(code, press, choices, next, then));
            }
            int choice = key.charAt(0) - '0';
            return choice >= 1 && choice <= page.size()
                    ? Optional.of(then.with(List.of(page.get(choice - 1))))
                    : Optional.empty();
        });
    }

    private <T> Result confirm(Code<T> code, Press press, List<T> chosen, Then<T> then)
            throws PbxException, AgiException {
        List<Word> words = code.confirmation().of(press, chosen);
        if (words.isEmpty()) {
            return then.with(chosen);
        }
        Outcome not = Outcome.of(Status.CANCELLED, "not confirmed");
        return dialog.ask(
                Dialog.oneKey(words, Prompt.INVALID_DIGIT, not),
                Optional.empty(),
                key -> key.equals("1") ? Optional.of(then.with(chosen)) : Optional.empty());
    }

    private Press press(Moderation moderation, String keys) {
        Code.Repeat repeat = new Code.Repeat() {
            @Override
            public Admission admission() throws PbxException, AgiException {
                return CodeRunner.this.admission(proof.orElseThrow());
            }

            @Override
            public void report(String act, Result result) {
                CodeRunner.this.report(act, result.outcome());
                if (services.settings().whisper()) {
                    tellAffected(result);
                }
            }
        };
        return new Press(moderation, keys, this::call, phone, dialog, repeat);
    }

    private Outcome call(String conferenceName, String number) throws PbxException {
        return services.invitations().call(services, conferenceName, number, ear(request.uniqueId()));
    }

    private Admission admission(Proof proof) throws PbxException, AgiException {
        caller = proof.caller();
        if (caller.isEmpty()) {
            this.proof = Optional.empty();
            services.warnings()
                    .refused("refused a request of " + connection.peer() + ": it does not control the channel "
                            + LogValue.of(request.channel()) + " that it names");
            return new Admission.Refused("", Outcome.of(Status.DENIED, "the peer does not control the channel"));
        }
        if (named.isEmpty()) {
            named = Optional.of(
                    request.conference().isPresent() ? request.conference().get() : phone.variable("CONFNUM"));
        }
        Admission admission =
                Admission.decide(services.pbx(), policy, services.settings().mutesHold(), caller.get(), named.get());
        conference = admission.conference();
        admission.caller().ifPresent(participant -> callerNumber = participant.number());
        return admission;
    }

    private void report(String keys, Outcome outcome) {
        CodeReport report = new CodeReport(
                Instant.now(),
                services.name(),
                request.channel(),
                connection.isProved(),
                callerNumber,
                conference,
                request.code(),
                keys,
                outcome,
                Duration.ofNanos(System.nanoTime() - phone.lastKey()));
        log(report);
        services.reports().accept(report);
    }

    private void log(CodeReport report) {
        Outcome outcome = report.outcome();
        if (caller.isEmpty() && !services.warnings().mayLog()) {
            services.warnings().say("codes of channels that are not proved are not logged one by one");
            return;
        }
        log.info(
                "by={} conference={} code={} number={} channel={} outcome={} ms={}{}{}",
                LogValue.of(report.by()),
                LogValue.of(report.conference()),
                LogValue.of(report.code()),
                LogValue.of(report.typed()),
                LogValue.of(outcome.channel()),
                outcome.status().name().toLowerCase(Locale.ROOT),
                report.took().toMillis(),
                LogValue.pbx(report.pbx()),
                outcome.reason().isEmpty() ? "" : " reason=" + LogValue.of(outcome.reason()));
    }

    private void tell(Result result) {
        Outcome outcome = result.outcome();
        try {
            phone.setVariable("CONFCODES_CHANNEL", outcome.channel());
            phone.setVariable("CONFCODES_STATUS", outcome.status().name());
            // A PBX that has just failed is not asked for a whisper: the caller would wait for it twice.
            boolean isTold = outcome.status() == Status.UNAVAILABLE
                    ? request.unavailableByDialplan()
                    : services.settings().whisper() && whisper(result);
            if (!isTold) {
                speaker.say(words(result), result.ending());
            }
        } catch (AgiException e) {
            log.debug("{} could not be told: {}", LogValue.of(request.channel()), e.getMessage());
        }
    }

    /** {@return whether the caller hears the words in their conference} Only who is proved to stand in one does. */
    private boolean whisper(Result result) {
        try {
            if (caller.isEmpty() && proof.isPresent()) {
                caller = proof.get().caller();
            }
        } catch (PbxException e) {
            log.debug("no whisper", e);
        }
        if (caller.isEmpty() || caller.get().bridge().isEmpty()) {
            return false;
        }
        tellAffected(result);
        return services.whispers()
                .say(
                        services,
                        ear(request.uniqueId()),
                        words(result),
                        !result.outcome().isDone());
    }

    /** Nobody is told who has no unique id that can be trusted, and nobody if they are too many to be spoken to at once. */
    private void tellAffected(Result result) {
        if (!result.outcome().isDone()) {
            return;
        }
        for (Code.News news : result.news()) {
            boolean isTold = news.hearer() == Code.Hearer.MODERATOR
                    || services.settings().tellParticipants();
            if (isTold && news.whom().size() <= PAGE) {
                news.whom().forEach(one -> tell(one, news.what()));
            }
        }
    }

    private void tell(Participant one, List<Word> words) {
        if (!one.uniqueId().isEmpty() && !one.uniqueId().equals(request.uniqueId())) {
            services.inBackground(() -> services.whispers().say(services, ear(one.uniqueId()), words, false));
        }
    }

    private Whispers.Ear ear(String uniqueId) {
        return new Whispers.Ear(uniqueId, connection.server());
    }

    private static List<Word> words(Result result) {
        return result.words().isEmpty() && !result.outcome().isDone()
                ? Word.said(Prompt.of(result.outcome().status()))
                : result.words();
    }
}
