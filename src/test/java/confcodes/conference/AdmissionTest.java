package confcodes.conference;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String MEMBER = "PJSIP/101-0000001b";

    private final InMemoryPbx pbx = new InMemoryPbx()
            .join("99", member("PJSIP/300-00000001", "300"))
            .join("100", member(MEMBER, "101"), admin(MODERATOR, "200"));

    private static ChannelState state(String channel, String conference) {
        return new ChannelState(
                channel, uniqueId(channel), conference.isEmpty() ? "" : InMemoryPbx.bridge(conference), "", false);
    }

    private Admission decide(String channel, String named) throws PbxException {
        return Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, state(channel, "100"), named);
    }

    private static void assertRefused(Status status, String conference, Admission admission) {
        Admission.Refused refused = assertInstanceOf(Admission.Refused.class, admission);
        assertEquals(status, refused.outcome().status());
        assertEquals(conference, refused.conference());
    }

    @Test
    void an_administrator_may_moderate_the_conference_that_the_call_names() throws PbxException {
        Admission.Granted granted = assertInstanceOf(Admission.Granted.class, decide(MODERATOR, "100"));

        assertEquals("100", granted.conference());
        assertEquals(2, granted.moderation().participants().size());
        assertEquals(
                MODERATOR,
                granted.moderation().caller().map(Participant::channel).orElse(""));
        assertEquals(1, pbx.questions(), "one list");
    }

    @Test
    void without_a_name_it_is_the_conference_whose_bridge_the_channel_stands_in() throws PbxException {
        Admission.Granted granted = assertInstanceOf(Admission.Granted.class, decide(MODERATOR, ""));

        assertEquals("100", granted.conference());
        assertEquals(2, pbx.questions(), "the bridge's name and one list, however many conferences there are");
    }

    @Test
    void a_conference_whose_name_cannot_be_sent_is_none() throws PbxException {
        pbx.join("a\tb", admin("PJSIP/666-00000009", "666"));

        assertRefused(
                Status.NOCONFERENCE,
                "",
                Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, state("PJSIP/666-00000009", "a\tb"), ""));
        assertEquals(0, pbx.lists());
    }

    /** The channel, the conference whose bridge it stands in, the conference named; how it is refused, and where. */
    @ParameterizedTest
    @CsvSource({
        // Not in the conference named
        MODERATOR + ", 100, 99, DENIED, 99",
        // The bridge's conference does not list the channel
        MODERATOR + ", 99, '', DENIED, 99",
        // The policy
        MEMBER + ", 100, 100, DENIED, 100",
        MEMBER + ", 100, '', DENIED, 100",
        // There is no such conference
        MODERATOR + ", 100, 101, NOCONFERENCE, 101",
        MODERATOR + ", ended, '', NOCONFERENCE, ''",
    })
    void whoever_may_not_moderate_is_refused(
            String channel, String bridge, String named, Status status, String conference) throws PbxException {
        assertRefused(
                status, conference, Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, state(channel, bridge), named));
    }

    private void assertDenied(ChannelState caller, String conference) throws PbxException {
        assertRefused(Status.DENIED, conference, Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, caller, "100"));
        assertRefused(Status.DENIED, conference, Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, caller, ""));
    }

    @Test
    void a_channel_of_the_same_name_with_another_unique_id_is_somebody_else() throws PbxException {
        assertDenied(new ChannelState(MODERATOR, "1700000000.9", InMemoryPbx.bridge("100"), "", false), "100");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PJSIP/200-0000001", "PJSIP/200-0000001a;2", "pjsip/200-0000001a"})
    void a_channel_whose_name_is_almost_a_participant_s_is_nobody(String channel) throws PbxException {
        assertDenied(new ChannelState(channel, uniqueId(MODERATOR), InMemoryPbx.bridge("100"), "", false), "100");
    }

    @Test
    void a_caller_who_was_kicked_and_is_still_listed_is_denied() throws PbxException {
        assertDenied(new ChannelState(MODERATOR, uniqueId(MODERATOR), InMemoryPbx.bridge("100"), "", true), "");
    }

    @Test
    void a_participant_whom_the_policy_allows_may_moderate() throws PbxException {
        assertInstanceOf(
                Admission.Granted.class,
                Admission.decide(pbx, Policy.ANYONE, MutesHold.ALL, state(MEMBER, "100"), "100"));
    }

    @Test
    void a_caller_in_no_conference_has_none() throws PbxException {
        assertRefused(
                Status.NOCONFERENCE,
                "",
                Admission.decide(pbx, Policy.ADMIN, MutesHold.ALL, state("PJSIP/400-1", ""), ""));
        assertEquals(0, pbx.questions());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "100\r\nAction: Command", "1\0"})
    void what_cannot_be_a_name_never_reaches_the_pbx(String named) throws PbxException {
        assertRefused(Status.NOCONFERENCE, "", decide(MODERATOR, named));
        assertEquals(0, pbx.questions());
    }

    @Test
    void a_pbx_that_cannot_be_asked_admits_nobody() {
        PbxException down = new PbxException(PbxException.Reason.UNREACHABLE, "down");
        pbx.failWith(down);

        assertSame(down, assertThrows(PbxException.class, () -> decide(MODERATOR, "100")));
        assertSame(down, assertThrows(PbxException.class, () -> decide(MODERATOR, "")));
    }
}
