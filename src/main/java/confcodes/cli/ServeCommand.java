package confcodes.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
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
        Optional<Path> socket = settings.controlSocket();
        LastProblem problems = LastProblem.begin();
        Logger log = LoggerFactory.getLogger("confcodes");
        Optional<Metrics> metrics = settings.find(Setting.METRICS_PORT).map(port -> new Metrics());
        InetAddress metricsBind = settings.get(Setting.METRICS_BIND);
        Optional<AuditLog> audit = settings.find(Setting.AUDIT_LOG).map(AuditLog::new);
        RunningServer server = new RunningServer(settings, () -> confcodes.settings(spec), problems, report -> {
            metrics.ifPresent(it -> it.count(report));
            audit.ifPresent(it -> it.write(report));
        });
        metrics.ifPresent(it -> open(it, metricsBind, settings, server, log));
        log.info("confcodes {}: {}", Version.number(), settings.inEffect());
        if (server.hasSampleSecret()) {
            log.warn("the AMI secret is the sample's: change it in manager_confcodes.conf and in ami-secret");
        }
        Optional<ControlSocket> control = socket.flatMap(path -> open(path, server, settings, log));
        Systemd systemd = new Systemd(System.getenv(), "systemd-notify");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(systemd, server, control, audit, log), "stop"));
        audit.ifPresent(AuditLog::begin);
        try {
            server.start();
            log.info("serving on {}", server.address());
            systemd.ready(server::isServing);
            new CountDownLatch(1).await();
            return Confcodes.DONE;
        } catch (RuntimeException | Error e) {
            exitCode = Confcodes.FAULT;
            throw e;
        }
    }

    /** Nobody has asked for the default: without a directory for it the server runs without. */
    private static Optional<ControlSocket> open(Path path, RunningServer server, Settings settings, Logger log) {
        Origin origin = settings.origin(Setting.CONTROL_SOCKET);
        try {
            return Optional.of(new ControlSocket(path, ControlSocket.LIMIT, new Control(server)::answer));
        } catch (IOException e) {
            String problem = "cannot make " + path + ": "
                    + (e instanceof NoSuchFileException ? "no such directory" : e.getMessage());
            if (origin.source() == Origin.Source.DEFAULT && !(e instanceof ControlSocket.InUseException)) {
                log.warn("control-socket: {}; so 'confcodes reload' and 'confcodes status' do not work", problem);
                return Optional.empty();
            }
            throw new SettingsException("control-socket", problem, origin);
        }
    }

    private static void open(Metrics metrics, InetAddress bind, Settings settings, RunningServer server, Logger log) {
        int port = settings.get(Setting.METRICS_PORT);
        try {
            log.info("metrics on {}:{}", bind.getHostAddress(), server.open(metrics, bind, port));
        } catch (IOException e) {
            throw cannotListen("metrics-bind, metrics-port", bind, port, e, settings.origin(Setting.METRICS_PORT));
        }
    }

    static SettingsException cannotListen(String keys, InetAddress bind, int port, IOException cause, Origin origin) {
        return new SettingsException(
                keys,
                "cannot listen on " + bind.getHostAddress() + ":" + port + ": " + cause.getMessage()
                        + PortHolder.of(port)
                                .map(holder -> "; " + holder + " listens there")
                                .orElse("; is another server running?"),
                origin);
    }

    /** Ends in order, and with 0 unless it was a fault: a JVM that is told to stop by a signal would otherwise end with 143. */
    private void stop(
            Systemd systemd,
            RunningServer server,
            Optional<ControlSocket> control,
            Optional<AuditLog> audit,
            Logger log) {
        log.info("stopping");
        systemd.stop();
        try {
            if (control.isPresent()) {
                control.get().close();
            }
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        server.stop(GRACE);
        audit.ifPresent(AuditLog::close);
        log.info("stopped");
        Runtime.getRuntime().halt(exitCode);
    }
}
