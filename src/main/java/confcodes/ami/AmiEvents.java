package confcodes.ami;

import confcodes.conference.Conference;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own for events: says who has joined a conference, left it, or was unmuted, on a thread of its own.
 * Nothing that an event says is believed. After each login everyone in every conference is named, because events were missed.
 */
final class AmiEvents implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    /** manager_confcodes.conf lets no others pass. */
    private static final Set<String> WANTED = Set.of("ConfbridgeJoin", "ConfbridgeLeave", "ConfbridgeUnmute");

    private final AmiPbx pbx;
    private final AmiSettings settings;
    private final BiConsumer<String, String> listener;

    /** Creates one; {@code listener} gets the conference's name, and the channel's or, for everyone, an empty one. */
    AmiEvents(AmiPbx pbx, AmiSettings settings, BiConsumer<String, String> listener) {
        this.pbx = pbx;
        this.settings = settings;
        this.listener = listener;
    }

    @Override
    public void run() {
        while (!pbx.isClosed()) {
            try {
                // The pool's failures are its own to say and to wait for.
                pbx.conferences();
                readAll();
            } catch (PbxException e) {
                log.debug("no events", e);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void readAll() throws PbxException {
        AmiSession session = new AmiSession(settings, "call");
        try {
            open(session);
            for (Conference conference : pbx.conferences()) {
                listener.accept(conference.name(), "");
            }
            while (!pbx.isClosed()) {
                AmiMessage event = session.next(SILENCE);
                if (WANTED.contains(event.get("Event"))) {
                    listener.accept(event.get("Conference"), event.get("Channel"));
                }
            }
        } finally {
            session.close();
        }
    }

    private void open(AmiSession session) throws PbxException {
        try {
            session.open(System.nanoTime() + settings.timeout().toNanos());
        } catch (PbxException e) {
            LockSupport.parkNanos(PAUSE_AFTER_FAILURE.toNanos());
            throw e;
        }
    }
}
