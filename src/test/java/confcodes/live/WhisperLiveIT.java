package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.asteriskjava.manager.action.ConfbridgeMuteAction;
import org.asteriskjava.manager.action.ConfbridgeStartRecordAction;
import org.asteriskjava.manager.action.ConfbridgeStopRecordAction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The moderator is back in the conference after the last key and hears there what came of the code, and nobody else does. What
 * is heard is the RTP that SIP phones receive.
 */
@LiveTest(serve = "--ami-timeout=10s")
@Isolated
class WhisperLiveIT {

    private static final int AUDIBLE = 300;
    private static final int WHISPERS = Integer.getInteger("confcodes.whispers", 100);
    private static final int AT_ONCE = 100;

    private final Lab lab;
    private final ServerProcess server;

    WhisperLiveIT(Lab lab, ServerProcess server) {
        this.lab = lab;
        this.server = server;
    }

    private static boolean isAudible(short[] samples) {
        int loud = 0;
        for (short sample : samples) {
            loud += Math.abs(sample) > AUDIBLE ? 1 : 0;
        }
        return loud > 400;
    }

    private static void assertHearAndNot(List<Caller> hear, List<Caller> not) {
        for (Caller caller : hear) {
            assertTrue(isAudible(caller.phone().heard()), caller.number() + " hears nothing");
        }
        for (Caller caller : not) {
            assertFalse(isAudible(caller.phone().heard()), caller.number() + " hears it");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"*6", "*21"})
    void the_moderator_alone_hears_it_in_the_conference_even_while_muted(String code) {
        try (Room room = lab.room(server)) {
            Caller one = room.join(Kind.SIP, "101");
            Caller two = room.join(Kind.SIP, "102");
            room.join("103");
            Caller moderator = room.moderator(Kind.SIP, "200");
            lab.ami().ask(new ConfbridgeMuteAction(room.name(), moderator.channel()));
            one.phone().forget();
            two.phone().forget();
            moderator.pressInOneGo(code.equals("*6") ? "*6103#" : code);
            moderator.awaitHears(code.equals("*6") ? "descending-2tone" : "conf-thereare");
            moderator.awaitWhispersEnd();
            assertHearAndNot(List.of(moderator), List.of(one, two));
            assertEquals("DONE", moderator.status());
            assertFalse(lab.logged("<" + moderator.channel() + "> Playing 'd"), "nothing is played before the return");
        }
    }

    @Test
    void every_other_outcome_is_whispered_too() {
        try (Room room = lab.room(server)) {
            room.join("101");
            Caller moderator = room.moderator(Kind.SIP, "200");
            Caller member = room.join(Kind.SIP, "102");
            moderator.pressInOneGo("*6*#");
            moderator.awaitHears("conf-placeintoconf");
            moderator.awaitWhispersEnd();
            moderator.press("*7", "9#", "9#", "9#");
            moderator.awaitHears("privacy-incorrect");
            member.pressInOneGo("*11");
            member.awaitHears("confbridge-invalid");
            assertFalse(lab.logged("<" + member.channel() + "> Playing 'confbridge-invalid"));
            assertFalse(lab.logged("<" + moderator.channel() + "> Playing 'conf-placeintoconf"));
        }
    }

    @Test
    void who_is_muted_is_told_and_nobody_else() {
        try (Room room = lab.room(server)) {
            Caller muted = room.join(Kind.SIP, "101");
            Caller other = room.join(Kind.SIP, "102");
            Caller moderator = room.moderator("200");
            muted.phone().forget();
            other.phone().forget();
            moderator.press("*6", "101#");
            muted.awaitHears("conf-muted");
            muted.awaitWhispersEnd();
            assertHearAndNot(List.of(muted), List.of(other));
            moderator.press("*7", "101#");
            muted.awaitHears("conf-unmuted");
            try (ServerProcess quiet = lab.serve("--tell-participants=false")) {
                moderator.codesGoTo(quiet.port());
                moderator.press("*6", "102#");
                moderator.awaitHears("digits/2");
                moderator.awaitWhispersEnd();
                assertFalse(other.hears("conf-muted"));
            }
        }
    }

    @Test
    void a_code_that_is_pressed_meanwhile_ends_the_whisper_and_its_keys_are_read() {
        try (Room room = lab.room(server)) {
            Caller muted = room.join("101");
            IntStream.range(110, 118).forEach(number -> room.join(Integer.toString(number)));
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.pressInOneGo("*22");
            moderator.awaitHears("digits/0");
            moderator.pressInOneGo("*6101#");
            moderator.awaitHears("descending-2tone");
            moderator.awaitWhispersEnd();
            assertTrue(muted.isMuted());
            assertFalse(moderator.hears("conf-roll-callcomplete"), "its stale rest");
        }
    }

    @Test
    void two_codes_in_a_row_without_waiting_both_take_effect() {
        try (Room room = lab.room(server)) {
            room.join("101");
            room.join("102");
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.pressInOneGo("*6101#*6102#");
            Await.until("both are muted", () -> room.muted().equals(List.of("101", "102")), lab::logTail);
        }
    }

    @Test
    void whispers_to_one_ear_come_one_after_the_other_and_whole() {
        try (Room room = lab.room(server)) {
            IntStream.range(101, 104).forEach(number -> room.join(Integer.toString(number)));
            Caller first = room.moderator("200");
            Caller second = room.moderator("201");
            first.press("*22");
            first.awaitHears("digits/0");
            second.press("*6", "200#");
            first.awaitHears("conf-muted");
            assertTrue(first.hears("conf-roll-callcomplete"), "whole, and before");
            first.awaitWhispersEnd();
        }
    }

    @Test
    void it_speaks_the_moderator_s_language() {
        try (Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            lab.ami().setVariable(moderator.channel(), "CHANNEL(language)", "en_GB");
            moderator.press("*21");
            Await.until("told", () -> moderator.hears("conf-onlyperson", "en_GB"), lab::logTail);
        }
    }

    /** What is played before the return, and what the log says of it, if Asterisk cannot whisper. */
    @Test
    void without_whispers_the_same_is_heard_before_the_return() {
        try (ServerProcess plain = lab.serve("--whisper=false");
                Room room = lab.room(plain)) {
            Caller moderator = room.moderator("200");
            moderator.press("*21");
            assertTrue(lab.logged("<" + moderator.channel() + "> Playing 'conf-onlyperson"));
        }
        lab.rx("module unload app_chanspy.so");
        try (ServerProcess cannot = lab.serve();
                Room room = lab.room(cannot)) {
            Caller moderator = room.moderator("200");
            for (int code = 1; code <= 2; code++) {
                moderator.press("*21");
                assertEquals("DONE", moderator.status());
            }
            assertTrue(lab.logged("<" + moderator.channel() + "> Playing 'conf-onlyperson"));
            assertEquals(1, cannot.logged("cannot whisper"), cannot::logText);
            assertEquals(1, cannot.logged("app_chanspy.so"), cannot::logText);
        } finally {
            lab.rx("module load app_chanspy.so");
        }
        try (ServerProcess mayNot = lab.serve("--ami-user=confcodes_call");
                Room room = lab.room(mayNot)) {
            Caller moderator = room.moderator("200");
            moderator.press("*21");
            assertTrue(lab.logged("<" + moderator.channel() + "> Playing 'conf-onlyperson"));
            assertEquals(1, mayNot.logged("add originate to the line write= of [confcodes_call]"), mayNot::logText);
        }
    }

    @Test
    void it_leaves_no_trace_in_a_recording_and_none_in_the_call_records() throws IOException {
        Path spool = lab.file("spool/monitor");
        String name;
        try (Room room = lab.room(server)) {
            name = room.name();
            Caller member = room.join("101");
            Caller moderator = room.moderator(Kind.SIP, "200");
            moderator.phone().forget();
            lab.ami().ask(new ConfbridgeStartRecordAction(room.name()));
            Await.until("it is recorded", room::isRecorded);
            moderator.pressInOneGo("*6101#");
            moderator.awaitHears("descending-2tone");
            moderator.awaitWhispersEnd();
            lab.ami().ask(new ConfbridgeStopRecordAction(room.name()));
            Await.until("it is recorded no more", () -> !room.isRecorded());
            assertTrue(member.isMuted());
        }
        byte[] bytes;
        try (Stream<Path> files = Files.list(spool)) {
            bytes = Files.readAllBytes(
                    files.filter(file -> file.getFileName().toString().startsWith("confbridge-" + name))
                            .findFirst()
                            .orElseThrow());
        }
        short[] samples = new short[Math.max(0, bytes.length - 44) / 2];
        for (int i = 0; i < samples.length; i++) {
            samples[i] = (short) (bytes[44 + 2 * i] & 0xff | bytes[45 + 2 * i] << 8);
        }
        assertTrue(samples.length > 8000, "something was recorded");
        assertFalse(isAudible(samples), "the whisper is in the recording");
        String records = Files.readString(lab.file("log/cdr-csv/Master.csv"));
        assertTrue(records.contains("lab-"), "calls leave records");
        assertFalse(records.contains("confcodes_whisper"), records);
    }

    /** Each is heard, whispered or before the return, and nothing is left of them. */
    @Test
    void a_hundred_at_once_are_heard_and_nothing_is_left_of_them() {
        long threads = server.figures().threads();
        long files = server.figures().files();
        try (Room room = lab.room(server)) {
            List<Caller> moderators = room.moderators(IntStream.range(300, 300 + AT_ONCE));
            for (int round = 1; round <= Math.max(1, WHISPERS / AT_ONCE); round++) {
                pressAtOnce(moderators);
                for (Caller moderator : moderators) {
                    assertEquals("DONE", moderator.status());
                    moderator.awaitHears("conf-thereare");
                }
                Await.until(
                        "no whisper is left",
                        () -> !lab.rx("core show channels concise").contains("confcodes_whisper"),
                        lab::logTail);
            }
        }
        Await.until(
                "threads and files as before",
                () -> server.figures().threads() <= threads + 2
                        && server.figures().files() <= files + 4,
                () -> server.figures().threads() + " threads instead of " + threads + ", "
                        + server.figures().files() + " files instead of " + files);
    }

    /** By the channel's variable: Asterisk cuts off an AMI connection that does not read so many events in time. */
    private static boolean isDone(Caller caller) {
        return caller.status().equals("DONE");
    }

    /** So many keys at once are more than a busy machine sends in time: whose code did not begin presses it again. */
    private static void pressAtOnce(List<Caller> callers) {
        List<Caller> left = callers;
        for (int attempt = 0; attempt < 5 && !left.isEmpty(); attempt++) {
            left.forEach(Caller::expectCode);
            left.forEach(caller -> caller.keys("*21"));
            List<Caller> waiting = left;
            Await.isWithin(Duration.ofSeconds(40), () -> waiting.stream().allMatch(WhisperLiveIT::isDone));
            left = waiting.stream().filter(caller -> !isDone(caller)).toList();
        }
        assertEquals(List.of(), left.stream().map(Caller::number).toList(), "they press again and again");
    }
}
