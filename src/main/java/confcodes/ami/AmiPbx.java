package confcodes.ami;

import static confcodes.conference.PbxException.Reason.INCOMPLETE_LIST;
import static confcodes.conference.PbxException.Reason.NOT_PERMITTED;
import static confcodes.conference.PbxException.Reason.UNCONFIRMED;
import static confcodes.conference.PbxException.Reason.UNREACHABLE;

import confcodes.ami.Exchange.RowReader;
import confcodes.conference.ChannelState;
import confcodes.conference.Conference;
import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.PbxListener;
import confcodes.conference.Status;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The PBX over a pool of AMI connections. Safe for concurrent use. Every operation has one deadline, {@code ami-timeout} from
 * its beginning, for waiting, login, action and second attempt.
 */
public final class AmiPbx implements Pbx, AutoCloseable {

    /** Asterisk's word for everyone but administrators (app_confbridge.c). */
    private static final String PARTICIPANTS = "participants";

    private static final String CONFERENCE = "Conference";
    private static final String CHANNEL = "Channel";

    /** What can be part of a file's name and of MixMonitor's arguments, which a shell may see. */
    private static final String FILE_NAME = "[A-Za-z0-9_-]+";

    /** What the arguments of ConfBridge() take as it is: no comma, quote, bracket, backslash, dollar sign or the like (app.c). */
    private static final String ARGUMENT = "[\\p{L}\\p{N}_.+*#@-]+( [\\p{L}\\p{N}_.+*#@-]+)*";

    /** Longer than Dial() in [confcodes_invite] lets it ring. */
    private static final Duration CALL_TIME = Duration.ofSeconds(60);

    /** Longer ago than anybody asks. */
    private static final Duration NEVER = Duration.ofDays(1);

    /** With the system's name in front of it, if the PBX has one. */
    private static final String UNIQUE_ID = "[A-Za-z0-9_.-]+";

    /** More than AST_CHANNEL_NAME of channel.h. */
    private static final int MAX_CHANNEL = 200;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSSSSS");

    private final AmiSettings settings;
    private final AmiPool pool;
    private final SharedAnswers<List<Participant>> lists = new SharedAnswers<>();
    private final SharedAnswers<Optional<ChannelState>> channels = new SharedAnswers<>();
    private final Rows rows = new Rows();
    private volatile long lastAnswer = System.nanoTime() - NEVER.toNanos();
    private volatile boolean closed;

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

    /**
     * Begins to say who has joined a conference, left it, or was unmuted.
     *
     * @param listener gets the conference's name and the channel's, which is empty for everyone in it; nothing proves either
     */
    public void watch(BiConsumer<String, String> listener) {
        start(new AmiEvents(this, settings, AmiEvents.PRESENCE, listener, left -> {}, lost -> {}));
    }

    @Override
    public void watch(PbxListener listener) {
        start(new AmiEvents(
                this,
                settings,
                AmiEvents.LIST,
                (conference, channel) -> listener.changed(conference),
                new Departures(listener::changed)::from,
                listener::lost));
    }

    private static void start(AmiEvents events) {
        Thread thread = new Thread(events, "ami-events");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * {@return why the PBX cannot be asked, in one line; empty if it can} It is known from the last login: a PBX that was lost is
     * noticed within a second, one that only does not answer within 20 s.
     */
    public Optional<String> problem() {
        return pool.problem();
    }

    /** {@return since when there is a problem, or none} */
    public Instant since() {
        return pool.since();
    }

    /**
     * How many AMI connections there are.
     *
     * @param active those in use
     * @param idle those that are free
     * @param waiting how many operations wait for one
     * @param most how many there can be: {@code pool-size}
     */
    public record Connections(int active, int idle, int waiting, int most) {}

    /** {@return how many connections there are now} */
    public Connections connections() {
        return pool.connections();
    }

    /** The PBX has answered something just now. */
    void answered() {
        lastAnswer = System.nanoTime();
    }

    /**
     * {@inheritDoc}
     *
     * <p>For one that is watched: the connection for events asks the PBX as soon as it has been silent for 0.4 s.
     */
    @Override
    public boolean hasAnsweredWithin(Duration time) {
        return System.nanoTime() - lastAnswer < time.toNanos() && !pool.isLost();
    }

    /** Logs off all connections; that of the events within 15 s. */
    @Override
    public void close() {
        closed = true;
        pool.close();
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public List<Participant> participants(String conference) throws PbxException {
        AmiAction action = new AmiAction("ConfbridgeList").with(CONFERENCE, conference);
        return lists.get(conference, begun -> rows(action, list(action, "ConfbridgeList", Rows::participant, begun)));
    }

    @Override
    public List<Conference> conferences() throws PbxException {
        AmiAction action = new AmiAction("ConfbridgeListRooms");
        return rows(action, list(action, "ConfbridgeListRooms", rows::conference, () -> {})).stream()
                .flatMap(Optional::stream)
                .toList();
    }

    @Override
    public Optional<ChannelState> channel(String uniqueId, String variable) throws PbxException {
        AmiAction action = new AmiAction("Status")
                .with(CHANNEL, uniqueId)
                .with("Variables", Rows.RESULT + "," + variable)
                .with("AllVariables", "false");
        return channels.get(uniqueId + " " + variable, begun -> channel(action, uniqueId, variable, begun));
    }

    private Optional<ChannelState> channel(AmiAction action, String uniqueId, String variable, Runnable begun)
            throws PbxException {
        Exchange<AmiMessage> status = list(action, "Status", (row, torn) -> row, begun);
        if (!status.isSuccess()) {
            throwIfNotPermitted(action, status.response());
            return Optional.empty();
        }
        return status.isTorn() || status.rows().size() != 1
                ? Optional.empty()
                : Rows.channel(status.rows().get(0), uniqueId, variable);
    }

    @Override
    public Optional<String> conferenceOf(String bridge) throws PbxException {
        AmiAction action = new AmiAction("BridgeInfo").with("BridgeUniqueid", bridge);
        Exchange<AmiMessage> info = list(action, "BridgeInfoChannel", (row, torn) -> row, () -> {});
        if (!info.isSuccess()) {
            throwIfNotPermitted(action, info.response());
            return Optional.empty();
        }
        return Rows.conferenceName(info.end());
    }

    private <R> Exchange<R> list(AmiAction action, String rowEvent, RowReader<R> reader, Runnable begun)
            throws PbxException {
        return attempt(Retry.ALWAYS, (session, deadline, again) -> {
            begun.run();
            return session.list(action, rowEvent, reader, deadline);
        });
    }

    private <R> List<R> rows(AmiAction action, Exchange<R> list) throws PbxException {
        if (!list.isSuccess() && !isNoConference(list.response())) {
            throwIfNotPermitted(action, list.response());
            throw new PbxException(NOT_PERMITTED, refusal(action, list.response()));
        }
        if (list.isSuccess() && !list.isWhole()) {
            throw new PbxException(
                    INCOMPLETE_LIST,
                    action.name() + " of " + settings.address()
                            + " has another number of rows than its end says; nothing" + " was done");
        }
        return list.rows();
    }

    /**
     * {@inheritDoc}
     *
     * <p>Asterisk mutes and unmutes the first whose channel's name begins with the given one, whatever its case, and kicks the
     * one whose name it is (app_confbridge.c).
     */
    @Override
    public Outcome apply(Operation operation, String conference, Participant participant, List<Participant> among)
            throws PbxException {
        String channel = participant.channel();
        if (!canBeSent(channel)) {
            return Outcome.of(Status.DENIED, "the channel's name cannot be sent to the PBX");
        }
        if (operation != Operation.KICK
                && among.stream().filter(p -> beginsWith(p, channel)).count() > 1) {
            return Outcome.of(Status.AMBIGUOUS, "another channel's name begins with " + channel);
        }
        return applyTo(operation, conference, channel, Outcome.done(participant));
    }

    /** Callers can write a part of a Local channel's name, and a whole one into an event. */
    private static boolean canBeSent(String channel) {
        return channel.indexOf('/') > 0
                && channel.length() <= MAX_CHANNEL
                && channel.chars().noneMatch(Character::isISOControl);
    }

    private static boolean beginsWith(Participant participant, String channel) {
        return participant.channel().regionMatches(true, 0, channel, 0, channel.length());
    }

    @Override
    public Outcome applyToAll(Operation operation, String conference) throws PbxException {
        return applyTo(operation, conference, PARTICIPANTS, Outcome.DONE);
    }

    private Outcome applyTo(Operation operation, String conference, String channel, Outcome done) throws PbxException {
        String name = switch (operation) {
            case MUTE -> "ConfbridgeMute";
            case UNMUTE -> "ConfbridgeUnmute";
            case KICK -> "ConfbridgeKick";
        };
        AmiAction action = new AmiAction(name).with(CONFERENCE, conference).with(CHANNEL, channel);
        Retry retry = operation == Operation.KICK ? Retry.CHECKED : Retry.ALWAYS;
        return attempt(retry, (session, deadline, again) -> {
            Outcome outcome = outcome(action, conference, session.ask(action, deadline), done);
            boolean gone = outcome.status() == Status.NOTFOUND || outcome.status() == Status.NOCONFERENCE;
            return again && operation == Operation.KICK && gone ? done : outcome;
        });
    }

    @Override
    public Outcome lock(String conference, boolean locked) throws PbxException {
        AmiAction action = new AmiAction(locked ? "ConfbridgeLock" : "ConfbridgeUnlock").with(CONFERENCE, conference);
        return ask(Retry.ALWAYS, action, conference);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Without a name of ours Asterisk would make a path, and MixMonitor's arguments, of the conference's. The file is {@code
     * confbridge-CONFERENCE-TIME.wav} in Asterisk's directory for recordings, with the local time to the microsecond, to which
     * Asterisk adds seconds unless the bridge profile says {@code record_file_timestamp=no}.
     */
    @Override
    public Outcome record(String conference, boolean recording) throws PbxException {
        if (!conference.matches(FILE_NAME)) {
            return Outcome.of(
                    Status.DENIED,
                    "a conference is recorded only if its name has letters a to z, digits, - and _ alone");
        }
        AmiAction action = new AmiAction(recording ? "ConfbridgeStartRecord" : "ConfbridgeStopRecord")
                .with(CONFERENCE, conference);
        if (recording) {
            String file = "confbridge-" + conference + "-" + LocalDateTime.now().format(TIME) + ".wav";
            action = action.with("RecordFile", file);
        }
        return ask(Retry.NEVER, action, conference);
    }

    @Override
    public Outcome invite(String conference, Invitation invitation) throws PbxException {
        if (!conference.matches(ARGUMENT)) {
            return noArgument();
        }
        String profile = invitation.userProfile();
        AmiAction action = new AmiAction("Originate")
                .with(CHANNEL, invitation.dial())
                .with("Application", "ConfBridge")
                .with("Data", profile.isEmpty() ? conference : conference + ",," + profile)
                .with("Async", "true");
        return ask(Retry.NEVER, action, conference);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Originate tells nobody why a call failed; Dial() in the dialplan does (DIALSTATUS).
     */
    @Override
    public Outcome call(String conference, Invitation invitation, String server, String token) throws PbxException {
        if (!conference.matches(ARGUMENT)) {
            return noArgument();
        }
        AmiAction action = new AmiAction("Originate")
                .with(CHANNEL, "Local/call@confcodes_invite/n")
                .with("Context", "confcodes_invite")
                .with("Exten", "answered")
                .with("Priority", "1")
                .with("Timeout", Long.toString(CALL_TIME.toMillis()))
                .with(
                        "Variable",
                        "CONFCODES_DIAL=" + invitation.dial() + ",__CONFCODES_SERVER=" + server + ",__CONFCODES_TOKEN="
                                + token)
                .with("Async", "true");
        return ask(Retry.NEVER, action, conference);
    }

    private static Outcome noArgument() {
        return Outcome.of(
                Status.DENIED,
                "nobody can be called into a conference whose name ConfBridge() would not take as it is");
    }

    @Override
    public boolean isLocked(String conference) throws PbxException {
        if (!conference.matches(ARGUMENT)) {
            return false;
        }
        AmiAction action = new AmiAction("Getvar").with("Variable", "CONFBRIDGE_INFO(locked," + conference + ")");
        return attempt(Retry.ALWAYS, (session, deadline, again) -> {
            AmiMessage response = session.ask(action, deadline);
            throwIfNotPermitted(action, response);
            return response.get("Value").equals("1");
        });
    }

    /**
     * {@inheritDoc}
     *
     * <p>One end of a Local channel speaks, the other is mixed by ChanSpy() into what the channel hears. Both run in the
     * dialplan, where they can disable their CDRs.
     */
    @Override
    public Outcome whisper(String uniqueId, String server, String token) throws PbxException {
        if (!uniqueId.matches(UNIQUE_ID)) {
            return Outcome.of(Status.DENIED, "a unique id that cannot be dialled");
        }
        AmiAction action = new AmiAction("Originate")
                .with(CHANNEL, "Local/w" + uniqueId + "@confcodes_whisper/n")
                .with("Context", "confcodes_whisper")
                .with("Exten", "ear")
                .with("Priority", "1")
                .with(
                        "Variable",
                        "CONFCODES_EAR=" + uniqueId + ",CONFCODES_SERVER=" + server + ",CONFCODES_TOKEN=" + token)
                .with("Async", "true");
        return ask(Retry.NEVER, action, "");
    }

    /**
     * {@inheritDoc}
     *
     * <p>A channel whose name cannot be sent is none that there is.
     */
    @Override
    public String variable(String channel, String name) throws PbxException {
        if (!channel.isEmpty() && !canBeSent(channel)) {
            return "";
        }
        AmiAction action = on(channel, new AmiAction("Getvar")).with("Variable", name);
        return attempt(Retry.ALWAYS, (session, deadline, again) -> {
            AmiMessage response = session.ask(action, deadline);
            throwIfNotPermitted(action, response);
            return response.get("Value");
        });
    }

    /** {@inheritDoc} */
    @Override
    public Outcome setVariable(String channel, String name, String value) throws PbxException {
        if (!channel.isEmpty() && !canBeSent(channel)) {
            return Outcome.of(Status.NOTFOUND, "the channel's name cannot be sent to the PBX");
        }
        AmiAction action = on(channel, new AmiAction("Setvar")).with("Variable", name);
        return ask(Retry.ALWAYS, action.with("Value", value), "");
    }

    private static AmiAction on(String channel, AmiAction action) {
        return channel.isEmpty() ? action : action.with(CHANNEL, channel);
    }

    private Outcome ask(Retry retry, AmiAction action, String conference) throws PbxException {
        return attempt(
                retry,
                (session, deadline, again) -> outcome(action, conference, session.ask(action, deadline), Outcome.DONE));
    }

    /** The texts are those of app_confbridge.c, the same in 16 and 22. */
    private Outcome outcome(AmiAction action, String conference, AmiMessage response, Outcome done)
            throws PbxException {
        if (response.get("Response").equals("Success")) {
            return done;
        }
        if (isNoConference(response)) {
            return Outcome.noConference(conference);
        }
        throwIfNotPermitted(action, response);
        return switch (response.get("Message")) {
            case "No Channel by that name found in Conference." ->
                Outcome.of(Status.NOTFOUND, "not in conference " + conference + " any more");
            case "No such channel" -> Outcome.of(Status.NOTFOUND, "the channel is gone");
            case "Conference is already being recorded.", "Internal error while stopping recording." -> done;
            default -> Outcome.of(Status.DENIED, refusal(action, response));
        };
    }

    private static boolean isNoConference(AmiMessage response) {
        String message = response.get("Message");
        return message.equals("No active conferences.") || message.equals("No Conference by that name found.");
    }

    private static String refusal(AmiAction action, AmiMessage response) {
        return action.name() + " refused by the PBX: " + response.get("Message");
    }

    private void throwIfNotPermitted(AmiAction action, AmiMessage response) throws PbxException {
        if (response.get("Message").equals("Permission denied")) {
            throw new PbxException(
                    NOT_PERMITTED,
                    "AMI user " + settings.user() + " may not " + action.name() + ": add "
                            + requiredClass(action.name()) + " to the line write= of [" + settings.user()
                            + "] in manager_confcodes.conf");
        }
    }

    private static String requiredClass(String action) {
        return switch (action) {
            case "ConfbridgeList", "ConfbridgeListRooms", "Status" -> "reporting";
            case "ConfbridgeStartRecord", "ConfbridgeStopRecord" -> "system";
            case "Originate" -> "originate";
            default -> "call";
        };
    }

    /** Whether an operation whose connection failed is tried once more on another. */
    private enum Retry {
        /** It does no harm twice. */
        ALWAYS,
        /**
         * The same, but the first attempt, too, needs a checked connection: one lost before it would be taken for one lost
         * after it, and a kick for done.
         */
        CHECKED,
        /** Only if it was certainly not sent. */
        NEVER
    }

    /** One question on one connection. */
    @FunctionalInterface
    private interface Attempt<T> {

        /** @param again whether the same was sent before, and no answer came */
        T on(AmiSession session, long deadline, boolean again) throws PbxException;
    }

    /** The first attempt takes at most three fifths of the time if there may be a second one. */
    private <T> T attempt(Retry retry, Attempt<T> attempt) throws PbxException {
        long deadline = System.nanoTime() + settings.timeout().toNanos();
        AmiSession session = retry == Retry.ALWAYS ? pool.borrow(deadline) : pool.borrowChecked(deadline);
        long now = System.nanoTime();
        try {
            return attemptOn(session, retry == Retry.NEVER ? deadline : now + (deadline - now) / 5 * 3, false, attempt);
        } catch (PbxException e) {
            boolean unsent = e.reason() == UNREACHABLE;
            boolean broken = e.reason() == UNCONFIRMED || e.reason() == INCOMPLETE_LIST;
            if (!(unsent || retry != Retry.NEVER && broken)) {
                throw e;
            }
            boolean mayHaveHappened = e.reason() == UNCONFIRMED;
            try {
                return attemptOn(pool.borrowChecked(deadline), deadline, mayHaveHappened, attempt);
            } catch (PbxException second) {
                second.addSuppressed(e);
                throw mayHaveHappened ? e : second;
            }
        }
    }

    private <T> T attemptOn(AmiSession session, long deadline, boolean again, Attempt<T> attempt) throws PbxException {
        try {
            T answer = attempt.on(session, deadline, again);
            answered();
            return answer;
        } finally {
            pool.release(session);
        }
    }
}
