package confcodes.conference;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String MEMBER = "PJSIP/101-0000001b";

    private final InMemoryPbx pbx = new InMemoryPbx()
            .join("99", member("PJSIP/300-00000001", "300"))
            .join("100", member(MEMBER, "101"), admin(MODERATOR, "200"));

    private Admission decide(String channel, String named) throws PbxException {
        return Admission.decide(pbx, Policy.ADMIN, channel, named);
    }

    private static Status refusal(Admission admission) {
        return assertInstanceOf(Admission.Refused.class, admission).outcome().status();
    }

    @Test
    void an_administrator_may_moderate_the_conference_that_the_call_names() throws PbxException {
        Admission.Granted granted = assertInstanceOf(Admission.Granted.class, decide(MODERATOR, "100"));

        assertEquals("100", granted.conference());
        assertEquals(2, granted.moderation().participants().size());
        assertEquals(1, pbx.lists());
    }

    @Test
    void without_a_name_it_is_the_conference_whose_list_holds_the_caller() throws PbxException {
        Admission.Granted granted = assertInstanceOf(Admission.Granted.class, decide(MODERATOR, ""));

        assertEquals("100", granted.conference());
        assertEquals(2, pbx.lists(), "one list for each conference up to the caller's");
    }

    @Test
    void a_conference_that_cannot_be_named_is_passed_over() throws PbxException {
        InMemoryPbx odd = new InMemoryPbx()
                .join("a\tb", member("PJSIP/666-00000009", "666"))
                .join("100", admin(MODERATOR, "200"));

        Admission.Granted granted =
                assertInstanceOf(Admission.Granted.class, Admission.decide(odd, Policy.ADMIN, MODERATOR, ""));
        assertEquals("100", granted.conference());
    }

    @Test
    void a_caller_who_is_not_in_the_conference_named_is_denied() throws PbxException {
        Admission refused = decide(MODERATOR, "99");

        assertEquals(Status.DENIED, refusal(refused));
        assertEquals("99", refused.conference());
    }

    @Test
    void a_participant_whom_the_policy_does_not_allow_is_denied() throws PbxException {
        assertEquals(Status.DENIED, refusal(decide(MEMBER, "100")));
        assertEquals(Status.DENIED, refusal(decide(MEMBER, "")));
    }

    @Test
    void a_participant_whom_the_policy_allows_may_moderate() throws PbxException {
        assertInstanceOf(Admission.Granted.class, Admission.decide(pbx, Policy.ANYONE, MEMBER, "100"));
    }

    @Test
    void a_channel_whose_name_merely_begins_like_a_participant_s_is_nobody() throws PbxException {
        assertEquals(Status.DENIED, refusal(decide("PJSIP/200-0000001", "100")));
        assertEquals(Status.NOCONFERENCE, refusal(decide("PJSIP/200-0000001", "")));
    }

    @Test
    void a_conference_that_does_not_exist_is_no_conference() throws PbxException {
        assertEquals(Status.NOCONFERENCE, refusal(decide(MODERATOR, "101")));
    }

    @Test
    void a_caller_in_no_conference_has_none() throws PbxException {
        Admission refused = decide("PJSIP/400-00000001", "");

        assertEquals(Status.NOCONFERENCE, refusal(refused));
        assertEquals("", refused.conference());
    }

    @ParameterizedTest
    @ValueSource(strings = {" ", "100\r\nAction: Command", "1\0"})
    void what_cannot_be_a_name_never_reaches_the_pbx(String named) throws PbxException {
        Admission refused = decide(MODERATOR, named);

        assertEquals(Status.NOCONFERENCE, refusal(refused));
        assertEquals("", refused.conference());
        assertEquals(0, pbx.lists());
    }

    @Test
    void a_pbx_that_cannot_be_asked_admits_nobody() {
        PbxException down = new PbxException(PbxException.Reason.UNREACHABLE, "down");
        pbx.failWith(down);

        assertSame(down, assertThrows(PbxException.class, () -> decide(MODERATOR, "100")));
        assertSame(down, assertThrows(PbxException.class, () -> decide(MODERATOR, "")));
    }
}
