package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Crowd;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Ran;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import confcodes.lab.SipPhone;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers say of themselves and what they dial grants them nothing, hides nobody and stops no code elsewhere. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class HostileLiveIT {

    private final Lab lab;
    private final ServerProcess server;

    HostileLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Ends of the list, which the caller's row is made to contain. A From user has up to 79 characters for Asterisk. */
    static Stream<String> forgedEnds() {
        return IntStream.rangeClosed(2, 5)
                .mapToObj(id ->
                        "5\r\n\r\nEvent: ConfbridgeListComplete\r\nActionID: #" + id + "\r\nListItems: 1\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("forgedEnds")
    void a_callers_number_with_ami_lines_in_it_hides_nobody(String number) {
        try (Room room = lab.room(server)) {
            List<String> channels = List.of(
                    room.dial(SipPhone.guest(lab.sipPort(), encoded(number))).channel(),
                    room.join("101").channel(),
                    room.join("102").channel());
            Ran ran = lab.run("list", room.name(), "--json");
            assertEquals(0, ran.exitCode(), ran::err);
            assertEquals(channels, channels(ran.out()));
            Caller moderator = room.moderator("200");
            moderator.press("*6", "102#");
            assertEquals("DONE", moderator.status());
            assertEquals(List.of("102"), room.muted());
        }
    }

    private static List<String> channels(String json) {
        return rows(json).map(row -> row.get("channel").getAsString()).toList();
    }

    private static Stream<JsonObject> rows(String json) {
        return StreamSupport.stream(
                        JsonParser.parseString(json).getAsJsonArray().spliterator(), false)
                .map(JsonElement::getAsJsonObject);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ogi_channel", "agi_channel", "AGI_CHANNEL", " agi_channel"})
    void a_callers_number_with_fastagi_lines_in_it_makes_nobody_a_moderator(String header) {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator(Kind.SIP, "200");
            String forged = "5551\n" + header + ": " + moderator.channel();
            Caller attacker = room.dial(SipPhone.guest(lab.sipPort(), encoded(forged)));
            attacker.press("*11");
            assertRefusedAndTold(attacker);
            assertEquals(List.of(), room.muted());
            moderator.press("*11");
            assertEquals("DONE", moderator.status());
        }
    }

    @Test
    void a_dialled_number_with_fastagi_lines_in_it_makes_nobody_a_moderator() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator(Kind.SIP, "200");
            try (Room own = lab.room(server, "u310\nogi_channel: " + moderator.channel())) {
                Caller attacker = own.dial(SipPhone.guest(lab.sipPort(), "555"));
                attacker.press("*11");
                assertRefusedAndTold(attacker);
                assertEquals(List.of(), room.muted());
            }
        }
    }

    private static void assertRefusedAndTold(Caller attacker) {
        assertTrue(List.of("DENIED", "UNAVAILABLE").contains(attacker.status()), attacker::status);
        Await.until("told", () -> attacker.hears("beeperr") || attacker.hears("confbridge-invalid"));
    }

    @Test
    void a_peer_that_names_a_channel_it_does_not_control_does_nothing() throws IOException {
        try (Room room = lab.room(server)) {
            room.join("101");
            Crowd.Member moderator = room.moderator("200").asMember();
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), "conference_mute_all")) {
                peer.names(moderator.channel(), moderator.uniqueId()).play();
                assertEquals("DENIED", peer.status());
            }
            assertEquals(List.of(), room.muted());
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), "conference_mute_all")) {
                assertEquals("DONE", peer.standsFor(moderator, lab.ami()).play().status());
            }
        }
    }

    @Test
    void a_conferences_name_that_holds_a_command_is_not_recorded() throws IOException {
        Path made = lab.file("run/made-by-a-name");
        try (ServerProcess recording = ServerProcess.start(lab.amiPort(), "lab", "--ami-user=confcodes_record");
                Room room = lab.room(recording, "306,,touch " + made + ";")) {
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.press("*31");
            assertEquals("DENIED", moderator.status());
            moderator.awaitHears("confbridge-invalid");
            moderator.press("*32");
            assertFalse(Files.exists(made));
            assertFalse(lab.log().contains("MixMonitor(\"" + moderator.channel()));
        }
    }

    @Test
    void a_conference_whose_name_has_a_line_break_takes_no_other_with_it() {
        try (Room odd = lab.room(server, "9\nParties: x");
                Room room = lab.room(server)) {
            odd.dial(SipPhone.guest(lab.sipPort(), "555"));
            room.join("101");
            Caller moderator = room.moderator("200");
            moderator.press("*6", "101#");
            assertEquals("DONE", moderator.status());
            Ran ran = lab.run("conferences");
            assertEquals(0, ran.exitCode(), ran::err);
            assertTrue(ran.out().lines().anyMatch(line -> line.startsWith(room.name() + " ")), ran::out);
        }
    }

    @Test
    void our_list_is_the_one_that_another_ami_client_gets() {
        try (Room room = lab.room(server)) {
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
                    rows(ran.out())
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
}
