package confcodes.agi;

import confcodes.conference.Invitation;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.asteriskjava.fastagi.AgiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls in progress of those who are invited by a service code. The PBX dials in {@code confcodes_invite} of
 * extensions_confcodes.conf and asks this server, with a token: whoever answers must accept with {@code 1}, so that no
 * voicemail joins; what became of the call is whispered to the moderator. Safe for concurrent use.
 */
final class Invitations {

    /** The script of the requests that ask. */
    static final String SCRIPT = "invitation";

    private static final Logger log = LoggerFactory.getLogger("confcodes.code");
    private static final int ATTEMPTS = 3;

    /** After this nothing more is heard of a call: longer than it may ring and three questions take. */
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Map<String, Call> calls = new HashMap<>();

    /** A call in progress of a code, with its PBX and its settings, and what became of it. */
    private record Call(
            CodeRunner.Services by,
            String conference,
            String number,
            Whispers.Ear inviter,
            CompletableFuture<End> end) {}

    /** What became of a call. */
    private enum End {
        JOINED(Prompt.INVITE_JOINED),
        BUSY(Prompt.INVITE_BUSY),
        NO_ANSWER(Prompt.INVITE_NO_ANSWER),
        NOT_ACCEPTED(Prompt.INVITE_NOT_ACCEPTED),
        FAILED(Prompt.INVITE_FAILED);

        private final Prompt prompt;

        End(Prompt prompt) {
            this.prompt = prompt;
        }

        static End of(String dialStatus) {
            return switch (dialStatus) {
                case "BUSY" -> BUSY;
                case "NOANSWER" -> NO_ANSWER;
                default -> FAILED;
            };
        }
    }

    /**
     * Calls somebody for a conference.
     *
     * @param by of which code
     * @param inviter who hears what becomes of it, unless they have left the conference
     * @return DONE as soon as the PBX has queued the call; DENIED if the number may not be called or is being called, if too
     *     many are being called, if the conference is locked, or if the PBX refuses
     * @throws PbxException when the PBX fails
     */
    Outcome call(CodeRunner.Services by, String conference, String number, Whispers.Ear inviter) throws PbxException {
        AgiSettings settings = by.settings();
        if (!number.matches(settings.inviteNumbers())) {
            return Outcome.of(Status.DENIED, "not a number that invite-numbers allows");
        }
        if (by.pbx().isLocked(conference)) {
            return Outcome.of(Status.DENIED, "the conference is locked");
        }
        String token = Token.random();
        Call call = new Call(by, conference, number, inviter, new CompletableFuture<>());
        synchronized (calls) {
            List<Call> others = calls.values().stream()
                    .filter(other -> other.conference().equalsIgnoreCase(conference))
                    .toList();
            if (others.stream().anyMatch(other -> other.number().equals(number))) {
                return Outcome.of(Status.DENIED, "this number is being called");
            }
            if (others.size() >= settings.inviteLimit()) {
                return Outcome.of(Status.DENIED, "as many as invite-limit are being called");
            }
            calls.put(token, call);
        }
        boolean queued = false;
        try {
            Invitation invitation = settings.invitations().to(number);
            Outcome outcome = by.pbx().call(conference, invitation, inviter.server(), token);
            queued = outcome.isDone();
            return outcome;
        } finally {
            if (queued) {
                call.end()
                        .completeOnTimeout(End.FAILED, LONGEST.toSeconds(), TimeUnit.SECONDS)
                        .thenAcceptAsync(end -> ended(token, call, end), by.threads());
            } else {
                forget(token);
            }
        }
    }

    /** {@return of which code the call is that a token stands for; empty if there is none} */
    Optional<CodeRunner.Services> of(String token) {
        synchronized (calls) {
            return Optional.ofNullable(calls.get(token)).map(Call::by);
        }
    }

    /** {@return whether somebody is being called by a code of these} */
    boolean isCalling(CodeRunner.Services by) {
        synchronized (calls) {
            return calls.values().stream().anyMatch(call -> call.by() == by);
        }
    }

    private void forget(String token) {
        synchronized (calls) {
            calls.remove(token);
        }
    }

    /** The call counts as one in progress until its end is being said. */
    private void ended(String token, Call call, End end) {
        try {
            log.info(
                    "conference={} invited={} outcome={}{}",
                    LogValue.of(call.conference()),
                    call.number(),
                    end.name().toLowerCase(Locale.ROOT),
                    LogValue.pbx(call.by().name()));
            if (call.by().settings().whisper() && isIn(call)) {
                List<Word> words = List.of(new Word.Spelled(call.number()), new Word.Said(end.prompt));
                call.by().whispers().say(call.by(), call.inviter(), words, end != End.JOINED);
            }
        } finally {
            forget(token);
        }
    }

    /** ConfBridge() would refuse to let anybody join one that was locked meanwhile, and make anew one that has ended. */
    private static boolean isOpen(Call call) throws PbxException {
        Pbx pbx = call.by().pbx();
        return !pbx.isLocked(call.conference())
                && !pbx.participants(call.conference()).isEmpty();
    }

    private static boolean isIn(Call call) {
        try {
            return call.by().pbx().participants(call.conference()).stream()
                    .anyMatch(one -> one.uniqueId().equals(call.inviter().uniqueId()));
        } catch (PbxException e) {
            return false;
        }
    }

    /**
     * Takes what became of the call that a token stands for, and asks whoever has answered whether they want to join.
     *
     * @param proof that the peer controls the channel it names
     * @throws PbxException when the PBX cannot be asked for the proof
     * @throws AgiException when whoever has answered has hung up
     */
    void answer(Request request, Phone phone, Proof proof) throws PbxException, AgiException {
        Call call;
        synchronized (calls) {
            call = calls.get(request.token());
        }
        if (call == null || proof.caller().isEmpty()) {
            return;
        }
        if (!request.dialStatus().equals("ANSWER")) {
            call.end().complete(End.of(request.dialStatus()));
            return;
        }
        AgiSettings settings = call.by().settings();
        try {
            boolean isAccepted = !settings.inviteAccept() || isAccepted(call, phone);
            if (isAccepted && !isOpen(call)) {
                call.end().complete(End.FAILED);
            } else if (isAccepted && !call.end().isDone()) {
                phone.setVariable("CALLERID(num)", call.number());
                phone.setVariable("CONFCODES_CONFERENCE", call.conference());
                phone.setVariable("CONFCODES_PROFILE", settings.invitations().userProfile());
                phone.setVariable("CONFCODES_STATUS", Status.DONE.name());
                call.end().complete(End.JOINED);
            }
        } finally {
            call.end().complete(End.NOT_ACCEPTED);
        }
    }

    /** Each other key than 1 repeats the question; none means no. */
    private static boolean isAccepted(Call call, Phone phone) throws AgiException {
        List<Word> words = List.of(
                new Word.Said(Prompt.INVITATION),
                new Word.Spelled(call.conference()),
                new Word.Said(Prompt.CONFIRM_ONE));
        List<String> sounds = new ArrayList<>(new Speaker(phone, call.by().settings()).sounds(words));
        sounds.add("beep");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Typed typed = phone.readAfter(sounds, 1);
            if (typed.equals(new Typed.Keys("1"))) {
                return true;
            }
            if (typed instanceof Typed.Nothing || typed instanceof Typed.HungUp) {
                return false;
            }
        }
        return false;
    }
}
