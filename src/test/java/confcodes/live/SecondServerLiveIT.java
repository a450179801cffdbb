package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.lab.Await;
import confcodes.lab.Caller;
import confcodes.lab.FastAgiPeer;
import confcodes.lab.Lab;
import confcodes.lab.LiveTest;
import confcodes.lab.Room;
import confcodes.lab.ServerProcess;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** What a balancer is told of a server, and what the dialplan asks of a second one. Alone, since the PBX hangs here. */
@LiveTest
@Isolated
class SecondServerLiveIT {

    private static final Duration SOON = Duration.ofSeconds(3);

    private final Lab lab;

    SecondServerLiveIT(Lab lab) {
        this.lab = lab;
    }

    private static String health(ServerProcess server) {
        return assertDoesNotThrow(() -> {
            try (FastAgiPeer peer = new FastAgiPeer(server.port(), "health")) {
                String command = peer.names("health", "0").play().commands().get(0);
                return command.replaceFirst("SET VARIABLE \"CONFCODES_HEALTH\" \"(\\w+)\"", "$1");
            }
        });
    }

    @Test
    void health_follows_a_PBX_that_hangs_and_costs_no_connection_and_no_thread() {
        try (ServerProcess server = lab.serve()) {
            Await.until("up", () -> health(server).equals("UP"));
            long threads = server.figures().threads();
            try {
                lab.signal("STOP");
                Await.within(Duration.ofSeconds(2), "down", () -> health(server).equals("DOWN"), server::logText);
                for (int i = 0; i < 100; i++) {
                    assertEquals("DOWN", health(server));
                }
                assertTrue(
                        server.figures().threads() <= threads + 1,
                        () -> "threads: " + server.figures().threadNames());
            } finally {
                lab.signal("CONT");
            }
            Await.within(Duration.ofSeconds(2), "up again", () -> health(server).equals("UP"), server::logText);
            assertEquals(0, server.logged("PBX lost"), server::logText);
            assertEquals(0, server.logged("health"), server::logText);
        }
    }

    private Caller moderator(Room room, int first, int second) {
        Caller moderator = room.moderator("200");
        moderator.codesGoTo(first);
        lab.ami().setVariable(moderator.channel(), "CONFCODES_SERVER2", "127.0.0.1:" + second);
        return moderator;
    }

    @Test
    void a_code_that_no_server_has_taken_goes_to_the_second_one() {
        try (ServerProcess server = lab.serve();
                ServerProcess withoutPbx = ServerProcess.start(ServerProcess.freePort(), "any");
                Room room = lab.room(server)) {
            room.join("101");
            for (int first : List.of(ServerProcess.freePort(), withoutPbx.port())) {
                Caller moderator = moderator(room, first, server.port());
                assertEquals("DONE", moderator.press("*6w101#"), lab::logTail);
                moderator.hangUp();
                Await.until("they have left", () -> !moderator.isHere());
            }
            assertEquals(List.of("101"), room.muted());
            assertEquals(1, withoutPbx.logged("outcome=unavailable"), withoutPbx::logText);
        }
    }

    @Test
    void a_code_that_a_server_has_taken_is_repeated_by_no_other() throws Exception {
        try (ServerProcess server = lab.serve();
                ServerSocket dying = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                Room room = lab.room(server)) {
            room.join("101");
            CompletableFuture<Void> died =
                    CompletableFuture.runAsync(() -> assertDoesNotThrow(() -> takeAndDie(dying)));
            Caller moderator = moderator(room, dying.getLocalPort(), server.port());
            assertEquals("UNAVAILABLE", moderator.press("*6w101#"), lab::logTail);
            died.join();
            assertEquals(List.of(), room.muted());
            assertEquals(List.of(), room.logOf(moderator));
        }
    }

    private static void takeAndDie(ServerSocket listener) throws Exception {
        try (Socket socket = listener.accept();
                BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream()))) {
            while (!in.readLine().isEmpty()) {
                // The request.
            }
            socket.getOutputStream().write("SET VARIABLE CONFCODES_TAKEN x\n".getBytes());
            in.readLine();
        }
    }

    @Test
    void without_either_the_caller_is_told_within_three_seconds() {
        try (ServerProcess withoutPbx = ServerProcess.start(ServerProcess.freePort(), "any");
                Room room = lab.room(withoutPbx)) {
            Caller moderator = moderator(room, withoutPbx.port(), ServerProcess.freePort());
            moderator.begin("*21");
            assertTrue(Await.isWithin(SOON, () -> moderator.hears("beeperr")), lab::logTail);
            moderator.awaitBack();
            assertEquals("UNAVAILABLE", moderator.status());
        }
    }
}
