package confcodes.lab;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.asteriskjava.manager.action.ConfbridgeKickAction;
import org.asteriskjava.manager.event.ConfbridgeListEvent;

/** A conference of the lab: people join it, press keys and are muted, as Asterisk itself tells it. */
public final class Room implements AutoCloseable {

    /** The kinds of telephone. */
    public enum Kind {
        /** Without a telephone: the far end of a Local channel, which Asterisk lets press keys. */
        LOCAL,
        /** A SIP phone of its own. */
        SIP
    }

    private static final Pattern NO_ALPHANUMERIC = Pattern.compile("[^0-9A-Za-z]");

    private final Lab lab;
    private final ServerProcess server;
    private final String name;
    private final List<Caller> callers = new ArrayList<>();

    Room(Lab lab, ServerProcess server, String name) {
        this.lab = lab;
        this.server = server;
        this.name = name;
    }

    /** {@return its name} */
    public String name() {
        return name;
    }

    /** A participant joins, quietly, and without a menu. */
    public Caller join(String number) {
        return join(number, "lab_user", "");
    }

    /** An administrator with the sample's menu joins. */
    public Caller moderator(String number) {
        return join(number, "lab_admin", "confcodes_menu");
    }

    /** An administrator with the sample's menu joins. */
    public Caller moderator(Kind kind, String number) {
        return kind == Kind.LOCAL ? moderator(number) : dial(SipPhone.leader(lab.sipPort(), number));
    }

    /** A participant joins, quietly; one with a SIP phone has the sample's menu. */
    public Caller join(Kind kind, String number) {
        return kind == Kind.LOCAL ? join(number) : dial(SipPhone.guest(lab.sipPort(), number));
    }

    /**
     * Somebody joins.
     *
     * @param number the caller ID number; {@code anonymous} to withhold it
     * @param profile the user profile
     * @param menu the menu; empty for none
     * @param variables others of the caller's channel, such as {@code CONFNUM=100}
     */
    public Caller join(String number, String profile, String menu, String... variables) {
        return joined(number, call(number, profile, menu, variables), Optional.empty());
    }

    /** Many administrators with the sample's menu join at once, each with a number of their own. */
    public List<Caller> moderators(IntStream numbers) {
        Map<String, String> tokens = new LinkedHashMap<>();
        numbers.mapToObj(Integer::toString)
                .forEach(number -> tokens.put(number, call(number, "lab_admin", "confcodes_menu")));
        List<Caller> moderators = new ArrayList<>();
        tokens.forEach((number, token) -> moderators.add(joined(number, token, Optional.empty())));
        return moderators;
    }

    private String call(String number, String profile, String menu, String... variables) {
        String token = UUID.randomUUID().toString().replace("-", "");
        Map<String, String> all = new TreeMap<>(Map.of("CONF", name, "PROFILE", profile, "MENU", menu, "TOKEN", token));
        Arrays.stream(variables).map(text -> text.split("=", 2)).forEach(pair -> all.put(pair[0], pair[1]));
        lab.ami().originate("Local/" + number + "@lab-join/n", all);
        return token;
    }

    /** A SIP phone dials the conference's name and joins. */
    public Caller dial(SipPhone phone) {
        return dial(phone, "");
    }

    /** A SIP phone dials the conference's name, presses keys such as a PIN, and joins. */
    public Caller dial(SipPhone phone, String keys) {
        phone.dial(escaped(name.replaceAll("[\\\\\"]", "\\\\$0")));
        phone.press(keys, Caller.KEY);
        return joined(phone.user(), phone.callId(), Optional.of(phone));
    }

    private static String escaped(String text) {
        return NO_ALPHANUMERIC.matcher(text).replaceAll(odd -> {
            StringBuilder bytes = new StringBuilder();
            for (byte one : odd.group().getBytes(StandardCharsets.UTF_8)) {
                bytes.append(String.format("%%%02X", one));
            }
            return bytes.toString();
        });
    }

    private Caller joined(String number, String token, Optional<SipPhone> phone) {
        AmiObserver ami = lab.ami();
        String variable = "CHANNEL_" + token;
        Await.until(number + " calls", () -> !ami.variable("", variable).isEmpty(), lab::logTail);
        String channel = ami.variable("", variable);
        int since = Math.max(0, lab.logSize() - 1_000_000);
        Await.until(
                number + " joins " + name,
                () -> lab.logged("Channel " + channel + " joined 'softmix'", since),
                lab::logTail);
        Caller caller = new Caller(lab, this, number, channel, phone);
        callers.add(caller);
        if (server != null) {
            caller.codesGoTo(server.port());
        }
        return caller;
    }

    /** {@return everyone who is here} */
    public List<ConfbridgeListEvent> participants() {
        return lab.ami().participants(name);
    }

    /** {@return the channels of those who are here} */
    public List<String> channels() {
        return participants().stream().map(ConfbridgeListEvent::getChannel).toList();
    }

    /** {@return the caller ID numbers of those who are muted, sorted} */
    public List<String> muted() {
        return participants().stream()
                .filter(row -> "Yes".equals(row.getMuted()))
                .map(ConfbridgeListEvent::getCallerIdNum)
                .sorted()
                .toList();
    }

    /** {@return the caller ID numbers of those who are here, sorted} */
    public List<String> here() {
        return participants().stream()
                .map(ConfbridgeListEvent::getCallerIdNum)
                .sorted()
                .toList();
    }

    /** Waits until exactly these numbers are here. */
    public void awaitHere(String... numbers) {
        List<String> wanted = Stream.of(numbers).sorted().toList();
        Await.until(wanted + " are here", () -> here().equals(wanted), this::here);
    }

    /** {@return whether it is locked} */
    public boolean isLocked() {
        return lab.ami().conferences().stream().anyMatch(row -> name.equals(row.getConference()) && row.getLocked());
    }

    /** {@return whether Asterisk records it} */
    public boolean isRecorded() {
        return lab.rx("core show channels concise").lines().anyMatch(line -> line.startsWith("CBRec/" + name));
    }

    /** {@return what the server has logged about a caller's codes} */
    public List<String> logOf(Caller caller) {
        return server.log().stream()
                .filter(line -> line.contains("by=" + caller.channel() + " "))
                .toList();
    }

    /** Waits until the server has logged so many codes of a caller, and returns the last outcome, such as {@code done}. */
    public String awaitOutcome(Caller caller, long codes) {
        Await.until("the code ends", () -> logOf(caller).size() == codes, server::logText);
        return logOf(caller).get((int) codes - 1).replaceFirst(".* outcome=(\\w+) .*", "$1");
    }

    /** Everybody leaves. */
    @Override
    public void close() {
        callers.forEach(Caller::hangUp);
        if (name.chars().noneMatch(Character::isISOControl)) {
            lab.ami().ask(new ConfbridgeKickAction(name, "all"));
            Await.until("conference " + name + " is empty", () -> participants().isEmpty(), this::here);
        }
    }
}
