package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.NOT_PERMITTED;
import static confcodes.conference.PbxException.Reason.REFUSED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.ami.AmiSession.Reply;
import confcodes.conference.Conference;
import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;

/**
 * The PBX behind a pool of AMI connections. Safe for concurrent use.
 *
 * <p>What failed for the connection's sake is tried once more on another one, within the same {@code ami-timeout}; an
 * invitation and a recording only when they were certainly not sent.
 */
public final class AmiPbx implements Pbx, AutoCloseable {

    /** Asterisk's word for everyone but administrators (app_confbridge.c). */
    private static final String PARTICIPANTS = "participants";

    private static final String CONFERENCE = "Conference";
    private static final String CHANNEL = "Channel";

    private final AmiSettings settings;
    private final AmiPool pool;
    private final SharedLists lists = new SharedLists();

    /**
     * Creates a PBX; nothing is connected yet.
     *
     * @param settings how it is reached
     */
    public AmiPbx(AmiSettings settings) {
        this.settings = settings;
        this.pool = new AmiPool(settings);
    }

    /** Opens the pool's connections now. A PBX that is down is said once in the log and is no error. */
    public void open() {
        pool.open();
    }

    /** Logs off all connections. */
    @Override
    public void close() {
        pool.close();
    }

    /**
     * Loads what a login's MD5 needs, in a thread of its own, while a command line is read. It may run before it is known how
     * much is logged: no class that has a logger may be loaded by it.
     */
    public static void prepare() {
        Thread thread = new Thread(
                () -> {
                    try {
                        MessageDigest.getInstance("MD5");
                    } catch (NoSuchAlgorithmException e) {
                        // The login will report it.
                    }
                },
                "prepare");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public List<Participant> participants(String conference) throws PbxException {
        AmiAction action = new AmiAction("ConfbridgeList").with(CONFERENCE, conference);
        return lists.get(conference, begun -> list(action, "ConfbridgeList", AmiPbx::participant, begun));
    }

    @Override
    public List<Conference> conferences() throws PbxException {
        return list(new AmiAction("ConfbridgeListRooms"), "ConfbridgeListRooms", AmiPbx::conference, () -> {});
    }

    @Override
    public Answer apply(Operation operation, String conference, String channel) throws PbxException {
        if (channel.indexOf('/') <= 0) {
            throw new IllegalArgumentException("not a full channel name: " + channel);
        }
        return applyTo(operation, conference, channel);
    }

    @Override
    public Answer applyToParticipants(Operation operation, String conference) throws PbxException {
        return applyTo(operation, conference, PARTICIPANTS);
    }

    private Answer applyTo(Operation operation, String conference, String channel) throws PbxException {
        String name = switch (operation) {
            case MUTE -> "ConfbridgeMute";
            case UNMUTE -> "ConfbridgeUnmute";
            case KICK -> "ConfbridgeKick";
        };
        AmiAction action = new AmiAction(name).with(CONFERENCE, conference).with(CHANNEL, channel);
        return attempt(true, operation == Operation.KICK, (session, time, repeated) -> {
            Answer answer = answer(action, session.ask(action, time));
            boolean gone = answer == Answer.NO_PARTICIPANT || answer == Answer.NO_CONFERENCE;
            return repeated && operation == Operation.KICK && gone ? Answer.DONE : answer;
        });
    }

    @Override
    public Answer lock(String conference, boolean locked) throws PbxException {
        AmiAction action = new AmiAction(locked ? "ConfbridgeLock" : "ConfbridgeUnlock").with(CONFERENCE, conference);
        return attempt(true, (session, time, repeated) -> answer(action, session.ask(action, time)));
    }

    @Override
    public Answer record(String conference, boolean recording) throws PbxException {
        AmiAction action = new AmiAction(recording ? "ConfbridgeStartRecord" : "ConfbridgeStopRecord")
                .with(CONFERENCE, conference);
        return attempt(false, (session, time, repeated) -> answer(action, session.ask(action, time)));
    }

    @Override
    public void invite(String conference, Invitation invitation) throws PbxException {
        AmiAction action = new AmiAction("Originate")
                .with(CHANNEL, invitation.dial())
                .with("Application", "ConfBridge")
                .with("Data", conference + (invitation.userProfile().isEmpty() ? "" : ",," + invitation.userProfile()))
                .with("Async", "true");
        attempt(false, (session, time, repeated) -> answer(action, session.ask(action, time)));
    }

    private <R> List<R> list(AmiAction action, String rowEvent, Function<AmiMessage, R> row, Runnable begun)
            throws PbxException {
        return attempt(true, (session, time, repeated) -> {
            begun.run();
            AmiSession.Listing<R> listing = session.list(action, rowEvent, row, time);
            if (!listing.reply().success()) {
                answer(action, listing.reply());
            }
            return listing.rows();
        });
    }

    /** One question on one connection. */
    @FunctionalInterface
    private interface Attempt<T> {
        T on(AmiSession session, Duration time, boolean repeated) throws PbxException;
    }

    private <T> T attempt(boolean repeatable, Attempt<T> attempt) throws PbxException {
        return attempt(repeatable, !repeatable, attempt);
    }

    /**
     * Runs an attempt, and a second one on another connection when the first failed for the connection's sake. Where there may
     * be a second one, the first takes at most three fifths of the time.
     *
     * @param standing whether the first attempt, too, needs a connection that was looked at: one that had been lost before it
     *     would be taken for one lost behind it, and a kick for done
     */
    private <T> T attempt(boolean repeatable, boolean standing, Attempt<T> attempt) throws PbxException {
        AmiSession session = standing ? pool.borrowStanding(settings.poolWait()) : pool.borrow(settings.poolWait());
        Duration time = settings.timeout();
        long deadline = System.nanoTime() + time.toNanos();
        try {
            return attemptOn(session, repeatable ? time.multipliedBy(3).dividedBy(5) : time, false, attempt);
        } catch (PbxException e) {
            boolean unsent = e.reason() == UNREACHABLE;
            boolean broken = e.reason() == UNCONFIRMED || e.reason() == INCOMPLETE_LIST;
            if (!(unsent || repeatable && broken)) {
                throw e;
            }
            boolean mayHaveHappened = e.reason() == UNCONFIRMED;
            try {
                AmiSession other = pool.borrowStanding(left(deadline));
                return attemptOn(other, left(deadline), mayHaveHappened, attempt);
            } catch (PbxException second) {
                second.addSuppressed(e);
                throw mayHaveHappened ? e : second;
            }
        }
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1, deadline - System.nanoTime()));
    }

    private <T> T attemptOn(AmiSession session, Duration time, boolean repeated, Attempt<T> attempt)
            throws PbxException {
        boolean answered = false;
        try {
            T result = attempt.on(session, time, repeated);
            answered = true;
            return result;
        } catch (PbxException e) {
            answered = e.reason() == NOT_PERMITTED || e.reason() == REFUSED;
            throw e;
        } finally {
            if (answered) {
                pool.giveBack(session);
            } else {
                pool.discard(session);
            }
        }
    }

    /** The texts are those of app_confbridge.c and manager.c, the same in 16 and 22. */
    private Answer answer(AmiAction action, Reply reply) throws PbxException {
        if (reply.success()) {
            return Answer.DONE;
        }
        String message = reply.message();
        return switch (message) {
            case "No active conferences.", "No Conference by that name found." -> Answer.NO_CONFERENCE;
            case "No Channel by that name found in Conference." -> Answer.NO_PARTICIPANT;
            case "Conference is already being recorded.", "Internal error while stopping recording." ->
                Answer.NO_CHANGE;
            case "Permission denied" ->
                throw new PbxException(
                        NOT_PERMITTED,
                        "AMI user " + settings.user() + " may not " + action.getAction() + ": add "
                                + requiredClass(action.getAction()) + " to the line write= of [" + settings.user()
                                + "] in manager_confcodes.conf");
            default -> throw new PbxException(REFUSED, action.getAction() + " refused by the PBX: " + message);
        };
    }

    private static String requiredClass(String action) {
        return switch (action) {
            case "ConfbridgeList", "ConfbridgeListRooms" -> "reporting";
            case "ConfbridgeStartRecord", "ConfbridgeStopRecord" -> "system";
            case "Originate" -> "originate";
            default -> "call";
        };
    }

    private static Participant participant(AmiMessage row) {
        return new Participant(
                row.get(CHANNEL),
                known(row.get("CallerIDNum")),
                known(row.get("CallerIDName")),
                isYes(row.get("Admin")),
                isYes(row.get("MarkedUser")),
                isYes(row.get("Waiting")),
                isYes(row.get("Muted")),
                isYes(row.get("Talking")),
                Duration.ofSeconds(number(row.get("AnsweredTime"))));
    }

    private static Conference conference(AmiMessage row) {
        return new Conference(
                row.get(CONFERENCE), number(row.get("Parties")), number(row.get("Marked")), isYes(row.get("Locked")));
    }

    private static String known(String text) {
        return text.equals("<unknown>") ? "" : text;
    }

    private static boolean isYes(String text) {
        return text.equalsIgnoreCase("Yes");
    }

    private static int number(String digits) {
        return digits.isEmpty() ? 0 : Integer.parseInt(digits);
    }
}
