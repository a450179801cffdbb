package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.PbxException;
import confcodes.conference.PbxException.Reason;
import confcodes.conference.People;
import confcodes.lab.Await;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WatchLinesTest {

    private static final String ANN = "PJSIP/101-0000001b";
    private static final String BOB = "PJSIP/102-0000001c";

    private final InMemoryPbx pbx = new InMemoryPbx().join("a1", People.member(ANN, "101"));
    private final StringWriter printed = new StringWriter();
    private Thread thread;

    private void watch(String conference, Writer writer) {
        Output output = new Output(new PrintWriter(writer), new PrintWriter(Writer.nullWriter()), true);
        thread = new Thread(() -> {
            try {
                new WatchLines(pbx, output, conference).run();
            } catch (InterruptedException e) {
                // Nobody watches any more.
            }
        });
        thread.start();
    }

    @AfterEach
    void nobody_watches_any_more() throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    private List<JsonObject> lines() {
        return printed.toString()
                .lines()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .toList();
    }

    /** Waits until these were printed, such as {@code join a1 101}, and nothing else. */
    private void awaitLines(String... events) {
        Await.until(List.of(events) + " are printed", () -> lines().size() >= events.length, printed::toString);
        assertEquals(
                List.of(events),
                lines().stream()
                        .map(line -> line.get("event").getAsString()
                                + (line.has("conference")
                                        ? " " + line.get("conference").getAsString() + " "
                                                + line.getAsJsonObject("participant")
                                                        .get("number")
                                                        .getAsString()
                                        : ""))
                        .toList());
    }

    @Test
    void each_change_of_a_list_is_a_line() {
        watch("", printed);
        awaitLines("present a1 101");
        pbx.join("b2", People.member(BOB, "102"));
        awaitLines("present a1 101", "join b2 102");
        pbx.muteOneself("a1", ANN, true);
        awaitLines("present a1 101", "join b2 102", "mute a1 101");
        pbx.muteOneself("a1", ANN, false);
        Await.until("it is unmuted", () -> lines().size() == 4);
        synchronized (pbx) {
            pbx.leave("a1", ANN);
            pbx.join("a1", People.talking(ANN, "101"));
        }
        Await.until("it talks", () -> lines().size() == 5);
        pbx.leave("a1", ANN);
        awaitLines("present a1 101", "join b2 102", "mute a1 101", "unmute a1 101", "talking a1 101", "leave a1 101");
        JsonObject last = lines().get(5);
        assertEquals(ANN, last.getAsJsonObject("participant").get("channel").getAsString());
        assertFalse(Instant.parse(last.get("time").getAsString()).isAfter(Instant.now()));
    }

    @Test
    void what_is_said_to_have_happened_is_not_believed() {
        watch("", printed);
        awaitLines("present a1 101");
        for (String name : List.of("a1", "A1", "none", "a1\r\nEvent: ConfbridgeLeave", "", "x".repeat(100))) {
            pbx.changed(name);
        }
        int lists = pbx.lists();
        pbx.changed("a1");
        Await.until("it was looked at", () -> pbx.lists() > lists);
        assertFalse(Await.isWithin(Duration.ofMillis(500), () -> lines().size() > 1), printed::toString);
    }

    @Test
    void of_one_conference_nothing_else_is_printed_and_a_lost_pbx_once() {
        watch("a1", printed);
        awaitLines("present a1 101");
        pbx.join("b2", People.member(BOB, "102"));
        pbx.failWith(new PbxException(Reason.UNREACHABLE, "no AMI"));
        awaitLines("present a1 101", "lost");
        pbx.changed("a1");
        pbx.changed("a1");
        synchronized (pbx) {
            pbx.leave("a1", ANN);
            pbx.recover();
        }
        awaitLines("present a1 101", "lost", "back", "leave a1 101");
        assertEquals("no AMI", lines().get(1).get("reason").getAsString());
    }

    @Test
    void it_ends_when_nobody_reads_any_more() throws InterruptedException {
        watch("", new Writer() {
            @Override
            public void write(char[] text, int offset, int length) throws IOException {
                throw new IOException("broken pipe");
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        });
        thread.join();
    }
}
