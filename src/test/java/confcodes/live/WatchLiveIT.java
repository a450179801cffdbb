package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.Room.Kind;
import confcodes.lab.TerminalScreen;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/** {@code confcodes watch}, the packaged jar on a terminal of its own, and what Asterisk says of what its keys have done. */
@LiveTest
class WatchLiveIT {

    private static final int ROWS = 20;
    private static final int COLUMNS = 130;

    private final Lab lab;

    @AutoClose
    private final Room room;

    private final TerminalScreen screen = new TerminalScreen(ROWS, COLUMNS);
    private final List<Process> started = new ArrayList<>();

    WatchLiveIT(Lab lab) {
        this.lab = lab;
        this.room = lab.room(null);
    }

    /** Starts it on a terminal that script (of util-linux) makes; what is written to the process is typed. */
    private Process watch() throws IOException {
        ProcessBuilder command = lab.command("watch", room.name());
        ProcessBuilder builder = new ProcessBuilder(
                "script",
                "-qefc",
                "stty rows " + ROWS + " cols " + COLUMNS + "; " + String.join(" ", command.command()),
                "/dev/null");
        builder.environment().putAll(command.environment());
        builder.environment().putAll(Map.of("TERM", "xterm"));
        Process process = builder.redirectErrorStream(true).start();
        started.add(process);
        Thread thread = new Thread(
                () -> assertDoesNotThrow(() -> process.getInputStream().transferTo(screen)));
        thread.setDaemon(true);
        thread.start();
        return process;
    }

    @AfterEach
    void nobody_watches_any_more() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private static void press(Process process, String keys) throws IOException {
        process.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    private void awaitRow(Caller caller, String state) {
        Await.until(
                caller.number() + " is " + state,
                () -> screen.lines().stream()
                        .anyMatch(line -> line.contains(caller.channel()) && line.matches(".*" + state + ".*")),
                screen::text);
    }

    private void awaitSeen(String text) {
        Await.until(text + " is seen", () -> screen.text().contains(text), screen::text);
    }

    @Test
    void a_phone_joins_somebody_talks_and_keys_mute_unmute_kick_and_lock() throws Exception {
        Process watch = watch();
        awaitSeen("conference " + room.name() + ", participants: 0");
        Caller first = room.join("101", "confcodes_user", "");
        awaitRow(first, "^101 +\\S+ +no +no +no +no +no +no");
        first.playsTone();
        awaitRow(first, "^101 +\\S+ +no +no +no +no +yes");
        Caller phone = room.join(Kind.SIP, "102");
        awaitRow(phone, "^102 +\\S+ +no +no +no +no +no");
        press(watch, "\u001b[B");
        Await.until("a line is chosen", () -> screen.chosen().size() == 1, screen::text);
        press(watch, "\u001b[F");
        Await.until(
                "102 is chosen", () -> screen.chosen().stream().anyMatch(line -> line.startsWith("102")), screen::text);
        press(watch, "m");
        awaitSeen("muted " + phone.channel() + " of " + room.name());
        assertTrue(phone.isMuted() && !first.isMuted());
        awaitRow(phone, "^102 +\\S+ +no +no +no +(yes|moderator)");
        press(watch, "u");
        awaitRow(phone, "^102 +\\S+ +no +no +no +no");
        phone.keys("*10");
        awaitRow(phone, "^102 +\\S+ +no +no +no +yes");
        press(watch, "l");
        awaitSeen("participants: 2, locked");
        assertTrue(room.isLocked());
        press(watch, "l");
        awaitSeen("unlocked " + room.name());
        assertFalse(room.isLocked());
        press(watch, "ky");
        awaitSeen("kicked " + phone.channel() + " of " + room.name());
        Await.until("102 is gone", () -> room.here().equals(List.of("101")), room::here);
        awaitSeen("participants: 1");
        press(watch, "q");
        assertEquals(0, watch.waitFor());
        Await.until("the terminal is as it was", () -> !screen.isTaken());
    }

    @Test
    void ctrl_c_gives_the_terminal_back() throws Exception {
        Process watch = watch();
        awaitSeen("q quit");
        assertTrue(screen.isTaken());
        press(watch, "\u0003");
        assertEquals(130, watch.waitFor());
        Await.until("the terminal is as it was", () -> !screen.isTaken());
    }

    @Test
    void each_change_is_a_line_of_json() throws Exception {
        ProcessBuilder builder = lab.command("watch", "--json", room.name());
        Process watch = builder.redirectError(ProcessBuilder.Redirect.INHERIT).start();
        started.add(watch);
        List<String> lines = new CopyOnWriteArrayList<>();
        BufferedReader reader = watch.inputReader(StandardCharsets.UTF_8);
        Thread thread = new Thread(() -> reader.lines().forEach(lines::add));
        thread.setDaemon(true);
        thread.start();
        try {
            Caller caller = room.join("101", "confcodes_user", "");
            awaitEvent(lines, 1, caller);
            caller.playsTone();
            awaitEvent(lines, 2, caller);
            lab.run("mute", room.name(), "101").success();
            Await.until("it is muted", () -> lines.stream().anyMatch(line -> line.contains("\"event\":\"mute\"")));
            lab.run("kick", room.name(), "101").success();
            Await.until("it leaves", () -> lines.stream().anyMatch(line -> line.contains("\"event\":\"leave\"")));
        } finally {
            watch.destroy();
            watch.waitFor();
        }
        List<String> events = lines.stream().map(WatchLiveIT::event).toList();
        assertTrue(events.get(0).matches("join|present"), lines::toString);
        assertEquals("talking", events.get(1));
        assertEquals("leave", events.get(events.size() - 1));
    }

    private static String event(String line) {
        return JsonParser.parseString(line).getAsJsonObject().get("event").getAsString();
    }

    private static void awaitEvent(List<String> lines, int count, Caller caller) {
        Await.until(count + " lines", () -> lines.size() >= count, lines::toString);
        JsonObject last = JsonParser.parseString(lines.get(count - 1)).getAsJsonObject();
        assertEquals(
                caller.channel(),
                last.getAsJsonObject("participant").get("channel").getAsString());
    }
}
