package confcodes.lab;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.asteriskjava.manager.event.ConfbridgeListEvent;

/**
 * Moderators with SIP phones, each in a conference of their own, who mute and unmute a participant by number without end, now and
 * then raise or lower their hand, and what came of each code: what the caller was told, what is so, and how long the caller was in
 * AGI().
 */
public final class Presses implements AutoCloseable {

    private static final String NAMED = "4101";
    private static final String BYSTANDER = "4102";
    private static final Duration PERIOD = Duration.ofSeconds(1);

    /** After this time the keys have not arrived. */
    private static final Duration KEYS = Duration.ofSeconds(5);

    /** Each of so many codes is that of the hand. */
    private static final int HAND = 5;

    private final Lab lab;
    private final List<Room> rooms = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Press> presses = new ConcurrentLinkedQueue<>();
    private volatile boolean over;
    private volatile boolean isAbandoned;

    /**
     * One code.
     *
     * @param agi when it was in AGI()
     * @param isMistyped whether keys did not arrive as they were pressed, on a machine that is busy, so that the server asked again
     * @param status what the dialplan was told, such as {@code DONE}
     * @param wrong what is not as it should be; empty if nothing
     */
    public record Press(Optional<InAgi> agi, boolean isMistyped, String status, String wrong) {

        /** {@return whether it was done} */
        public boolean isDone() {
            return status.equals("DONE");
        }

        /** {@return whether no server did it, so that the caller has to press it again} */
        public boolean isLost() {
            return !isMistyped && !isDone();
        }

        /** {@return whether it was in AGI() at some time from one moment to another} */
        public boolean isInProgress(long from, long to) {
            return agi.filter(span -> span.overlaps(from, to)).isPresent();
        }

        /** {@return how long it was in AGI()} */
        public Duration held() {
            return agi.map(InAgi::length).orElse(Duration.ZERO);
        }
    }

    /** Lets some join a PBX's conferences, and begins. */
    public Presses(Lab lab, int moderators) {
        this.lab = lab;
        for (int i = 0; i < moderators; i++) {
            Room room = lab.room(null);
            rooms.add(room);
            room.join(NAMED);
            room.join(BYSTANDER);
            Caller moderator = room.moderator(Room.Kind.SIP, Integer.toString(4200 + i));
            Duration later = PERIOD.multipliedBy(i).dividedBy(moderators);
            Thread thread = new Thread(() -> press(room, moderator, later), "presses " + moderator.number());
            thread.setDaemon(true);
            threads.add(thread);
        }
        threads.forEach(Thread::start);
    }

    private void press(Room room, Caller moderator, Duration later) {
        LockSupport.parkNanos(later.toNanos());
        boolean isMuted = false;
        boolean isRaised = false;
        boolean isUnsure = false;
        for (int i = 1; !over; i++) {
            long next = System.nanoTime() + PERIOD.toNanos();
            boolean isHand = i % HAND == 0;
            try {
                moderator.pressInOneGo(isHand ? "*25" : (isMuted ? "*7" : "*6") + NAMED + "#");
                if (!Await.isWithin(KEYS, moderator::hasBegun)) {
                    add(new Press(Optional.empty(), true, "", ""));
                    continue;
                }
                moderator.awaitBack();
                String status = moderator.status();
                boolean isMistyped = moderator.timesAsked() > (isHand ? 0 : 1) || status.equals("NOTFOUND");
                boolean wasSo = isHand ? isRaised : isMuted;
                isMuted = isMuted(room, NAMED);
                isRaised = moderator.variable("CONFCODES_HAND").contains(" ");
                boolean isSo = isHand ? isRaised : isMuted;
                String wrong = isMuted(room, BYSTANDER)
                        ? "the bystander is muted"
                        : status.equals("DONE") && isSo == wasSo && !isUnsure ? "DONE, and it is not so" : "";
                // What was sent and not answered can still happen, later.
                isUnsure = !status.equals("DONE") || isUnsure && !isHand;
                add(new Press(moderator.inAgi(), isMistyped, status, wrong));
            } catch (RuntimeException | AssertionError e) {
                if (!over) {
                    add(new Press(moderator.inAgi(), false, "NONE", e.getMessage() + "\n" + moderator.logTail()));
                }
                return;
            }
            LockSupport.parkNanos(next - System.nanoTime());
        }
    }

    private void add(Press press) {
        if (!isAbandoned) {
            presses.add(press);
        }
    }

    private static boolean isMuted(Room room, String number) {
        return room.participants().stream()
                .filter(row -> number.equals(row.getCallerIdNum()))
                .map(ConfbridgeListEvent::getMuted)
                .anyMatch("Yes"::equals);
    }

    /** {@return the codes that have ended since the last time that this was asked} */
    public List<Press> take() {
        List<Press> taken = new ArrayList<>();
        for (Press press = presses.poll(); press != null; press = presses.poll()) {
            taken.add(press);
        }
        return taken;
    }

    /** {@return the PBX} */
    public Lab lab() {
        return lab;
    }

    /** Lets codes in progress end, and begins no other. */
    public void stop() {
        over = true;
        threads.forEach(thread -> {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** The PBX has been killed, and its callers are gone. What they still wait for does not count. */
    public void abandon() {
        isAbandoned = true;
        over = true;
    }

    /** Hangs up the telephones of those who were abandoned, when the PBX is back. */
    public void forget() {
        rooms.forEach(Room::close);
    }

    /** Ends, and everybody leaves. */
    @Override
    public void close() {
        stop();
        rooms.forEach(Room::close);
    }
}
