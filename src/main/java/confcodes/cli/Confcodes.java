package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.conference.Operation;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;

/** The command {@code confcodes}: the server and the shell's commands. */
public final class Confcodes {

    static final int DONE = 0;
    static final int REFUSED = 1;
    static final int USAGE = 2;
    static final int NO_PBX = 3;

    private static final List<String> COMMANDS =
            List.of("serve", "rooms", "list", "mute", "unmute", "kick", "lock", "unlock", "add", "record");

    private Confcodes() {}

    /**
     * Runs a command and ends the JVM with its exit code.
     *
     * @param args the command line
     */
    public static void main(String[] args) {
        // Digits that scripts can rely on; and for any other locale the JVM loads its tables at the first "%d".
        Locale.setDefault(Locale.US);
        AmiPbx.prepare();
        System.exit(commandLine(System.getenv(), args).execute(args));
    }

    /**
     * {@return the command with its settings loaded, to be executed with the same arguments} Wrong settings are refused when
     * it is executed, so that they keep nobody from its help.
     */
    static CommandLine commandLine(Map<String, String> environment, String... args) {
        CommandLine commandLine = confcodes(args);
        Settings settings = new Settings(Settings.knownKeys(commandLine), () -> Settings.knownKeys(confcodes()));
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

    /** {@return the command with the one that is named, or with all} A shell's user need not wait for what is not built. */
    private static CommandLine confcodes(String... args) {
        boolean named = args.length > 0 && COMMANDS.contains(args[0]);
        CommandSpec confcodes = Specs.command(
                null,
                "confcodes",
                "Control of Asterisk ConfBridge conferences: by service codes from a phone, and from the shell.");
        for (String command : named ? List.of(args[0]) : COMMANDS) {
            confcodes.addSubcommand(command, command(command));
        }
        CommandLine commandLine = new CommandLine(confcodes);
        // A value is what stands there, from wherever it comes: picocli would replace ${…} in the environment and the
        // file,
        // and an argument @FILE by the file.
        commandLine.setInterpolateVariables(false);
        commandLine.setExpandAtFiles(false);
        if (!named) {
            for (Class<?> command : List.of(HelpCommand.class, GenerateCompletion.class)) {
                CommandSpec spec = Specs.withUsualHelp(CommandSpec.forAnnotatedObject(command));
                commandLine.addSubcommand(spec.name(), spec);
            }
        }
        commandLine.registerConverter(int.class, new NumberConverter());
        commandLine.registerConverter(Path.class, new FileConverter());
        commandLine.registerConverter(Duration.class, new DurationConverter());
        commandLine.registerConverter(InetAddress.class, new AddressConverter());
        return commandLine;
    }

    private static CommandSpec command(String name) {
        return switch (name) {
            case "serve" -> new ServeCommand().spec();
            case "rooms" -> new RoomsCommand().spec();
            case "list" -> new ListCommand().spec();
            case "mute" -> onWhom(name, "Mute a participant, or everyone but administrators.", Operation.MUTE, "muted");
            case "unmute" ->
                onWhom(name, "Unmute a participant, or everyone but administrators.", Operation.UNMUTE, "unmuted");
            case "kick" ->
                onWhom(
                        name,
                        "Remove a participant from a conference, or everyone but administrators.",
                        Operation.KICK,
                        "kicked");
            case "lock" ->
                new LockCommand(name, "Lock a conference, so that only administrators can join.", true, "locked")
                        .spec();
            case "unlock" -> new LockCommand(name, "Unlock a conference.", false, "unlocked").spec();
            case "add" -> new AddCommand().spec();
            case "record" -> new RecordCommand().spec();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static CommandSpec onWhom(String name, String description, Operation operation, String done) {
        return new ParticipantCommand(name, description, operation, done).spec();
    }
}
