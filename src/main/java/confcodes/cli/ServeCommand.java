package confcodes.cli;

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
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code confcodes serve}. */
@Command(name = "serve", description = "Answer the service codes that the dialplan sends over FastAGI.")
final class ServeCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AmiOptions ami;

    @Mixin
    private InvitationOptions invitations;

    @Option(names = "--agi-bind", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Where to listen.")
    private InetAddress bind;

    @Option(names = "--agi-port", paramLabel = "PORT", defaultValue = "4573", description = "The FastAGI port.")
    private int port;

    @Option(
            names = "--agi-peers",
            paramLabel = "PEERS",
            defaultValue = "loopback",
            description = "Who is served: addresses, networks, loopback; separated by commas.")
    private String peers;

    @Option(
            names = "--agi-connections",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most connections at a time.")
    private int connections;

    @Option(
            names = "--agi-connections-per-peer",
            paramLabel = "N",
            defaultValue = "1000",
            description = "Most connections from one address.")
    private int connectionsPerPeer;

    @Option(
            names = "--agi-request-timeout",
            paramLabel = "TIME",
            defaultValue = "5s",
            description = "Longest time for a complete request.")
    private Duration requestTimeout;

    @Option(
            names = "--allow",
            paramLabel = "WHO",
            defaultValue = "admin",
            description = "Who may use the codes: admin, marked or anyone.")
    private Policy allow;

    @Option(names = "--max-digits", paramLabel = "N", defaultValue = "11", description = "Most digits of a number.")
    private int maxDigits;

    @Option(
            names = "--first-digit-timeout",
            paramLabel = "TIME",
            defaultValue = "7s",
            description = "Longest wait for the first digit.")
    private Duration firstDigit;

    @Option(
            names = "--inter-digit-timeout",
            paramLabel = "TIME",
            defaultValue = "4s",
            description = "Longest wait for each further digit.")
    private Duration interDigit;

    @Option(names = "--attempts", paramLabel = "N", defaultValue = "3", description = "How often to ask for digits.")
    private int attempts;

    @Option(
            names = "--max-duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "Longest time that a code keeps the caller out of the conference.")
    private Duration maxDuration;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            defaultValue = "10s",
            description = "How long running codes may take when the server is stopped.")
    private Duration grace;

    /** Adds an option for each prompt, which an annotation cannot do. */
    static void addPromptOptions(CommandSpec serve) {
        for (Prompt prompt : Prompt.values()) {
            serve.addOption(OptionSpec.builder("--" + prompt.key())
                    .type(String.class)
                    .paramLabel("SOUND")
                    .defaultValue(prompt.defaultSound())
                    .description("Sound files, joined by &.")
                    .build());
        }
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
        server.start();
        pbx.open();
        log.info("serving on {}:{}", bind.getHostAddress(), server.getPort());
        new CountDownLatch(1).await();
        return Confcodes.DONE;
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
        Map<Prompt, String> prompts = new EnumMap<>(Prompt.class);
        for (Prompt prompt : Prompt.values()) {
            prompts.put(prompt, spec.findOption("--" + prompt.key()).getValue());
        }
        Peers served;
        try {
            served = Peers.parse(peers);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("agi-peers: " + e.getMessage(), e);
        }
        return new AgiSettings(
                bind,
                port,
                served,
                connections,
                connectionsPerPeer,
                requestTimeout,
                allow,
                maxDigits,
                firstDigit,
                interDigit,
                attempts,
                maxDuration,
                invitations.template(),
                prompts);
    }

    private CodeServer bound(AgiSettings settings, AmiPbx pbx) {
        try {
            return new CodeServer(settings, pbx);
        } catch (IOException e) {
            throw new SettingsException(
                    "agi-bind, agi-port: cannot listen on " + bind.getHostAddress() + ":" + port + ": " + e.getMessage()
                            + "; is another server running?",
                    e);
        }
    }

    /** Ends in order, and with 0: a JVM that is told to stop by a signal would otherwise end with 143. */
    private void stop(CodeServer server, AmiPbx pbx, Logger log) {
        log.info("stopping");
        try {
            server.stop(grace);
            pbx.close();
        } catch (IOException e) {
            log.warn("while stopping", e);
        }
        log.info("stopped");
        Runtime.getRuntime().halt(Confcodes.DONE);
    }
}
