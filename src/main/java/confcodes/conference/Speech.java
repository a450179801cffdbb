package confcodes.conference;

import static confcodes.conference.Facts.HAND;
import static confcodes.conference.Facts.HELD;
import static confcodes.conference.Facts.HELD_BY_DIALPLAN;
import static confcodes.conference.Facts.MUTED;
import static confcodes.conference.Facts.OPEN;
import static confcodes.conference.Facts.VOICE;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * Who may speak in a conference, and who may be in it. What is decided holds until it is taken back or the conference ends; the
 * PBX remembers it (see {@link Facts}). Those who act on one conference through one server do so one after the other.
 */
public final class Speech {

    /** What comes of a ban if the participant withholds their number. */
    public static final Outcome WITHHELD = Outcome.of(Status.DENIED, "a withheld number cannot be banned");

    /** Moderators are told of a raised hand at most so often. */
    private static final Duration TELL_AGAIN = Duration.ofSeconds(10);

    /** With the 2 s of ami-timeout a caller is told within 3 s. */
    private static final Duration LONGEST_WAIT = Duration.ofMillis(800);

    /** To how many newcomers decisions are applied before a moderator, who waits for no longer than that, can make another one. */
    private static final int AT_A_TIME = 20;

    private static final int MOST_BANS = 500;

    /** Of each PBX, so that one that hangs holds nobody of another. */
    private static final Map<Pbx, ReentrantLock[]> LOCKS = new WeakHashMap<>();

    private final Moderation moderation;
    private final Pbx pbx;

    Speech(Moderation moderation) {
        this.moderation = moderation;
        this.pbx = moderation.pbx();
    }

    /**
     * How a participant stands.
     *
     * @param hand whether their hand is raised
     * @param mutedByModerator whether a moderator has muted them
     */
    public record Standing(boolean hand, boolean mutedByModerator) {}

    /**
     * What came of giving the floor.
     *
     * @param outcome DONE; NOTFOUND when no hand is raised
     * @param given who has it now
     * @param taken who had it before and is muted now
     */
    public record Floor(Outcome outcome, List<Participant> given, List<Participant> taken) {}

    private Outcome noBridge() {
        return moderation.participants().isEmpty()
                ? Outcome.noConference(moderation.conference())
                : Outcome.of(Status.NOCONFERENCE, "nobody has entered the conference yet");
    }

    private ReentrantLock lock() {
        synchronized (LOCKS) {
            ReentrantLock[] locks = LOCKS.computeIfAbsent(
                    pbx, one -> Stream.generate(ReentrantLock::new).limit(64).toArray(ReentrantLock[]::new));
            return locks[Math.floorMod(moderation.conference().hashCode(), locks.length)];
        }
    }

    /** Something that no two do at once. */
    interface Decision<T> {
        T make() throws PbxException;
    }

    /**
     * Decides something while nobody else does. A PBX that has stopped to answer holds whoever decides for as long as an operation
     * may take, and the next one must not wait for that and then for as long again.
     *
     * @throws PbxException UNREACHABLE when others have not ended in time
     */
    <T> T alone(Decision<T> decision) throws PbxException {
        ReentrantLock lock = lock();
        try {
            if (!lock.tryLock(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new PbxException(
                        PbxException.Reason.UNREACHABLE,
                        "another operation on this conference has not ended in " + LONGEST_WAIT.toMillis() + " ms");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PbxException(PbxException.Reason.UNREACHABLE, "interrupted", e);
        }
        try {
            return decision.make();
        } finally {
            lock.unlock();
        }
    }

    /** {@return what the conference remembers; empty when nobody is in its bridge yet} */
    private Optional<Facts> facts() throws PbxException {
        String bridge = moderation.bridge();
        for (Participant participant : moderation.participants()) {
            if (bridge.isEmpty() && !participant.uniqueId().isEmpty()) {
                bridge = pbx.channel(participant.uniqueId(), VOICE)
                        .map(ChannelState::bridge)
                        .orElse("");
            }
        }
        return Optional.of(bridge).filter(id -> !id.isEmpty()).map(id -> new Facts(pbx, moderation.conference(), id));
    }

    /**
     * Mutes everyone but administrators and the caller, and, as {@code mutes-hold} says, whoever joins later.
     *
     * @return DONE, NOTFOUND when there is nobody else and it does not hold, NOCONFERENCE, DENIED when the PBX refuses
     * @throws PbxException when the PBX fails; it may then be done to some
     */
    public Outcome muteAll() throws PbxException {
        if (moderation.holds() == MutesHold.NONE) {
            return moderation.applyToAll(Operation.MUTE);
        }
        return alone(() -> {
            Optional<Facts> there = facts();
            if (there.isEmpty()) {
                return noBridge();
            }
            Facts facts = there.get();
            facts.put(Facts.ALL, "");
            // Listed after that, so that nobody joins unnoticed in between.
            Moderation now = moderation.again();
            if (moderation.caller().isPresent()) {
                facts.put(VOICE, moderation.caller().get(), OPEN);
            }
            for (Participant participant : now.others()) {
                hold(facts, participant);
            }
            Outcome outcome = now.applyToAll(Operation.MUTE);
            if (outcome.isDone() || outcome.status() == Status.NOTFOUND) {
                return Outcome.DONE;
            }
            facts.remove(Facts.ALL);
            for (Participant participant : now.others()) {
                open(facts, now, participant);
            }
            return outcome;
        });
    }

    /**
     * Lets a participant not be heard whose flag is to be set, or was set before by themselves. Where several servers do this at
     * once, none may see the flag of another and not yet what is remembered: the flag is set after it.
     */
    private static void hold(Facts facts, Participant participant) throws PbxException {
        facts.hold(participant.channel(), true);
        boolean own =
                participant.muted() && !facts.get(VOICE, participant).orElse("").contains(MUTED);
        facts.put(VOICE, participant, own ? HELD : HELD + MUTED);
    }

    /**
     * Unmutes all whom a moderator has muted, and nobody who has muted themselves. With {@code mutes-hold=none} it unmutes all.
     *
     * @return as {@link #muteAll}
     * @throws PbxException when the PBX fails; it may then be done to some
     */
    public Outcome unmuteAll() throws PbxException {
        return alone(() -> {
            Optional<Facts> facts = facts();
            if (facts.isEmpty()) {
                return noBridge();
            }
            boolean held = facts.get().get(Facts.ALL).isPresent();
            facts.get().remove(Facts.ALL);
            Moderation now = moderation.again();
            for (Participant participant : now.others()) {
                open(facts.get(), now, participant);
            }
            if (moderation.holds() == MutesHold.NONE) {
                return now.applyToAll(Operation.UNMUTE);
            }
            return held || !now.others().isEmpty() ? Outcome.DONE : Moderation.NOBODY_ELSE;
        });
    }

    private void open(Facts facts, Moderation now, Participant participant) throws PbxException {
        Optional<String> voice = facts.get(VOICE, participant);
        if (voice.isEmpty()) {
            return;
        }
        release(participant.channel());
        facts.remove(VOICE, participant);
        if (voice.get().contains(MUTED)) {
            pbx.apply(Operation.UNMUTE, now.conference(), participant, now.participants());
        }
    }

    private static boolean isHeld(Optional<String> voice) {
        return voice.filter(it -> it.contains(HELD) || it.contains(HELD_BY_DIALPLAN))
                .isPresent();
    }

    /** Mutes one participant, and holds the mute if it is to hold. */
    Outcome mute(Participant participant, List<Participant> among) throws PbxException {
        Outcome outcome = pbx.apply(Operation.MUTE, moderation.conference(), participant, among);
        Optional<Facts> facts = outcome.isDone() && moderation.holds() != MutesHold.NONE ? facts() : Optional.empty();
        if (facts.isPresent()) {
            if (moderation.holds() == MutesHold.EACH
                    || facts.get().get(Facts.ALL).isPresent()) {
                hold(facts.get(), participant);
            } else if (!participant.muted()) {
                facts.get().put(VOICE, participant, MUTED);
            }
        }
        return outcome;
    }

    /** Unmutes one participant. It is remembered first, or whoever notices would mute them again. */
    Outcome unmute(Participant participant, List<Participant> among) throws PbxException {
        Optional<Facts> facts = facts();
        if (facts.isPresent()) {
            release(participant.channel());
            facts.get().put(VOICE, participant, OPEN);
        }
        return pbx.apply(Operation.UNMUTE, moderation.conference(), participant, among);
    }

    /**
     * Bans a number: kicks its participant, and refuses its return until the conference ends.
     *
     * @param participant whose number it is
     * @return DONE, NOTFOUND, NOCONFERENCE, DENIED for a withheld number, for a moderator's and when the PBX refuses
     * @throws PbxException when the PBX fails
     */
    public Outcome ban(Participant participant) throws PbxException {
        String number = Facts.plain(participant.number());
        if (number.isEmpty() || number.equalsIgnoreCase("anonymous")) {
            return WITHHELD;
        }
        if (moderation.isCaller(participant)) {
            return Outcome.of(Status.DENIED, "moderators cannot ban themselves");
        }
        // Anybody can call with that number, and the moderator would be turned away with them.
        if (moderation.participants().stream()
                .filter(p -> !p.channel().equals(participant.channel()))
                .filter(p -> p.admin() || moderation.isCaller(p))
                .anyMatch(p -> Facts.plain(p.number()).equals(number))) {
            return Outcome.of(Status.DENIED, "a moderator has the same number; kick the participant");
        }
        return alone(() -> {
            Optional<Facts> facts = facts();
            if (facts.isEmpty()) {
                return noBridge();
            }
            List<String> all = new ArrayList<>(bans(facts.get()));
            if (String.join(" ", all).length() > MOST_BANS) {
                return Outcome.of(Status.DENIED, "too many numbers are banned");
            }
            all.remove(number);
            all.add(number);
            facts.get().put(Facts.ban(number), "");
            facts.get().put(Facts.BANS, String.join(" ", all));
            for (Participant other : moderation.participants()) {
                if (!other.channel().equals(participant.channel())
                        && Facts.plain(other.number()).equals(number)) {
                    facts.get().put(Facts.STAYS, other, "");
                }
            }
            Outcome outcome = moderation.apply(Operation.KICK, participant, participant.number());
            return outcome.status() == Status.NOTFOUND ? Outcome.done(participant) : outcome;
        });
    }

    /**
     * Lets a banned number return.
     *
     * @param number the number
     * @return DONE, NOTFOUND when it is not banned, NOCONFERENCE
     * @throws PbxException when the PBX fails
     */
    public Outcome unban(String number) throws PbxException {
        return alone(() -> {
            Optional<Facts> facts = facts();
            if (facts.isEmpty()) {
                return noBridge();
            }
            if (facts.get().get(Facts.ban(number)).isEmpty()) {
                return Outcome.of(Status.NOTFOUND, number + " is not banned");
            }
            facts.get().remove(Facts.ban(number));
            return Outcome.DONE;
        });
    }

    /**
     * {@return the numbers that are banned, without their signs}
     *
     * @throws PbxException when the PBX fails
     */
    public List<String> bans() throws PbxException {
        Optional<Facts> facts = facts();
        return facts.isPresent() ? bans(facts.get()) : List.of();
    }

    private static List<String> bans(Facts facts) throws PbxException {
        List<String> bans = new ArrayList<>();
        for (String number : facts.get(Facts.BANS).orElse("").split(" ")) {
            if (!number.isEmpty() && facts.get(Facts.ban(number)).isPresent()) {
                bans.add(number);
            }
        }
        return bans;
    }

    /**
     * Raises the caller's hand, or lowers it.
     *
     * @return whether it is raised now; empty when nobody is in the conference's bridge yet
     * @throws PbxException when the PBX fails
     */
    public Optional<Boolean> changeHand() throws PbxException {
        Optional<Facts> facts = facts();
        if (facts.isEmpty() || moderation.caller().isEmpty()) {
            return Optional.empty();
        }
        Participant caller = moderation.caller().get();
        boolean wasRaised = facts.get().get(HAND, caller).isPresent();
        if (wasRaised) {
            facts.get().remove(HAND, caller);
        } else {
            facts.get().put(HAND, caller, Long.toString(System.currentTimeMillis()));
        }
        return Optional.of(!wasRaised);
    }

    /**
     * {@return the moderators who are to be told of a hand now} Nobody, if they were told of another one a moment ago.
     *
     * @throws PbxException when the PBX fails
     */
    public List<Participant> toTell() throws PbxException {
        return alone(() -> {
            Optional<Facts> facts = facts();
            if (facts.isEmpty()) {
                return List.of();
            }
            long now = System.currentTimeMillis();
            long told = facts.get().get(Facts.TOLD).map(Speech::time).orElse(0L);
            // Another server's clock may be ahead.
            if (told <= now && now - told < TELL_AGAIN.toMillis()) {
                return List.of();
            }
            facts.get().put(Facts.TOLD, Long.toString(now));
            return moderation.participants().stream()
                    .filter(p -> p.admin() || p.marked())
                    .toList();
        });
    }

    /**
     * {@return those whose hand is raised, the longest raised first}
     *
     * @throws PbxException when the PBX fails
     */
    public List<Participant> hands() throws PbxException {
        Optional<Facts> facts = facts();
        return facts.isPresent() ? hands(facts.get(), moderation.participants()) : List.of();
    }

    private static List<Participant> hands(Facts facts, List<Participant> participants) throws PbxException {
        Map<Participant, Long> since = new HashMap<>();
        for (Participant participant : participants) {
            facts.get(HAND, participant).ifPresent(time -> since.put(participant, time(time)));
        }
        return since.keySet().stream().sorted(Comparator.comparing(since::get)).toList();
    }

    /** {@return a time in milliseconds; for what is none, one that is long past} */
    private static long time(String text) {
        return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /**
     * Gives the floor to the hand that was raised first: unmutes, and lowers it. Whoever had the floor is muted again if all
     * are muted.
     *
     * @return what came of it
     * @throws PbxException when the PBX fails
     */
    public Floor giveFloor() throws PbxException {
        return alone(() -> {
            Optional<Facts> there = facts();
            Moderation now = moderation.again();
            List<Participant> hands = there.isEmpty() ? List.of() : hands(there.get(), now.participants());
            if (hands.isEmpty()) {
                Outcome none = there.isEmpty() ? noBridge() : Outcome.of(Status.NOTFOUND, "no hand is raised");
                return new Floor(none, List.of(), List.of());
            }
            Facts facts = there.get();
            Participant next = hands.get(0);
            Outcome outcome = unmute(next, now.participants());
            if (!outcome.isDone()) {
                return new Floor(outcome, List.of(), List.of());
            }
            facts.remove(HAND, next);
            String before = facts.get(Facts.FLOOR).orElse("");
            facts.put(Facts.FLOOR, next.channel());
            List<Participant> taken = facts.get(Facts.ALL).isEmpty()
                    ? List.of()
                    : now.others().stream()
                            .filter(p -> p.channel().equals(before) && !before.equals(next.channel()))
                            .toList();
            for (Participant participant : taken) {
                pbx.apply(Operation.MUTE, now.conference(), participant, now.participants());
                hold(facts, participant);
            }
            return new Floor(outcome, List.of(next), taken);
        });
    }

    /**
     * {@return how each participant stands, by channel}
     *
     * @throws PbxException when the PBX fails
     */
    public Map<String, Standing> standings() throws PbxException {
        Optional<Facts> facts = facts();
        Map<String, Standing> standings = new HashMap<>();
        for (Participant participant : moderation.participants()) {
            Optional<String> voice = facts.isPresent() ? facts.get().get(VOICE, participant) : Optional.empty();
            boolean hand =
                    facts.isPresent() && facts.get().get(HAND, participant).isPresent();
            standings.put(
                    participant.channel(),
                    new Standing(
                            hand,
                            isHeld(voice)
                                    || voice.filter(it -> it.contains(MUTED)).isPresent()));
        }
        return standings;
    }

    /**
     * Applies what was decided to those who have joined, left, or changed their own mute.
     *
     * @param channels theirs; an empty one means everyone
     * @return those who are to be looked at again in a second: they are listed, held, and in no bridge, as are those who leave
     *     while others are told so
     */
    Set<String> enforce(Set<String> channels) throws PbxException {
        Set<String> named = new HashSet<>(channels);
        if (named.remove("")) {
            moderation.again().participants().forEach(participant -> named.add(participant.channel()));
        }
        List<String> all = List.copyOf(named);
        Set<String> leaving = new HashSet<>();
        for (int from = 0; from < all.size(); from += AT_A_TIME) {
            leaving.addAll(enforceSome(all.subList(from, Math.min(from + AT_A_TIME, all.size()))));
        }
        return leaving;
    }

    private Set<String> enforceSome(List<String> channels) throws PbxException {
        Set<String> leaving = new HashSet<>();
        ReentrantLock lock = lock();
        lock.lock();
        try {
            Moderation now = moderation.again();
            Optional<Facts> there = now.speech().facts();
            boolean all = false;
            if (there.isPresent()) {
                there.get().removeOlder();
                all = there.get().get(Facts.ALL).isPresent();
            }
            Set<String> gone = new HashSet<>(channels);
            for (Participant participant : now.participants()) {
                // One who is alone and not in its bridge yet is in a new conference.
                if (there.isPresent() && gone.remove(participant.channel())) {
                    now.speech().enforce(there.get(), all, participant);
                    if (isHeld(there.get().get(VOICE, participant)) && isInNoBridge(participant)) {
                        leaving.add(participant.channel());
                    }
                }
            }
            for (String channel : gone) {
                releaseIfGone(channel);
            }
        } finally {
            lock.unlock();
        }
        return leaving;
    }

    private boolean isInNoBridge(Participant participant) throws PbxException {
        return !participant.uniqueId().isEmpty()
                && pbx.channel(participant.uniqueId(), VOICE)
                        .filter(state -> state.bridge().isEmpty())
                        .isPresent();
    }

    private void enforce(Facts facts, boolean all, Participant participant) throws PbxException {
        if (!participant.number().isEmpty()
                && facts.get(Facts.ban(participant.number())).isPresent()
                && facts.get(Facts.STAYS, participant).isEmpty()) {
            pbx.apply(Operation.KICK, moderation.conference(), participant, moderation.participants());
            return;
        }
        Optional<String> voice = facts.get(VOICE, participant);
        String state = voice.orElse("");
        boolean byDialplan = state.contains(HELD_BY_DIALPLAN);
        if (voice.isEmpty() || byDialplan && (participant.admin() || !all)) {
            release(participant.channel());
        }
        boolean joins = all && !participant.admin() && (voice.isEmpty() || byDialplan);
        if ((joins || state.contains(HELD)) && !participant.muted()) {
            hold(facts, participant);
            pbx.apply(Operation.MUTE, moderation.conference(), participant, moderation.participants());
        } else if (joins) {
            hold(facts, participant);
        } else if (state.equals(MUTED) && !participant.muted()) {
            facts.remove(VOICE, participant);
        }
    }

    /**
     * A channel that has left the conference in which it was held is heard again. Who names it here may have made up the event, and
     * the conference: it is not released in the bridge that it is held in.
     */
    private void releaseIfGone(String channel) throws PbxException {
        String uniqueId = pbx.variable(channel, "UNIQUEID");
        Optional<ChannelState> state = uniqueId.isEmpty() ? Optional.empty() : pbx.channel(uniqueId, VOICE);
        if (state.isPresent() && !state.get().variable().startsWith(state.get().bridge() + " ")) {
            release(channel);
        }
    }

    /** A channel that was held in an earlier conference, or by the dialplan in vain, is heard again. */
    private void release(String channel) throws PbxException {
        String voice = pbx.variable(channel, VOICE);
        if (voice.matches(".* .*[" + HELD + HELD_BY_DIALPLAN + "].*")) {
            pbx.setVariable(channel, "MUTEAUDIO(in)", "off");
            pbx.setVariable(channel, VOICE, "-");
        }
    }
}
