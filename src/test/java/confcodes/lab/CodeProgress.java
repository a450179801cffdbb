package confcodes.lab;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.asteriskjava.manager.event.AgiExecStartEvent;
import org.asteriskjava.manager.event.NewExtenEvent;

/** How far each caller is with their code, as Asterisk's events tell it. Safe for concurrent use. */
final class CodeProgress {

    private static final String CONTEXT = "conference_sc";

    /**
     * What has happened to a caller so far.
     *
     * @param begun how often the code's dialplan has begun
     * @param asked how often a Read has begun, in the dialplan or in AGI
     * @param back how often the code's dialplan has ended
     * @param agiPriority where in the dialplan AGI runs; a Read there is one of AGI's, and is counted as such
     */
    record Counts(int begun, int asked, int back, int agiPriority) {

        private static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    private final Map<String, Counts> counts = new ConcurrentHashMap<>();

    CodeProgress(AmiObserver observer) {
        observer.on(NewExtenEvent.class, this::dialplan);
        observer.on(AgiExecStartEvent.class, this::agi);
    }

    Counts of(String channel) {
        return counts.getOrDefault(channel, Counts.NONE);
    }

    private void dialplan(NewExtenEvent event) {
        if (CONTEXT.equals(event.getContext())) {
            counts.merge(event.getChannel(), after(event, Counts.NONE), (so, first) -> after(event, so));
        }
    }

    private static Counts after(NewExtenEvent event, Counts so) {
        int priority = event.getPriority();
        if (priority == 1) {
            return new Counts(so.begun + 1, so.asked, so.back, 0);
        }
        if ("AGI".equals(event.getApplication())) {
            return new Counts(so.begun, so.asked, so.back, priority);
        }
        if ("Read".equals(event.getApplication()) && priority != so.agiPriority) {
            return new Counts(so.begun, so.asked + 1, so.back, so.agiPriority);
        }
        return "DIALSTATUS=".equals(event.getAppData())
                ? new Counts(so.begun, so.asked, so.back + 1, so.agiPriority)
                : so;
    }

    private void agi(AgiExecStartEvent event) {
        if (event.getCommand().startsWith("EXEC \"Read\"")) {
            counts.computeIfPresent(
                    event.getChannel(), (channel, so) -> new Counts(so.begun, so.asked + 1, so.back, so.agiPriority));
        }
    }
}
