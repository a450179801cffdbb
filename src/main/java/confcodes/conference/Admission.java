package confcodes.conference;

import java.util.List;

/** Whether a channel may moderate, and which conference. */
public sealed interface Admission {

    /** {@return the conference it is about; empty when there is none} */
    String conference();

    /**
     * It may.
     *
     * @param moderation what it may do
     */
    record Granted(Moderation moderation) implements Admission {

        @Override
        public String conference() {
            return moderation.conference();
        }
    }

    /**
     * It may not.
     *
     * @param conference the conference it asked for or stands in; empty when there is none
     * @param outcome DENIED or NOCONFERENCE, with the reason
     */
    record Refused(String conference, Outcome outcome) implements Admission {}

    /**
     * Decides over a calling channel. Whatever names the conference, the channel must be in that conference's list, and the
     * policy must allow the participant that it is.
     *
     * @param pbx the PBX
     * @param policy who may
     * @param channel the calling channel's full name
     * @param named the conference that the call names; empty to look for the one whose list holds the channel
     * @return the decision
     * @throws PbxException when a list cannot be had
     */
    static Admission decide(Pbx pbx, Policy policy, String channel, String named) throws PbxException {
        if (!named.isEmpty()) {
            return Conference.isName(named)
                    ? decideIn(pbx, policy, channel, named, pbx.participants(named))
                    : new Refused("", Outcome.of(Status.NOCONFERENCE, "not a conference's name"));
        }
        for (Conference conference : pbx.conferences()) {
            if (!Conference.isName(conference.name())) {
                continue;
            }
            List<Participant> participants = pbx.participants(conference.name());
            if (participants.stream().anyMatch(p -> p.channel().equals(channel))) {
                return decideIn(pbx, policy, channel, conference.name(), participants);
            }
        }
        return new Refused("", Outcome.of(Status.NOCONFERENCE, "the caller is in no conference"));
    }

    private static Admission decideIn(
            Pbx pbx, Policy policy, String channel, String conference, List<Participant> participants) {
        if (participants.isEmpty()) {
            return new Refused(conference, Outcome.noConference(conference));
        }
        return participants.stream()
                .filter(p -> p.channel().equals(channel))
                .findFirst()
                .<Admission>map(caller -> policy.allows(caller)
                        ? new Granted(new Moderation(pbx, conference, participants, caller))
                        : new Refused(conference, denied("the policy does not allow this participant")))
                .orElseGet(() -> new Refused(conference, denied("the caller is not in this conference")));
    }

    private static Outcome denied(String reason) {
        return Outcome.of(Status.DENIED, reason);
    }
}
