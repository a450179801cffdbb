package confcodes.conference;

import java.util.List;
import java.util.Optional;

/** Whether a caller may moderate, and which conference. */
public sealed interface Admission {

    /** {@return the conference it is about; empty when there is none} */
    String conference();

    /** {@return the caller as the conference's list has them; empty if it does not} */
    Optional<Participant> caller();

    /**
     * The caller may moderate.
     *
     * @param moderation the conference and what may be done with it
     */
    record Granted(Moderation moderation) implements Admission {

        @Override
        public String conference() {
            return moderation.conference();
        }

        @Override
        public Optional<Participant> caller() {
            return moderation.caller();
        }
    }

    /**
     * The caller may not.
     *
     * @param conference the conference they stand in; empty when there is none
     * @param outcome DENIED or NOCONFERENCE, with the reason
     * @param caller the caller as the conference's list has them; empty if it does not
     */
    record Refused(String conference, Outcome outcome, Optional<Participant> caller) implements Admission {

        /**
         * Somebody who is in no list.
         *
         * @param conference the conference they stand in; empty when there is none
         * @param outcome DENIED or NOCONFERENCE, with the reason
         */
        public Refused(String conference, Outcome outcome) {
            this(conference, outcome, Optional.empty());
        }
    }

    /**
     * Decides about a calling channel, which must not have been kicked meanwhile. The conference is the one whose bridge the channel stands in, and its own list must
     * have the channel; the policy must allow the participant that it is. A request may name the conference, and is refused if
     * the channel is not in that one.
     *
     * @param pbx the PBX
     * @param policy who may
     * @param holds which mutes hold
     * @param caller the calling channel, proved to be the caller's own
     * @param named the conference that the call names; empty to take the one that the channel stands in
     * @return the decision
     * @throws PbxException when the PBX cannot be asked
     */
    static Admission decide(Pbx pbx, Policy policy, MutesHold holds, ChannelState caller, String named)
            throws PbxException {
        if (caller.kicked()) {
            return new Refused("", denied("the caller was kicked"));
        }
        if (!named.isEmpty() && !Conference.isName(named)) {
            return new Refused("", Outcome.of(Status.NOCONFERENCE, "not a conference's name"));
        }
        String conference = named.isEmpty() ? standsIn(pbx, caller) : named;
        if (conference.isEmpty()) {
            return new Refused("", Outcome.of(Status.NOCONFERENCE, "the caller is in no conference"));
        }
        List<Participant> participants = pbx.participants(conference);
        if (participants.isEmpty()) {
            return new Refused(conference, Outcome.noConference(conference));
        }
        Optional<Participant> participant = participants.stream()
                .filter(p ->
                        p.channel().equals(caller.channel()) && p.uniqueId().equals(caller.uniqueId()))
                .findFirst();
        if (participant.isEmpty()) {
            return new Refused(conference, denied("the caller is not in this conference"));
        }
        return policy.allows(participant.get())
                ? new Granted(new Moderation(pbx, holds, conference, caller.bridge(), participants, participant))
                : new Refused(conference, denied("the policy does not allow this participant"), participant);
    }

    private static String standsIn(Pbx pbx, ChannelState caller) throws PbxException {
        return caller.bridge().isEmpty()
                ? ""
                : pbx.conferenceOf(caller.bridge()).filter(Conference::isName).orElse("");
    }

    private static Outcome denied(String reason) {
        return Outcome.of(Status.DENIED, reason);
    }
}
