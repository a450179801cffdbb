package confcodes.cli;

import static confcodes.cli.Specs.option;

import confcodes.agi.CodeServer;
import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import confcodes.ami.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** The options that every command has: how to reach the PBX, where settings stand, how much is logged. */
final class AmiOptions {

    /** The secret in the sample files, which everybody knows. */
    static final String SAMPLE_SECRET = "change-me-confcodes";

    /** Somebody stands out of the conference meanwhile. */
    private static final Duration CALLERS_PATIENCE = Duration.ofSeconds(2);

    /** A cold JVM takes a second by itself, and several on a busy machine. */
    private static final Duration SHELLS_PATIENCE = Duration.ofSeconds(10);

    private final CommandSpec command;
    private final OptionSpec host;
    private final OptionSpec port;
    private final OptionSpec user;
    private final OptionSpec secretFile;
    private final OptionSpec tls;
    private final OptionSpec tlsCa;
    private final OptionSpec timeout;
    private final OptionSpec poolSize;
    private final OptionSpec poolWait;
    private final OptionSpec ping;
    private final OptionSpec logLevel;

    /** Adds the options to a command. */
    AmiOptions(CommandSpec command) {
        this.command = command;
        option(command, "--config", "FILE", Path.class, null, "Properties file (/etc/confcodes.properties).");
        host = option(command, "--ami-host", "HOST", String.class, "127.0.0.1", "Asterisk server.");
        port = option(command, "--ami-port", "PORT", int.class, "5038", "Its AMI port.");
        user = option(
                command, "--ami-user", "USER", String.class, "confcodes", "Section of manager.conf to log in as.");
        secretFile = option(
                command,
                "--ami-secret-file",
                "FILE",
                Path.class,
                null,
                "File that holds the secret and nothing else. Or CONFCODES_AMI_SECRET in the environment, or"
                        + " ami-secret in the properties file.");
        // Without the fallback, picocli takes the option for the opposite of what the file says.
        tls = option(
                command,
                OptionSpec.builder("--ami-tls")
                        .type(boolean.class)
                        .arity("0..1")
                        .paramLabel("true|false")
                        .fallbackValue("true"),
                "false",
                "The AMI port speaks TLS.");
        tlsCa = option(
                command,
                "--ami-tls-ca",
                "FILE",
                Path.class,
                null,
                "PEM certificates to check the server's against, instead of the JVM's own.");
        timeout = option(
                command,
                "--ami-timeout",
                "TIME",
                Duration.class,
                null,
                "Longest time for one operation on a free connection, a second attempt included; 2s for serve,"
                        + " 10s for the other commands.");
        poolSize = option(command, "--pool-size", "N", int.class, "4", "Most AMI connections at a time.");
        poolWait = option(
                command,
                "--pool-wait",
                "TIME",
                Duration.class,
                null,
                "Longest wait for a connection, its login included; 2s for serve, 10s for the other commands.");
        ping = option(
                command, "--ami-ping", "TIME", Duration.class, "15s", "Idle time after which a connection is tested.");
        logLevel = option(
                command,
                "--log-level",
                "LEVEL",
                LogLevel.class,
                null,
                "off, error, warn, info, debug or trace; info for serve, off for the other commands.");
    }

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
        LogLevel level = logLevel.getValue() == null ? unlessGiven : logLevel.getValue();
        boolean all = level == LogLevel.DEBUG || level == LogLevel.TRACE;
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", name(level));
        System.setProperty("org.slf4j.simpleLogger.log.org.asteriskjava", name(all ? level : LogLevel.OFF));
        System.setProperty("org.slf4j.simpleLogger.log." + CodeServer.LIBRARY_LOG, name(all ? level : LogLevel.OFF));
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
     * @throws SettingsException when there is no secret, or when its file or that of the certificates cannot be read
     * @throws IllegalArgumentException when a setting is out of range; the message begins with its key
     */
    AmiSettings settings(boolean keepOpen) {
        Duration patience = keepOpen ? CALLERS_PATIENCE : SHELLS_PATIENCE;
        setUnlessGiven(timeout, patience);
        setUnlessGiven(poolWait, patience);
        checkTlsCa();
        return new AmiSettings(
                host.getValue(),
                port.getValue(),
                user.getValue(),
                secret(),
                tls.getValue(),
                Optional.ofNullable(tlsCa.getValue()),
                timeout.getValue(),
                poolSize.getValue(),
                poolWait.getValue(),
                ping.getValue(),
                keepOpen);
    }

    private void checkTlsCa() {
        Path file = tlsCa.getValue();
        if (file != null) {
            try {
                Tls.context(Optional.of(file));
            } catch (IOException e) {
                throw new SettingsException("ami-tls-ca: cannot read " + file + ": " + Settings.reason(e), e);
            }
        }
    }

    private static void setUnlessGiven(OptionSpec option, Object value) {
        if (option.getValue() == null) {
            option.setValue(value);
        }
    }

    private Secret secret() {
        Settings settings = (Settings) command.defaultValueProvider();
        Path file = secretFile.getValue();
        if (command.commandLine().getParseResult().hasMatchedOption(secretFile)) {
            return read(file);
        }
        Optional<String> value = settings.secretInEnvironment();
        if (value.isEmpty() && file != null) {
            return read(file);
        }
        if (value.isEmpty()) {
            value = settings.secretInFile();
            value.ifPresent(secret -> warnIfReadableByOthers(settings.path()));
        }
        return new Secret(
                value.orElseThrow(() -> new SettingsException("no AMI secret: set ami-secret-file or ami-secret in "
                        + settings.path() + (Files.exists(settings.path()) ? "" : " (no such file)")
                        + ", or CONFCODES_AMI_SECRET in the environment")));
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
