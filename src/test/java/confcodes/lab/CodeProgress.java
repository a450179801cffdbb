package confcodes.lab;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.asteriskjava.manager.event.AgiExecStartEvent;
import org.asteriskjava.manager.event.NewExtenEvent;

/** How far each caller is with their code, as Asterisk's events tell it. Safe for concurrent use. */
final class CodeProgress {

    private static final String CONTEXT = "conference_sc";
    private static final Pattern QUESTION = Pattern.compile("EXEC \"Read\" \"\\w+,[^,]");

    /**
     * What has happened to a caller so far.
     *
     * @param begun how often the code's dialplan has begun
     * @param asked how often a Read has begun, in the dialplan or in AGI
     * @param back how often the code's dialplan has ended
     * @param priority where in the dialplan the last Read or AGI began: what else begins there is told twice
     */
    record Counts(int begun, int asked, int back, int priority) {

        private static final Counts NONE = new Counts(0, 0, 0, 0);
    }

    private final Map<String, Counts> counts = new ConcurrentHashMap<>();
    private final Map<String, InAgi> inAgi = new ConcurrentHashMap<>();

    CodeProgress(AmiObserver observer) {
        observer.on(NewExtenEvent.class, this::dialplan);
        observer.on(AgiExecStartEvent.class, this::agi);
    }

    Counts of(String channel) {
        return counts.getOrDefault(channel, Counts.NONE);
    }

    Optional<InAgi> inAgi(String channel) {
        return Optional.ofNullable(inAgi.get(channel));
    }

    private void dialplan(NewExtenEvent event) {
        if (CONTEXT.equals(event.getContext())) {
            long now = System.nanoTime();
            inAgi.computeIfPresent(
                    event.getChannel(), (channel, so) -> so.isOver() ? so : new InAgi(so.begun(), now, true));
            if (event.getApplication().equals("AGI")) {
                inAgi.put(event.getChannel(), new InAgi(now, now, false));
            }
            counts.merge(event.getChannel(), after(event, Counts.NONE), (so, first) -> after(event, so));
        }
    }

    /** Asterisk 22 tells of ExecIf alone, Asterisk 16 of what it executes too. */
    private static Counts after(NewExtenEvent event, Counts so) {
        int priority = event.getPriority();
        String application = event.getApplication();
        String data = String.valueOf(event.getAppData());
        if (priority == 1) {
            return new Counts(so.begun + 1, so.asked, so.back, 0);
        }
        if (application.equals("AGI")) {
            return new Counts(so.begun, so.asked, so.back, priority);
        }
        if ((application.equals("Read") || data.startsWith("1?Read(")) && priority != so.priority) {
            return new Counts(so.begun, so.asked + 1, so.back, priority);
        }
        return data.equals("DIALSTATUS=") ? new Counts(so.begun, so.asked, so.back + 1, so.priority) : so;
    }

    /** A Read without a prompt is no question: it takes keys that were pressed too early. */
    private void agi(AgiExecStartEvent event) {
        if (QUESTION.matcher(event.getCommand()).lookingAt()) {
            counts.computeIfPresent(
                    event.getChannel(), (channel, so) -> new Counts(so.begun, so.asked + 1, so.back, so.priority));
        }
    }
}
