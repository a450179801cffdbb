package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import confcodes.CapturedLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code reload} and {@code status} print, and end with, of what a server answers. */
class ControlTest {

    private static final String STATUS = """
            {"version": "9", "pid": 7, "address": "127.0.0.1:4580", "seconds": 90061, "connections": 2,
             "pbxs": [
              {"pbx": "pbx1", "address": "192.0.2.1:5038", "up": true, "since": "2026-01-02T03:04:05.678Z",
               "active": 1, "idle": 3, "waiting": 0, "most": 4},
              {"pbx": "pbx2", "address": "192.0.2.2:5038", "up": false, "since": "2026-01-02T03:04:05.678Z",
               "active": 0, "idle": 0, "waiting": 5, "most": 4, "problem": "no AMI at=192.0.2.2\\u001b"}],
             "codes": {"done": 5, "denied": 0, "unavailable": 1},
             "lastProblem": {"time": "2026-01-02T03:04:05.678Z", "level": "WARN", "message": "PBX lost"}}
            """;

    private static final String TEXT = """
            confcodes 9 on 127.0.0.1:4580, pid 7, up 1 d 1:01:01, 2 FastAGI connections
            PBX   ADDRESS         STATE  SINCE                ACTIVE  IDLE  WAITING  MOST
            pbx1  192.0.2.1:5038  up     yyyy-mm-dd hh:mm:ss  1       3     0        4
            pbx2  192.0.2.2:5038  lost   yyyy-mm-dd hh:mm:ss  0       0     5        4
            no AMI at=192.0.2.2?
            codes: 5 done, 1 unavailable
            last warning or error: yyyy-mm-dd hh:mm:ss WARN PBX lost
            """;

    @TempDir
    private Path directory;

    private Path socket;
    private Shell shell;

    @BeforeEach
    void start() throws IOException {
        socket = directory.resolve("control");
        shell = new Shell(directory, "control-socket=" + socket);
    }

    /** {@return what a command prints that asks a server which answers so} */
    private Shell.Result ask(UnaryOperator<String> answers, String... command) throws IOException {
        ControlSocket listening = new ControlSocket(socket, Duration.ofSeconds(10), answers);
        try {
            return shell.run(command);
        } finally {
            listening.close();
        }
    }

    private static UnaryOperator<String> reloading(Supplier<String> reload) {
        return new Control(new Control.Running() {
            @Override
            public String reload() {
                return reload.get();
            }

            @Override
            public JsonObject status() {
                return JsonParser.parseString(STATUS).getAsJsonObject();
            }
        })::answer;
    }

    @Test
    void a_reload_is_printed_and_one_that_is_refused_as_serve_refuses_it() throws IOException {
        assertEquals(new Shell.Result(0, "all is new\n", ""), ask(reloading(() -> "all is new"), "reload"));
        try (CapturedLog log = new CapturedLog()) {
            Shell.Result refused = ask(
                    reloading(() -> {
                        throw new SettingsException("pool-size", "is too small", Origin.line(Path.of("/f"), 7));
                    }),
                    "reload");

            assertEquals(new Shell.Result(2, "", "confcodes: pool-size: is too small (line 7 of /f)\n"), refused);
            assertEquals(1, log.lines("the settings are as before: pool-size: ").size(), log::text);
        }
    }

    @Test
    void a_fault_of_the_server_is_logged_there() throws IOException {
        try (CapturedLog log = new CapturedLog()) {
            Shell.Result fault = ask(
                    reloading(() -> {
                        throw new IllegalStateException("secret");
                    }),
                    "reload");

            assertEquals(
                    new Shell.Result(70, "", "confcodes: an internal fault of the server; its log has more\n"), fault);
            assertEquals(1, log.lines("java.lang.IllegalStateException: secret").size(), log::text);
        }
    }

    @Test
    void the_status_of_each_pbx_is_shown_and_one_that_is_lost_is_the_exit_code() throws IOException {
        Shell.Result text = ask(reloading(() -> ""), "status");

        assertEquals(3, text.exitCode(), text.err());
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
        assertEquals(TEXT, text.out().replaceAll(time, "yyyy-mm-dd hh:mm:ss"));
        Shell.Result json = ask(reloading(() -> ""), "status", "--json");
        assertEquals(3, json.exitCode(), json.err());
        assertEquals(JsonParser.parseString(STATUS), JsonParser.parseString(json.out()));
        assertTrue(json.out().contains("at=192.0.2.2\\u001b"), json.out());
    }

    @Test
    void who_answers_otherwise_or_not_at_all_is_no_server() throws IOException {
        for (String answer : new String[] {"", "220 smtp", "[]", "{\"error\":"}) {
            Shell.Result result = ask(question -> answer, "reload");
            assertEquals(3, result.exitCode(), result.err());
            assertEquals("confcodes: what answers on " + socket + " is no server of confcodes\n", result.err());
        }
        Shell.Result none = shell.run("status", "--json");
        assertEquals(3, none.exitCode());
        assertTrue(none.out().contains("\"status\": \"UNAVAILABLE\""), none.out());
        assertTrue(none.err().startsWith("confcodes: no server answers on " + socket + ": "), none.err());
        Shell.Result off = shell.run("status", "--control-socket=none");
        assertEquals(
                new Shell.Result(
                        2,
                        "",
                        "confcodes: control-socket: there is none to ask the server over (option --control-socket)\n"),
                off);
    }
}
