package confcodes.cli;

import static confcodes.cli.Specs.option;

import confcodes.agi.AgiSettings;
import confcodes.agi.CodeServer;
import confcodes.agi.Peers;
import confcodes.agi.Prompt;
import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.conference.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code confcodes serve}. */
final class ServeCommand implements Callable<Integer> {

    private final CommandSpec spec =
            Specs.command(this, "serve", "Answer the service codes that the dialplan sends over FastAGI.");
    private final AmiOptions ami = new AmiOptions(spec);
    private final InvitationOptions invitations = new InvitationOptions(spec);
    private final OptionSpec bind =
            option(spec, "--agi-bind", "ADDRESS", InetAddress.class, "127.0.0.1", "Where to listen.");
    private final OptionSpec port = option(spec, "--agi-port", "PORT", int.class, "4573", "The FastAGI port.");
    private final OptionSpec peers = option(
            spec,
            "--agi-peers",
            "PEERS",
            String.class,
            "loopback",
            "Who is served: addresses, networks, loopback; separated by commas.");
    private final OptionSpec connections =
            option(spec, "--agi-connections", "N", int.class, "1000", "Most connections at a time.");
    private final OptionSpec connectionsPerPeer =
            option(spec, "--agi-connections-per-peer", "N", int.class, "1000", "Most connections from one address.");
    private final OptionSpec requestTimeout =
            option(spec, "--agi-request-timeout", "TIME", Duration.class, "5s", "Longest time for a complete request.");
    private final OptionSpec allow =
            option(spec, "--allow", "WHO", Policy.class, "admin", "Who may use the codes: admin, marked or anyone.");
    private final OptionSpec maxDigits = option(spec, "--max-digits", "N", int.class, "11", "Most digits of a number.");
    private final OptionSpec firstDigit =
            option(spec, "--first-digit-timeout", "TIME", Duration.class, "7s", "Longest wait for the first digit.");
    private final OptionSpec interDigit =
            option(spec, "--inter-digit-timeout", "TIME", Duration.class, "4s", "Longest wait for each further digit.");
    private final OptionSpec attempts = option(spec, "--attempts", "N", int.class, "3", "How often to ask for digits.");
    private final OptionSpec maxDuration = option(
            spec,
            "--max-duration",
            "TIME",
            Duration.class,
            "60s",
            "Longest time that a code keeps the caller out of the conference.");
    private final OptionSpec grace = option(
            spec,
            "--grace",
            "TIME",
            Duration.class,
            "10s",
            "How long running codes may take when the server is stopped.");
    private volatile int exitCode = Confcodes.DONE;
    private final Map<Prompt, OptionSpec> prompts = new EnumMap<>(Prompt.class);

    ServeCommand() {
        for (Prompt prompt : Prompt.values()) {
            prompts.put(
                    prompt,
                    option(
                            spec,
                            "--" + prompt.key(),
                            "SOUND",
                            String.class,
                            prompt.defaultSound(),
                            "Sound files, joined by &."));
        }
    }

    /** {@return the command as picocli knows it} */
    CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ami.applyLogLevel(AmiOptions.LogLevel.INFO);
        Logger log = LoggerFactory.getLogger("confcodes");
        AmiSettings amiSettings = ami.settings(true);
        AgiSettings agiSettings = agiSettings();
        AmiPbx pbx = new AmiPbx(amiSettings);
        CodeServer server = bound(agiSettings, pbx);
        log.info("confcodes {}: {}", Version.number(), effectiveSettings());
        if (amiSettings.secret().value().equals(AmiOptions.SAMPLE_SECRET)) {
            log.warn("the AMI secret is the sample's: change it in manager_confcodes.conf and in ami-secret");
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, pbx, log), "stop"));
        try {
            server.start();
            pbx.open();
            log.info("serving on {}:{}", agiSettings.bind().getHostAddress(), server.getPort());
            new CountDownLatch(1).await();
            return Confcodes.DONE;
        } catch (RuntimeException | Error e) {
            exitCode = Confcodes.REFUSED;
            throw e;
        }
    }

    /** Every setting but the prompts that are as they were, each by its key; the secret has no option and is not among them. */
    private String effectiveSettings() {
        return spec.options().stream()
                .filter(option -> option.getValue() != null && !option.hidden())
                .filter(option -> !option.longestName().matches("--(help|version)"))
                .filter(option -> !option.longestName().startsWith("--prompt-")
                        || !option.getValue().equals(option.defaultValue()))
                .map(option -> option.longestName().substring(2) + "=" + printed(option.getValue()))
                .collect(Collectors.joining(" "));
    }

    private static String printed(Object value) {
        if (value instanceof Duration duration) {
            return DurationConverter.print(duration);
        }
        return value instanceof InetAddress address ? address.getHostAddress() : value.toString();
    }

    private AgiSettings agiSettings() {
        Map<Prompt, String> sounds = new EnumMap<>(Prompt.class);
        prompts.forEach((prompt, option) -> sounds.put(prompt, option.getValue()));
        Peers served;
        try {
            served = Peers.parse(peers.getValue());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("agi-peers: " + e.getMessage(), e);
        }
        return new AgiSettings(
                bind.getValue(),
                port.getValue(),
                served,
                connections.getValue(),
                connectionsPerPeer.getValue(),
                requestTimeout.getValue(),
                allow.getValue(),
                maxDigits.getValue(),
                firstDigit.getValue(),
                interDigit.getValue(),
                attempts.getValue(),
                maxDuration.getValue(),
                invitations.template(),
                sounds);
    }

    private CodeServer bound(AgiSettings settings, AmiPbx pbx) {
        try {
            return new CodeServer(settings, pbx);
        } catch (IOException e) {
            throw new SettingsException(
                    "agi-bind, agi-port: cannot listen on " + settings.bind().getHostAddress() + ":" + settings.port()
                            + ": " + e.getMessage() + "; is another server running?",
                    e);
        }
    }

    /** Ends in order, and with 0 unless it was a fault: a JVM that is told to stop by a signal would otherwise end with 143. */
    private void stop(CodeServer server, AmiPbx pbx, Logger log) {
        log.info("stopping");
        try {
            server.stop(grace.getValue());
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        pbx.close();
        log.info("stopped");
        Runtime.getRuntime().halt(exitCode);
    }
}
