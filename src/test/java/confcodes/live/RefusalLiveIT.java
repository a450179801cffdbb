package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may use the codes under each policy, who may not, and what a locked conference means to those outside. */
@LiveTest
@Execution(ExecutionMode.CONCURRENT)
class RefusalLiveIT {

    private final Lab lab;

    RefusalLiveIT(Lab lab) {
        this.lab = lab;
    }

    /**
     * What somebody presses and what comes of it, one after another, with 101 who is a plain participant, 102 who is a marked
     * user, and the administrator 200.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin | 101 *6 102# DENIED, 102 *6 101# DENIED, 200 *6 101# DONE | 101 | 101 102 200",
                "marked | 101 *11 DENIED, 102 *6 101# DONE | 101 | 101 102 200",
                "marked | 102 *6 101# DONE, 200 *7 101# DONE | '' | 101 102 200",
                // Everyone: neither they nor an administrator
                "anyone | 101 *11 DONE | 102 | 101 102 200",
                "anyone | 101 *8 101# DENIED, 101 *44 1 DONE | '' | 101 200",
            })
    void who_may_use_the_codes(String allow, String presses, String muted, String here) {
        try (ServerProcess server = lab.serve("--allow=" + allow);
                Room room = lab.room(server)) {
            Map<String, Caller> callers = new HashMap<>();
            Map.of("101", "lab_user", "102", "lab_marked", "200", "lab_admin")
                    .forEach((number, profile) -> callers.put(number, room.join(number, profile, "confcodes_menu")));
            for (String press : presses.split(", ")) {
                List<String> words = List.of(press.split(" "));
                Caller caller = callers.get(words.get(0));
                int last = words.size() - 1;
                String status =
                        caller.press(words.get(1), words.subList(2, last).toArray(String[]::new));
                assertEquals(words.get(last), status, press);
            }
            room.awaitHere(here.split(" "));
            assertEquals(muted, String.join(" ", room.muted()));
        }
    }

    @Test
    void even_where_anyone_may_nobody_may_name_a_conference_that_they_are_not_in() {
        try (ServerProcess server = lab.serve("--allow=anyone");
                Room other = lab.room(server);
                Room own = lab.room(server)) {
            other.join("102");
            own.join("101");
            Caller moderator = own.join("200", "lab_admin", "confcodes_menu", "CONFNUM=" + other.name());
            assertEquals("DENIED", moderator.press("*11"));
            assertEquals(List.of(), other.muted());
            assertEquals(List.of(), own.muted());
        }
    }

    @Test
    void a_channel_in_no_conference_has_none_to_moderate() {
        try (ServerProcess server = lab.serve("--allow=anyone");
                Room room = lab.room(server)) {
            room.join("101");
            lab.ami()
                    .originate(
                            "Local/conference_mute_all@conference_sc/n",
                            Map.of("CONFCODES_SERVER", "127.0.0.1:" + server.port()));
            server.awaitLine(line -> line.contains("by=Local/conference_mute_all@conference_sc-")
                    && line.contains("outcome=noconference"));
            assertEquals(List.of(), room.muted());
        }
    }

    @Test
    void nobody_enters_a_locked_conference() {
        try (ServerProcess server = lab.serve();
                Room room = lab.room(server)) {
            Caller moderator = room.moderator("200");
            assertEquals("DONE", moderator.press("*9", "0"));
            String outsider = "Local/0811@lab-join";
            lab.ami().originate(outsider + "/n", Map.of("CONF", room.name()));
            Await.until(
                    "0811 hears that the conference is locked",
                    () -> lab.log()
                            .lines()
                            .anyMatch(line -> line.contains("<" + outsider) && line.contains("Playing 'conf-locked.")),
                    lab::logTail);
            Await.until(
                    "0811 is sent away",
                    () -> !lab.rx("core show channels concise").contains(outsider + "-"),
                    lab::logTail);
            assertEquals(List.of("200"), room.here());
            assertEquals("DONE", moderator.press("*9", "1"));
            room.join("0812");
            assertEquals(List.of("0812", "200"), room.here());
        }
    }
}
