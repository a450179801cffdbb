package confcodes.live;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Crowd.Member;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.io.IOException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.asteriskjava.manager.action.ConfbridgeKickAction;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plays the tables of {@code src/lab/attacks.md}. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class AttackLiveIT {

    /** Control characters, and those that change how others are shown. */
    private static final String INVISIBLE = "(?s).*[\\p{Cc}\\p{Cf}&&[^\\n]].*";

    private final Lab lab;
    private final ServerProcess server;

    @AutoClose
    private final Room room;

    AttackLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
        this.room = lab.room(server);
    }

    private static Stream<Arguments> rows(int columns) throws IOException {
        return Files.readAllLines(Path.of("src/lab/attacks.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| ---"))
                .map(line -> line.substring(2, line.length() - 2).split(" \\| "))
                .filter(row -> row.length == columns)
                .skip(1)
                .map(row -> Arguments.of((Object[]) row));
    }

    static Stream<Arguments> sayings() throws IOException {
        return rows(3);
    }

    static Stream<Arguments> numbers() throws IOException {
        return rows(1);
    }

    static Stream<Arguments> names() throws IOException {
        return rows(4);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), UTF_8);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8).replace("+", "%20");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("sayings")
    void what_somebody_says_is_not_believed(String controls, String tries, String must) throws IOException {
        List<String> channels = new ArrayList<>(List.of(room.join("101").channel()));
        Member moderator = room.moderator("200").asMember();
        channels.add(moderator.channel());
        String text = decoded(tries)
                .replace("{channel}", moderator.channel())
                .replace("{uniqueid}", moderator.uniqueId())
                .replace("{guess}", UUID.randomUUID().toString().replace("-", ""));
        Optional<Caller> attacker = Optional.empty();
        switch (controls) {
            case "user" -> attacker = Optional.of(room.dial(SipPhone.guest(lab.sipPort(), encoded(text))));
            case "display" -> attacker = Optional.of(room.dial(SipPhone.guest(lab.sipPort(), "555", text)));
            case "dialled" -> {
                try (Room own = lab.room(server, text)) {
                    assertMust(must, pressed(own.dial(SipPhone.guest(lab.sipPort(), "555")), text));
                }
            }
            case "request" -> assertMust(must, answered(text));
            default -> throw new IllegalArgumentException(controls);
        }
        if (attacker.isPresent() && !must.equals("-")) {
            assertMust(must, pressed(attacker.get(), text));
        }
        attacker.map(Caller::channel).ifPresent(channels::add);
        // Who comes after the attacker in the list is who a forged end of it would hide.
        channels.add(room.join("102").channel());
        assertAsBefore(channels, moderator, attacker);
    }

    private static void assertMust(String must, String status) {
        assertTrue(List.of(must.split(", ")).contains(status), status);
    }

    /** Whoever answers the server's commands in Asterisk's place may cut off what they would hear. */
    private static String pressed(Caller attacker, String said) {
        String status = attacker.press("*11");
        if (!said.contains("200 result")) {
            Await.until("told", () -> attacker.hears("beeperr") || attacker.hears("confbridge-invalid"));
        }
        return status;
    }

    private String answered(String request) throws IOException {
        try (FastAgiPeer peer = new FastAgiPeer(server.port(), "")) {
            peer.send(request);
            String status = peer.playOn().status();
            return status.isEmpty() ? "closed" : status;
        }
    }

    private void assertAsBefore(List<String> channels, Member moderator, Optional<Caller> attacker) throws IOException {
        assertEquals(List.of(), room.muted());
        Ran json = lab.run("list", room.name(), "--json");
        assertEquals(channels, channels(json));
        assertPrintable(json, lab.run("list", room.name()));
        assertEquals("DONE", code(server, moderator, "conference_mute_all"));
        assertEquals(channels.size() - 1, room.muted().size());
        if (attacker.isPresent()) {
            String number = "?number=" + encoded(attacker.get().channel());
            assertEquals("DONE", code(server, moderator, "conference_unmute" + number));
            assertFalse(attacker.get().isMuted());
            assertEquals("DONE", code(server, moderator, "conference_kick" + number));
            Await.until("the attacker is kicked", () -> !attacker.get().isHere(), room::here);
        }
        assertFalse(server.log().stream().anyMatch(line -> line.matches(INVISIBLE)), server::logText);
    }

    private static List<String> channels(Ran json) {
        return rows(json).map(row -> row.get("channel").getAsString()).toList();
    }

    private static Stream<JsonObject> rows(Ran json) {
        return StreamSupport.stream(
                        JsonParser.parseString(json.success()).getAsJsonArray().spliterator(), false)
                .map(JsonElement::getAsJsonObject);
    }

    private static void assertPrintable(Ran... runs) {
        Arrays.stream(runs).forEach(ran -> assertFalse((ran.out() + ran.err()).matches(INVISIBLE), ran::out));
    }

    private String code(ServerProcess to, Member moderator, String script) throws IOException {
        try (FastAgiPeer peer = new FastAgiPeer(to.port(), script)) {
            return peer.standsFor(moderator, lab.ami()).play().status();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("names")
    void a_conferences_name_is_sent_as_it_is_or_refused(String written, String muteAll, String invite, String record)
            throws IOException {
        Path made = lab.file("run/made");
        String name = decoded(written).replace("{made}", made.toString());
        try (ServerProcess recording = ServerProcess.start(
                        lab.amiPort(),
                        "lab",
                        "--ami-user=confcodes_record",
                        "--dial-string=Local/%s@lab-ring/n",
                        "--invite-accept=false");
                Room odd = lab.room(recording, name)) {
            Member moderator = odd.dial(SipPhone.leader(lab.sipPort(), "200")).asMember();
            for (String named : List.of("", "conference=" + encoded(name))) {
                assertEquals(muteAll, code(recording, moderator, "conference_mute_all?" + named));
                assertEquals(record, code(recording, moderator, "conference_record?" + named));
                assertEquals(record.equals("DONE"), odd.isRecorded());
                assertEquals(record, code(recording, moderator, "conference_record_stop?" + named));
            }
            String number = "1" + (name.hashCode() & 0xffffff);
            assertEquals(invite, code(recording, moderator, "conference_add?number=" + number));
            int invited = invite.equals("DONE") ? 1 : 0;
            if (!muteAll.equals("NOCONFERENCE")) {
                Await.until("the invited join", () -> odd.channels().size() == 1 + invited, odd::channels);
                assertEquals(invited == 1, odd.here().contains(number), "nobody else than the invited");
                assertEquals(invited == 1, lab.logged("[" + number + "@lab-ring:1]"), "nobody is called for nothing");
                Ran json = lab.run("list", name, "--json");
                assertTrue(channels(json).contains(moderator.channel()), json::out);
                assertPrintable(json);
            }
            assertPrintable(lab.run("conferences"));
            assertFalse(Files.exists(made), "a command in a name was run");
            assertFalse(recording.log().stream().anyMatch(line -> line.matches(INVISIBLE)), recording::logText);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("numbers")
    void who_joins_is_muted_whatever_their_number_is(String number) {
        try (Room enter =
                lab.room(server, "enter" + UUID.randomUUID().toString().substring(0, 8))) {
            Caller moderator = enter.moderator(Kind.SIP, "200");
            assertEquals("DONE", moderator.press("*11"));
            String text = decoded(number).replace("{name}", enter.name());
            Caller attacker = enter.dial(SipPhone.guest(lab.sipPort(), encoded(text)));
            assertTrue(lab.logged("Set(\"" + attacker.channel() + "\", \"MUTEAUDIO(in)=on\")"), lab::logTail);
            Await.until("they are muted", attacker::isMuted, enter::muted);
            attacker.keys("*10");
            attacker.awaitHears("beep");
            Await.until("they are muted again", attacker::isMuted, enter::muted);
            assertTrue(attacker.variable("CONFCODES_VOICE").endsWith(" hm"));
        }
    }

    /** Asterisk sends a caller's number in its events as it came. Of 79 characters of it an event fits in. */
    @ParameterizedTest
    @ValueSource(strings = {"Join", "Leave"})
    void an_event_that_a_caller_has_made_up_lets_nobody_be_heard(String event) {
        Caller moderator = room.moderator(Kind.SIP, "200");
        Caller held = room.join(Kind.SIP, "101");
        assertEquals("DONE", moderator.press("*11"));
        String forged = "\r\n\r\nEvent: Confbridge" + event + "\r\nConference: 9\r\nChannel: " + held.channel();
        Caller attacker = room.dial(SipPhone.guest(lab.sipPort(), encoded(forged)));
        Await.until("the attacker is muted", attacker::isMuted, room::muted);
        // Events are handled one after the other.
        Caller late = room.join("102");
        Await.until("who joins after it is muted", late::isMuted, room::muted);
        assertTrue(held.variable("CONFCODES_VOICE").endsWith(" hm"), held.variable("CONFCODES_VOICE"));
    }

    @Test
    void a_moderator_who_is_kicked_in_mid_code_does_nothing_more() {
        room.join("101");
        Caller moderator = room.moderator(Kind.SIP, "200");
        moderator.begin("*6");
        moderator.awaitAsked();
        lab.ami().act(new ConfbridgeKickAction(room.name(), moderator.channel()));
        moderator.keys("101#");
        assertEquals("denied", room.awaitOutcome(moderator, 1));
        assertEquals(List.of(), room.muted());
        room.awaitHere("101");
    }

    /** The transfer puts somebody else in the moderator's place. */
    @ParameterizedTest
    @ValueSource(strings = {"transfer", "redirect"})
    void a_moderator_who_is_taken_away_in_mid_code_does_nothing_more(String how) {
        room.join("101");
        try (Room elsewhere = lab.room(server);
                SipPhone other = SipPhone.leader(lab.sipPort(), "200")) {
            elsewhere.join("103");
            elsewhere.dial(other);
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.begin("*6");
            moderator.awaitAsked();
            if (how.equals("transfer")) {
                moderator.phone().transferTo(other);
                Await.until(
                        "it is done",
                        () -> !moderator.isUp() || room.logOf(moderator).size() == 1,
                        lab::logTail);
            } else {
                lab.ami().redirect(moderator.channel(), "lab-far", "s");
                String there = "Executing [s@lab-far:1] Wait(\"" + moderator.channel();
                Await.until("it is done", () -> lab.logged(there), lab::logTail);
            }
            moderator.keys("101#");
            assertNotEquals("DONE", moderator.status());
            assertEquals(List.of(), room.muted());
            assertTrue(room.logOf(moderator).stream().noneMatch(line -> line.contains("outcome=done")));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1,5", "1 5", "1;5", "1&5", "1'5", "1-5;2"})
    void a_channel_with_an_odd_name_is_acted_on_and_no_other(String number) {
        Caller odd = room.join(number);
        Caller near = room.join("1");
        Caller moderator = room.moderator("2" + number);
        Ran ran = lab.run("mute", room.name(), odd.channel());
        assertEquals(0, ran.exitCode(), ran::err);
        assertTrue(odd.isMuted());
        assertFalse(near.isMuted());
        assertEquals("DONE", moderator.press("*12"));
        assertEquals(List.of(), room.muted());
        assertEquals("DONE", moderator.press("*11"));
        assertEquals(2, room.muted().size());
    }

    /** A dialplan can put what somebody has dialled into a Local channel's name. */
    @Test
    void a_channel_whose_name_cannot_be_sent_takes_nobody_else_out_of_what_is_decided() {
        room.join("1\t5");
        Caller near = room.join("101");
        Caller moderator = room.moderator(Kind.SIP, "200");
        assertEquals("DONE", moderator.press("*11"));
        Caller late = room.join("102");
        Await.until("who joins is muted", () -> near.isMuted() && late.isMuted(), room::muted);
        assertEquals(0, lab.run("list", room.name()).exitCode());
        assertEquals("DONE", moderator.press("*12"));
        assertFalse(near.isMuted() || late.isMuted());
    }

    @Test
    void a_shell_without_a_locale_keeps_names_as_they_are() {
        room.join("101", "lab_user", "", "NAME=Анна");
        List<String> outputs = new ArrayList<>();
        for (String locale : List.of("C", "POSIX")) {
            ProcessBuilder list = lab.command("list", room.name());
            list.environment().put("LC_ALL", locale);
            outputs.add(Ran.of(list).success());
        }
        outputs.forEach(out -> assertTrue(out.contains("Анна"), out));
    }

    @Test
    void a_conference_whose_name_has_a_line_break_takes_no_other_with_it() {
        try (Room odd = lab.room(server, "9\nParties: x")) {
            odd.dial(SipPhone.guest(lab.sipPort(), "555"));
            room.join("101");
            Caller moderator = room.moderator("200");
            assertEquals("DONE", moderator.press("*6", "101#"));
            Ran ran = lab.run("conferences");
            assertEquals(0, ran.exitCode(), ran::err);
            assertTrue(ran.out().lines().anyMatch(line -> line.startsWith(room.name() + " ")), ran::out);
        }
    }

    @Test
    void our_list_is_the_one_that_another_ami_client_gets() {
        room.join("+79161234567", "lab_user", "", "NAME=Анна \\\"A\\\" O'Neil");
        room.join("anonymous");
        room.join("102", "lab_marked", "");
        room.join(Kind.SIP, "103");
        Caller moderator = room.moderator("200");
        moderator.press("*6", "102#");
        Ran ran = lab.run("list", room.name(), "--json");
        assertEquals(0, ran.exitCode(), ran::err);
        assertEquals(
                room.participants().stream()
                        .map(row -> String.join(
                                "|",
                                row.getChannel(),
                                row.getCallerIdNum() == null ? "" : row.getCallerIdNum(),
                                row.getCallerIdName() == null ? "" : row.getCallerIdName(),
                                row.getAdmin().toString(),
                                row.getMarkedUser().toString(),
                                Boolean.toString("Yes".equals(row.getMuted()))))
                        .toList(),
                rows(ran)
                        .map(row -> String.join(
                                "|",
                                row.get("channel").getAsString(),
                                row.get("number").getAsString(),
                                row.get("name").getAsString(),
                                row.get("admin").toString(),
                                row.get("marked").toString(),
                                row.get("muted").toString()))
                        .toList());
    }
}
