package confcodes.cli;

import confcodes.agi.AgiSettings;
import confcodes.agi.CodeReport;
import confcodes.agi.CodeServer;
import confcodes.agi.CodeServer.Target;
import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.conference.Enforcement;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code confcodes serve}. */
@Command(name = "serve", description = "Answer the service codes that the dialplan sends over FastAGI.")
final class ServeCommand implements Callable<Integer> {

    /** How long codes in progress may take when the server is stopped. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    @ParentCommand
    private Confcodes confcodes;

    @Spec
    private CommandSpec spec;

    private volatile int exitCode = Confcodes.DONE;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings settings = confcodes.settings(spec);
        settings.get(Setting.LOG_LEVEL).apply();
        Logger log = LoggerFactory.getLogger("confcodes");
        Map<AmiPbx, AmiSettings> pbxs = new LinkedHashMap<>();
        Map<String, AmiPbx> named = new LinkedHashMap<>();
        Map<String, Target> targets = new LinkedHashMap<>();
        settings.pbxs().forEach((name, own) -> {
            AmiSettings ami = own.ami();
            AmiPbx pbx = new AmiPbx(ami);
            pbxs.put(pbx, ami);
            named.put(name, pbx);
            targets.put(name, new Target(pbx, own.agi()));
        });
        Optional<Metrics> metrics = settings.find(Setting.METRICS_PORT).map(port -> new Metrics());
        InetAddress metricsBind = settings.get(Setting.METRICS_BIND);
        Optional<AuditLog> audit = settings.find(Setting.AUDIT_LOG).map(AuditLog::new);
        CodeServer server = bound(settings, targets, report -> {
            metrics.ifPresent(it -> it.count(report));
            audit.ifPresent(it -> it.write(report));
        });
        metrics.ifPresent(it -> open(it, metricsBind, settings, server, named));
        log.info("confcodes {}: {}", Version.number(), settings.inEffect());
        if (pbxs.values().stream().anyMatch(ami -> ami.secret().value().equals(Settings.SAMPLE_SECRET))) {
            log.warn("the AMI secret is the sample's: change it in manager_confcodes.conf and in ami-secret");
        }
        Systemd systemd = new Systemd(System.getenv(), "systemd-notify");
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> stop(systemd, server, pbxs.keySet(), audit, log), "stop"));
        audit.ifPresent(AuditLog::begin);
        try {
            server.start();
            all(pbxs.keySet(), pbx -> {
                pbx.open();
                pbx.watch(new Enforcement(pbx)::look);
            });
            log.info("serving on {}:{}", settings.get(Setting.AGI_BIND).getHostAddress(), server.port());
            systemd.ready(server::isServing);
            new CountDownLatch(1).await();
            return Confcodes.DONE;
        } catch (RuntimeException | Error e) {
            exitCode = Confcodes.FAULT;
            throw e;
        }
    }

    private static CodeServer bound(Settings settings, Map<String, Target> targets, Consumer<CodeReport> reports) {
        AgiSettings agi = settings.agi();
        try {
            return new CodeServer(agi, targets, reports);
        } catch (IOException e) {
            throw cannotListen("agi-bind, agi-port", agi.bind(), agi.port(), e, settings.origin(Setting.AGI_PORT));
        }
    }

    private static void open(
            Metrics metrics, InetAddress bind, Settings settings, CodeServer server, Map<String, AmiPbx> pbxs) {
        int port = settings.get(Setting.METRICS_PORT);
        try {
            int bound = metrics.open(bind, port, server, pbxs);
            LoggerFactory.getLogger("confcodes").info("metrics on {}:{}", bind.getHostAddress(), bound);
        } catch (IOException e) {
            throw cannotListen("metrics-bind, metrics-port", bind, port, e, settings.origin(Setting.METRICS_PORT));
        }
    }

    private static SettingsException cannotListen(
            String keys, InetAddress bind, int port, IOException cause, Origin origin) {
        return new SettingsException(
                keys,
                "cannot listen on " + bind.getHostAddress() + ":" + port + ": " + cause.getMessage()
                        + PortHolder.of(port)
                                .map(holder -> "; " + holder + " listens there")
                                .orElse("; is another server running?"),
                origin);
    }

    /** Does something to all at once, so that no PBX waits for one that is silent, and returns when it is done to all. */
    private static void all(Collection<AmiPbx> pbxs, Consumer<AmiPbx> act) {
        CompletableFuture.allOf(pbxs.stream()
                        .map(pbx -> CompletableFuture.runAsync(() -> act.accept(pbx), run -> new Thread(run).start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** Ends in order, and with 0 unless it was a fault: a JVM that is told to stop by a signal would otherwise end with 143. */
    private void stop(
            Systemd systemd, CodeServer server, Collection<AmiPbx> pbxs, Optional<AuditLog> audit, Logger log) {
        log.info("stopping");
        systemd.stop();
        try {
            server.stop(GRACE);
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        all(pbxs, AmiPbx::close);
        audit.ifPresent(AuditLog::close);
        log.info("stopped");
        Runtime.getRuntime().halt(exitCode);
    }
}
