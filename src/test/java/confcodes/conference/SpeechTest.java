package confcodes.conference;

import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SpeechTest {

    private static final String MODERATOR = "PJSIP/200-0000001a";
    private static final String FIRST = "PJSIP/101-0000001b";
    private static final String SECOND = "PJSIP/102-0000001c";
    private static final String LATE = "PJSIP/103-0000001d";

    private final InMemoryPbx pbx =
            new InMemoryPbx().join("100", admin(MODERATOR, "200"), member(FIRST, "101"), member(SECOND, "102"));

    private Moderation by(String channel, MutesHold holds) throws PbxException {
        ChannelState caller = pbx.channel(People.uniqueId(channel), "X").orElseThrow();
        return assertInstanceOf(Admission.Granted.class, Admission.decide(pbx, Policy.ANYONE, holds, caller, "100"))
                .moderation();
    }

    private Speech by(String channel) throws PbxException {
        return by(channel, MutesHold.ALL).speech();
    }

    private void apply(Operation operation, String number, MutesHold holds) throws PbxException {
        Moderation moderation = by(MODERATOR, holds);
        Match match = moderation.matching(operation, number).get(0);
        assertTrue(moderation.apply(operation, match.participant(), number).isDone());
    }

    /** What happens when an event says that a channel has joined, left, or changed its mute. */
    private void look(String channel) throws PbxException {
        Moderation.fromOutside(pbx, MutesHold.ALL, "100").speech().enforce(Set.of(channel));
    }

    private Participant listed(String channel) throws PbxException {
        return pbx.participants("100").stream()
                .filter(p -> p.channel().equals(channel))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void a_mute_of_all_holds_for_those_present_and_who_joins_until_it_is_taken_back() throws PbxException {
        assertEquals(Outcome.DONE, by(MODERATOR).muteAll());
        assertEquals(List.of(FIRST, SECOND), pbx.held());
        pbx.join("100", member(LATE, "103"), admin("PJSIP/201-0000001e", "201"));
        look(LATE);
        look("PJSIP/201-0000001e");
        assertEquals(List.of(FIRST, SECOND, LATE), pbx.muted("100"));
        assertEquals(pbx.muted("100"), pbx.held());
        assertTrue(by(MODERATOR).standings().get(LATE).mutedByModerator());

        assertEquals(Outcome.DONE, by(MODERATOR).unmuteAll());
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals(List.of(), pbx.held());
        pbx.join("100", member("PJSIP/104-0000001f", "104"));
        look("PJSIP/104-0000001f");
        assertEquals(List.of(), pbx.held());
    }

    @Test
    void a_moderator_alone_mutes_whoever_joins() throws PbxException {
        pbx.leave("100", FIRST, SECOND);
        assertEquals(Outcome.DONE, by(MODERATOR).muteAll());
        pbx.join("100", member(LATE, "103"));
        look("");
        assertEquals(List.of(LATE), pbx.held());
    }

    /** Another server that looks in between would take the flag for the participant's own mute. */
    @Test
    void the_flag_of_a_mute_that_holds_is_set_after_it_is_remembered_whose_it_is() throws PbxException {
        List<String> remembered = new ArrayList<>();
        Pbx watched = (Pbx) Proxy.newProxyInstance(
                Pbx.class.getClassLoader(), new Class<?>[] {Pbx.class}, (proxy, method, args) -> {
                    if (method.getName().startsWith("apply")) {
                        remembered.add(pbx.variable(LATE, "CONFCODES_VOICE"));
                    }
                    return method.invoke(pbx, args);
                });
        pbx.join("100", member(LATE, "103"));
        Moderation.fromOutside(watched, MutesHold.ALL, "100").speech().muteAll();
        pbx.setVariable(LATE, "CONFCODES_VOICE", "-");
        pbx.muteOneself("100", LATE, false);
        Moderation.fromOutside(watched, MutesHold.ALL, "100").speech().enforce(Set.of(LATE));
        String wanted = InMemoryPbx.bridge("100") + " hm";
        assertEquals(List.of(wanted, wanted), remembered);
    }

    @Test
    void who_unmutes_themselves_is_listed_as_muted_again_and_was_never_heard() throws PbxException {
        by(MODERATOR).muteAll();
        pbx.muteOneself("100", FIRST, false);
        assertEquals(List.of(FIRST, SECOND), pbx.held());
        look(FIRST);
        assertEquals(List.of(FIRST, SECOND), pbx.muted("100"));
    }

    @Test
    void who_has_muted_themselves_stays_muted_when_all_are_unmuted() throws PbxException {
        pbx.muteOneself("100", FIRST, true);
        by(MODERATOR).muteAll();
        by(MODERATOR).muteAll();
        by(MODERATOR).unmuteAll();
        assertEquals(List.of(FIRST), pbx.muted("100"));
        assertEquals(List.of(), pbx.held());

        apply(Operation.MUTE, "102", MutesHold.ALL);
        pbx.muteOneself("100", SECOND, false);
        look(SECOND);
        pbx.muteOneself("100", SECOND, true);
        by(MODERATOR).unmuteAll();
        assertEquals(List.of(FIRST, SECOND), pbx.muted("100"), "the second mute was their own");
    }

    @Test
    void who_was_muted_one_by_one_is_unmuted_with_all() throws PbxException {
        apply(Operation.MUTE, "101", MutesHold.ALL);
        assertEquals(List.of(), pbx.held());
        by(MODERATOR).unmuteAll();
        assertEquals(List.of(), pbx.muted("100"));
    }

    @Test
    void one_who_is_unmuted_may_speak_while_all_others_are_muted() throws PbxException {
        by(MODERATOR).muteAll();
        apply(Operation.UNMUTE, "101", MutesHold.ALL);
        look(FIRST);
        look("");
        assertEquals(List.of(SECOND), pbx.held());
        assertEquals(List.of(SECOND), pbx.muted("100"));
        apply(Operation.MUTE, "102", MutesHold.ALL);
        assertEquals(List.of(SECOND), pbx.held(), "as before");
        apply(Operation.MUTE, "101", MutesHold.ALL);
        assertEquals(List.of(FIRST, SECOND), pbx.held(), "all are still muted");
        apply(Operation.UNMUTE, "101", MutesHold.ALL);
        by(MODERATOR).muteAll();
        assertEquals(List.of(FIRST, SECOND), pbx.held());
    }

    @ParameterizedTest
    @EnumSource(MutesHold.class)
    void the_setting_says_which_mutes_hold(MutesHold holds) throws PbxException {
        apply(Operation.MUTE, "101", holds);
        assertEquals(holds == MutesHold.EACH ? List.of(FIRST) : List.of(), pbx.held());
        assertEquals(List.of(FIRST), pbx.muted("100"));
        by(MODERATOR, holds).speech().muteAll();
        assertEquals(holds == MutesHold.NONE ? List.of() : List.of(FIRST, SECOND), pbx.held());
        by(MODERATOR, holds).speech().unmuteAll();
        assertEquals(List.of(), pbx.muted("100"));
        assertEquals(List.of(), pbx.held());
    }

    @Test
    void a_caller_who_is_no_administrator_is_not_muted_by_their_own_code() throws PbxException {
        by(FIRST).muteAll();
        look("");
        assertEquals(List.of(SECOND), pbx.held());
    }

    /** [confcodes_enter] mutes whoever joins, also an administrator, and also just before all are unmuted. */
    @Test
    void whom_the_dialplan_has_muted_in_vain_is_heard() throws PbxException {
        by(MODERATOR).muteAll();
        for (String channel : List.of(LATE, "PJSIP/201-0000001e")) {
            pbx.setVariable(channel, "CONFCODES_VOICE", InMemoryPbx.bridge("100") + " d");
            pbx.setVariable(channel, "MUTEAUDIO(in)", "on");
        }
        pbx.join("100", admin("PJSIP/201-0000001e", "201"));
        look("PJSIP/201-0000001e");
        by(MODERATOR).unmuteAll();
        pbx.join("100", member(LATE, "103"));
        look(LATE);
        assertEquals(List.of(), pbx.held());
    }

    @Test
    void facts_of_an_earlier_conference_of_the_same_name_do_not_count() throws PbxException {
        by(MODERATOR).muteAll();
        by(MODERATOR).ban(listed(SECOND));
        List.of("ALL", "BAN_102", "BRIDGE")
                .forEach(fact -> pbx.set("", new Facts(pbx, "100", "x").global(fact), "earlier"));
        pbx.setVariable(FIRST, "CONFCODES_VOICE", "earlier hm");
        look("");
        assertEquals(List.of(SECOND), pbx.held(), "101 was held in the earlier one");
        assertEquals("-", pbx.variable("", new Facts(pbx, "100", "x").global("BRIDGE")));
        assertEquals(List.of(), by(MODERATOR).bans());
    }

    @Test
    void who_leaves_is_heard_where_they_go() throws PbxException {
        by(MODERATOR).muteAll();
        pbx.leave("100", FIRST);
        pbx.call(FIRST);
        look(FIRST);
        assertEquals("off", pbx.variable(FIRST, "MUTEAUDIO(in)"));
    }

    /** A caller whose number has line breaks lets an event say what they like (tried on 16 and 22). */
    @ParameterizedTest
    @ValueSource(strings = {"200", "no such conference"})
    void an_event_that_names_another_conference_lets_nobody_be_heard(String conference) throws PbxException {
        apply(Operation.MUTE, "101", MutesHold.EACH);
        pbx.join("200", member(LATE, "103"));
        Moderation.fromOutside(pbx, MutesHold.ALL, conference).speech().enforce(Set.of(FIRST));
        assertEquals(List.of(FIRST), pbx.held());
        assertTrue(by(MODERATOR).standings().get(FIRST).mutedByModerator());
    }

    @Test
    @Timeout(20)
    void a_pbx_that_hangs_lets_nobody_wait_in_the_conference_of_that_name_of_another() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        pbx.beforeChannel(() -> {
            hangs.countDown();
            assertDoesNotThrow(() -> end.await());
        });
        Thread thread = new Thread(() -> assertDoesNotThrow(
                () -> Moderation.fromOutside(pbx, MutesHold.ALL, "100").speech().muteAll()));
        thread.start();
        hangs.await();
        InMemoryPbx other = new InMemoryPbx().join("100", member(FIRST, "101"));
        Speech speech = Moderation.fromOutside(other, MutesHold.ALL, "100").speech();
        try {
            assertEquals(Outcome.DONE, assertTimeoutPreemptively(Duration.ofSeconds(5), speech::muteAll));
        } finally {
            end.countDown();
            thread.join();
        }
    }

    @Test
    void names_that_Asterisk_takes_for_one_have_one_key_and_no_others_do() {
        String key = new Facts(pbx, "Sales", "b").global("ALL");
        assertTrue(key.matches("CONFCODES_[0-9a-f]{40}_ALL"), key);
        assertEquals(key, new Facts(pbx, "sALES", "b").global("ALL"));
        for (String other : List.of("sales ", "sal}es", "${CDR(x)}", "продажи", "ПРОДАЖИ", "a,b", "a\\,b")) {
            assertNotEquals(key, new Facts(pbx, other, "b").global("ALL"));
        }
        assertNotEquals(new Facts(pbx, "Ж", "b").global("ALL"), new Facts(pbx, "ж", "b").global("ALL"));
    }

    @Test
    void a_banned_number_is_kicked_now_and_each_time_it_returns() throws PbxException {
        pbx.join("100", member("SIP/trunk-00000005", "+7 916 123-45-67"));
        assertEquals(
                "SIP/trunk-00000005",
                by(MODERATOR).ban(listed("SIP/trunk-00000005")).channel());
        assertEquals(List.of("79161234567"), by(MODERATOR).bans());
        pbx.leave("100", "SIP/trunk-00000005");
        pbx.join("100", member("SIP/trunk-00000006", "+79161234567"));
        look("SIP/trunk-00000006");
        assertEquals(Set.of("SIP/trunk-00000005", "SIP/trunk-00000006"), pbx.kicked());
        assertEquals(Outcome.DONE, by(MODERATOR).unban("+79161234567"));
        assertEquals(Status.NOTFOUND, by(MODERATOR).unban("+79161234567").status());
        pbx.join("100", member("SIP/trunk-00000007", "+79161234567"));
        look("SIP/trunk-00000007");
        assertEquals(2, pbx.kicked().size());
        assertEquals(List.of(), by(MODERATOR).bans());
    }

    @Test
    void who_has_the_number_of_one_who_is_banned_and_was_there_is_not_kicked() throws PbxException {
        String banned = "PJSIP/trunk-0000001f";
        String back = "PJSIP/trunk-00000020";
        pbx.join("100", member(banned, "101"));
        assertTrue(by(MODERATOR).ban(listed(banned)).isDone());
        pbx.join("100", member(back, "101"));
        look(FIRST);
        look("");
        assertEquals(Set.of(banned, back), pbx.kicked());
    }

    /** Whoever calls with a moderator's number gets nobody but themselves kicked. */
    @Test
    void the_number_of_a_moderator_cannot_be_banned() throws PbxException {
        String own = "PJSIP/trunk-0000001f";
        String another = "PJSIP/trunk-00000020";
        pbx.join("100", admin("PJSIP/201-0000001e", "201"), member(own, "2-00"), member(another, "201"));
        assertEquals(Status.DENIED, by(MODERATOR).ban(listed(own)).status());
        assertEquals(Status.DENIED, by(MODERATOR).ban(listed(another)).status());
        look("");
        assertEquals(Set.of(), pbx.kicked());
        assertEquals(List.of(), by(MODERATOR).bans());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "+", "-.-", "anonymous"})
    void a_withheld_number_and_oneself_cannot_be_banned(String withheld) throws PbxException {
        pbx.join("100", member(LATE, withheld), member("PJSIP/104-0000001f", withheld));
        assertEquals(Status.DENIED, by(MODERATOR).ban(listed(LATE)).status());
        assertEquals(Status.DENIED, by(MODERATOR).ban(listed(MODERATOR)).status());
        look("");
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void the_hand_that_waits_longest_gets_the_floor_and_the_one_before_is_muted_again() throws PbxException {
        by(MODERATOR).muteAll();
        assertEquals(Status.NOTFOUND, by(MODERATOR).giveFloor().outcome().status());
        assertEquals(Optional.of(true), by(SECOND).changeHand());
        pbx.setVariable(SECOND, "CONFCODES_HAND", InMemoryPbx.bridge("100") + " 1000");
        by(FIRST).changeHand();
        assertEquals(
                List.of(SECOND, FIRST),
                by(MODERATOR).hands().stream().map(Participant::channel).toList());

        Speech.Floor floor = by(MODERATOR).giveFloor();
        assertEquals(SECOND, floor.outcome().channel());
        assertEquals(List.of(), floor.taken());
        assertEquals(List.of(FIRST), pbx.held());
        Speech.Floor next = by(MODERATOR).giveFloor();
        assertEquals(FIRST, next.outcome().channel());
        assertEquals(SECOND, next.taken().get(0).channel());
        assertEquals(List.of(SECOND), pbx.held());
        assertEquals(List.of(SECOND), pbx.muted("100"));
        assertEquals(List.of(), by(MODERATOR).hands());
    }

    @Test
    void a_hand_is_lowered_by_the_same_code_and_moderators_hear_of_one_in_ten_seconds() throws PbxException {
        assertEquals(Optional.of(true), by(FIRST).changeHand());
        assertTrue(by(MODERATOR).standings().get(FIRST).hand());
        assertEquals(Optional.of(false), by(FIRST).changeHand());
        assertEquals(List.of(), by(MODERATOR).hands());
        assertEquals(1, by(FIRST).toTell().size());
        assertEquals(0, by(SECOND).toTell().size());
        String told = new Facts(pbx, "100", "x").global("TOLD");
        pbx.set("", told, InMemoryPbx.bridge("100") + " " + (System.currentTimeMillis() - 10_000));
        assertEquals(1, by(SECOND).toTell().size());
    }

    /** Another server's clock, or somebody else who writes the variables. */
    @ParameterizedTest
    @ValueSource(strings = {"99999999999999", "soon", "-1", "1e3", "99999999999999999999", ""})
    void a_time_that_cannot_be_keeps_no_hand_from_being_told_and_given_the_floor(String time) throws PbxException {
        by(FIRST).changeHand();
        String text = (InMemoryPbx.bridge("100") + " " + time).trim();
        pbx.setVariable(SECOND, "CONFCODES_HAND", text);
        pbx.set("", new Facts(pbx, "100", "x").global("TOLD"), text);
        assertEquals(1, by(FIRST).toTell().size());
        assertEquals(2, by(MODERATOR).hands().size());
        assertTrue(by(MODERATOR).giveFloor().outcome().isDone());
        assertTrue(by(MODERATOR).giveFloor().outcome().isDone());
    }

    /** As while the PBX does not answer whoever enforces what was decided. */
    @Test
    void who_finds_others_at_work_for_long_is_not_held() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Thread other = new Thread(() -> assertDoesNotThrow(() -> by(MODERATOR).alone(() -> {
            begun.countDown();
            assertDoesNotThrow(() -> end.await());
            return "";
        })));
        other.start();
        begun.await();
        PbxException held = assertThrows(PbxException.class, () -> apply(Operation.MUTE, "101", MutesHold.ALL));
        assertEquals(PbxException.Reason.UNREACHABLE, held.reason());
        assertEquals(List.of(), pbx.muted("100"));
        end.countDown();
        other.join();
        apply(Operation.MUTE, "101", MutesHold.ALL);
    }
}
