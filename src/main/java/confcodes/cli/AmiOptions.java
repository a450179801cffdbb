package confcodes.cli;

import confcodes.agi.CodeServer;
import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that every command has: how to reach the PBX, where settings stand, how much is logged. */
final class AmiOptions {

    /** The secret in the sample files, which everybody knows. */
    static final String SAMPLE_SECRET = "change-me-confcodes";

    /** Somebody stands out of the conference meanwhile. */
    private static final Duration CALLERS_PATIENCE = Duration.ofSeconds(2);

    /** A cold JVM takes a second by itself, and several on a busy machine. */
    private static final Duration SHELLS_PATIENCE = Duration.ofSeconds(10);

    @Spec(Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--config", paramLabel = "FILE", description = "Properties file (/etc/confcodes.properties).")
    private Path config;

    @Option(names = "--ami-host", paramLabel = "HOST", defaultValue = "127.0.0.1", description = "Asterisk server.")
    private String host;

    @Option(names = "--ami-port", paramLabel = "PORT", defaultValue = "5038", description = "Its AMI port.")
    private int port;

    @Option(
            names = "--ami-user",
            paramLabel = "USER",
            defaultValue = "confcodes",
            description = "Section of manager.conf to log in as.")
    private String user;

    @Option(
            names = "--ami-secret-file",
            paramLabel = "FILE",
            description = "File that holds the secret and nothing else. Or CONFCODES_AMI_SECRET in the environment, or"
                    + " ami-secret in the properties file.")
    private Path secretFile;

    /** Without the fallback, picocli takes the option for the opposite of what the file says. */
    @Option(
            names = "--ami-tls",
            arity = "0..1",
            paramLabel = "true|false",
            fallbackValue = "true",
            defaultValue = "false",
            description = "The AMI port speaks TLS.")
    private boolean tls;

    @Option(
            names = "--ami-tls-ca",
            paramLabel = "FILE",
            description = "PEM certificates to check the server's against, instead of the JVM's own.")
    private Path tlsCa;

    @Option(
            names = "--ami-timeout",
            paramLabel = "TIME",
            description =
                    "Longest time for one operation on a free connection, a second attempt included; 2s for serve,"
                            + " 10s for the other commands.")
    private Duration timeout;

    @Option(
            names = "--pool-size",
            paramLabel = "N",
            defaultValue = "4",
            description = "Most AMI connections at a time.")
    private int poolSize;

    @Option(
            names = "--pool-wait",
            paramLabel = "TIME",
            description =
                    "Longest wait for a connection, its login included; 2s for serve, 10s for the other commands.")
    private Duration poolWait;

    @Option(
            names = "--ami-ping",
            paramLabel = "TIME",
            defaultValue = "15s",
            description = "Idle time after which a connection is tested.")
    private Duration ping;

    @Option(
            names = "--log-level",
            paramLabel = "LEVEL",
            description = "off, error, warn, info, debug or trace; info for serve, off for the other commands.")
    private LogLevel logLevel;

    /** How much is logged, in the words of slf4j-simple. */
    enum LogLevel {
        OFF,
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /**
     * Sets how much is logged; to be called before the first logger is made. asterisk-java, which also logs in the name of the
     * class that extends its server, is heard from debug on only: what it calls an error is, here, everyday life.
     */
    void applyLogLevel(LogLevel unlessGiven) {
        LogLevel level = logLevel == null ? unlessGiven : logLevel;
        boolean all = level == LogLevel.DEBUG || level == LogLevel.TRACE;
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", name(level));
        System.setProperty("org.slf4j.simpleLogger.log.org.asteriskjava", name(all ? level : LogLevel.OFF));
        System.setProperty(
                "org.slf4j.simpleLogger.log." + CodeServer.class.getName(), name(all ? level : LogLevel.OFF));
        System.setProperty("org.slf4j.simpleLogger.log.org.reflections", name(LogLevel.OFF));
        if (level != LogLevel.OFF) {
            // For nothing but this, the JVM loads its calendars.
            System.setProperty("org.slf4j.simpleLogger.dateTimeFormat", "yyyy-MM-dd HH:mm:ss.SSS");
        }
    }

    private static String name(LogLevel level) {
        return level.name().toLowerCase(java.util.Locale.ROOT);
    }

    /**
     * {@return how the PBX is reached}
     *
     * @param keepOpen whether the pool keeps its connections open
     * @throws SettingsException when there is no secret, or its file cannot be read
     * @throws IllegalArgumentException when a setting is out of range; the message begins with its key
     */
    AmiSettings settings(boolean keepOpen) {
        Duration patience = keepOpen ? CALLERS_PATIENCE : SHELLS_PATIENCE;
        timeout = timeout == null ? patience : timeout;
        poolWait = poolWait == null ? patience : poolWait;
        return new AmiSettings(
                host,
                port,
                user,
                secret(),
                tls,
                Optional.ofNullable(tlsCa),
                timeout,
                poolSize,
                poolWait,
                ping,
                keepOpen);
    }

    private Secret secret() {
        Settings settings = (Settings) spec.defaultValueProvider();
        boolean fileOnCommandLine = spec.commandLine().getParseResult().hasMatchedOption("--ami-secret-file");
        if (fileOnCommandLine) {
            return read(secretFile);
        }
        Optional<String> value = settings.secretInEnvironment();
        if (value.isEmpty() && secretFile != null) {
            return read(secretFile);
        }
        if (value.isEmpty()) {
            value = settings.secretInFile();
            value.ifPresent(secret -> warnIfReadableByOthers(settings.path()));
        }
        return new Secret(
                value.orElseThrow(() -> new SettingsException("no AMI secret: set ami-secret-file or ami-secret in "
                        + settings.path() + ", or CONFCODES_AMI_SECRET in the environment")));
    }

    private static Secret read(Path file) {
        try {
            String secret = Files.readString(file).strip();
            warnIfReadableByOthers(file);
            return new Secret(secret);
        } catch (IOException e) {
            throw new SettingsException("ami-secret-file: cannot read " + file + ": " + Settings.reason(e), e);
        } catch (IllegalArgumentException e) {
            throw new SettingsException("ami-secret-file: " + file + ": " + e.getMessage(), e);
        }
    }

    private static void warnIfReadableByOthers(Path file) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)) {
                org.slf4j.LoggerFactory.getLogger("confcodes")
                        .warn("{} holds the AMI secret and everybody can read it: chmod o-r {}", file, file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            org.slf4j.LoggerFactory.getLogger("confcodes").debug("permissions of {} unknown", file, e);
        }
    }
}
