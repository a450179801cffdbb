package confcodes.cli;

import confcodes.conference.PbxException;
import java.io.PrintWriter;
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
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, not found or ambiguous",
            "2:wrong usage or settings",
            "3:PBX unreachable or login refused, or no answer from it"
        },
        subcommands = {
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
            GenerateCompletion.class
        })
public final class Confcodes implements Runnable {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NO_PBX = 3;

    @Spec
    private CommandSpec spec;

    private Confcodes() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs a command.
     *
     * @param args the command line
     * @return the exit code: 0 done, 1 refused or not found, 2 usage, 3 PBX unreachable
     */
    static int run(String... args) {
        CommandLine commandLine = new CommandLine(new Confcodes());
        ServeCommand.addPromptOptions(commandLine.getSubcommands().get("serve").getCommandSpec());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.registerConverter(java.time.Duration.class, DurationConverter::parse);
        commandLine.registerConverter(java.net.InetAddress.class, AddressConverter::parse);
        Settings settings = new Settings(Settings.knownKeys(commandLine));
        commandLine.setParameterExceptionHandler((e, arguments) -> usageError(e, settings));
        commandLine.setExecutionExceptionHandler((e, command, result) -> executionError(e, command, settings));
        try {
            settings.load(args, System.getenv());
        } catch (SettingsException e) {
            return fail(commandLine, e.getMessage(), USAGE);
        }
        commandLine.setDefaultValueProvider(settings);
        return commandLine.execute(args);
    }

    /** Without a command there is nothing to do. */
    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int usageError(ParameterException e, Settings settings) {
        CommandLine command = e.getCommandLine();
        String origin = e.getArgSpec() == null ? "" : settings.origin(e.getArgSpec());
        String help = command.getCommandSpec().qualifiedName() + " --help";
        return fail(command, e.getMessage() + origin + "; see " + help, USAGE);
    }

    private static int executionError(Exception e, CommandLine command, Settings settings) {
        if (e instanceof PbxException failure) {
            int exitCode = switch (failure.reason()) {
                case UNREACHABLE, LOGIN_REFUSED, INCOMPLETE_LIST, UNCONFIRMED -> NO_PBX;
                case NOT_PERMITTED, REFUSED -> REFUSED;
            };
            return fail(command, e.getMessage(), exitCode);
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

    private static int fail(CommandLine command, String message, int exitCode) {
        PrintWriter err = command.getErr();
        err.println("confcodes: " + message);
        err.flush();
        return exitCode;
    }
}
