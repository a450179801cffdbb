package confcodes.conference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A PBX in memory that answers as Asterisk's app_confbridge.c does: mute and unmute take a channel name for a prefix, ignore
 * case and act on the first that fits; kick compares whole names; whoever is kicked stays listed for a while and cannot be
 * kicked again. It counts the lists that were fetched, and can be made to fail. Used by one thread.
 */
public final class InMemoryPbx implements Pbx {

    private final Map<String, List<Participant>> conferences = new LinkedHashMap<>();
    private final Set<String> kicked = new LinkedHashSet<>();
    private final Set<String> locked = new LinkedHashSet<>();
    private final Set<String> recorded = new LinkedHashSet<>();
    private final List<String> invited = new ArrayList<>();
    private final List<String> operations = new ArrayList<>();
    private int lists;
    private PbxException failure;

    /** Lets participants join a conference, in this order; the first one brings it into being. */
    public InMemoryPbx join(String conference, Participant... participants) {
        conferences.computeIfAbsent(conference, name -> new ArrayList<>()).addAll(List.of(participants));
        return this;
    }

    /** Lets a participant leave; the last one ends the conference. */
    public void leave(String conference, String channel) {
        conferences.get(conference).removeIf(p -> p.channel().equals(channel));
        conferences.values().removeIf(List::isEmpty);
    }

    /** Lets every question from now on fail. */
    public void failWith(PbxException reason) {
        failure = reason;
    }

    /** {@return how many lists of participants were fetched} */
    public int lists() {
        return lists;
    }

    /** {@return the operations that were asked for, done or not, such as {@code MUTE 100 PJSIP/101-0000001a}} */
    public List<String> operations() {
        return operations;
    }

    /** {@return the channels of those in a conference who are muted} */
    public List<String> muted(String conference) {
        return conferences.get(conference).stream()
                .filter(Participant::muted)
                .map(Participant::channel)
                .toList();
    }

    /** {@return the channels that were kicked} */
    public Set<String> kicked() {
        return kicked;
    }

    /** {@return the conferences that are locked} */
    public Set<String> locked() {
        return locked;
    }

    /** {@return the conferences that are recorded} */
    public Set<String> recorded() {
        return recorded;
    }

    /** {@return who was called into which conference, such as {@code 100 PJSIP/105}} */
    public List<String> invited() {
        return invited;
    }

    @Override
    public List<Participant> participants(String conference) throws PbxException {
        check(conference);
        lists++;
        return List.copyOf(conferences.getOrDefault(conference, List.of()));
    }

    @Override
    public List<Conference> conferences() throws PbxException {
        failIfToldTo();
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
    public Answer apply(Operation operation, String conference, String channel) throws PbxException {
        check(conference);
        if (channel.indexOf('/') <= 0 || hasControls(channel)) {
            throw new IllegalArgumentException("not a full channel name: " + channel);
        }
        operations.add(operation + " " + conference + " " + channel);
        List<Participant> participants = conferences.get(conference);
        if (participants == null) {
            return Answer.NO_CONFERENCE;
        }
        for (Participant participant : participants) {
            if (isMeant(operation, participant.channel(), channel)) {
                return applyTo(operation, conference, participant) ? Answer.DONE : Answer.NO_PARTICIPANT;
            }
        }
        return Answer.NO_PARTICIPANT;
    }

    private static boolean isMeant(Operation operation, String name, String asked) {
        return operation == Operation.KICK
                ? name.equalsIgnoreCase(asked)
                : name.regionMatches(true, 0, asked, 0, asked.length());
    }

    private boolean applyTo(Operation operation, String conference, Participant participant) {
        return switch (operation) {
            case MUTE -> mute(conference, participant, true);
            case UNMUTE -> mute(conference, participant, false);
            case KICK -> kicked.add(participant.channel());
        };
    }

    private boolean mute(String conference, Participant participant, boolean mute) {
        conferences
                .get(conference)
                .replaceAll(p -> p.channel().equals(participant.channel()) ? People.withMuted(p, mute) : p);
        return true;
    }

    @Override
    public Answer applyToParticipants(Operation operation, String conference) throws PbxException {
        check(conference);
        operations.add(operation + " " + conference + " participants");
        if (!conferences.containsKey(conference)) {
            return Answer.NO_CONFERENCE;
        }
        boolean done = false;
        for (Participant participant : List.copyOf(conferences.get(conference))) {
            done |= !participant.admin() && applyTo(operation, conference, participant);
        }
        return done ? Answer.DONE : Answer.NO_PARTICIPANT;
    }

    @Override
    public Answer lock(String conference, boolean lock) throws PbxException {
        check(conference);
        if (!conferences.containsKey(conference)) {
            return Answer.NO_CONFERENCE;
        }
        if (lock) {
            locked.add(conference);
        } else {
            locked.remove(conference);
        }
        return Answer.DONE;
    }

    @Override
    public Answer record(String conference, boolean recording) throws PbxException {
        check(conference);
        if (!conferences.containsKey(conference)) {
            return Answer.NO_CONFERENCE;
        }
        boolean changed = recording ? recorded.add(conference) : recorded.remove(conference);
        return changed ? Answer.DONE : Answer.NO_CHANGE;
    }

    @Override
    public void invite(String conference, Invitation invitation) throws PbxException {
        check(conference);
        invited.add(conference + " " + invitation.dial());
    }

    private void check(String conference) throws PbxException {
        if (conference.isEmpty() || hasControls(conference)) {
            throw new IllegalArgumentException("not a conference's name");
        }
        failIfToldTo();
    }

    private void failIfToldTo() throws PbxException {
        if (failure != null) {
            throw failure;
        }
    }

    private static boolean hasControls(String text) {
        return text.chars().anyMatch(Character::isISOControl);
    }
}
