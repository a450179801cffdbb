package confcodes.bench;

import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import confcodes.lab.Await;
import confcodes.lab.Crowd;
import confcodes.lab.Lab;
import confcodes.lab.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The benchmark: everything against the same Asterisk in one run; prints its tables. Started by {@code src/lab/bench}. */
final class Bench {

    static final int POOL_SIZE = 4;
    static final int CALLERS = 256;
    static final int PRESSERS = 4;
    private static final int MANY_CONFERENCES = 500;

    private final Lab lab;
    private final List<String> facts;
    private final Effort effort;

    /**
     * How many samples.
     *
     * @param sizes of conferences
     * @param warmUp of round trips, before they count; a fifth of it at later sizes, when the compiler has been through
     * @param samples of round trips, lists and codes
     * @param presses of each moderator
     * @param cold processes of each kind
     * @param sleepy recipes with sleeps
     * @param slice of each combination under load
     * @param slices of the pool and of the plain sockets, by turns; their rates are scattered far
     * @param starts of servers
     */
    record Effort(
            List<Integer> sizes,
            int warmUp,
            int samples,
            int presses,
            int cold,
            int sleepy,
            Duration slice,
            int slices,
            int starts) {

        static final Effort FULL = of(List.of(3, 50, 200, 500));
        static final Effort AT_200 = of(List.of(200));
        static final Effort QUICK =
                new Effort(List.of(3, 50, 200, 500), 300, 100, 1, 5, 1, Duration.ofMillis(300), 2, 3);

        private static Effort of(List<Integer> sizes) {
            return new Effort(sizes, 1000, 2000, 6, 21, 2, Duration.ofMillis(300), 15, 7);
        }
    }

    private Bench(List<String> facts, Effort effort) {
        this.facts = facts;
        this.effort = effort;
        this.lab = Lab.running(String.join("\n", facts));
        // The observer would read the events of what is measured.
        lab.followCodes(false);
    }

    /** Arguments: the file for the results, the Python, --quick or --full, and the lab's key=value pairs. */
    public static void main(String[] args) throws Exception {
        Effort effort = switch (args[2]) {
            case "--quick" -> Effort.QUICK;
            case "--at-200" -> Effort.AT_200;
            default -> Effort.FULL;
        };
        String results = new Bench(List.of(args).subList(3, args.length), effort).run(args[1]);
        System.out.println(results);
        Files.writeString(Path.of(args[0]), results);
        System.exit(0);
    }

    private String run(String python) throws Exception {
        Processes processes = new Processes(this, python);
        RoundTrips roundTrips = new RoundTrips(this);
        Rates rates = new Rates(this);
        Report report = new Report();
        progress("returns");
        Returns returns = new Returns(this);
        returns.measure();
        for (int size : effort.sizes()) {
            progress("conference of " + size);
            List<Crowd> crowds = new ArrayList<>();
            try (ServerProcess server = lab.serve("--whisper=false")) {
                int moderators = Math.max(1, Math.min(PRESSERS, size / 3));
                Crowd crowd = crowds(server, 1, moderators, size - moderators).get(0);
                crowds.add(crowd);
                roundTrips.measure(size, crowd, server);
                progress("  cold processes");
                processes.commands(size, crowd);
                if (size == effort.sizes().get(0)) {
                    progress("  starts");
                    processes.starts(crowd);
                }
                progress("  mutes");
                rates.mutes(size, crowd);
            }
            progress("  codes");
            int members = crowds.get(0).members().size();
            crowds.addAll(crowds(null, (CALLERS - 1) / members, 0, members));
            rates.codes(size, crowds);
            progress("  footprint");
            processes.footprint(size, crowds);
            for (Crowd crowd : crowds) {
                crowd.close();
            }
        }
        progress(MANY_CONFERENCES + " conferences");
        try (ServerProcess server = lab.serve("--whisper=false")) {
            roundTrips.withoutConference(server, MANY_CONFERENCES, report);
        }
        roundTrips.report(report);
        returns.report(report);
        processes.report(report, roundTrips);
        rates.report(report);
        return report.toString();
    }

    static void progress(String what) {
        System.err.printf("%tT %s%n", System.currentTimeMillis(), what);
    }

    Lab lab() {
        return lab;
    }

    Effort effort() {
        return effort;
    }

    /** {@return a line of src/lab/asterisk start} */
    String fact(String name) {
        return facts.stream()
                .filter(line -> line.startsWith(name + "="))
                .findFirst()
                .orElseThrow()
                .substring(name.length() + 1);
    }

    PlainAmi socket() throws IOException {
        return new PlainAmi(lab.amiPort(), Lab.USER, Lab.SECRET, "off");
    }

    AmiPbx pool() {
        AmiPbx pbx = new AmiPbx(new AmiSettings(
                "",
                "127.0.0.1",
                lab.amiPort(),
                Lab.USER,
                new Secret(Lab.SECRET),
                false,
                Optional.empty(),
                Duration.ofSeconds(10),
                POOL_SIZE,
                true));
        pbx.open();
        return pbx;
    }

    /** Fills conferences with people who are muted from the beginning and mixed more seldom than usual. */
    List<Crowd> crowds(ServerProcess server, int conferences, int moderators, int members) {
        return Crowd.join(
                lab,
                Stream.generate(() -> lab.room(server)).limit(conferences).toList(),
                moderators,
                members,
                Map.of("BRIDGE", "bench_bridge", "PROFILE", "bench_user"));
    }

    /** Waits until a server has served a first code. */
    void awaitCode(ServerProcess server, Crowd crowd, PlainAmi plain) {
        Crowd.Member caller = crowd.moderators().isEmpty() ? crowd.member(1) : crowd.moderator();
        Await.until("a code is served", () -> {
            try {
                Code.given(server.port(), crowd, caller, crowd.member(0), plain::setVariable);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    /**
     * Waits until Asterisk has worked off the events of what was done to it. Thousands of mutes a second leave it tens of
     * thousands of them, under which it stalls for seconds, with plain sockets too.
     */
    void settle() throws IOException {
        try (PlainAmi ami = new PlainAmi(lab.amiPort(), "lab", "lab", "off")) {
            Await.isWithin(Duration.ofSeconds(30), () -> queued(ami) == 0);
        }
    }

    private static int queued(PlainAmi ami) {
        try {
            return Lab.queued(ami.ask("Command", "Command: core show taskprocessors"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
