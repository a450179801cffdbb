package confcodes.conference;

import java.util.List;
import java.util.function.Predicate;

/**
 * One conference under moderation: its list as it was at the beginning, and what the moderator does with it. The list is
 * fetched again only for a number that is not in it and for a participant who has gone. Used by one thread.
 */
public final class Moderation {

    private final Pbx pbx;
    private final String conference;
    private final Participant caller;
    private List<Participant> participants;

    Moderation(Pbx pbx, String conference, List<Participant> participants, Participant caller) {
        this.pbx = pbx;
        this.conference = conference;
        this.participants = participants;
        this.caller = caller;
    }

    /**
     * {@return a moderation by somebody who is not in the conference, such as an administrator in a shell}
     *
     * @param pbx the PBX
     * @param conference the conference's name
     * @throws PbxException when the list cannot be had
     */
    public static Moderation fromOutside(Pbx pbx, String conference) throws PbxException {
        return new Moderation(pbx, conference, pbx.participants(conference), null);
    }

    /** {@return the conference's name} */
    public String conference() {
        return conference;
    }

    /** {@return everyone in the conference, as last asked} */
    public List<Participant> participants() {
        return participants;
    }

    /** {@return everyone but administrators and the caller: those whom {@link #applyToAll} means} */
    public List<Participant> others() {
        return participants.stream().filter(p -> !p.admin() && !isCaller(p)).toList();
    }

    /**
     * {@return those whom a number or a full channel name means} The caller is left out of several to kick. Only one whose
     * number it is to the letter is taken from the list as it was at the beginning: whoever has come since could have made any
     * other answer a wrong one.
     *
     * @param operation what is to be done to one of them
     * @param who the number, matched by {@link NumberMatcher}, or the channel's full name
     * @throws PbxException when a second list is needed and cannot be had
     */
    public List<Participant> whom(Operation operation, String who) throws PbxException {
        List<Participant> meant = meant(who);
        if (meant.size() != 1 || !isExact(who, meant.get(0))) {
            participants = pbx.participants(conference);
            meant = meant(who);
        }
        return operation == Operation.KICK && meant.size() > 1
                ? meant.stream().filter(p -> !isCaller(p)).toList()
                : meant;
    }

    private static boolean isExact(String who, Participant participant) {
        return who.equals(participant.number())
                || who.equals(participant.endpoint())
                || who.equals(participant.channel());
    }

    private List<Participant> meant(String who) {
        return who.indexOf('/') > 0
                ? participants.stream().filter(p -> p.channel().equals(who)).toList()
                : NumberMatcher.whom(who, participants);
    }

    /**
     * Does something to one participant. When he has gone and one with his very caller ID number has come meanwhile, it is done
     * to that one: he is back on another channel.
     *
     * @param operation what to do
     * @param participant one of {@link #whom}
     * @param who the number or channel name that meant him
     * @return DONE, NOTFOUND, NOCONFERENCE; DENIED for a caller who kicks himself; AMBIGUOUS when Asterisk could take
     *     another for him
     * @throws PbxException when the PBX fails
     */
    public Outcome apply(Operation operation, Participant participant, String who) throws PbxException {
        if (operation == Operation.KICK && isCaller(participant)) {
            return Outcome.of(Status.DENIED, "nobody kicks himself");
        }
        Outcome outcome = applyTo(operation, participant);
        if (outcome.status() != Status.NOTFOUND) {
            return outcome;
        }
        List<Participant> before = participants;
        participants = pbx.participants(conference);
        List<Participant> newcomers = meant(who).stream()
                .filter(p -> !p.number().isEmpty() && p.number().equals(participant.number()))
                .filter(p -> before.stream().noneMatch(sameChannel(p)))
                .toList();
        return newcomers.size() == 1 ? applyTo(operation, newcomers.get(0)) : outcome;
    }

    /**
     * ConfbridgeMute and ConfbridgeUnmute take a channel name for a prefix, ignore case and act on the first that fits
     * (app_confbridge.c, generic_mute_unmute_helper): a name that begins another's is refused here.
     */
    private Outcome applyTo(Operation operation, Participant participant) throws PbxException {
        String channel = participant.channel();
        if (operation != Operation.KICK
                && participants.stream()
                        .map(Participant::channel)
                        .anyMatch(other ->
                                !other.equals(channel) && other.regionMatches(true, 0, channel, 0, channel.length()))) {
            return Outcome.of(Status.AMBIGUOUS, "Asterisk cannot tell " + channel + " from a longer channel name");
        }
        return switch (pbx.apply(operation, conference, channel)) {
            case DONE -> Outcome.done(participant);
            case NO_CONFERENCE -> noConference();
            case NO_PARTICIPANT, NO_CHANGE -> Outcome.of(Status.NOTFOUND, "no longer in the conference");
        };
    }

    /**
     * Does something to everyone but administrators and the caller.
     *
     * @param operation what to do
     * @return DONE, NOTFOUND when there is nobody else, NOCONFERENCE
     * @throws PbxException when the PBX fails; with a caller who is no administrator it may then be done to some
     */
    public Outcome applyToAll(Operation operation) throws PbxException {
        if (caller == null || caller.admin()) {
            return switch (pbx.applyToParticipants(operation, conference)) {
                case DONE -> Outcome.DONE;
                case NO_CONFERENCE -> noConference();
                case NO_PARTICIPANT, NO_CHANGE -> nobodyElse();
            };
        }
        boolean done = false;
        for (Participant other : others()) {
            done |= applyTo(operation, other).status() == Status.DONE;
        }
        return done ? Outcome.DONE : nobodyElse();
    }

    /**
     * Locks the conference or unlocks it.
     *
     * @param locked whether it shall be locked
     * @return DONE or NOCONFERENCE
     * @throws PbxException when the PBX fails
     */
    public Outcome lock(boolean locked) throws PbxException {
        return pbx.lock(conference, locked) == Pbx.Answer.DONE ? Outcome.DONE : noConference();
    }

    /**
     * Starts recording or stops it.
     *
     * @param recording whether the conference shall be recorded
     * @return DONE, NOCONFERENCE, or NOTFOUND when it was so already
     * @throws PbxException when the PBX fails
     */
    public Outcome record(boolean recording) throws PbxException {
        return switch (pbx.record(conference, recording)) {
            case DONE -> Outcome.DONE;
            case NO_CONFERENCE -> noConference();
            case NO_PARTICIPANT, NO_CHANGE ->
                Outcome.of(Status.NOTFOUND, recording ? "it is recorded already" : "it is not being recorded");
        };
    }

    /**
     * Calls somebody into the conference.
     *
     * @param invitation whom to call and how
     * @return DONE as soon as the PBX has queued the call; DENIED for a conference that cannot be named to ConfBridge()
     * @throws PbxException when the PBX fails
     */
    public Outcome invite(Invitation invitation) throws PbxException {
        if (conference.indexOf(',') >= 0) {
            return Outcome.of(Status.DENIED, "ConfBridge() cannot be given a conference with a comma in its name");
        }
        pbx.invite(conference, invitation);
        return Outcome.DONE;
    }

    private boolean isCaller(Participant participant) {
        return caller != null && caller.channel().equals(participant.channel());
    }

    private static Predicate<Participant> sameChannel(Participant participant) {
        return other -> other.channel().equals(participant.channel());
    }

    private static Outcome nobodyElse() {
        return Outcome.of(Status.NOTFOUND, "nobody but administrators is there");
    }

    private Outcome noConference() {
        return Outcome.noConference(conference);
    }
}
