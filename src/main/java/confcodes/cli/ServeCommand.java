package confcodes.cli;

import confcodes.agi.AgiSettings;
import confcodes.agi.CodeServer;
import confcodes.agi.CodeServer.Target;
import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.conference.Enforcement;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
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
        Map<String, Target> targets = new LinkedHashMap<>();
        settings.pbxs().forEach((name, own) -> {
            AmiSettings ami = own.ami();
            AmiPbx pbx = new AmiPbx(ami);
            pbxs.put(pbx, ami);
            targets.put(name, new Target(pbx, own.agi()));
        });
        CodeServer server = bound(settings, targets);
        log.info("confcodes {}: {}", Version.number(), settings.inEffect());
        if (pbxs.values().stream().anyMatch(ami -> ami.secret().value().equals(Settings.SAMPLE_SECRET))) {
            log.warn("the AMI secret is the sample's: change it in manager_confcodes.conf and in ami-secret");
        }
        Systemd systemd = new Systemd(System.getenv(), "systemd-notify");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(systemd, server, pbxs.keySet(), log), "stop"));
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

    private static CodeServer bound(Settings settings, Map<String, Target> targets) {
        AgiSettings agi = settings.agi();
        try {
            return new CodeServer(agi, targets);
        } catch (IOException e) {
            throw new SettingsException(
                    "agi-bind, agi-port",
                    "cannot listen on " + agi.bind().getHostAddress() + ":" + agi.port() + ": " + e.getMessage()
                            + PortHolder.of(agi.port())
                                    .map(holder -> "; " + holder + " listens there")
                                    .orElse("; is another server running?"),
                    settings.origin(Setting.AGI_PORT));
        }
    }

    /** Does something to all at once, so that no PBX waits for one that is silent, and returns when it is done to all. */
    private static void all(Collection<AmiPbx> pbxs, Consumer<AmiPbx> act) {
        CompletableFuture.allOf(pbxs.stream()
                        .map(pbx -> CompletableFuture.runAsync(() -> act.accept(pbx), run -> new Thread(run).start()))
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    /** Ends in order, and with 0 unless it was a fault: a JVM that is told to stop by a signal would otherwise end with 143. */
    private void stop(Systemd systemd, CodeServer server, Collection<AmiPbx> pbxs, Logger log) {
        log.info("stopping");
        systemd.stop();
        try {
            server.stop(GRACE);
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        all(pbxs, AmiPbx::close);
        log.info("stopped");
        Runtime.getRuntime().halt(exitCode);
    }
}
