package confcodes.conference;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A PBX in memory, which keeps the port's contract: a participant who was kicked stays listed for a while and cannot be kicked
 * again; a channel whose name begins another's cannot be muted. It counts what it was asked, and can be made to fail, to
 * refuse and to answer late. Safe for concurrent use.
 */
public final class InMemoryPbx implements Pbx {

    private final Map<String, List<Participant>> conferences = new LinkedHashMap<>();
    private final Map<String, String> otherChannels = new HashMap<>();
    private final Map<String, String> variables = new HashMap<>();
    private final Map<String, PbxException> failures = new HashMap<>();
    private final Set<String> kicked = new LinkedHashSet<>();
    private final Set<String> locked = new LinkedHashSet<>();
    private final Set<String> recorded = new LinkedHashSet<>();
    private final List<String> invited = new ArrayList<>();
    private final List<String> whispers = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private int lists;
    private int questions;
    private Optional<PbxException> failure = Optional.empty();
    private Optional<Outcome> refusal = Optional.empty();
    private volatile Runnable beforeChannel = () -> {};
    private final List<PbxListener> listeners = new ArrayList<>();

    /** Lets participants join a conference, in this order; the first one creates it. */
    public synchronized InMemoryPbx join(String conference, Participant... participants) {
        conferences.computeIfAbsent(conference, name -> new ArrayList<>()).addAll(List.of(participants));
        changed(conference);
        return this;
    }

    @Override
    public synchronized void watch(PbxListener listener) {
        listeners.add(listener);
        listener.changed("");
    }

    /** Says that something may have happened in a conference. */
    public synchronized void changed(String conference) {
        listeners.forEach(listener -> listener.changed(conference));
    }

    /** Lets participants leave; the last one ends the conference. */
    public synchronized void leave(String conference, String... channels) {
        conferences.get(conference).removeIf(p -> List.of(channels).contains(p.channel()));
        conferences.values().removeIf(List::isEmpty);
        changed(conference);
    }

    /** Lets somebody call who is in no conference. */
    public synchronized void call(String channel) {
        otherChannels.put(People.uniqueId(channel), channel);
    }

    /** Sets a channel variable, as a FastAGI server can. */
    public synchronized void set(String uniqueId, String name, String value) {
        variables.put(uniqueId + " " + name, value);
    }

    /** {@return a variable of a channel, which its name or its unique id means; empty if it is not set} */
    @Override
    public synchronized String variable(String channel, String name) {
        if (name.equals("UNIQUEID")) {
            return id(channel);
        }
        return variables.getOrDefault(id(channel) + " " + name, "");
    }

    private static String id(String channel) {
        return channel.contains("/") ? People.uniqueId(channel) : channel;
    }

    @Override
    public synchronized Outcome setVariable(String channel, String name, String value) throws PbxException {
        if (failure.isPresent()) {
            throw failure.get();
        }
        set(id(channel), name, value);
        return refusal.orElse(Outcome.DONE);
    }

    /** {@return the channels that are held: nobody hears them, whatever they do themselves} */
    public synchronized List<String> held() {
        return conferences.values().stream()
                .flatMap(List::stream)
                .map(Participant::channel)
                .filter(channel -> variable(channel, "MUTEAUDIO(in)").equals("on"))
                .toList();
    }

    /** Mutes or unmutes a participant as their own key does. */
    public synchronized void muteOneself(String conference, String channel, boolean muted) {
        applyTo(muted ? Operation.MUTE : Operation.UNMUTE, conference, channel);
    }

    /** Lets every question from now on fail. */
    public synchronized void failWith(PbxException reason) {
        failure = Optional.of(reason);
        listeners.forEach(listener -> listener.lost(reason));
    }

    /** Answers again. */
    public synchronized void recover() {
        failure = Optional.empty();
        changed("");
    }

    /** Lets every operation on a channel fail. */
    public synchronized void failFor(String channel, PbxException reason) {
        failures.put(channel, reason);
    }

    /** Refuses every operation from now on. */
    public synchronized void refuseWith(Outcome outcome) {
        refusal = Optional.of(outcome);
    }

    /** Runs something before each answer about a channel, such as a wait. */
    public void beforeChannel(Runnable run) {
        beforeChannel = run;
    }

    /** {@return how many lists of participants were fetched} */
    public synchronized int lists() {
        return lists;
    }

    /** {@return how many questions of any kind were asked} */
    public synchronized int questions() {
        return questions;
    }

    /** {@return the operations that were asked for, done or not, such as {@code MUTE 100 PJSIP/101-0000001a}} */
    public synchronized List<String> operations() {
        return operations;
    }

    /** {@return the channels of those in a conference who are muted} */
    public synchronized List<String> muted(String conference) {
        return conferences.get(conference).stream()
                .filter(Participant::muted)
                .map(Participant::channel)
                .toList();
    }

    /** {@return the channels that were kicked} */
    public synchronized Set<String> kicked() {
        return kicked;
    }

    /** {@return the conferences that are locked} */
    public synchronized Set<String> locked() {
        return locked;
    }

    /** {@return the conferences that are recorded} */
    public synchronized Set<String> recorded() {
        return recorded;
    }

    /** {@return who was called into which conference, such as {@code 100 PJSIP/105}} */
    public synchronized List<String> invited() {
        return invited;
    }

    /** {@return all that was asked for or is so: operations, and what was invited, locked and recorded} */
    public synchronized List<String> everythingDone() {
        return Stream.of(
                        operations.stream(),
                        invited.stream().map("invited "::concat),
                        locked.stream().map("locked "::concat),
                        recorded.stream().map("recorded "::concat))
                .flatMap(all -> all)
                .toList();
    }

    /** {@return the id of a conference's bridge} */
    static String bridge(String conference) {
        return "bridge-" + Integer.toHexString(conference.hashCode());
    }

    @Override
    public synchronized boolean hasAnsweredWithin(Duration time) {
        return failure.isEmpty();
    }

    @Override
    public synchronized List<Participant> participants(String conference) throws PbxException {
        ask(conference);
        lists++;
        return List.copyOf(conferences.getOrDefault(conference, List.of()));
    }

    @Override
    public synchronized List<Conference> conferences() throws PbxException {
        ask("all");
        return conferences.entrySet().stream()
                .map(entry -> new Conference(
                        entry.getKey(),
                        entry.getValue().size(),
                        (int) entry.getValue().stream()
                                .filter(Participant::marked)
                                .count(),
                        locked.contains(entry.getKey())))
                .toList();
    }

    @Override
    public Optional<ChannelState> channel(String uniqueId, String variable) throws PbxException {
        beforeChannel.run();
        synchronized (this) {
            ask(uniqueId);
            String value = variable(uniqueId, variable);
            return conferences.entrySet().stream()
                    .flatMap(conference -> conference.getValue().stream()
                            .filter(p -> p.uniqueId().equals(uniqueId))
                            .map(p -> new ChannelState(
                                    p.channel(),
                                    uniqueId,
                                    bridge(conference.getKey()),
                                    value,
                                    kicked.contains(p.channel()))))
                    .findFirst()
                    .or(() -> Optional.ofNullable(otherChannels.get(uniqueId))
                            .map(channel -> new ChannelState(channel, uniqueId, "", value, false)));
        }
    }

    @Override
    public synchronized Optional<String> conferenceOf(String bridge) throws PbxException {
        ask(bridge);
        return conferences.keySet().stream()
                .filter(name -> bridge(name).equals(bridge))
                .findFirst();
    }

    @Override
    public synchronized Outcome apply(
            Operation operation, String conference, Participant participant, List<Participant> among)
            throws PbxException {
        ask(conference);
        String channel = participant.channel();
        if (operation != Operation.KICK && among.stream().anyMatch(p -> isLonger(p.channel(), channel))) {
            return Outcome.of(Status.AMBIGUOUS, "another channel's name begins so");
        }
        operations.add(operation + " " + conference + " " + channel);
        if (failures.containsKey(channel)) {
            throw failures.get(channel);
        }
        return answer(conference, () -> {
            boolean isThere = conferences.get(conference).stream()
                    .anyMatch(p -> p.channel().equals(channel));
            return isThere && applyTo(operation, conference, channel)
                    ? Outcome.done(participant)
                    : Outcome.of(Status.NOTFOUND, "has left");
        });
    }

    private static boolean isLonger(String other, String channel) {
        return other.length() > channel.length() && other.regionMatches(true, 0, channel, 0, channel.length());
    }

    private boolean applyTo(Operation operation, String conference, String channel) {
        if (operation == Operation.KICK) {
            return kicked.add(channel);
        }
        conferences
                .get(conference)
                .replaceAll(p -> p.channel().equals(channel) ? People.withMuted(p, operation == Operation.MUTE) : p);
        changed(conference);
        return true;
    }

    @Override
    public synchronized Outcome applyToAll(Operation operation, String conference) throws PbxException {
        ask(conference);
        operations.add(operation + " " + conference + " participants");
        return answer(conference, () -> {
            List<String> others = conferences.get(conference).stream()
                    .filter(p -> !p.admin())
                    .map(Participant::channel)
                    .toList();
            others.forEach(channel -> applyTo(operation, conference, channel));
            return others.isEmpty() ? Outcome.of(Status.NOTFOUND, "only administrators") : Outcome.DONE;
        });
    }

    @Override
    public synchronized Outcome lock(String conference, boolean lock) throws PbxException {
        ask(conference);
        return answer(conference, () -> change(locked, conference, lock));
    }

    @Override
    public synchronized Outcome record(String conference, boolean recording) throws PbxException {
        ask(conference);
        return answer(conference, () -> change(recorded, conference, recording));
    }

    private static Outcome change(Set<String> states, String conference, boolean on) {
        if (on) {
            states.add(conference);
        } else {
            states.remove(conference);
        }
        return Outcome.DONE;
    }

    @Override
    public synchronized Outcome invite(String conference, Invitation invitation) throws PbxException {
        ask(conference);
        return answer(conference, () -> {
            invited.add(conference + " " + invitation.dial());
            return Outcome.DONE;
        });
    }

    @Override
    public synchronized Outcome call(String conference, Invitation invitation, String server, String token)
            throws PbxException {
        calls.add(token);
        return invite(conference, invitation);
    }

    /** {@return the tokens of those who were called} */
    public synchronized List<String> calls() {
        return List.copyOf(calls);
    }

    @Override
    public synchronized boolean isLocked(String conference) throws PbxException {
        ask(conference);
        return locked.contains(conference);
    }

    @Override
    public synchronized Outcome whisper(String uniqueId, String server, String token) {
        whispers.add(uniqueId + " " + token);
        return refusal.orElse(Outcome.DONE);
    }

    /** {@return the unique ids of the channels that were to be whispered to, each with the token} */
    public synchronized List<String> whispers() {
        return List.copyOf(whispers);
    }

    private Outcome answer(String conference, Supplier<Outcome> action) {
        return refusal.orElseGet(
                () -> conferences.containsKey(conference) ? action.get() : Outcome.noConference(conference));
    }

    private void ask(String name) throws PbxException {
        questions++;
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("cannot be sent");
        }
        if (failure.isPresent()) {
            throw failure.get();
        }
    }
}
