package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.InMemoryPbx;
import confcodes.conference.MutesHold;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.PbxException.Reason;
import confcodes.conference.People;
import confcodes.lab.Await;
import confcodes.lab.TerminalScreen;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class WatchTest {

    private static final String UP = "\u001b[A";
    private static final String DOWN = "\u001bOB";
    private static final String END = "\u001b[F";
    private static final String HOME = "\u001b[1~";
    private static final String PAGE_UP = "\u001b[5~";
    private static final String ANN = "PJSIP/101-0000001b";
    private static final String BOB = "PJSIP/102-0000001c";
    private static final String CID = "PJSIP/103-0000001d";

    private final InMemoryPbx pbx = new InMemoryPbx();
    private final PipedOutputStream keyboard = new PipedOutputStream();
    private TerminalScreen seen = new TerminalScreen(24, 120);
    private ExternalTerminal terminal;
    private Thread thread;

    private final List<String> audited = new CopyOnWriteArrayList<>();

    private Optional<String> audit(String action, String conference, String typed, Outcome outcome) {
        audited.add(String.join(" ", action, conference, typed, outcome.status().name()));
        return Optional.empty();
    }

    private void watch(String conference) throws IOException {
        terminal = new ExternalTerminal("test", "xterm", new PipedInputStream(keyboard), seen, StandardCharsets.UTF_8);
        terminal.setSize(new Size(120, 24));
        thread = new Thread(() -> {
            try (Screen screen = new Screen(terminal)) {
                Watch watch = new Watch(pbx, MutesHold.ALL, screen, this::audit, conference);
                pbx.watch(watch);
                watch.run();
            }
        });
        thread.start();
        awaitSeen("q quit");
    }

    private void watch100() throws IOException {
        pbx.join("100", People.member(ANN, "101"), People.member(BOB, "102"), People.member(CID, "103"));
        watch("100");
        awaitSeen(CID);
    }

    @AfterEach
    void nobody_watches_any_more() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private void press(String keys) throws IOException {
        keyboard.write(keys.getBytes(StandardCharsets.UTF_8));
        keyboard.flush();
    }

    private void awaitSeen(String text) {
        Await.until(text + " is seen", () -> seen.text().contains(text), seen::text);
    }

    private void awaitNotSeen(String text) {
        Await.until(text + " is not seen", () -> !seen.text().contains(text), seen::text);
    }

    private void awaitChosen(String text) {
        Await.until(
                text + " is chosen",
                () -> {
                    List<String> chosen = seen.chosen();
                    return chosen.size() == 1 && chosen.get(0).contains(text);
                },
                seen::text);
    }

    private String row(String text) {
        return seen.lines().stream()
                .filter(line -> line.contains(text))
                .findFirst()
                .orElse("");
    }

    private void resize(int rows, int columns) {
        seen.resize(rows, columns);
        terminal.setSize(new Size(columns, rows));
        terminal.raise(Signal.WINCH);
    }

    @Test
    void the_table_is_redrawn_when_something_happens_and_the_terminal_given_back() throws Exception {
        watch100();
        assertTrue(seen.isTaken());
        assertTrue(seen.lines().get(0).startsWith("conference 100, participants: 3, at "), seen::text);
        assertTrue(seen.lines().get(1).startsWith("NUMBER  NAME"), seen::text);
        pbx.muteOneself("100", BOB, true);
        Await.until("Bob is muted", () -> row(BOB).matches("102 +- +no +no +no +yes +no +no +0:01:00 .*"), seen::text);
        pbx.leave("100", ANN);
        awaitNotSeen(ANN);
        pbx.leave("100", BOB, CID);
        awaitSeen("participants: 0");
        pbx.join("100", People.member(ANN, "101"));
        awaitSeen(ANN);
        press("q");
        thread.join();
        assertFalse(seen.isTaken(), "the terminal is as it was");
    }

    @Test
    void nothing_is_asked_while_nothing_happens() throws Exception {
        watch100();
        Await.until("the first looks are over", () -> {
            int before = pbx.questions();
            return !Await.isWithin(Duration.ofMillis(500), () -> pbx.questions() > before);
        });
        int before = pbx.questions();
        press(DOWN + UP);
        assertFalse(Await.isWithin(Duration.ofMillis(1500), () -> pbx.questions() > before));
    }

    @Test
    void the_keys_act_on_the_chosen_participant_who_stays_chosen_wherever_they_move() throws Exception {
        watch100();
        awaitChosen(ANN);
        press(DOWN);
        awaitChosen(BOB);
        pbx.leave("100", ANN);
        awaitNotSeen(ANN);
        awaitChosen(BOB);
        press("m");
        awaitSeen("muted " + BOB + " of 100");
        assertEquals(List.of(BOB), pbx.muted("100"));
        press("u");
        awaitSeen("unmuted " + BOB + " of 100");
        assertEquals(List.of(), pbx.muted("100"));
        press("l");
        awaitSeen("participants: 2, locked");
        awaitSeen("l unlock");
        press("l");
        awaitSeen("unlocked 100");
        assertEquals(Set.of(), pbx.locked());
        assertEquals(List.of("MUTE 100 " + BOB, "UNMUTE 100 " + BOB), pbx.operations());
        Await.until("all is in the audit log", () -> audited.size() == 4, audited::toString);
        assertEquals(
                List.of(
                        "mute 100 " + BOB + " DONE",
                        "unmute 100 " + BOB + " DONE",
                        "lock 100  DONE",
                        "unlock 100  DONE"),
                audited);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "u", "ky"})
    void if_the_chosen_participant_has_left_nobody_is_acted_on(String keys) throws Exception {
        watch100();
        press(DOWN);
        awaitChosen(BOB);
        pbx.leave("100", BOB);
        awaitNotSeen(BOB);
        assertEquals(List.of(), seen.chosen());
        press(keys);
        awaitSeen("nobody is chosen");
        assertEquals(List.of(), pbx.operations());
        press(DOWN);
        awaitChosen(CID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"m", "ky"})
    void a_key_means_whoever_it_would_have_chosen_on_the_screen_and_not_who_is_there_since(String key)
            throws Exception {
        watch100();
        awaitChosen(ANN);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        pbx.beforeChannel(() -> {
            asked.countDown();
            Await.until("the keys are pressed", () -> answer.getCount() == 0);
        });
        pbx.leave("100", BOB);
        asked.await();
        assertTrue(seen.text().contains(BOB), seen::text);
        press(DOWN + key);
        Await.isWithin(Duration.ofMillis(500), () -> false);
        answer.countDown();
        awaitNotSeen(BOB);
        awaitSeen("nobody is chosen");
        assertEquals(List.of(), pbx.operations());
        press(DOWN + "m");
        awaitSeen("muted " + CID);
    }

    @Test
    void whoever_has_left_before_the_kick_is_confirmed_is_not_taken_for_another_of_that_channel() throws Exception {
        watch100();
        press("k");
        awaitSeen("Kick 101, " + ANN + ", out of 100?");
        Participant other = new Participant(
                ANN, "1700009999.1", "105", "", false, false, false, false, false, Duration.ofSeconds(1));
        pbx.leave("100", ANN);
        pbx.join("100", other);
        awaitSeen("105");
        press("y");
        awaitSeen(ANN + " has left, nobody was kicked");
        assertEquals(Set.of(), pbx.kicked());
    }

    @Test
    void a_kick_is_asked_for_and_only_y_says_yes() throws Exception {
        watch100();
        press("k");
        awaitSeen("Kick 101");
        pbx.muteOneself("100", BOB, true);
        Await.until("Bob is muted", () -> row(BOB).contains("yes"), seen::text);
        awaitSeen("Kick 101");
        press("n");
        awaitSeen("nobody was kicked");
        press("k" + DOWN);
        awaitSeen("nobody was kicked");
        assertEquals(Set.of(), pbx.kicked());
        press("ky");
        awaitSeen("kicked " + ANN + " of 100");
        assertEquals(Set.of(ANN), pbx.kicked());
    }

    @Test
    void five_hundred_participants_and_a_storm_of_events_are_drawn_a_few_times_a_second() throws Exception {
        Participant[] many = IntStream.range(0, 500)
                .mapToObj(i -> People.member(String.format("PJSIP/%d-%08x", 1000 + i, i), Integer.toString(1000 + i)))
                .toArray(Participant[]::new);
        pbx.join("100", many);
        watch("100");
        awaitSeen("participants: 500");
        int before = pbx.lists();
        int questions = pbx.questions();
        long begun = System.nanoTime();
        for (int i = 0; System.nanoTime() - begun < Duration.ofSeconds(2).toNanos(); i++) {
            pbx.muteOneself("100", many[i % 500].channel(), i % 2 == 0);
        }
        int lists = pbx.lists() - before;
        assertTrue(lists >= 2 && lists <= 11, () -> lists + " lists in 2 s");
        assertTrue(pbx.questions() - questions <= 4 * lists + 4, "few questions but for the rows that are seen");
        press(END);
        awaitChosen("PJSIP/1499-");
        press(PAGE_UP);
        awaitChosen("PJSIP/1479-");
        press(HOME);
        awaitChosen("PJSIP/1000-");
        assertEquals(24, seen.lines().stream().filter(line -> !line.isEmpty()).count() + 1, seen::text);
    }

    @Test
    void a_resize_draws_all_of_it_anew_and_no_screen_is_too_small() throws Exception {
        watch100();
        press(END);
        awaitChosen(CID);
        resize(6, 60);
        awaitSeen("q quit");
        awaitChosen("103");
        assertTrue(seen.lines().get(5).contains("q quit"), seen::text);
        for (int rows = 5; rows > 0; rows--) {
            resize(rows, 2 * rows);
            Await.until("something is seen", () -> !seen.lines().get(0).isEmpty(), seen::text);
        }
        resize(30, 100);
        awaitSeen(ANN);
        assertTrue(seen.lines().get(29).contains("q quit"), seen::text);
    }

    @Test
    void a_lost_pbx_is_said_the_table_stays_and_it_goes_on_when_it_is_back() throws Exception {
        watch100();
        pbx.failWith(new PbxException(Reason.UNREACHABLE, "no AMI at pbx:5038"));
        Await.until(
                "it is said",
                () -> seen.lines().get(0).matches("PBX lost, since \\d\\d:\\d\\d:\\d\\d: no AMI at pbx:5038"),
                seen::text);
        String said = seen.lines().get(0);
        press(DOWN);
        awaitChosen(BOB);
        press("m");
        Await.until("the key's end is said", () -> seen.lines().get(22).equals("no AMI at pbx:5038"), seen::text);
        resize(20, 110);
        awaitSeen(CID);
        assertEquals(said, seen.lines().get(0), "since the beginning");
        pbx.recover();
        awaitSeen("conference 100, participants: 3");
        pbx.leave("100", CID);
        awaitNotSeen(CID);
        assertEquals(List.of(), pbx.muted("100"));
    }

    @Test
    void names_break_no_line_but_their_own() throws Exception {
        List<String> names = List.of(
                "\u001b[2J\u001b]0;x\u0007\u009b31m",
                "A\u0300\u0301\u0302\u0303".repeat(30),
                "\u6f22\u5b57".repeat(40),
                "\ud83d\udc68\u200d\ud83d\udc69".repeat(20),
                "\u202eevil\u2066",
                "long ".repeat(60));
        // A terminal that takes two columns for each character that is not ASCII, whatever we think.
        seen = new TerminalScreen(24, 120, character -> character > 0x7f ? 2 : 1);
        pbx.join("100", People.member(ANN, "101"));
        for (int i = 0; i < names.size(); i++) {
            pbx.join(
                    "100",
                    new Participant(
                            "PJSIP/x-0000000" + i,
                            "17." + i,
                            "",
                            names.get(i),
                            false,
                            false,
                            false,
                            false,
                            false,
                            Duration.ZERO));
        }
        pbx.join("100", People.member(BOB, "102"));
        watch("100");
        awaitSeen(BOB);
        pbx.muteOneself("100", BOB, true);
        Await.until("Bob is muted", () -> row(BOB).contains("yes"), seen::text);
        assertTrue(row(ANN).startsWith("101") && row(BOB).startsWith("102"), seen::text);
        assertEquals(10, seen.lines().indexOf(row(BOB)) + 1, seen::text);
        assertTrue(seen.lines().get(23).endsWith("q quit"), seen::text);
    }

    @Test
    void of_all_conferences_enter_opens_one_and_esc_goes_back() throws Exception {
        pbx.join("100", People.member(ANN, "101"));
        pbx.join("200", People.member(BOB, "102"), People.member(CID, "103"));
        watch("");
        awaitSeen("conferences: 2");
        press("m" + DOWN);
        awaitChosen("200");
        press("l");
        awaitSeen("locked 200");
        press("\r");
        awaitSeen("conference 200, participants: 2, locked");
        awaitChosen(BOB);
        press(DOWN + "m");
        awaitSeen("muted " + CID + " of 200");
        press("\u001b");
        awaitSeen("conferences: 2");
        awaitChosen("200");
        pbx.join("300", People.member("PJSIP/104-0000001e", "104"));
        awaitSeen("conferences: 3");
        assertEquals(List.of("MUTE 200 " + CID), pbx.operations());
        press("q");
        thread.join();
    }

    @Test
    void a_pbx_that_hangs_keeps_nobody_from_leaving() throws Exception {
        watch100();
        CountDownLatch hanging = new CountDownLatch(1);
        pbx.beforeChannel(() -> {
            hanging.countDown();
            LockSupport.parkNanos(Duration.ofSeconds(100).toNanos());
        });
        pbx.muteOneself("100", ANN, true);
        hanging.await();
        press("q");
        thread.join();
        assertFalse(seen.isTaken(), "the terminal is as it was");
    }

    @Test
    void it_ends_with_its_terminal() throws Exception {
        watch100();
        keyboard.close();
        thread.join();
    }
}
