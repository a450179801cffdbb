package confcodes.ami;

import confcodes.conference.Conference;
import confcodes.conference.PbxException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of its own for events: says who has joined a conference, left it, or was unmuted, on a thread of its own.
 * Nothing that an event says is believed. After each login everyone in every conference is named, because events were missed,
 * and then a conference without a name.
 */
final class AmiEvents implements Runnable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(5);

    private static final String LEAVE = "ConfbridgeLeave";
    private static final String END = "ConfbridgeEnd";

    /** Those after which a moderator's decision may have to be applied. */
    static final Set<String> PRESENCE = Set.of("ConfbridgeJoin", LEAVE, "ConfbridgeUnmute");

    /** Those that change a conference's list. manager_confcodes.conf lets no others pass. */
    static final Set<String> LIST =
            Set.of("ConfbridgeJoin", LEAVE, END, "ConfbridgeMute", "ConfbridgeUnmute", "ConfbridgeTalking");

    private final AmiPbx pbx;
    private final AmiSettings settings;
    private final Set<String> wanted;
    private final BiConsumer<String, String> listener;
    private final Consumer<String> left;
    private final Consumer<PbxException> lost;

    /**
     * Creates one.
     *
     * @param wanted the names of the events
     * @param listener gets the conference's name, and the channel's or, for everyone, an empty one
     * @param left gets the name of a conference that somebody leaves
     * @param lost gets what is wrong, each time that there are no events
     */
    AmiEvents(
            AmiPbx pbx,
            AmiSettings settings,
            Set<String> wanted,
            BiConsumer<String, String> listener,
            Consumer<String> left,
            Consumer<PbxException> lost) {
        this.pbx = pbx;
        this.settings = settings;
        this.wanted = wanted;
        this.listener = listener;
        this.left = left;
        this.lost = lost;
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
                lost.accept(e);
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
            listener.accept("", "");
            while (!pbx.isClosed()) {
                AmiMessage event = session.next(SILENCE);
                pbx.answered();
                if (wanted.contains(event.get("Event")) && isComplete(event)) {
                    listener.accept(event.get("Conference"), event.get("Channel"));
                }
                if (event.get("Event").equals(LEAVE)) {
                    left.accept(event.get("Conference"));
                }
            }
        } finally {
            session.close();
        }
    }

    /** One without a channel is made up, and everyone in a conference would be looked at for it. */
    private static boolean isComplete(AmiMessage event) {
        return !event.get("Conference").isEmpty()
                && (event.get("Event").equals(END) || !event.get("Channel").isEmpty());
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
