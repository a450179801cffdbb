package confcodes.conference;

import java.util.List;
import java.util.Optional;

/**
 * One conference under moderation: its list as it was a moment ago, and what the moderator does with it. Immutable; whoever
 * has waited for something, such as a key, makes a new one.
 *
 * @param pbx the PBX
 * @param holds which mutes hold
 * @param conference the conference's name
 * @param bridge the id of its bridge; empty to ask for it when it is needed
 * @param participants everyone in it, as last listed
 * @param caller the moderator; empty for one who is not in the conference, such as an administrator in a shell
 */
public record Moderation(
        Pbx pbx,
        MutesHold holds,
        String conference,
        String bridge,
        List<Participant> participants,
        Optional<Participant> caller) {

    /** What comes of "all" if there is nobody but administrators and the caller. */
    public static final Outcome NOBODY_ELSE = Outcome.of(Status.NOTFOUND, "nobody but administrators is there");

    /** What comes of "who talks" if nobody does, or if it cannot be known. */
    public static final Outcome NOBODY_TALKS =
            Outcome.of(Status.NOTFOUND, "nobody talks, or talk_detection_events=yes is not in their user profile");

    /** Copies the list. */
    public Moderation {
        participants = List.copyOf(participants);
    }

    /**
     * {@return a moderation by somebody who is not in the conference, such as an administrator in a shell}
     *
     * @param pbx the PBX
     * @param holds which mutes hold
     * @param conference the conference's name
     * @throws PbxException when the list cannot be had
     */
    public static Moderation fromOutside(Pbx pbx, MutesHold holds, String conference) throws PbxException {
        return new Moderation(pbx, holds, conference, "", pbx.participants(conference), Optional.empty());
    }

    /** {@return the same with the list as it is now} */
    Moderation again() throws PbxException {
        return new Moderation(pbx, holds, conference, bridge, pbx.participants(conference), caller);
    }

    /** {@return who may speak in it, and who may be in it} */
    public Speech speech() {
        return new Speech(this);
    }

    /** {@return everyone but administrators and the caller: those whom "all" means} */
    public List<Participant> others() {
        return participants.stream().filter(p -> !p.admin() && !isCaller(p)).toList();
    }

    /** {@return who joined last, but for administrators and the caller; empty if there is nobody else} */
    public Optional<Participant> last() {
        List<Participant> others = others();
        return others.isEmpty() ? Optional.empty() : Optional.of(others.get(others.size() - 1));
    }

    /** {@return those who talk and are heard, but for administrators and the caller} */
    public List<Participant> talking() {
        return others().stream().filter(p -> p.talking() && !p.muted()).toList();
    }

    /**
     * {@return those whom a number or a full channel name means} Where a number means several, the caller is not among those
     * to kick.
     *
     * @param operation what is to be done to one of them
     * @param who the number, matched by {@link NumberMatching}, or the channel's full name
     */
    public List<Match> matching(Operation operation, String who) {
        List<Match> matching = matching(who, participants);
        return operation == Operation.KICK && matching.size() > 1
                ? matching.stream().filter(m -> !isCaller(m.participant())).toList()
                : matching;
    }

    private static List<Match> matching(String who, List<Participant> participants) {
        return who.indexOf('/') > 0
                ? participants.stream()
                        .filter(p -> p.channel().equals(who))
                        .map(p -> new Match(p, Match.Kind.WHOLE))
                        .toList()
                : NumberMatching.matching(who, participants);
    }

    /**
     * Does something to one participant. If they have left and one newcomer has their very caller ID number, it is done to
     * that one: they are back on another channel.
     *
     * @param operation what to do
     * @param participant one of {@link #matching}
     * @param who the number or channel name that meant them
     * @return DONE, NOTFOUND, NOCONFERENCE; DENIED for a caller who kicks themselves or when the PBX refuses; AMBIGUOUS when
     *     the PBX could take another for them
     * @throws PbxException when the PBX fails
     */
    public Outcome apply(Operation operation, Participant participant, String who) throws PbxException {
        if (operation == Operation.KICK && isCaller(participant)) {
            return Outcome.of(Status.DENIED, "moderators cannot kick themselves");
        }
        Outcome outcome = applyNow(operation, participant, participants);
        if (outcome.status() != Status.NOTFOUND) {
            return outcome;
        }
        List<Participant> now = pbx.participants(conference);
        List<Participant> newcomers = matching(who, now).stream()
                .map(Match::participant)
                .filter(p -> !p.number().isEmpty() && p.number().equals(participant.number()))
                .filter(p -> participants.stream()
                        .noneMatch(before -> before.channel().equals(p.channel())))
                .toList();
        return newcomers.size() == 1 ? applyNow(operation, newcomers.get(0), now) : outcome;
    }

    private Outcome applyNow(Operation operation, Participant participant, List<Participant> among)
            throws PbxException {
        if (operation == Operation.KICK) {
            return pbx.apply(operation, conference, participant, among);
        }
        Speech speech = speech();
        return speech.alone(() ->
                operation == Operation.MUTE ? speech.mute(participant, among) : speech.unmute(participant, among));
    }

    /**
     * Mutes or unmutes everyone but administrators and the caller. It does not hold: {@link Speech#muteAll} does.
     *
     * @param operation MUTE or UNMUTE
     * @return DONE, NOTFOUND when there is nobody else, NOCONFERENCE, DENIED when the PBX refuses
     * @throws PbxException when the PBX fails; if the caller is no administrator, it may then be done to some
     */
    Outcome applyToAll(Operation operation) throws PbxException {
        if (caller.isEmpty() || caller.get().admin()) {
            Outcome outcome = pbx.applyToAll(operation, conference);
            return outcome.status() == Status.NOTFOUND ? NOBODY_ELSE : outcome;
        }
        return applyToEach(operation, others()).outcome();
    }

    /**
     * Does something to each of several participants, and to nobody who joins meanwhile.
     *
     * @param operation what to do
     * @param several the participants
     * @return DONE if it was done to one at least, and to how many; else NOTFOUND, or what the PBX refused it with
     * @throws PbxException when the PBX fails; the message says to how many it was done before
     */
    public Tally applyToEach(Operation operation, List<Participant> several) throws PbxException {
        int done = 0;
        Outcome notDone = NOBODY_ELSE;
        for (Participant participant : several) {
            try {
                Outcome outcome = applyNow(operation, participant, participants);
                if (outcome.isDone()) {
                    done++;
                } else if (outcome.status() != Status.NOTFOUND) {
                    notDone = outcome;
                }
            } catch (PbxException e) {
                throw done == 0
                        ? e
                        : new PbxException(
                                e.reason(), e.getMessage() + " (done to " + done + " of " + several.size() + ")", e);
            }
        }
        return new Tally(done > 0 ? Outcome.DONE : notDone, done);
    }

    /**
     * What came of something done to several.
     *
     * @param outcome DONE if it was done to one at least
     * @param count to how many it was done
     */
    public record Tally(Outcome outcome, int count) {}

    /**
     * Locks the conference or unlocks it.
     *
     * @param locked whether it shall be locked
     * @return DONE, NOCONFERENCE, or DENIED when the PBX refuses
     * @throws PbxException when the PBX fails
     */
    public Outcome lock(boolean locked) throws PbxException {
        return pbx.lock(conference, locked);
    }

    /**
     * Starts recording or stops it.
     *
     * @param recording whether the conference shall be recorded
     * @return DONE, also when it was so already; NOCONFERENCE; DENIED for a name that cannot be part of a file's name
     * @throws PbxException when the PBX fails
     */
    public Outcome record(boolean recording) throws PbxException {
        return pbx.record(conference, recording);
    }

    boolean isCaller(Participant participant) {
        return caller.isPresent() && caller.get().channel().equals(participant.channel());
    }
}
