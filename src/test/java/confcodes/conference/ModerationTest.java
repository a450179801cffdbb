package confcodes.conference;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModerationTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String FIRST = "PJSIP/101-0000001b";
    private static final String SECOND = "PJSIP/102-0000001c";

    private final InMemoryPbx pbx =
            new InMemoryPbx().join("100", admin(MODERATOR, "200"), member(FIRST, "101"), member(SECOND, "102"));

    private Moderation by(String channel) throws PbxException {
        return assertInstanceOf(Admission.Granted.class, Admission.decide(pbx, Policy.ANYONE, channel, "100"))
                .moderation();
    }

    /** Does it as a service code does: whom the number means, and if it is one, to him. */
    private static Outcome apply(Moderation moderation, Operation operation, String who) throws PbxException {
        List<Participant> meant = moderation.whom(operation, who);
        assertEquals(1, meant.size(), meant::toString);
        return moderation.apply(operation, meant.get(0), who);
    }

    private static List<String> channels(List<Participant> participants) {
        return participants.stream().map(Participant::channel).toList();
    }

    @Test
    void one_participant_is_muted_and_nobody_else_with_a_single_list() throws PbxException {
        Outcome outcome = apply(by(MODERATOR), Operation.MUTE, "101");

        assertEquals(new Outcome(Status.DONE, FIRST, ""), outcome);
        assertEquals(List.of(FIRST), pbx.muted("100"));
        assertEquals(1, pbx.lists());
    }

    @Test
    void one_participant_is_unmuted_with_a_single_list() throws PbxException {
        apply(by(MODERATOR), Operation.MUTE, "101");
        apply(by(MODERATOR), Operation.MUTE, "102");
        int before = pbx.lists();

        assertEquals(Status.DONE, apply(by(MODERATOR), Operation.UNMUTE, "101").status());
        assertEquals(List.of(SECOND), pbx.muted("100"));
        assertEquals(1, pbx.lists() - before);
    }

    @Test
    void one_participant_is_kicked_with_a_single_list() throws PbxException {
        assertEquals(new Outcome(Status.DONE, FIRST, ""), apply(by(MODERATOR), Operation.KICK, "101"));
        assertEquals(Set.of(FIRST), pbx.kicked());
        assertEquals(1, pbx.lists());
    }

    @Test
    void a_full_channel_name_means_this_channel_only() throws PbxException {
        Moderation moderation = Moderation.fromOutside(pbx, "100");

        assertEquals(List.of(FIRST), channels(moderation.whom(Operation.MUTE, FIRST)));
        assertEquals(List.of(), moderation.whom(Operation.MUTE, "PJSIP/101-0000001"));
        assertEquals(List.of(), moderation.whom(Operation.MUTE, "PJSIP/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "*", "all", "participants"})
    void what_means_nobody_is_done_to_nobody(String who) throws PbxException {
        assertEquals(List.of(), by(MODERATOR).whom(Operation.KICK, who));
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void a_number_that_is_not_in_the_list_costs_a_second_one() throws PbxException {
        Moderation moderation = by(MODERATOR);

        assertEquals(List.of(), moderation.whom(Operation.MUTE, "103"));
        assertEquals(2, pbx.lists());
    }

    @Test
    void whoever_joined_after_the_code_began_is_found_in_the_second_list() throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.join("100", member("PJSIP/103-0000001d", "103"));

        assertEquals(new Outcome(Status.DONE, "PJSIP/103-0000001d", ""), apply(moderation, Operation.MUTE, "103"));
        assertEquals(2, pbx.lists());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whoever_has_left_meanwhile_is_not_found_and_nobody_is_touched(Operation operation) throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);

        assertEquals(Status.NOTFOUND, apply(moderation, operation, "101").status());
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals(Set.of(), pbx.kicked());
        assertEquals(2, pbx.lists());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whoever_came_back_on_another_channel_is_found_there(Operation operation) throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);
        pbx.join("100", member("PJSIP/101-0000002f", "101"));

        assertEquals(new Outcome(Status.DONE, "PJSIP/101-0000002f", ""), apply(moderation, operation, "101"));
        assertEquals(2, pbx.lists());
    }

    @Test
    void whoever_joined_with_the_very_number_is_meant_and_not_one_whose_number_ends_with_it() throws PbxException {
        pbx.join("100", member("PJSIP/trunk-00000002", "+79161114567"));
        Moderation moderation = by(MODERATOR);
        pbx.join("100", member("PJSIP/4567-00000003", "4567"));

        assertEquals(new Outcome(Status.DONE, "PJSIP/4567-00000003", ""), apply(moderation, Operation.KICK, "4567"));
        assertEquals(Set.of("PJSIP/4567-00000003"), pbx.kicked());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void whoever_came_with_another_number_does_not_stand_in_for_one_who_left(Operation operation) throws PbxException {
        String first = "PJSIP/trunk-00000002";
        pbx.join("100", member(first, "+79161114567"), member("PJSIP/trunk-00000003", "+79162224567"));
        Moderation moderation = by(MODERATOR);
        Participant chosen = moderation.whom(operation, "4567").get(0);
        pbx.leave("100", first);
        pbx.join("100", member("PJSIP/trunk-00000004", "+493011114567"));

        assertEquals(
                Status.NOTFOUND, moderation.apply(operation, chosen, "4567").status());
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void of_several_who_came_with_the_number_of_one_who_left_nobody_is_touched() throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);
        pbx.join("100", member("PJSIP/101-0000002e", "101"), member("PJSIP/101-0000002f", "101"));

        assertEquals(Status.NOTFOUND, apply(moderation, Operation.KICK, "101").status());
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void whoever_else_had_the_number_from_the_beginning_does_not_stand_in_for_one_who_left() throws PbxException {
        String other = "SIP/trunk-00000002";
        pbx.join("100", member(other, "101"));
        Moderation moderation = by(MODERATOR);
        Participant chosen = moderation.whom(Operation.KICK, "101").get(0);
        pbx.leave("100", chosen.channel());

        assertEquals(FIRST, chosen.channel());
        assertEquals(
                Status.NOTFOUND, moderation.apply(Operation.KICK, chosen, "101").status());
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void whoever_was_kicked_already_and_is_still_listed_is_not_found() throws PbxException {
        apply(by(MODERATOR), Operation.KICK, "101");

        assertEquals(
                Status.NOTFOUND, apply(by(MODERATOR), Operation.KICK, "101").status());
    }

    @Test
    void a_conference_that_ended_meanwhile_is_no_conference() throws PbxException {
        Moderation moderation = by(MODERATOR);
        Participant first = moderation.whom(Operation.MUTE, "101").get(0);
        List.of(MODERATOR, FIRST, SECOND).forEach(channel -> pbx.leave("100", channel));

        assertEquals(
                Status.NOCONFERENCE,
                moderation.apply(Operation.MUTE, first, "101").status());
        assertEquals(Status.NOCONFERENCE, moderation.applyToAll(Operation.MUTE).status());
        assertEquals(Status.NOCONFERENCE, moderation.lock(true).status());
        assertEquals(Status.NOCONFERENCE, moderation.record(true).status());
    }

    @Test
    void nobody_kicks_himself() throws PbxException {
        assertEquals(Status.DENIED, apply(by(MODERATOR), Operation.KICK, "200").status());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void a_caller_may_mute_himself() throws PbxException {
        assertEquals(Status.DONE, apply(by(MODERATOR), Operation.MUTE, "200").status());
        assertEquals(List.of(MODERATOR), pbx.muted("100"));
    }

    @Test
    void the_caller_is_left_out_of_several_to_kick_and_of_nothing_else() throws PbxException {
        String otherPhone = "SIP/trunk-00000002";
        pbx.join("100", member(otherPhone, "200"));
        Moderation moderation = by(MODERATOR);

        assertEquals(List.of(otherPhone), channels(moderation.whom(Operation.KICK, "200")));
        assertEquals(List.of(MODERATOR, otherPhone), channels(moderation.whom(Operation.MUTE, "200")));
    }

    @Test
    void an_administrator_in_a_shell_may_kick_anybody() throws PbxException {
        assertEquals(
                Status.DONE,
                apply(Moderation.fromOutside(pbx, "100"), Operation.KICK, "200").status());
        assertEquals(Set.of(MODERATOR), pbx.kicked());
    }

    @ParameterizedTest
    @EnumSource(
            value = Operation.class,
            names = {"MUTE", "UNMUTE"})
    void a_channel_name_that_begins_another_s_is_ambiguous_and_nobody_is_touched(Operation operation)
            throws PbxException {
        pbx.join("100", member("DAHDI/i1/555-10", "777"), member("DAHDI/i1/555-1", "555"));

        assertEquals(Status.AMBIGUOUS, apply(by(MODERATOR), operation, "555").status());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void a_channel_name_that_begins_another_s_but_for_case_is_ambiguous() throws PbxException {
        pbx.join("100", member("PJSIP/ANNA-00000001;2", "777"), member("PJSIP/anna-00000001", "555"));

        assertEquals(
                Status.AMBIGUOUS, apply(by(MODERATOR), Operation.MUTE, "555").status());
        assertEquals(List.of(), pbx.operations());
    }

    @Test
    void the_longer_of_two_channel_names_is_not_ambiguous() throws PbxException {
        pbx.join("100", member("DAHDI/i1/555-1", "555"), member("DAHDI/i1/555-10", "777"));

        assertEquals(Status.DONE, apply(by(MODERATOR), Operation.MUTE, "777").status());
        assertEquals(List.of("DAHDI/i1/555-10"), pbx.muted("100"));
    }

    @Test
    void kick_compares_whole_names_and_is_never_ambiguous() throws PbxException {
        pbx.join("100", member("DAHDI/i1/555-10", "777"), member("DAHDI/i1/555-1", "555"));

        assertEquals(Status.DONE, apply(by(MODERATOR), Operation.KICK, "555").status());
        assertEquals(Set.of("DAHDI/i1/555-1"), pbx.kicked());
    }

    @Test
    void an_administrator_s_all_is_one_action_on_everyone_but_administrators() throws PbxException {
        assertEquals(Outcome.DONE, by(MODERATOR).applyToAll(Operation.MUTE));
        assertEquals(List.of("MUTE 100 participants"), pbx.operations());
        assertEquals(List.of(FIRST, SECOND), pbx.muted("100"));
        assertEquals(1, pbx.lists());
    }

    @Test
    void a_caller_who_is_no_administrator_leaves_himself_out_of_all() throws PbxException {
        Moderation moderation = by(FIRST);

        assertEquals(List.of(SECOND), channels(moderation.others()));
        assertEquals(Outcome.DONE, moderation.applyToAll(Operation.KICK));
        assertEquals(Set.of(SECOND), pbx.kicked());
        assertEquals(1, pbx.lists());
    }

    @Test
    void where_there_are_only_administrators_all_is_nobody() throws PbxException {
        pbx.leave("100", SECOND);
        assertEquals(Status.NOTFOUND, by(FIRST).applyToAll(Operation.MUTE).status());

        pbx.leave("100", FIRST);
        assertEquals(Status.NOTFOUND, by(MODERATOR).applyToAll(Operation.MUTE).status());
        assertEquals(List.of(), pbx.muted("100"));
    }

    @Test
    void a_conference_is_locked_and_unlocked() throws PbxException {
        assertEquals(Outcome.DONE, by(MODERATOR).lock(true));
        assertEquals(Set.of("100"), pbx.locked());

        assertEquals(Outcome.DONE, by(MODERATOR).lock(false));
        assertEquals(Set.of(), pbx.locked());
    }

    @Test
    void recording_is_started_and_stopped_once() throws PbxException {
        Moderation moderation = by(MODERATOR);

        assertEquals(Status.NOTFOUND, moderation.record(false).status());
        assertEquals(Outcome.DONE, moderation.record(true));
        assertEquals(Status.NOTFOUND, moderation.record(true).status());
        assertEquals(Outcome.DONE, moderation.record(false));
        assertEquals(Set.of(), pbx.recorded());
    }

    @Test
    void an_invitation_names_the_conference_and_what_to_dial() throws PbxException {
        Invitation invitation = new Invitation.Template("PJSIP/%s", "").to("105");

        assertEquals(Outcome.DONE, by(MODERATOR).invite(invitation));
        assertEquals(List.of("100 PJSIP/105"), pbx.invited());
    }

    @Test
    void nobody_is_invited_into_a_conference_that_confbridge_cannot_be_told() throws PbxException {
        pbx.join("a,b", admin("PJSIP/300-00000001", "300"));
        Moderation moderation = Moderation.fromOutside(pbx, "a,b");

        assertEquals(
                Status.DENIED,
                moderation
                        .invite(new Invitation.Template("PJSIP/%s", "").to("105"))
                        .status());
        assertEquals(List.of(), pbx.invited());
    }

    @Test
    void a_failure_of_the_pbx_is_told_as_it_is() throws PbxException {
        Moderation moderation = by(MODERATOR);
        Participant first = moderation.whom(Operation.MUTE, "101").get(0);
        PbxException lost = new PbxException(PbxException.Reason.UNCONFIRMED, "lost");
        pbx.failWith(lost);

        assertSame(lost, assertThrows(PbxException.class, () -> moderation.apply(Operation.MUTE, first, "101")));
        assertSame(lost, assertThrows(PbxException.class, () -> moderation.applyToAll(Operation.MUTE)));
        assertSame(lost, assertThrows(PbxException.class, () -> moderation.lock(true)));
    }
}
