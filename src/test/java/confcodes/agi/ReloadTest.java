package confcodes.agi;

import static confcodes.agi.Served.MODERATOR;
import static confcodes.agi.Served.ONE;
import static confcodes.conference.People.admin;
import static confcodes.conference.People.member;
import static confcodes.conference.People.uniqueId;
import static org.junit.jupiter.api.Assertions.assertEquals;

import confcodes.agi.CodeServer.Target;
import confcodes.conference.InMemoryPbx;
import confcodes.conference.Pbx;
import confcodes.conference.Policy;
import confcodes.lab.Await;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Other settings and another PBX while codes are in progress, or have something left to be said. */
class ReloadTest {

    private static final String EAR = "Local/w" + uniqueId(MODERATOR) + "@confcodes_whisper-00000001;2";

    @RegisterExtension
    final Served served = new Served();

    private final InMemoryPbx before = served.pbx;
    private final InMemoryPbx after = new InMemoryPbx().join("100", admin(MODERATOR, "200"), member(ONE, "101"));
    private final List<Pbx> unused = new CopyOnWriteArrayList<>();

    private void reload(Pbx pbx, Consumer<Served.Wishes> change) {
        Served.Wishes wishes = new Served.Wishes();
        change.accept(wishes);
        AgiSettings settings = wishes.settings();
        served.server.reload(settings, Map.of("", new Target(pbx, settings)), unused::add);
    }

    private FastAgiPeer call(InMemoryPbx pbx, String channel, String script) throws IOException {
        return served.connect(script)
                .names(channel, uniqueId(channel))
                .sets((name, value) -> pbx.set(uniqueId(channel), name, value));
    }

    private static String token(InMemoryPbx pbx) {
        Await.until("a whisper is asked for", () -> !pbx.whispers().isEmpty());
        return pbx.whispers().get(0).split(" ")[1];
    }

    private void assertUsedStill() {
        assertEquals(false, Await.isWithin(Duration.ofMillis(300), () -> !unused.isEmpty()), "it is used still");
    }

    private void awaitUnused() {
        Await.until("it is unused", () -> unused.equals(List.of(before)), () -> unused);
    }

    @Test
    void a_code_in_progress_goes_on_with_what_it_began_with_and_the_next_has_the_new() throws IOException {
        served.start(wishes -> wishes.allow = Policy.ANYONE);
        FastAgiPeer asked = call(before, ONE, "conference_kick_all").types("1").playUntilAsked();

        reload(after, wishes -> wishes.sounds = Map.of(Prompt.ALL_KICKED, "all-gone"));

        assertUsedStill();
        assertEquals("DONE", asked.playOn().status());
        assertEquals(
                List.of("conf-hasleft"),
                asked.heard().subList(asked.heard().size() - 1, asked.heard().size()));
        awaitUnused();
        assertEquals("DENIED", call(after, ONE, "conference_kick_all").play().status());
        FastAgiPeer next =
                call(after, MODERATOR, "conference_kick_all").types("1").play();
        assertEquals("DONE", next.status());
        assertEquals("all-gone", next.heard().get(next.heard().size() - 1));
        assertEquals(Set.of(ONE), after.kicked());
    }

    @Test
    void a_whisper_that_was_asked_for_is_said_in_its_own_words_at_its_own_pbx() throws IOException {
        served.start(wishes -> wishes.whisper = true);
        before.call(EAR);
        CompletableFuture<FastAgiPeer> code = CompletableFuture.supplyAsync(() -> {
            try {
                return call(before, MODERATOR, "conference_lock?keys=0&read=OK").play();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        String token = token(before);

        reload(after, wishes -> wishes.sounds = Map.of(Prompt.LOCKED, "other"));
        FastAgiPeer whisper =
                call(before, EAR, "whisper?token=" + token + "&chanspy=1").playUntil("STREAM FILE");
        assertEquals("DONE", code.join().status());
        assertUsedStill();
        whisper.playOn();

        assertEquals(List.of("", "conf-lockednow"), whisper.heard());
        awaitUnused();
    }

    @Test
    void who_is_being_called_is_asked_and_counted_after_it() throws IOException {
        served.start(wishes -> {});
        assertEquals(
                "DONE",
                call(before, MODERATOR, "conference_add?number=4711").play().status());
        String token = before.calls().get(0);

        reload(after, wishes -> wishes.sounds = Map.of(Prompt.INVITATION, "other"));

        assertEquals(
                "DENIED",
                call(after, MODERATOR, "conference_add?number=4711").play().status(),
                "it is ringing");
        assertUsedStill();
        before.call("Local/4711@x-00000001;2");
        FastAgiPeer answered = call(before, "Local/4711@x-00000001;2", "invitation?dial=ANSWER&token=" + token)
                .types("1")
                .play();
        assertEquals("DONE", answered.status());
        awaitUnused();
    }

    @Test
    void what_a_pbx_has_left_to_be_said_is_said_though_the_settings_name_it_no_more() throws IOException {
        AgiSettings settings = new Served.Wishes().settings();
        Target first = new Target(before, settings);
        Target second = new Target(after, settings);
        served.server = new CodeServer(settings, Map.of("pbx1", first, "pbx2", second), report -> {});
        served.server.start();
        call(before, MODERATOR, "pbx1/conference_add?number=4711").play();
        before.call("Local/4711@x-00000001;2");

        served.server.reload(settings, Map.of("pbx2", second), unused::add);

        assertEquals(
                "", call(before, MODERATOR, "pbx1/conference_count").play().status(), "it is no PBX of the server");
        assertUsedStill();
        String token = before.calls().get(0);
        String script = "pbx1/invitation?dial=ANSWER&token=" + token;
        FastAgiPeer answered =
                call(before, "Local/4711@x-00000001;2", script).types("1").play();
        assertEquals("DONE", answered.status());
        awaitUnused();
    }

    @Test
    void a_pbx_that_stays_is_not_given_up_and_one_that_went_is_given_up_once() throws IOException {
        served.start(wishes -> {});
        FastAgiPeer first =
                call(before, MODERATOR, "conference_kick_all").types("1").playUntilAsked();
        reload(before, wishes -> {});
        FastAgiPeer second =
                call(before, MODERATOR, "conference_kick_all").types("1").playUntilAsked();
        reload(after, wishes -> {});

        first.playOn();
        assertUsedStill();
        second.playOn();
        awaitUnused();
    }
}
