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
    private static final PbxException LOST = new PbxException(PbxException.Reason.UNCONFIRMED, "lost");

    private final InMemoryPbx pbx =
            new InMemoryPbx().join("100", admin(MODERATOR, "200"), member(FIRST, "101"), member(SECOND, "102"));

    private Moderation by(String channel) throws PbxException {
        ChannelState caller = pbx.channel(People.uniqueId(channel), "X").orElseThrow();
        return assertInstanceOf(
                        Admission.Granted.class, Admission.decide(pbx, Policy.ANYONE, MutesHold.NONE, caller, "100"))
                .moderation();
    }

    private static Participant one(Moderation moderation, Operation operation, String who) {
        List<Match> matching = moderation.matching(operation, who);
        assertEquals(1, matching.size(), matching::toString);
        return matching.get(0).participant();
    }

    private static Outcome apply(Moderation moderation, Operation operation, String who) throws PbxException {
        return moderation.apply(operation, one(moderation, operation, who), who);
    }

    private static List<String> channels(List<Participant> participants) {
        return participants.stream().map(Participant::channel).toList();
    }

    private static List<String> matching(Moderation moderation, Operation operation, String who) {
        return channels(moderation.matching(operation, who).stream()
                .map(Match::participant)
                .toList());
    }

    private static void assertStatus(Status status, Outcome outcome) {
        assertEquals(status, outcome.status(), outcome::toString);
    }

    private void assertNobodyTouched() {
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void one_participant_is_muted_unmuted_and_kicked_with_a_single_list_each() throws PbxException {
        assertEquals(new Outcome(Status.DONE, FIRST, ""), apply(by(MODERATOR), Operation.MUTE, "101"));
        assertEquals(List.of(FIRST), pbx.muted("100"));
        apply(by(MODERATOR), Operation.MUTE, "102");
        assertEquals(new Outcome(Status.DONE, FIRST, ""), apply(by(MODERATOR), Operation.UNMUTE, "101"));
        assertEquals(List.of(SECOND), pbx.muted("100"));
        assertEquals(new Outcome(Status.DONE, FIRST, ""), apply(by(MODERATOR), Operation.KICK, "101"));
        assertEquals(Set.of(FIRST), pbx.kicked());
        assertEquals(4, pbx.lists());
    }

    @Test
    void a_full_channel_name_means_this_channel_only() throws PbxException {
        Moderation moderation = Moderation.fromOutside(pbx, MutesHold.NONE, "100");

        assertEquals(List.of(FIRST), matching(moderation, Operation.MUTE, FIRST));
        assertEquals(List.of(), moderation.matching(Operation.MUTE, "PJSIP/101-0000001"));
        assertEquals(List.of(), moderation.matching(Operation.MUTE, "PJSIP/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "*", "/", "all", "participants", "103"})
    void what_means_nobody_matches_nobody(String who) throws PbxException {
        assertEquals(List.of(), by(MODERATOR).matching(Operation.KICK, who));
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_participant_who_has_left_is_not_found_and_nobody_is_touched(Operation operation) throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);

        assertStatus(Status.NOTFOUND, apply(moderation, operation, "101"));
        assertNobodyTouched();
        assertEquals(2, pbx.lists());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_participant_who_came_back_on_another_channel_is_found_there(Operation operation) throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);
        pbx.join("100", member("PJSIP/101-0000002f", "101"));

        assertEquals(new Outcome(Status.DONE, "PJSIP/101-0000002f", ""), apply(moderation, operation, "101"));
        assertEquals(2, pbx.lists());
    }

    @ParameterizedTest
    @EnumSource(Operation.class)
    void a_newcomer_with_another_number_does_not_stand_in_for_one_who_left(Operation operation) throws PbxException {
        String first = "PJSIP/trunk-00000002";
        pbx.join("100", member(first, "+79161114567"), member("PJSIP/trunk-00000003", "+79162224567"));
        Moderation moderation = by(MODERATOR);
        Participant chosen = moderation.matching(operation, "4567").get(0).participant();
        pbx.leave("100", first);
        pbx.join("100", member("PJSIP/trunk-00000004", "+493011114567"));

        assertStatus(Status.NOTFOUND, moderation.apply(operation, chosen, "4567"));
        assertNobodyTouched();
    }

    @Test
    void a_newcomer_who_withholds_their_number_does_not_stand_in_for_one_who_left() throws PbxException {
        pbx.join("100", member("PJSIP/103-00000002", ""));
        Moderation moderation = by(MODERATOR);
        Participant chosen = one(moderation, Operation.KICK, "103");
        pbx.leave("100", chosen.channel());
        pbx.join("100", member("PJSIP/103-00000003", ""));

        assertStatus(Status.NOTFOUND, moderation.apply(Operation.KICK, chosen, "103"));
        assertNobodyTouched();
    }

    @Test
    void of_several_newcomers_with_the_number_of_one_who_left_nobody_is_touched() throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", FIRST);
        pbx.join("100", member("PJSIP/101-0000002e", "101"), member("PJSIP/101-0000002f", "101"));

        assertStatus(Status.NOTFOUND, apply(moderation, Operation.KICK, "101"));
        assertNobodyTouched();
    }

    @Test
    void another_who_had_the_number_all_the_time_does_not_stand_in_for_one_who_left() throws PbxException {
        pbx.join("100", member("SIP/trunk-00000002", "101"));
        Moderation moderation = by(MODERATOR);
        Participant chosen = moderation.matching(Operation.KICK, "101").get(0).participant();
        pbx.leave("100", chosen.channel());

        assertEquals(FIRST, chosen.channel());
        assertStatus(Status.NOTFOUND, moderation.apply(Operation.KICK, chosen, "101"));
        assertNobodyTouched();
    }

    @Test
    void a_participant_who_was_kicked_and_is_still_listed_is_not_found() throws PbxException {
        apply(by(MODERATOR), Operation.KICK, "101");

        assertStatus(Status.NOTFOUND, apply(by(MODERATOR), Operation.KICK, "101"));
    }

    @Test
    void a_conference_that_ended_meanwhile_is_no_conference() throws PbxException {
        Moderation moderation = by(MODERATOR);
        Participant first = one(moderation, Operation.MUTE, "101");
        pbx.leave("100", MODERATOR, FIRST, SECOND);

        for (Outcome outcome : List.of(
                moderation.apply(Operation.MUTE, first, "101"),
                moderation.applyToAll(Operation.MUTE),
                moderation.applyToEach(Operation.KICK, List.of(first)).outcome(),
                moderation.lock(true),
                moderation.record(true))) {
            assertStatus(Status.NOCONFERENCE, outcome);
        }
    }

    @Test
    void a_moderator_cannot_kick_themselves_but_may_mute_themselves() throws PbxException {
        assertStatus(Status.DENIED, apply(by(MODERATOR), Operation.KICK, "200"));
        assertEquals(List.of(), pbx.operations());
        assertStatus(Status.DONE, apply(by(MODERATOR), Operation.MUTE, "200"));
        assertEquals(List.of(MODERATOR), pbx.muted("100"));
    }

    @Test
    void the_caller_is_left_out_of_several_to_kick_and_of_nothing_else() throws PbxException {
        String otherPhone = "SIP/trunk-00000002";
        pbx.join("100", member(otherPhone, "200"));
        Moderation moderation = by(MODERATOR);

        assertEquals(List.of(otherPhone), matching(moderation, Operation.KICK, "200"));
        assertEquals(List.of(MODERATOR, otherPhone), matching(moderation, Operation.MUTE, "200"));
    }

    @Test
    void an_administrator_in_a_shell_may_kick_anybody() throws PbxException {
        Moderation fromOutside = Moderation.fromOutside(pbx, MutesHold.NONE, "100");

        assertStatus(Status.DONE, apply(fromOutside, Operation.KICK, "200"));
        assertEquals(Set.of(MODERATOR), pbx.kicked());
    }

    @Test
    void the_pbx_is_told_everyone_among_whom_it_must_tell_one_apart() throws PbxException {
        pbx.join("100", member("DAHDI/i1/555-10", "777"), member("DAHDI/i1/555-1", "555"));

        assertStatus(Status.AMBIGUOUS, apply(by(MODERATOR), Operation.MUTE, "555"));
        assertNobodyTouched();
        assertStatus(Status.DONE, apply(by(MODERATOR), Operation.KICK, "555"));
        assertEquals(Set.of("DAHDI/i1/555-1"), pbx.kicked());
    }

    @Test
    void an_administrator_s_all_is_one_action_on_everyone_but_administrators() throws PbxException {
        assertEquals(Outcome.DONE, by(MODERATOR).applyToAll(Operation.MUTE));
        assertEquals(List.of(FIRST, SECOND), pbx.muted("100"));
        assertEquals(
                Outcome.DONE, Moderation.fromOutside(pbx, MutesHold.NONE, "100").applyToAll(Operation.UNMUTE));
        assertEquals(List.of("MUTE 100 participants", "UNMUTE 100 participants"), pbx.operations());
        assertEquals(2, pbx.lists());
    }

    @Test
    void a_caller_who_is_no_administrator_is_left_out_of_all() throws PbxException {
        Moderation moderation = by(FIRST);

        assertEquals(List.of(SECOND), channels(moderation.others()));
        assertEquals(Outcome.DONE, moderation.applyToAll(Operation.MUTE));
        assertEquals(List.of(SECOND), pbx.muted("100"));
        assertEquals(1, pbx.lists());
    }

    @Test
    void where_there_are_only_administrators_all_is_nobody() throws PbxException {
        pbx.leave("100", SECOND);
        assertStatus(Status.NOTFOUND, by(FIRST).applyToAll(Operation.MUTE));

        pbx.leave("100", FIRST);
        Outcome outcome = by(MODERATOR).applyToAll(Operation.MUTE);
        assertStatus(Status.NOTFOUND, outcome);
        assertEquals("nobody but administrators is there", outcome.reason());
        assertNobodyTouched();
    }

    @Test
    void each_of_several_is_acted_on_and_counted_and_no_newcomer() throws PbxException {
        Moderation moderation = by(MODERATOR);
        pbx.leave("100", SECOND);
        pbx.join("100", member("PJSIP/103-0000001d", "103"));
        List<Participant> counted = moderation.others();

        assertEquals(new Moderation.Tally(Outcome.DONE, 1), moderation.applyToEach(Operation.KICK, counted));
        assertEquals(Set.of(FIRST), pbx.kicked());
        Moderation.Tally again = moderation.applyToEach(Operation.KICK, counted);
        assertStatus(Status.NOTFOUND, again.outcome());
        assertEquals(0, again.count());
    }

    @Test
    void a_failure_among_several_says_how_many_it_was_done_to() throws PbxException {
        pbx.failFor(SECOND, LOST);
        Moderation moderation = by(MODERATOR);
        PbxException failure =
                assertThrows(PbxException.class, () -> moderation.applyToEach(Operation.KICK, moderation.others()));

        assertEquals("lost (done to 1 of 2)", failure.getMessage());
        assertEquals(PbxException.Reason.UNCONFIRMED, failure.reason());
        pbx.failFor(FIRST, LOST);
        assertSame(
                LOST,
                assertThrows(PbxException.class, () -> moderation.applyToEach(Operation.MUTE, moderation.others())));
    }

    @Test
    void what_the_pbx_refuses_is_refused() throws PbxException {
        Outcome refused = Outcome.of(Status.DENIED, "the PBX will not");
        pbx.refuseWith(refused);
        Moderation moderation = by(MODERATOR);

        assertEquals(refused, apply(moderation, Operation.MUTE, "101"));
        assertEquals(refused, moderation.applyToAll(Operation.MUTE));
        assertEquals(new Moderation.Tally(refused, 0), moderation.applyToEach(Operation.KICK, moderation.others()));
        assertEquals(refused, moderation.lock(true));
        assertEquals(refused, moderation.record(true));
    }

    @Test
    void a_conference_is_locked_and_unlocked_recorded_and_not_without_a_list() throws PbxException {
        Moderation moderation = by(MODERATOR);

        assertEquals(Outcome.DONE, moderation.lock(true));
        assertEquals(Outcome.DONE, moderation.record(true));
        assertEquals(List.of("locked 100", "recorded 100"), pbx.everythingDone());
        assertEquals(Outcome.DONE, moderation.record(true), "done also if it is so already");
        assertEquals(Outcome.DONE, moderation.lock(false));
        assertEquals(Outcome.DONE, moderation.record(false));
        assertEquals(Outcome.DONE, moderation.record(false));
        assertEquals(List.of(), pbx.everythingDone());
        assertEquals(1, pbx.lists(), "only that of the admission");
    }

    @Test
    void a_failure_of_the_pbx_is_passed_on() throws PbxException {
        Moderation moderation = by(MODERATOR);
        Participant first = one(moderation, Operation.MUTE, "101");
        pbx.failWith(LOST);

        assertSame(LOST, assertThrows(PbxException.class, () -> moderation.apply(Operation.MUTE, first, "101")));
        assertSame(LOST, assertThrows(PbxException.class, () -> moderation.applyToAll(Operation.MUTE)));
        assertSame(LOST, assertThrows(PbxException.class, () -> moderation.lock(true)));
        assertSame(LOST, assertThrows(PbxException.class, () -> moderation.record(true)));
    }
}
