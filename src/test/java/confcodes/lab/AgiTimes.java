package confcodes.lab;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.asteriskjava.manager.event.NewExtenEvent;

/** When each caller's code was in AGI(), as Asterisk's events tell it. Safe for concurrent use. */
public final class AgiTimes implements AutoCloseable {

    private final AmiObserver observer;
    private final Map<String, Span> spans = new ConcurrentHashMap<>();

    /**
     * From one to the other.
     *
     * @param begun a value of System.nanoTime
     * @param ended a value of System.nanoTime; that of now for one that goes on
     * @param isOver whether it has ended
     */
    public record Span(long begun, long ended, boolean isOver) {

        /** {@return how long it took, or has taken} */
        public Duration length() {
            return Duration.ofNanos((isOver ? ended : System.nanoTime()) - begun);
        }

        /** {@return whether a moment is in it, or just beside it: events arrive a little later} */
        public boolean holds(long time) {
            return begun - 50_000_000 <= time && (!isOver || time <= ended);
        }
    }

    /** Begins to look. */
    public AgiTimes(Lab lab) {
        observer = new AmiObserver(lab.amiPort(), "dialplan");
        observer.on(NewExtenEvent.class, this::dialplan);
    }

    private void dialplan(NewExtenEvent event) {
        if (!"conference_sc".equals(event.getContext())) {
            return;
        }
        long now = System.nanoTime();
        if (event.getApplication().equals("AGI")) {
            spans.put(event.getChannel(), new Span(now, now, false));
        } else {
            spans.computeIfPresent(
                    event.getChannel(), (channel, span) -> span.isOver ? span : new Span(span.begun, now, true));
        }
    }

    /** {@return the last one of a caller; empty if there was none, or if it was forgotten} */
    public Optional<Span> of(Caller caller) {
        return Optional.ofNullable(spans.get(caller.channel()));
    }

    /** Forgets the last one of a caller. */
    public void forget(Caller caller) {
        spans.remove(caller.channel());
    }

    @Override
    public void close() {
        observer.close();
    }
}
