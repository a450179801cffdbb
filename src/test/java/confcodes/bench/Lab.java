package confcodes.bench;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/** The private Asterisk of the lab and the conferences in it. */
final class Lab implements AutoCloseable {

    static final String USER = "confcodes";
    static final String SECRET = "change-me-confcodes";
    private static final int FIRST_NUMBER = 1001;
    private static final int FIRST_MODERATOR = 9001;
    private static final int MODERATORS = 4;

    private final Map<String, String> facts;
    private final PlainAmi ami;
    private final AtomicInteger conferences = new AtomicInteger(700);

    Lab(Map<String, String> facts) throws IOException {
        this.facts = facts;
        this.ami = new PlainAmi(amiPort(), "lab", "lab", "off");
    }

    int amiPort() {
        return Integer.parseInt(facts.get("ami_port"));
    }

    int agiPort() {
        return Integer.parseInt(facts.get("agi_port"));
    }

    String version() {
        return facts.get("version");
    }

    File log(String name) {
        return Path.of(facts.get("dir"), "log", name).toFile();
    }

    /** The command line that lets Asterisk's own command run, without src/lab/asterisk around it. */
    List<String> rx(String command) {
        List<String> line = new ArrayList<>();
        if (!facts.get("root").equals("/")) {
            line.addAll(List.of("chroot", "/proc/" + facts.get("pid") + "/root"));
        }
        line.addAll(List.of("asterisk", "-C", facts.get("dir") + "/etc/asterisk.conf", "-rx", command));
        return line;
    }

    PlainAmi socket() throws IOException {
        return new PlainAmi(amiPort(), USER, SECRET, "off");
    }

    /**
     * A conference.
     *
     * @param name its name
     * @param moderators the channels of its administrators, who have the sample's menu
     * @param members channels by number, administrators not among them
     * @param numbers those numbers
     */
    record Room(String name, List<String> moderators, Map<String, String> members, List<String> numbers) {

        String number(int i) {
            return numbers.get(i % numbers.size());
        }

        String channel(int i) {
            return members.get(number(i));
        }

        String moderator() {
            return moderators.get(0);
        }
    }

    /** Fills a new conference and waits until all are in it. */
    synchronized Room fill(int size) throws IOException, InterruptedException {
        String name = Integer.toString(conferences.incrementAndGet());
        int moderators = Math.max(1, Math.min(MODERATORS, size / 3));
        for (int i = 0; i < size; i++) {
            boolean moderator = i < moderators;
            int number = moderator ? FIRST_MODERATOR + i : FIRST_NUMBER + i - moderators;
            PlainAmi.done(ami.ask(
                    "Originate",
                    "Channel: Local/" + number + "@lab-join/n",
                    "Context: lab-far",
                    "Exten: s",
                    "Priority: 1",
                    "Async: true",
                    "Variable: CONF=" + name,
                    "Variable: BRIDGE=bench_bridge",
                    "Variable: PROFILE=" + (moderator ? "lab_admin" : "bench_user"),
                    "Variable: MENU=" + (moderator ? "confcodes_menu" : "")));
        }
        List<Map<String, String>> rows = rows(name);
        for (int waits = 0; rows.size() < size; waits++) {
            if (waits > 600) {
                throw new IOException("only " + rows.size() + " of " + size + " have joined");
            }
            Thread.sleep(100);
            rows = rows(name);
        }
        Map<String, String> members = rows.stream()
                .filter(row -> row.get("Admin").equals("No"))
                .collect(Collectors.toMap(row -> row.get("CallerIDNum"), row -> row.get("Channel")));
        List<String> admins = rows.stream()
                .filter(row -> row.get("Admin").equals("Yes"))
                .map(row -> row.get("Channel"))
                .toList();
        return new Room(name, admins, new HashMap<>(members), List.copyOf(members.keySet()));
    }

    private List<Map<String, String>> rows(String conference) throws IOException {
        ami.list("ConfbridgeList", "Conference: " + conference);
        return ami.rows();
    }

    synchronized void empty(Room room) throws IOException, InterruptedException {
        ami.ask("ConfbridgeKick", "Conference: " + room.name(), "Channel: all");
        for (int waits = 0; !rows(room.name()).isEmpty(); waits++) {
            if (waits > 600) {
                throw new IOException("conference " + room.name() + " does not empty");
            }
            Thread.sleep(50);
        }
    }

    /** Presses keys on the far end of a channel. */
    synchronized void press(String channel, String keys) throws IOException {
        String telephone = channel.substring(0, channel.length() - 1) + "1";
        PlainAmi.done(
                ami.ask("Redirect", "Channel: " + telephone, "Context: lab-press", "Exten: " + keys, "Priority: 1"));
    }

    synchronized String application(String channel) throws IOException {
        String answer = ami.ask("Getvar", "Channel: " + channel, "Variable: CHANNEL(appname)");
        return answer.lines()
                .filter(line -> line.startsWith("Value: "))
                .map(line -> line.substring("Value: ".length()))
                .findFirst()
                .orElse("");
    }

    /**
     * Waits until Asterisk has worked off the events of what was done to it. Thousands of mutes a second leave it tens of
     * thousands of them, under which it stalls for seconds, with plain sockets too.
     */
    void settle() throws IOException, InterruptedException {
        for (int waits = 0; waits < 3000 && queued() > 0; waits++) {
            Thread.sleep(4);
        }
    }

    /** The column In Queue of the task processors, added up. */
    private synchronized int queued() throws IOException {
        return ami.ask("Command", "Command: core show taskprocessors")
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(words -> words.length > 6 && words[3].matches("\\d+"))
                .mapToInt(words -> Integer.parseInt(words[3]))
                .sum();
    }

    void awaitApplication(String channel, String wanted) throws IOException, InterruptedException {
        for (int waits = 0; !application(channel).equals(wanted); waits++) {
            if (waits > 1000) {
                throw new IOException(channel + " is in " + application(channel) + ", not in " + wanted);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() throws IOException {
        ami.close();
    }
}
