package confcodes.cli;

import confcodes.cli.Settings.Use;
import confcodes.conference.Status;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.ScopeType;

/** The command {@code confcodes}: the server and the shell's commands. */
@Command(
        name = "confcodes",
        description = "Control of Asterisk ConfBridge conferences: by service codes from a phone, and from the shell.",
        subcommands = {
            ServeCommand.class,
            ConferencesCommand.class,
            ListCommand.class,
            WatchCommand.class,
            MuteCommand.class,
            UnmuteCommand.class,
            KickCommand.class,
            BanCommand.class,
            UnbanCommand.class,
            BansCommand.class,
            HandsCommand.class,
            FloorCommand.class,
            LockCommand.class,
            UnlockCommand.class,
            InviteCommand.class,
            RecordCommand.class,
            KeysCommand.class,
            SetupCommand.class,
            CheckCommand.class,
            ReloadCommand.class,
            StatusCommand.class,
            HelpCommand.class,
            GenerateCompletion.class
        },
        synopsisSubcommandLabel = "COMMAND",
        scope = ScopeType.INHERIT,
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        showDefaultValues = true,
        usageHelpAutoWidth = true,
        exitCodeOnExecutionException = Confcodes.FAULT,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused, not found or ambiguous; check: something is wrong",
            "2:wrong usage or settings",
            "3:PBX unreachable or login refused, or no answer from it; reload, status: no server",
            "70:internal fault"
        })
public final class Confcodes {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NO_PBX = 3;

    /** EX_SOFTWARE of sysexits.h. */
    static final int FAULT = 70;

    private final Map<String, String> environment;
    private final Optional<Terminal> terminal;

    /** Somebody who can be asked. */
    interface Terminal {

        /** {@return the next line that is typed; empty at the end of the input} */
        String readLine();
    }

    /**
     * Creates the command.
     *
     * @param environment the environment
     * @param terminal whom to ask; empty in a script
     */
    Confcodes(Map<String, String> environment, Optional<Terminal> terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        // The digits of numbers and times are ASCII in every locale, and all output is UTF-8.
        Locale.setDefault(Locale.US);
        System.setErr(new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8));
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        CommandLine commandLine = new Confcodes(System.getenv(), ownTerminal())
                .commandLine()
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        int exitCode;
        try {
            exitCode = commandLine.execute(args);
        } catch (Error e) {
            exitCode = Failures.fault(e, commandLine);
        }
        System.exit(exitCode);
    }

    private static Optional<Terminal> ownTerminal() {
        // In Java 22 to 24 the default console exists without a terminal too.
        System.setProperty("jdk.console", "java.base");
        return Optional.ofNullable(System.console())
                .map(console -> () -> Optional.ofNullable(console.readLine()).orElse(""));
    }

    /** {@return the command as picocli knows it} */
    CommandLine commandLine() {
        CommandLine commandLine = new CommandLine(this);
        commandLine.getSubcommands().values().stream()
                .map(CommandLine::getCommandSpec)
                .distinct()
                .forEach(SettingOptions::addTo);
        Failures failures = new Failures();
        return commandLine
                // An argument is taken as it is: picocli would replace @FILE by the file.
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .setExecutionStrategy(this::execute);
    }

    /** Executes the command. Nothing but the help asks for defaults, and it shows those that the settings make. */
    private int execute(ParseResult parsed) {
        Map<CommandSpec, Settings> shown = new HashMap<>();
        parsed.commandSpec()
                .commandLine()
                .setDefaultValueProvider(arg -> arg instanceof OptionSpec option
                        ? SettingOptions.shownDefault(
                                option, shown.computeIfAbsent(option.command(), this::settingsOrDefaults))
                        : null);
        return new RunLast().execute(parsed);
    }

    /** {@return the settings for a command's help, which wrong settings keep from nobody} */
    private Settings settingsOrDefaults(CommandSpec command) {
        try {
            return settings(command);
        } catch (SettingsException e) {
            return new Settings(use(command));
        }
    }

    /**
     * {@return the settings for a command}
     *
     * @throws SettingsException as {@link Settings} says
     */
    Settings settings(CommandSpec command) {
        return new Settings(use(command), SettingOptions.given(command), environment);
    }

    /** {@return where the properties file is, or is to be} */
    Path settingsFile(CommandSpec command) {
        String file = environment.getOrDefault(Setting.CONFIG.variable(), Setting.CONFIG.serverDefault());
        return Path.of(SettingOptions.given(command).getOrDefault(Setting.CONFIG.key(), file));
    }

    private static Use use(CommandSpec command) {
        return command.userObject() instanceof ServeCommand ? Use.SERVER : Use.SHELL;
    }

    /** {@return a variable of the environment; empty if it is not set} */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** {@return whom to ask; empty in a script} */
    Optional<Terminal> terminal() {
        return terminal;
    }

    /** {@return the exit code that an outcome amounts to} */
    static int exitCode(Status status) {
        return switch (status) {
            case DONE -> DONE;
            case NOTFOUND, AMBIGUOUS, DENIED, CANCELLED, NOCONFERENCE -> REFUSED;
            case UNAVAILABLE -> NO_PBX;
        };
    }
}
