package confcodes.bench;

import com.sun.management.OperatingSystemMXBean;
import confcodes.agi.AgiSettings;
import confcodes.agi.CodeServer;
import confcodes.agi.Peers;
import confcodes.agi.Prompt;
import confcodes.ami.AmiPbx;
import confcodes.conference.Invitation;
import confcodes.conference.MutesHold;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.Policy;
import confcodes.lab.Caller;
import confcodes.lab.Crowd;
import confcodes.lab.ServerProcess;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One thing at a time: the floor, the pool, whole codes, and keys on a phone's keypad. */
final class RoundTrips {

    private static final int LISTS_PER_BLOCK = 20;
    private static final OperatingSystemMXBean SYSTEM =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** What was measured at one conference size. */
    static final class Figures {
        final Samples plainMute = new Samples();
        final Samples poolMute = new Samples();
        final Samples plainList = new Samples();
        final Samples poolList = new Samples();
        final Samples plainBoth = new Samples();
        final Samples arrived = new Samples();
        final Samples next = new Samples();
        final Samples afterRead = new Samples();
        final Samples turn = new Samples();
        final Samples visible = new Samples();
        final Samples whole = new Samples();
        final Samples remembers = new Samples();
        final Samples forgets = new Samples();
        final Samples keypad = new Samples();
        int notDone;
        double plainCpu;
        double mapsCpu;
        double poolCpu;
    }

    private final Bench bench;
    private final Map<Integer, Figures> figures = new TreeMap<>();

    RoundTrips(Bench bench) {
        this.bench = bench;
    }

    Figures at(int size) {
        return figures.get(size);
    }

    void measure(int size, Crowd crowd, ServerProcess server) throws Exception {
        int warmUp = bench.effort().warmUp() / (figures.isEmpty() ? 1 : 5);
        Figures at = new Figures();
        figures.put(size, at);
        byTurns(crowd, server.port(), at, warmUp);
        cpu(crowd, at);
        keypad(crowd, server, at);
    }

    /**
     * Floor, pool and code by turns, so that noise hits all of them. Another socket unmutes: one that was used a moment ago
     * would be answered sooner, for its thread in Asterisk is awake.
     */
    private void byTurns(Crowd crowd, int port, Figures at, int warmUp) throws Exception {
        String name = crowd.name();
        AtomicLong answered = new AtomicLong();
        try (PlainAmi plain = bench.socket();
                PlainAmi other = bench.socket();
                AmiPbx pool = bench.pool();
                Watch watch = new Watch(bench.lab().amiPort())) {
            CodeServer inside = new CodeServer(settings(MutesHold.ALL), clocked(pool, answered));
            CodeServer forgetful = new CodeServer(settings(MutesHold.NONE), pool);
            inside.start();
            forgetful.start();
            List<Participant> all = pool.participants(name);
            for (int i = -warmUp; i < bench.effort().samples(); i++) {
                Figures to = i < 0 ? new Figures() : at;
                Crowd.Member member = crowd.member(i + warmUp);
                Participant participant = Rates.find(all, member);

                unmuteAndList(other, name, member);
                to.plainMute.time(() -> plain.mute(name, member.channel()));

                unmuteAndList(other, name, member);
                to.poolMute.time(() -> pool.apply(Operation.MUTE, name, participant, all));

                to.plainList.time(() -> plain.list(name));
                to.poolList.time(() -> pool.participants(name));

                other.unmute(name, member.channel());
                to.plainBoth.time(() -> {
                    plain.list(name);
                    plain.mute(name, member.channel());
                });

                other.unmute(name, member.channel());
                Code typed = done(to, () -> Code.typed(port, crowd, member, other));
                to.afterRead.add(typed.answered());
                to.turn.add(typed.turn());
                to.next.add(typed.answered() - typed.turn());

                other.unmute(name, member.channel());
                typed = done(to, () -> Code.typed(inside.port(), crowd, member, other));
                to.arrived.add(answered.get() - typed.typed() - typed.turn());

                other.unmute(name, member.channel());
                watch.forget(Watch.muted(member.channel()));
                Code given = done(to, () -> Code.given(port, crowd, crowd.moderator(), member, other::setVariable));
                to.whole.add(given.whole());
                to.visible.add(watch.await(Watch.muted(member.channel())).nanos() - given.start());

                for (CodeServer one : List.of(inside, forgetful)) {
                    other.unmute(name, member.channel());
                    given = done(
                            to, () -> Code.given(one.port(), crowd, crowd.moderator(), member, other::setVariable));
                    (one == inside ? to.remembers : to.forgets).add(given.whole());
                }
            }
            inside.stop(Duration.ofSeconds(5));
            forgetful.stop(Duration.ofSeconds(5));
        }
    }

    /**
     * Lets the time of a list pass, as a code does, before a mute. Asterisk mixes at its own pace, and meanwhile an action
     * waits: right after another that has waited, none has to (at 200: a p99 of 0.6 ms, and of 4.2 ms after a list).
     */
    private static void unmuteAndList(PlainAmi other, String conference, Crowd.Member member) throws Exception {
        other.unmute(conference, member.channel());
        other.list(conference);
    }

    /** A code with none beside it. One that is not done, for Asterisk stalls now and then, is counted and repeated. */
    private static Code done(Figures to, Callable<Code> code) throws Exception {
        try {
            return code.call();
        } catch (Code.NotDoneException e) {
            to.notDone++;
            return code.call();
        }
    }

    /** {@return a PBX that remembers when the last action's answer was there} */
    private static Pbx clocked(Pbx pbx, AtomicLong answered) {
        return (Pbx) Proxy.newProxyInstance(
                Pbx.class.getClassLoader(), new Class<?>[] {Pbx.class}, (proxy, method, args) -> {
                    try {
                        Object result = method.invoke(pbx, args);
                        if (method.getName().equals("apply")) {
                            answered.set(System.nanoTime());
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static AgiSettings settings(MutesHold holds) {
        return new AgiSettings(
                InetAddress.getLoopbackAddress(),
                0,
                Peers.LOOPBACK,
                1000,
                Policy.ADMIN,
                holds,
                OptionalInt.empty(),
                Duration.ofSeconds(7),
                Duration.ofSeconds(6),
                Duration.ofSeconds(60),
                false,
                false,
                new Invitation.Template("PJSIP/%s", ""),
                "[0-9]{2,}",
                5,
                true,
                Stream.of(Prompt.values()).collect(Collectors.toMap(Function.identity(), Prompt::defaultSound)));
    }

    /** CPU time of this JVM for a list, in milliseconds: read to its end, made into maps, through the pool. */
    private void cpu(Crowd crowd, Figures at) throws Exception {
        int blocks = Math.max(3, bench.effort().samples() / LISTS_PER_BLOCK);
        long[] cpu = new long[3];
        try (PlainAmi plain = bench.socket();
                AmiPbx pool = bench.pool()) {
            List<Samples.Timed> kinds = List.of(
                    () -> plain.list(crowd.name()),
                    () -> {
                        plain.list(crowd.name());
                        plain.messages();
                    },
                    () -> pool.participants(crowd.name()));
            for (int block = -1; block < blocks; block++) {
                for (int kind = 0; kind < kinds.size(); kind++) {
                    long before = SYSTEM.getProcessCpuTime();
                    for (int i = 0; i < LISTS_PER_BLOCK; i++) {
                        kinds.get(kind).run();
                    }
                    cpu[kind] += block < 0 ? 0 : SYSTEM.getProcessCpuTime() - before;
                }
            }
        }
        double lists = blocks * LISTS_PER_BLOCK * 1e6;
        at.plainCpu = cpu[0] / lists;
        at.mapsCpu = cpu[1] / lists;
        at.poolCpu = cpu[2] / lists;
    }

    /** Real callers press *6, a number and the hash key; each moderator mutes somebody of their own. */
    private void keypad(Crowd crowd, ServerProcess server, Figures at) throws Exception {
        bench.settle();
        bench.lab().followCodes(true);
        List<Callable<Void>> pressing = new ArrayList<>();
        try (Watch watch = new Watch(bench.lab().amiPort())) {
            for (int m = 0; m < Math.min(Bench.PRESSERS, crowd.members().size()); m++) {
                Crowd.Member member = crowd.member(m);
                Caller moderator = crowd.room()
                        .join(Integer.toString(9101 + m), "lab_admin", "confcodes_menu", "BRIDGE=bench_bridge");
                pressing.add(() -> {
                    try (PlainAmi plain = bench.socket()) {
                        press(crowd.name(), moderator, member, plain, watch, at.keypad);
                    }
                    moderator.hangUp();
                    return null;
                });
            }
            Rates.atOnce(pressing);
        }
        bench.lab().followCodes(false);
    }

    private void press(
            String conference, Caller moderator, Crowd.Member member, PlainAmi plain, Watch watch, Samples samples)
            throws Exception {
        String muted = Watch.muted(member.channel());
        String hash = Watch.pressed("#", moderator.channel());
        for (int i = 0; i < bench.effort().presses(); i++) {
            plain.unmute(conference, member.channel());
            watch.forget(muted);
            watch.forget(hash);
            moderator.press("*6", member.number() + "#");
            samples.add(
                    Math.round((watch.await(muted).stamp() - watch.await(hash).stamp()) * 1e9));
        }
    }

    /** A code in a dialplan that sets no CONFNUM, in a PBX of one conference and in a PBX of many. */
    void withoutConference(ServerProcess server, int many, Report report) throws Exception {
        Samples inOne = new Samples();
        Samples inMany = new Samples();
        try (Crowd crowd = bench.crowds(server, 1, 1, 2).get(0);
                PlainAmi plain = bench.socket()) {
            withoutConference(server, crowd, plain, inOne);
            List<Crowd> others = bench.crowds(server, many - 1, 0, 1);
            withoutConference(server, crowd, plain, inMany);
            bench.lab().rx("channel request hangup all");
            for (Crowd other : others) {
                other.close();
            }
        }
        report.heading("Without CONFNUM")
                .line("A code as above, ms, p50 / p99, in a dialplan that does not say which conference.")
                .table("conferences | samples | connect to done")
                .row(1, inOne.count(), inOne.cell())
                .row(many, inMany.count(), inMany.cell());
        report.atMost(
                "code without CONFNUM in a PBX of " + many + " conferences against one of 1",
                " ×",
                inMany.p50() / inOne.p50(),
                1.5);
    }

    private void withoutConference(ServerProcess server, Crowd crowd, PlainAmi plain, Samples samples)
            throws Exception {
        int warmUp = bench.effort().warmUp() / 5;
        for (int i = -warmUp; i < bench.effort().samples(); i++) {
            Crowd.Member member = crowd.member(i + warmUp);
            plain.unmute(crowd.name(), member.channel());
            Code code = Code.withoutConference(server.port(), crowd, member, plain);
            if (i >= 0) {
                samples.add(code.whole());
            }
        }
    }

    void report(Report report) {
        report.heading("Floor and pool")
                .line("ms, p50 / p99; CPU in ms per list of the JVM that asks.")
                .table(
                        "size | samples | mute, plain | mute, pool | list, plain | list, pool | list and mute, plain | CPU plain | … into maps | CPU pool");
        figures.forEach((size, at) -> report.row(
                size,
                at.plainMute.count(),
                at.plainMute.cell(),
                at.poolMute.cell(),
                at.plainList.cell(),
                at.poolList.cell(),
                at.plainBoth.cell(),
                at.plainCpu,
                at.mapsCpu,
                at.poolCpu));

        report.heading("Code")
                .line(
                        "ms, p50 / p99, as a scripted FastAGI peer sees it; mute visible: on a third AMI connection. Digits to"
                                + " AMI answer: until the answer is there, in a server inside the benchmark's JVM; all else is with"
                                + " the packaged jar. The peer sets the variable of the proof over AMI, as it is not Asterisk; that"
                                + " time is taken off. Inside: connect to done, in that other server.")
                .table(
                        "size | samples | digits to AMI answer | digits to next command | end of Read to next command | a bare FastAGI turn | connect to mute visible | connect to done | inside | inside, mutes-hold=none | codes not done");
        figures.forEach((size, at) -> report.row(
                size,
                at.whole.count(),
                at.arrived.cell(),
                at.next.cell(),
                at.afterRead.cell(),
                at.turn.cell(),
                at.visible.cell(),
                at.whole.cell(),
                at.remembers.cell(),
                at.forgets.cell(),
                at.notDone));

        report.heading("Keypad")
                .line(
                        "ms from the last key's end to the mute, by the stamps of Asterisk's events. It stamps an event when it"
                                + " puts it out, so that a single one may be late.")
                .table("size | presses | p50 | p99");
        figures.forEach((size, at) -> report.row(size, at.keypad.count(), at.keypad.p50(), at.keypad.p99()));
        targets(report);
    }

    private void targets(Report report) {
        figures.forEach((size, at) -> {
            report.atMost(
                    "digits to AMI answer, p50, against list and mute, at " + size,
                    " ×",
                    at.arrived.p50() / at.plainBoth.p50(),
                    1.5);
            report.atMost("the same, p99, at " + size, " ×", at.arrived.p99() / at.plainBoth.p99(), 3);
            report.atMost(
                    "the same, p50, until the FastAGI peer has the next command, at " + size,
                    " ×",
                    at.next.p50() / at.plainBoth.p50(),
                    1.5);
        });
        Figures at200 = at(200);
        report.atMost("list of 200 through the pool, wall", " ×", at200.poolList.p50() / at200.plainList.p50(), 1.3);
        report.atMost("the same, CPU", " ×", at200.poolCpu / at200.plainCpu, 1.3);
        report.atMost(
                "the same, CPU, against a plain socket that makes maps of the rows",
                " ×",
                at200.poolCpu / at200.mapsCpu,
                1.3);
        report.atMost(
                "whole code at 200, the proof included, against list and mute",
                " ×",
                at200.whole.p50() / at200.plainBoth.p50(),
                1.5);
        report.atMost(
                "the same with mutes-hold=all against mutes-hold=none, in a server inside the benchmark's JVM",
                " ×",
                at200.remembers.p50() / at200.forgets.p50(),
                1.1);
    }
}
