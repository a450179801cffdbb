package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertFalse;

import confcodes.lab.Await;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a server says of itself to a watchdog. */
class ServingTest {

    private static final Duration LIMIT = Duration.ofSeconds(10);

    @RegisterExtension
    final Served served = new Served();

    @Test
    void a_server_serves_until_it_is_stopped() throws IOException {
        served.start(wishes -> {});
        Await.until("serving", () -> served.server.isServing(LIMIT));

        served.server.stop(Duration.ZERO);

        assertFalse(served.server.isServing(LIMIT));
    }

    @Test
    void a_server_that_accepts_no_connections_does_not_serve() throws IOException {
        served.server = new CodeServer(new Served.Wishes().settings(), served.pbx);

        Await.until("not serving", () -> !served.server.isServing(LIMIT));
    }
}
