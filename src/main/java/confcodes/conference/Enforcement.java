package confcodes.conference;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Applies what moderators have decided to those who join, leave, or change their own mute, whoever handled the code. An event
 * only prompts a look: what is done follows from the conference's list. Safe for concurrent use.
 */
public final class Enforcement {

    /** The thread of a PBX that is not served any more ends by itself. */
    private static final Duration IDLE = Duration.ofSeconds(5);

    private final Pbx pbx;
    private final Map<String, Set<String>> waiting = new HashMap<>();
    private final ThreadPoolExecutor thread =
            new ThreadPoolExecutor(1, 1, IDLE.toMillis(), TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), run -> {
                Thread daemon = new Thread(run, "enforcement");
                daemon.setDaemon(true);
                return daemon;
            });

    /**
     * Creates one.
     *
     * @param pbx the PBX
     */
    public Enforcement(Pbx pbx) {
        this.pbx = pbx;
        thread.allowCoreThreadTimeOut(true);
    }

    /**
     * Has somebody looked at, a moment later.
     *
     * @param conference the conference's name
     * @param channel the channel's full name; empty for everyone
     */
    public void look(String conference, String channel) {
        if (!Conference.isName(conference)) {
            return;
        }
        synchronized (waiting) {
            if (!waiting.containsKey(conference)) {
                waiting.put(conference, new HashSet<>());
                thread.execute(() -> run(conference));
            }
            waiting.get(conference).add(channel);
        }
    }

    private void run(String conference) {
        Set<String> channels;
        synchronized (waiting) {
            channels = waiting.remove(conference);
        }
        try {
            Set<String> leaving = new Moderation(pbx, MutesHold.ALL, conference, "", List.of(), Optional.empty())
                    .speech()
                    .enforce(channels);
            if (!leaving.isEmpty()) {
                CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run)
                        .execute(() -> leaving.forEach(channel -> look(conference, channel)));
            }
        } catch (PbxException | IllegalArgumentException e) {
            // Whoever lost the PBX says so, and everyone is looked at when it is back.
        }
    }
}
