package confcodes.live;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** A conference of the lab: people join it, press keys and are muted, as Asterisk itself tells it. */
final class Room implements AutoCloseable {

    /** How a caller's channel looks in the conference. */
    enum Kind {
        LOCAL,
        PJSIP
    }

    private static final AtomicInteger NUMBER = new AtomicInteger(100);

    private final Lab lab;
    private final LiveServer server;
    private final String name;
    private final Kind kind;
    private final List<Caller> callers = new ArrayList<>();

    Room(Lab lab, LiveServer server, Kind kind, String name) {
        this.lab = lab;
        this.server = server;
        this.kind = kind;
        this.name = name;
    }

    /** A conference with a name of its own, a number. */
    static Room of(Lab lab, LiveServer server, Kind kind) {
        return new Room(lab, server, kind, Integer.toString(NUMBER.incrementAndGet()));
    }

    static Room of(Lab lab, LiveServer server) {
        return of(lab, server, Kind.LOCAL);
    }

    String name() {
        return name;
    }

    /** Somebody on a telephone, the near end in the conference and the far end in his hand. */
    final class Caller {

        private final String number;
        private final String channel;
        private final String phone;
        private int asked;

        private Caller(String number, String channel, String phone) {
            this.number = number;
            this.channel = channel;
            this.phone = phone;
        }

        String number() {
            return number;
        }

        /** The channel's name in the conference's list. */
        String channel() {
            return channel;
        }

        /** Presses keys; a w is half a second's pause. */
        void keys(String keys) {
            Map<String, String> response = lab.ami()
                    .action("Redirect", "Channel: " + phone, "Context: lab-press", "Exten: " + keys, "Priority: 1");
            assertEquals("Success", response.get("Response"), response::toString);
        }

        /** Presses a service code and, each time that a dial tone asks for digits, the next keys; returns when he is back. */
        void press(String code, String... whenAsked) {
            begin(code);
            for (String keys : whenAsked) {
                awaitAsked();
                keys(keys);
            }
            awaitBack();
        }

        /** Presses a service code, and returns when it runs. */
        void begin(String code) {
            lab.ami().action("Setvar", "Channel: " + channel, "Variable: CONFCODES_STATUS", "Value: NONE");
            int begun = count(CodeEvents.Kind.BEGUN);
            asked = count(CodeEvents.Kind.ASKED);
            keys(code);
            Waiting.until(number + "'s code runs", () -> count(CodeEvents.Kind.BEGUN) > begun, lab::logTail);
        }

        /** Waits until a dial tone asks for digits, once more. */
        void awaitAsked() {
            Waiting.until(number + " is asked for digits", () -> count(CodeEvents.Kind.ASKED) > asked, lab::logTail);
            asked++;
        }

        /** Waits until the caller is back in the conference. */
        void awaitBack() {
            Waiting.until(
                    number + " is back",
                    () -> count(CodeEvents.Kind.BACK) == count(CodeEvents.Kind.BEGUN),
                    lab::logTail);
        }

        private int count(CodeEvents.Kind kind) {
            return lab.events().count(channel, kind);
        }

        /** Waits until Asterisk plays a sound to the caller. */
        void awaitSound(String sound) {
            Waiting.until(number + " hears " + sound, () -> hears(sound), lab::logTail);
        }

        boolean hears(String sound) {
            return lab.log().contains("<" + channel + "> Playing '" + sound + ".");
        }

        /** What the dialplan learnt of the last code. */
        String status() {
            return variable("CONFCODES_STATUS");
        }

        String variable(String variable) {
            return lab.ami()
                    .action("Getvar", "Channel: " + channel, "Variable: " + variable)
                    .getOrDefault("Value", "");
        }

        void hangUp() {
            lab.ami().action("Hangup", "Channel: " + phone);
        }

        boolean isHere() {
            return row().isPresent();
        }

        boolean isMuted() {
            return row().map(row -> row.get("Muted").equals("Yes")).orElse(false);
        }

        Optional<Map<String, String>> row() {
            return rows().stream()
                    .filter(row -> channel.equals(row.get("Channel")))
                    .findFirst();
        }
    }

    /** A participant joins, quietly. */
    Caller join(String number, String... variables) {
        return joinAs(number, "lab_user", "", variables);
    }

    /** An administrator with the sample's menu joins. */
    Caller moderator(String number, String... variables) {
        return joinAs(number, "lab_admin", "confcodes_menu", variables);
    }

    Caller joinAs(String number, String profile, String menu, String... variables) {
        List<String> before = channels();
        List<String> phonesBefore = phones(number);
        List<String> headers = new ArrayList<>(
                List.of("Context: lab-far", "Exten: s", "Priority: 1", "Async: true", "Timeout: 20000"));
        if (kind == Kind.LOCAL) {
            headers.addAll(List.of(
                    "Channel: Local/" + number + "@lab-join/n",
                    "Variable: CONF=" + name,
                    "Variable: PROFILE=" + profile,
                    "Variable: MENU=" + menu));
        } else {
            headers.add("Channel: PJSIP/" + name + "@phone-" + number);
        }
        Arrays.stream(variables).map(variable -> "Variable: " + variable).forEach(headers::add);
        Map<String, String> response = lab.ami().action("Originate", headers.toArray(String[]::new));
        assertEquals("Success", response.get("Response"), response::toString);
        String prefix = (kind == Kind.LOCAL ? "Local/" : "PJSIP/") + number;
        Waiting.until(
                number + " joins " + name,
                () -> newcomer(prefix, before).isPresent(),
                () -> channels() + lab.logTail());
        String channel = newcomer(prefix, before).orElseThrow();
        String phone = kind == Kind.LOCAL
                ? channel.substring(0, channel.length() - 1) + "1"
                : phones(number).stream()
                        .filter(other -> !phonesBefore.contains(other))
                        .findFirst()
                        .orElseThrow();
        Caller caller = new Caller(number, channel, phone);
        callers.add(caller);
        return caller;
    }

    private List<String> phones(String number) {
        return lab.ami().list("CoreShowChannels", "CoreShowChannelsComplete").stream()
                .map(row -> row.get("Channel"))
                .filter(channel -> channel.startsWith("PJSIP/phone-" + number + "-"))
                .toList();
    }

    private Optional<String> newcomer(String prefix, List<String> before) {
        return channels().stream()
                .filter(channel -> channel.startsWith(prefix) && !before.contains(channel))
                .findFirst();
    }

    List<Map<String, String>> rows() {
        return lab.ami().list("ConfbridgeList", "ConfbridgeListComplete", "Conference: " + name);
    }

    List<String> channels() {
        return rows().stream().map(row -> row.get("Channel")).toList();
    }

    /** The caller ID numbers of those who are muted. */
    List<String> muted() {
        return rows().stream()
                .filter(row -> row.get("Muted").equals("Yes"))
                .map(row -> row.get("CallerIDNum"))
                .sorted()
                .toList();
    }

    /** The caller ID numbers of those who are here. */
    List<String> here() {
        return rows().stream().map(row -> row.get("CallerIDNum")).sorted().toList();
    }

    boolean isLocked() {
        return lab.ami().list("ConfbridgeListRooms", "ConfbridgeListRoomsComplete").stream()
                .filter(row -> name.equals(row.get("Conference")))
                .anyMatch(row -> "Yes".equals(row.get("Locked")));
    }

    /** What the server logged about codes of a caller. */
    List<String> logOf(Caller caller) {
        return server.log().stream()
                .filter(line -> line.contains("by=" + caller.channel() + " "))
                .collect(Collectors.toList());
    }

    /** Hangs up every participant's channel. */
    void empty() {
        channels().forEach(channel -> lab.ami().action("Hangup", "Channel: " + channel));
        Waiting.until("conference " + name + " is empty", () -> rows().isEmpty(), () -> here().toString());
    }

    @Override
    public void close() {
        callers.forEach(Caller::hangUp);
        lab.ami().action("ConfbridgeKick", "Conference: " + name, "Channel: all");
        Waiting.until("conference " + name + " is empty", () -> rows().isEmpty(), () -> here().toString());
    }
}
