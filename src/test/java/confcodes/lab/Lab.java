package confcodes.lab;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.asteriskjava.manager.action.EventsAction;

/** The private Asterisk of src/lab/asterisk. Safe for concurrent use. */
public final class Lab implements AutoCloseable {

    /** The AMI user of the sample configuration. */
    public static final String USER = "confcodes";

    /** That user's secret. */
    public static final String SECRET = "change-me-confcodes";

    private static final String SCRIPT = "src/lab/asterisk";
    private static final int NONE_TO_BE_HAD = 77;

    private final Map<String, String> facts = new HashMap<>();
    private final AtomicInteger conferences = new AtomicInteger(100);
    private final StringBuilder log = new StringBuilder();
    private volatile AmiObserver ami;
    private volatile AmiObserver events;
    private volatile CodeProgress progress;

    /** There is no Asterisk on this machine, and none can be had; the message says why. */
    public static final class UnavailableException extends Exception {

        private static final long serialVersionUID = 1;

        private UnavailableException(String reason) {
            super(reason);
        }
    }

    private Lab(String lines) {
        take(lines);
        connect();
    }

    /**
     * Starts one, which ends with this process at the latest.
     *
     * @param arguments others of {@code src/lab/asterisk start}, such as {@code freepbx} or {@code systemname=pbx1}
     * @throws UnavailableException if none can be had
     */
    public static Lab start(List<String> arguments) throws UnavailableException {
        List<String> command = new ArrayList<>(List.of(SCRIPT, "start", "--with-pid"));
        command.add(Long.toString(ProcessHandle.current().pid()));
        command.addAll(arguments);
        Ran ran = Ran.of(new ProcessBuilder(command));
        if (ran.exitCode() == NONE_TO_BE_HAD) {
            throw new UnavailableException(ran.err().strip());
        }
        return new Lab(ran.success());
    }

    /**
     * {@return one that runs already}
     *
     * @param lines what {@code src/lab/asterisk start} has printed
     */
    public static Lab running(String lines) {
        return new Lab(lines);
    }

    private void take(String lines) {
        lines.lines()
                .map(line -> line.split("=", 2))
                .filter(pair -> pair.length == 2)
                .forEach(pair -> facts.put(pair[0], pair[1]));
    }

    /** Two connections: the answers to actions would wait in the queue of all events. */
    private void connect() {
        ami = new AmiObserver(amiPort(), "off");
        events = new AmiObserver(amiPort(), "agi,dialplan");
        progress = new CodeProgress(events);
    }

    /** Begins or ends to follow everybody's codes, which costs a processor's time while many are pressed. */
    public void followCodes(boolean follow) {
        events.act(new EventsAction(follow ? "agi,dialplan" : "off"));
    }

    private void disconnect() {
        ami.close();
        events.close();
    }

    /** {@return where it speaks AMI} */
    public int amiPort() {
        return Integer.parseInt(facts.get("ami_port"));
    }

    /** {@return where it speaks SIP} */
    public int sipPort() {
        return Integer.parseInt(facts.get("sip_port"));
    }

    /** {@return where its dialplan looks for the server of a caller who is not told another} */
    public int agiPort() {
        return Integer.parseInt(facts.get("agi_port"));
    }

    /** {@return its name among several, with which it was started by {@code systemname=pbx1}; empty if it has none} */
    public String name() {
        return facts.getOrDefault("systemname", "");
    }

    /** {@return a properties file's lines for a server of several named ones, on a free port} */
    public static List<String> settings(Lab... labs) {
        List<String> lines = new ArrayList<>(List.of("agi-port=0", "ami-secret=" + SECRET));
        lines.add("pbx=" + Stream.of(labs).map(Lab::name).collect(Collectors.joining(",")));
        Stream.of(labs).forEach(lab -> lines.add(lab.name() + ".ami-port=" + lab.amiPort()));
        return lines;
    }

    /** {@return its version, such as {@code 22.10.1}} */
    public String version() {
        return facts.get("version");
    }

    /** {@return its version's first number} */
    public int majorVersion() {
        return Integer.parseInt(version().replaceFirst("\\..*", ""));
    }

    /** {@return its process id, which is another after a restart} */
    public long pid() {
        return Long.parseLong(facts.get("pid"));
    }

    /** {@return a file in its directory, such as {@code etc/manager.conf}} */
    public Path file(String name) {
        return Path.of(facts.get("dir")).resolve(name);
    }

    /** {@return the observer} */
    public AmiObserver ami() {
        return ami;
    }

    CodeProgress progress() {
        return progress;
    }

    /** {@return a conference with a name of its own, a number, whose codes go to a server} */
    public Room room(ServerProcess server) {
        return room(server, Integer.toString(conferences.incrementAndGet()));
    }

    /** {@return a conference with a given name, whose codes go to a server} */
    public Room room(ServerProcess server, String name) {
        return new Room(this, server, name);
    }

    /** {@return a server that reaches this Asterisk} */
    public ServerProcess serve(String... options) {
        return ServerProcess.start(amiPort(), SECRET, options);
    }

    /** Runs a command of the packaged jar, as the sample's AMI user. */
    public Ran run(String... arguments) {
        return Ran.of(command(arguments));
    }

    /** Runs a command of the packaged jar, as another AMI user. */
    public Ran runAs(String user, String secret, String... arguments) {
        ProcessBuilder builder = command(arguments);
        builder.environment().put("CONFCODES_AMI_USER", user);
        builder.environment().put("CONFCODES_AMI_SECRET", secret);
        return Ran.of(builder);
    }

    /** {@return a command of the packaged jar, as the sample's AMI user} */
    public ProcessBuilder command(String... arguments) {
        ProcessBuilder builder = ServerProcess.launcher(arguments);
        builder.environment().put("CONFCODES_AMI_PORT", Integer.toString(amiPort()));
        builder.environment().put("CONFCODES_AMI_USER", USER);
        builder.environment().put("CONFCODES_AMI_SECRET", SECRET);
        return builder;
    }

    /** {@return what a command of Asterisk's own shell prints} */
    public String rx(String command) {
        return Ran.of(new ProcessBuilder(SCRIPT, "rx", facts.get("dir"), command))
                .out();
    }

    /** {@return the AMI connections of a user, each by the file descriptor that `manager kick session` takes} */
    public List<String> connected(String user) {
        return rx("manager show connected")
                .lines()
                .map(line -> line.strip().split(" +"))
                .filter(columns -> columns.length > 4 && columns[0].equals(user))
                .map(columns -> columns[4])
                .toList();
    }

    /** Sends its process a signal, such as {@code STOP}. */
    public void signal(String name) {
        signal(pid(), name);
    }

    /** Sends a process a signal. */
    public static void signal(long pid, String name) {
        Ran.of(new ProcessBuilder("kill", "-" + name, Long.toString(pid))).success();
    }

    /** {@return whether it is stopped by a signal} */
    public boolean isStopped() {
        try {
            return Files.readString(Path.of("/proc/" + pid() + "/stat")).contains(") T ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts it again after it was killed, on the same ports. */
    public void restart() {
        take(Ran.of(new ProcessBuilder(SCRIPT, "restart", facts.get("dir"))).success());
        reconnect();
    }

    /** Waits until it is booted, after it has restarted itself, and connects again. */
    public void reconnect() {
        disconnect();
        Await.until("Asterisk is back", () -> rx("core waitfullybooted").contains("fully booted"), this::logTail);
        connect();
    }

    /** Waits until Asterisk has worked off its queues. While one has more than some hundred tasks, it takes no SIP call. */
    public void settle() {
        Await.until("the queues are short", () -> queued(rx("core show taskprocessors")) < 100, this::logTail);
    }

    /** {@return the column In Queue of what {@code core show taskprocessors} has printed, added up} */
    public static int queued(String taskProcessors) {
        return taskProcessors
                .lines()
                .map(line -> line.replaceFirst("^Output: ", "").trim().split("\\s+"))
                .filter(words -> words.length > 5 && words[2].matches("\\d+"))
                .mapToInt(words -> Integer.parseInt(words[2]))
                .sum();
    }

    /** {@return Asterisk's log so far, everything down to the keys} */
    public synchronized String log() {
        readLog();
        return log.toString();
    }

    /** {@return whether Asterisk has logged a text} */
    public boolean logged(String text) {
        return logged(text, 0);
    }

    /** {@return whether Asterisk has logged a text since its log had a size} */
    synchronized boolean logged(String text, int since) {
        readLog();
        return log.indexOf(text, since) >= 0;
    }

    /** {@return whether Asterisk has logged a pattern since its log had a size} */
    boolean logged(Pattern pattern, int since) {
        return timesLogged(pattern, since) > 0;
    }

    /** {@return how often Asterisk has logged a pattern since its log had a size} */
    synchronized long timesLogged(Pattern pattern, int since) {
        readLog();
        return pattern.matcher(log)
                .region(Math.min(since, log.length()), log.length())
                .results()
                .count();
    }

    /** {@return how many characters Asterisk's log has} */
    synchronized int logSize() {
        readLog();
        return log.length();
    }

    private void readLog() {
        try (RandomAccessFile file = new RandomAccessFile(file("log/full").toFile(), "r")) {
            byte[] unread = new byte[(int) (file.length() - log.length())];
            file.seek(log.length());
            file.readFully(unread);
            log.append(new String(unread, StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the last lines of Asterisk's log, for a failure's message} */
    public String logTail() {
        List<String> lines = new ArrayList<>(log().lines().toList());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
    }

    @Override
    public void close() {
        disconnect();
        Ran.of(new ProcessBuilder(SCRIPT, "stop", facts.get("dir"))).success();
    }
}
