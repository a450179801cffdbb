package confcodes.cli;

import confcodes.conference.PbxException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code confcodes}: the server and the shell's commands. */
@Command(
        name = "confcodes",
        description = "Control of Asterisk ConfBridge conferences: by service codes from a phone, and from the shell.",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
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
        commandLine.setParameterExceptionHandler((e, arguments) -> usageError(e, settings));
        commandLine.setExecutionExceptionHandler((e, command, result) -> executionError(e, command, settings));
        try {
            settings.load(args, environment);
            commandLine.setDefaultValueProvider(settings);
        } catch (SettingsException e) {
            commandLine.setExecutionStrategy(parsed -> helpOr(parsed, () -> fail(commandLine, e.getMessage(), USAGE)));
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
        commands.forEach(commandLine::addSubcommand);
        if (commands.contains(ServeCommand.class)) {
            ServeCommand.addPromptOptions(
                    commandLine.getSubcommands().get("serve").getCommandSpec());
        }
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(java.time.Duration.class, DurationConverter::parse);
        commandLine.registerConverter(java.net.InetAddress.class, AddressConverter::parse);
        return commandLine;
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e, Settings settings) {
        CommandLine command = e.getCommandLine();
        String origin = e.getArgSpec() == null ? "" : settings.origin(e.getArgSpec());
        String message = isSecret(e)
                ? "there is no option --ami-secret, since everybody can read a command line; set ami-secret-file"
                : e.getMessage() + origin;
        String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        return helpOr(command.getParseResult(), () -> fail(command, message + help, USAGE));
    }

    private static boolean isSecret(ParameterException e) {
        return e instanceof UnmatchedArgumentException unknown
                && unknown.getUnmatched().stream().anyMatch(argument -> argument.matches("(?s)--ami-secret(=.*)?"));
    }

    /** Prints the help or the version if the command line asks for it, whatever else is wrong. */
    private static int helpOr(ParseResult parsed, IntSupplier otherwise) {
        try {
            Integer help = CommandLine.executeHelpRequest(parsed);
            return help == null ? otherwise.getAsInt() : help;
        } catch (ParameterException e) {
            return otherwise.getAsInt();
        }
    }

    private static int executionError(Exception e, CommandLine command, Settings settings) {
        if (e instanceof PbxException failure) {
            return fail(command, e.getMessage(), exitCode(failure));
        }
        if (e instanceof SettingsException) {
            return fail(command, e.getMessage(), USAGE);
        }
        if (e instanceof IllegalArgumentException) {
            return fail(command, e.getMessage() + settings.origin(e.getMessage()), USAGE);
        }
        e.printStackTrace(command.getErr());
        return fail(command, "a fault of confcodes, please report it", REFUSED);
    }

    /** {@return the exit code that a failure of the PBX amounts to} */
    static int exitCode(PbxException failure) {
        return switch (failure.reason()) {
            case UNREACHABLE, LOGIN_REFUSED, INCOMPLETE_LIST, UNCONFIRMED -> NO_PBX;
            case NOT_PERMITTED, REFUSED -> REFUSED;
        };
    }

    private static int fail(CommandLine command, String message, int exitCode) {
        PrintWriter err = command.getErr();
        err.println("confcodes: " + Output.printable(message));
        err.flush();
        return exitCode;
    }
}
