package confcodes.cli;

import confcodes.conference.Conference;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.PbxListener;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The lines of {@code confcodes watch --json}: in what a conference's list differs from the one before. What the PBX says has
 * happened only prompts a look at the list, because callers can make it say what they like. {@link #run} is for one thread, and
 * the listener's methods for any.
 */
final class WatchLines implements PbxListener {

    private static final Duration PAUSE_WHILE_LOST = Duration.ofSeconds(1);

    /** More conferences at a time than there are. */
    private static final int MAX_CHANGED = 10_000;

    /** Asterisk ignores the case of these alone. */
    private static final Pattern CAPITALS = Pattern.compile("[A-Z]+");

    private final Pbx pbx;
    private final Output output;
    private final String conference;
    private final Map<String, Map<String, Participant>> known = new HashMap<>();
    private Optional<PbxException> lost = Optional.empty();

    private final Set<String> changed = new LinkedHashSet<>();
    private boolean isAllChanged = true;
    private Optional<PbxException> noEvents = Optional.empty();

    /** What is different now. */
    private record Change(String event, String conference, Participant participant) {}

    /**
     * Creates one.
     *
     * @param conference the conference to watch; empty for all
     */
    WatchLines(Pbx pbx, Output output, String conference) {
        this.pbx = pbx;
        this.output = output;
        this.conference = conference;
    }

    @Override
    public synchronized void changed(String name) {
        if (name.isEmpty()) {
            isAllChanged = true;
            noEvents = Optional.empty();
        } else if (Conference.isName(name) && changed.size() < MAX_CHANGED) {
            boolean isMeant = conference.isEmpty() || key(conference).equals(key(name));
            if (isMeant) {
                changed.add(conference.isEmpty() ? name : conference);
            }
        }
        notifyAll();
    }

    @Override
    public synchronized void lost(PbxException reason) {
        noEvents = Optional.of(reason);
        notifyAll();
    }

    /** Prints what happens until nobody reads any more. Those who are there already come first, as {@code present}. */
    void run() throws InterruptedException {
        boolean isRead = look(take(), "present");
        pbx.watch(this);
        while (isRead) {
            Thread.sleep(lost.isPresent() ? PAUSE_WHILE_LOST.toMillis() : Watch.PAUSE.toMillis());
            isRead = look(take(), "join");
        }
    }

    /** What is to be looked at. */
    private record Prompt(boolean all, Set<String> names, Optional<PbxException> noEvents) {}

    private synchronized Prompt take() throws InterruptedException {
        while (!isAllChanged && changed.isEmpty() && (noEvents.isEmpty() || lost.isPresent())) {
            wait();
        }
        Prompt prompt = new Prompt(isAllChanged, Set.copyOf(changed), noEvents);
        isAllChanged = false;
        changed.clear();
        return prompt;
    }

    /** Prints what is different now, and returns whether somebody still reads. */
    private boolean look(Prompt prompt, String joined) {
        List<Change> changes = new ArrayList<>();
        Optional<PbxException> now = prompt.noEvents();
        try {
            for (String name : prompt.all() ? all() : prompt.names()) {
                look(name, joined, changes);
            }
        } catch (PbxException e) {
            now = Optional.of(e);
            again();
        }
        boolean wasLost = lost.isPresent();
        lost = now;
        Instant time = Instant.now();
        boolean isRead = true;
        if (wasLost && now.isEmpty()) {
            isRead = output.event(time, "back", "", Optional.empty(), "");
        }
        for (Change change : changes) {
            isRead &= output.event(time, change.event(), change.conference(), Optional.of(change.participant()), "");
        }
        if (!wasLost && now.isPresent()) {
            isRead &= output.event(time, "lost", "", Optional.empty(), now.get().getMessage());
        }
        return isRead;
    }

    private synchronized void again() {
        isAllChanged = true;
    }

    /** {@return the conferences that are watched: those that there are, and those that there were} */
    private Set<String> all() throws PbxException {
        if (!conference.isEmpty()) {
            return Set.of(conference);
        }
        Map<String, String> names = new LinkedHashMap<>();
        known.keySet().forEach(key -> names.put(key, key));
        pbx.conferences().forEach(it -> names.put(key(it.name()), it.name()));
        return new LinkedHashSet<>(names.values());
    }

    private void look(String name, String joined, List<Change> changes) throws PbxException {
        Map<String, Participant> now = new LinkedHashMap<>();
        pbx.participants(name).forEach(participant -> now.put(Watch.id(participant), participant));
        Map<String, Participant> before = known.getOrDefault(key(name), Map.of());
        before.forEach((id, participant) -> {
            if (!now.containsKey(id)) {
                changes.add(new Change("leave", name, participant));
            }
        });
        now.forEach((id, participant) -> {
            Participant was = before.get(id);
            if (was == null) {
                changes.add(new Change(joined, name, participant));
                return;
            }
            if (was.muted() != participant.muted()) {
                changes.add(new Change(participant.muted() ? "mute" : "unmute", name, participant));
            }
            if (was.talking() != participant.talking()) {
                changes.add(new Change(participant.talking() ? "talking" : "silent", name, participant));
            }
        });
        if (now.isEmpty()) {
            known.remove(key(name));
        } else {
            known.put(key(name), now);
        }
    }

    private static String key(String name) {
        return CAPITALS.matcher(name).replaceAll(capitals -> capitals.group().toLowerCase(Locale.ROOT));
    }
}
