package confcodes.cli;

import java.util.List;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command {@code confcodes}: the server and the shell's commands. */
@Command(
        name = "confcodes",
        description = "Control of Asterisk ConfBridge conferences: by service codes from a phone, and from the shell.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        usageHelpAutoWidth = true,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, not found or ambiguous",
            "2:wrong usage or settings",
            "3:PBX unreachable or login refused, or no answer from it"
        })
public final class Confcodes implements Runnable {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NO_PBX = 3;

    private static final List<Class<?>> COMMANDS = List.of(
            ServeCommand.class,
            RoomsCommand.class,
            ListCommand.class,
            MuteCommand.class,
            UnmuteCommand.class,
            KickCommand.class,
            LockCommand.class,
            UnlockCommand.class,
            AddCommand.class,
            RecordCommand.class,
            HelpCommand.class,
            GenerateCompletion.class);

    @Spec
    private CommandSpec spec;

    private Confcodes() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(commandLine(System.getenv(), args).execute(args));
    }

    /**
     * {@return the command with its settings loaded, to be executed with the same arguments} Wrong settings are refused when
     * it is executed, so that they keep nobody from its help.
     */
    static CommandLine commandLine(Map<String, String> environment, String... args) {
        CommandLine commandLine = withCommands(named(args));
        Settings settings =
                new Settings(Settings.knownKeys(commandLine), () -> Settings.knownKeys(withCommands(COMMANDS)));
        Failures failures = new Failures(settings);
        commandLine.setParameterExceptionHandler(failures);
        commandLine.setExecutionExceptionHandler(failures);
        try {
            settings.load(args, environment);
            commandLine.setDefaultValueProvider(settings);
        } catch (SettingsException e) {
            commandLine.setExecutionStrategy(
                    parsed -> Failures.helpOr(parsed, () -> Failures.say(commandLine, e.getMessage(), USAGE)));
        }
        return commandLine;
    }

    /** {@return the one command that is named, or all} picocli takes 5 ms for each, which a shell's user waits for. */
    private static List<Class<?>> named(String... args) {
        return COMMANDS.stream()
                .filter(command -> args.length > 0 && name(command).equals(args[0]))
                .filter(command -> command != HelpCommand.class && command != GenerateCompletion.class)
                .findFirst()
                .<List<Class<?>>>map(List::of)
                .orElse(COMMANDS);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine withCommands(List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new Confcodes());
        for (Class<?> command : commands) {
            commandLine.addSubcommand(command);
        }
        // Not by annotation: picocli asks an inherited provider for each command, whatever is to be done.
        Version version = new Version();
        commandLine.getCommandSpec().versionProvider(version);
        for (CommandLine command : commandLine.getSubcommands().values()) {
            command.getCommandSpec().versionProvider(version);
        }
        if (commands.contains(ServeCommand.class)) {
            ServeCommand.addPromptOptions(
                    commandLine.getSubcommands().get("serve").getCommandSpec());
        }
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(java.time.Duration.class, new DurationConverter());
        commandLine.registerConverter(java.net.InetAddress.class, new AddressConverter());
        return commandLine;
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }
}
