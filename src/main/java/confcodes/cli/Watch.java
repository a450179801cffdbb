package confcodes.cli;

import confcodes.cli.Screen.Line;
import confcodes.cli.Screen.Style;
import confcodes.conference.Conference;
import confcodes.conference.Moderation;
import confcodes.conference.MutesHold;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.PbxListener;
import confcodes.conference.Speech;
import confcodes.conference.Status;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What {@code confcodes watch} shows, and what its keys do. The PBX is looked at when it has said that something has happened, not
 * more often than every 200 ms, and every second while it cannot be had. {@link #run} is for one thread, and the listener's
 * methods for any.
 */
final class Watch implements PbxListener {

    static final Duration PAUSE = Duration.ofMillis(200);

    /** For the list of conferences, which takes Asterisk longer (40 ms for 400), and for a PBX that is lost. */
    private static final Duration LONG_PAUSE = Duration.ofSeconds(1);

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    /** The lines above and below the table: the title, the headings, what came of a key, and the keys. */
    private static final int OTHER_LINES = 4;

    /** Of a number and of a name. What the caller says takes no room from what the PBX says. */
    private static final int MAX_COLUMNS = 20;

    private final Pbx pbx;
    private final MutesHold holds;
    private final Screen screen;
    private final boolean isOfAll;
    private final BlockingQueue<Pressed> keys = new ArrayBlockingQueue<>(100);
    private final AtomicBoolean stale = new AtomicBoolean(true);
    private final AtomicBoolean resized = new AtomicBoolean();

    /** The conference that is shown; empty for the list of conferences. */
    private final Audit audit;

    private volatile String conference;

    private volatile Optional<PbxException> noEvents = Optional.empty();
    private Optional<PbxException> noList = Optional.empty();
    private String lostSince = "";

    private List<Conference> conferences = List.of();
    private List<Participant> participants = List.of();
    private boolean locked;

    /** The rows that are on the screen. */
    private volatile List<String> shown = List.of();

    private Rows rows = new Rows();
    private Rows rowsOfAll = new Rows();
    private List<String> table = List.of();
    private String seen = "";
    private long nextLook = System.nanoTime();
    private String message = "";
    private volatile Optional<Participant> toKick = Optional.empty();
    private volatile boolean ended;

    /**
     * Creates one.
     *
     * @param audit is told what was done
     * @param conference the conference to show; empty for the list of conferences
     */
    Watch(Pbx pbx, MutesHold holds, Screen screen, Audit audit, String conference) {
        this.audit = audit;
        this.pbx = pbx;
        this.holds = holds;
        this.screen = screen;
        this.conference = conference;
        this.isOfAll = conference.isEmpty();
    }

    /** Writes the audit log. */
    interface Audit {

        /** Writes a line; returns why it could not be written. */
        Optional<String> line(String action, String conference, String typed, Outcome outcome);
    }

    /**
     * A key.
     *
     * @param shown the rows that were on the screen when it was pressed: it means one of these
     */
    private record Pressed(Key key, List<String> shown) {

        private static final Pressed NONE = new Pressed(Key.NONE, List.of());
    }

    /** The rows of a table, of which one is chosen: the row itself, wherever in the table it is. */
    private static final class Rows {

        private List<String> ids = List.of();
        private Optional<String> chosen = Optional.empty();
        private int index;
        private int top;
        private boolean isFirst = true;

        /**
         * Takes the rows as they are now. At first the first one is chosen. Then whoever was chosen stays it; if they have left,
         * nobody is, because a key that is on its way was not meant for anybody else.
         */
        void set(List<String> now) {
            ids = now;
            chosen = isFirst ? ids.stream().findFirst() : chosen;
            isFirst = isFirst && ids.isEmpty();
            index = index().orElse(index);
        }

        /** {@return where the chosen one is} */
        Optional<Integer> index() {
            return chosen.map(ids::indexOf).filter(found -> found >= 0);
        }

        /**
         * Chooses another; next to where the chosen one was, if they have left.
         *
         * @param shown the rows among which the other is meant, whoever has joined or left since
         */
        void move(int by, List<String> shown) {
            if (!shown.isEmpty()) {
                int before = chosen.map(shown::indexOf).orElse(-1);
                int from = before >= 0 ? before : by <= 0 ? index : index - 1;
                index = (int) Math.max(0, Math.min(shown.size() - 1L, (long) from + by));
                chosen = Optional.of(shown.get(index));
                index = index().orElse(index);
            }
        }

        /** Scrolls so that the chosen one is among those who are shown; returns whether others are shown now. */
        boolean scroll(int height) {
            int before = top;
            top = Math.max(0, Math.min(Math.max(Math.min(top, index), index - height + 1), ids.size() - height));
            return top != before;
        }
    }

    @Override
    public void changed(String name) {
        if (name.isEmpty()) {
            noEvents = Optional.empty();
        }
        // Asterisk ignores the case of a conference's name.
        if (name.isEmpty() || conference.isEmpty() || conference.equalsIgnoreCase(name)) {
            stale.set(true);
            wake();
        }
    }

    @Override
    public void lost(PbxException reason) {
        noEvents = Optional.of(reason);
        wake();
    }

    /** Has the thread that waits for a key look what else there is. It does not wait if there is a key. */
    private void wake() {
        if (keys.isEmpty()) {
            keys.offer(Pressed.NONE);
        }
    }

    /** Shows it until somebody presses q, or the terminal is gone. A PBX that does not answer keeps nobody from it. */
    void run() {
        screen.onResize(() -> {
            resized.set(true);
            wake();
        });
        Thread reader = Thread.currentThread();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread thread = new Thread(this::show, "watch");
        thread.setDaemon(true);
        thread.setUncaughtExceptionHandler((failed, e) -> {
            failure.set(e);
            reader.interrupt();
        });
        thread.start();
        readKeys();
        if (failure.get() != null) {
            throw new IllegalStateException(failure.get());
        }
    }

    private void readKeys() {
        try {
            Optional<Key> key = screen.key();
            while (key.isPresent() && (key.get() != Key.QUIT || toKick.isPresent())) {
                keys.offer(new Pressed(key.get(), shown));
                key = screen.key();
            }
        } catch (IOException e) {
            // The terminal is gone, or the other thread has failed.
        }
        ended = true;
        wake();
    }

    private void show() {
        while (!ended) {
            if (resized.getAndSet(false)) {
                screen.resize();
                draw();
                stale.set(true);
            }
            if ((stale.get() || noList.isPresent()) && System.nanoTime() - nextLook >= 0) {
                look();
            }
            draw();
            long wait = stale.get() || noList.isPresent() ? nextLook - System.nanoTime() : Long.MAX_VALUE;
            try {
                Pressed pressed = keys.poll(wait, TimeUnit.NANOSECONDS);
                if (pressed != null) {
                    press(pressed.key(), pressed.shown());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Looks at the PBX. The rows and the table are always of the same list. */
    private void look() {
        stale.set(false);
        try {
            if (conference.isEmpty()) {
                conferences = pbx.conferences();
                rows.set(conferences.stream().map(Conference::name).toList());
                table = Output.lines(Output.table(conferences), Screen::width);
            } else {
                participants = Moderation.fromOutside(pbx, holds, conference).participants();
                rows.set(participants.stream().map(Watch::id).toList());
                rows.scroll(height());
                Map<String, Speech.Standing> standings = Map.of();
                try {
                    standings = standings();
                    locked = pbx.isLocked(conference);
                } finally {
                    table = Output.lines(cells(standings), Screen::width);
                }
            }
            noList = Optional.empty();
            seen = now();
        } catch (PbxException e) {
            noList = Optional.of(e);
        }
        nextLook = System.nanoTime() + (conference.isEmpty() || noList.isPresent() ? LONG_PAUSE : PAUSE).toNanos();
    }

    /** A PBX that has restarted counts its channels from the beginning. */
    static String id(Participant participant) {
        return participant.channel() + " " + participant.uniqueId();
    }

    /** {@return how those stand who are shown} Everyone would be two questions each. */
    private Map<String, Speech.Standing> standings() throws PbxException {
        List<Participant> shown =
                participants.subList(rows.top, Math.min(rows.top + height(), participants.size())).stream()
                        .filter(p -> p.channel().chars().noneMatch(Character::isISOControl))
                        .toList();
        return new Moderation(pbx, holds, conference, "", shown, Optional.empty())
                .speech()
                .standings();
    }

    /** The channel comes last, because a narrow screen cuts it. */
    private List<List<String>> cells(Map<String, Speech.Standing> standings) {
        List<List<String>> cells = new ArrayList<>();
        for (List<String> row : Output.table(participants, standings)) {
            List<String> moved = new ArrayList<>(row);
            moved.add(moved.remove(2));
            moved.set(0, Screen.cut(Output.printable(row.get(0)), MAX_COLUMNS));
            moved.set(1, Screen.cut(Output.printable(row.get(1)), MAX_COLUMNS));
            cells.add(moved);
        }
        return cells;
    }

    private int height() {
        return Math.max(1, screen.height() - OTHER_LINES);
    }

    private void draw() {
        if (rows.scroll(height())) {
            stale.set(true);
        }
        List<Line> lines = new ArrayList<>();
        lines.add(new Line(Style.BOLD, Output.printable(title())));
        lines.add(new Line(Style.PLAIN, table.isEmpty() ? "" : table.get(0)));
        int chosen = rows.index().orElse(-1);
        for (int row = rows.top; row < rows.top + height(); row++) {
            boolean isThere = row < table.size() - 1;
            lines.add(new Line(row == chosen ? Style.CHOSEN : Style.PLAIN, isThere ? table.get(row + 1) : ""));
        }
        lines.add(new Line(Style.PLAIN, Output.printable(message)));
        lines.add(new Line(Style.BOLD, help()));
        screen.draw(lines);
        shown = rows.ids;
    }

    private String title() {
        String what = conference.isEmpty()
                ? "conferences: " + conferences.size()
                : "conference " + conference + ", participants: " + participants.size() + (locked ? ", locked" : "");
        Optional<PbxException> lost = noList.or(() -> noEvents);
        if (lost.isEmpty()) {
            lostSince = "";
            return what + ", at " + seen;
        }
        lostSince = lostSince.isEmpty() ? now() : lostSince;
        return "PBX lost, since " + lostSince + ": " + lost.get().getMessage();
    }

    private static String now() {
        return LocalTime.now().format(CLOCK);
    }

    private String help() {
        if (toKick.isPresent()) {
            return "y kick  any other key: do not kick";
        }
        return conference.isEmpty()
                ? "up, down  Enter open  l lock or unlock  q quit"
                : "up, down  m mute  u unmute  k kick  l " + (locked ? "unlock" : "lock")
                        + (isOfAll ? "  Esc back" : "") + "  q quit";
    }

    private void press(Key key, List<String> among) {
        boolean isOne = toKick.isPresent()
                ? key != Key.NONE
                : !Set.of(Key.YES, Key.OTHER, Key.NONE).contains(key);
        if (!isOne) {
            return;
        }
        message = "";
        if (toKick.isPresent()) {
            Participant participant = toKick.get();
            toKick = Optional.empty();
            if (key == Key.YES) {
                apply(Operation.KICK, participant, "kicked");
            } else {
                message = "nobody was kicked";
            }
            return;
        }
        switch (key) {
            case UP -> rows.move(-1, among);
            case DOWN -> rows.move(1, among);
            case PAGE_UP -> rows.move(-height(), among);
            case PAGE_DOWN -> rows.move(height(), among);
            case HOME -> rows.move(Integer.MIN_VALUE, among);
            case END -> rows.move(Integer.MAX_VALUE, among);
            case ENTER -> chosenConference().map(Conference::name).ifPresent(this::open);
            case ESCAPE -> back();
            case MUTE -> chosenParticipant(among).ifPresent(chosen -> apply(Operation.MUTE, chosen, "muted"));
            case UNMUTE -> chosenParticipant(among).ifPresent(chosen -> apply(Operation.UNMUTE, chosen, "unmuted"));
            case KICK -> askToKick(among);
            case LOCK -> lock();
            case QUIT, YES, OTHER, NONE -> {}
        }
    }

    private Optional<Conference> chosenConference() {
        return conference.isEmpty() ? rows.index().map(conferences::get) : Optional.empty();
    }

    /** {@return who is shown as chosen} */
    private Optional<Participant> chosenParticipant(List<String> among) {
        if (conference.isEmpty()) {
            return Optional.empty();
        }
        Optional<Participant> chosen = rows.index().map(participants::get).filter(one -> among.contains(id(one)));
        if (chosen.isEmpty()) {
            message = "nobody is chosen";
        }
        return chosen;
    }

    private void open(String name) {
        conference = name;
        rowsOfAll = rows;
        rows = new Rows();
        participants = List.of();
        table = List.of();
        locked = false;
        look();
        draw();
        // What was pressed before anybody was shown was meant for nobody of them.
        keys.clear();
    }

    private void back() {
        if (isOfAll && !conference.isEmpty()) {
            conference = "";
            rows = rowsOfAll;
            table = Output.lines(Output.table(conferences), Screen::width);
            look();
            draw();
            keys.clear();
        }
    }

    /** Does something to whoever was chosen, if they are still there. */
    private void apply(Operation operation, Participant participant, String done) {
        act(
                operation.name().toLowerCase(Locale.ROOT),
                conference,
                participant.channel(),
                done + " " + participant.channel() + " of " + conference,
                () -> {
                    Moderation now = Moderation.fromOutside(pbx, holds, conference);
                    boolean isThere = now.participants().stream().anyMatch(p -> id(p).equals(id(participant)));
                    return isThere
                            ? now.apply(operation, participant, participant.channel())
                            : Outcome.of(Status.NOTFOUND, participant.channel() + " has left, nobody was " + done);
                });
    }

    /** Something that changes a conference. */
    private interface Change {
        Outcome make() throws PbxException;
    }

    private void act(String action, String of, String typed, String done, Change change) {
        Outcome outcome;
        try {
            outcome = change.make();
        } catch (PbxException e) {
            outcome = Outcome.of(e);
            if (outcome.status() == Status.UNAVAILABLE) {
                noList = Optional.of(e);
                nextLook = System.nanoTime() + LONG_PAUSE.toNanos();
            }
        }
        message = outcome.isDone() ? done : outcome.reason();
        audit.line(action, of, typed, outcome).ifPresent(problem -> message += "; " + problem);
        stale.set(true);
    }

    private void askToKick(List<String> among) {
        toKick = chosenParticipant(among);
        toKick.ifPresent(chosen -> message =
                "Kick " + chosen.label(participants) + ", " + chosen.channel() + ", out of " + conference + "?");
    }

    private void lock() {
        String name =
                conference.isEmpty() ? chosenConference().map(Conference::name).orElse("") : conference;
        boolean lock = !(conference.isEmpty()
                ? chosenConference().filter(Conference::locked).isPresent()
                : locked);
        if (name.isEmpty()) {
            message = "no conference is chosen";
            return;
        }
        act(lock ? "lock" : "unlock", name, "", (lock ? "locked " : "unlocked ") + name, () -> pbx.lock(name, lock));
    }
}
