package confcodes.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * Commands, options and arguments for picocli, declared by calls and not by annotations: the JVM makes a class for each kind of
 * annotation that is read, which no class-data archive holds. {@code confcodes mute} took 202 ms with annotations and 152
 * without, median of 20 runs with an archive; 278 and 242 without one.
 */
final class Specs {

    private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

    static {
        EXIT_CODES.put("0", "done");
        EXIT_CODES.put("1", "refused, not found or ambiguous");
        EXIT_CODES.put("2", "wrong usage or settings");
        EXIT_CODES.put("3", "PBX unreachable or login refused, or no answer from it");
    }

    private Specs() {}

    /** {@return a command with {@code --help} and {@code --version}; one without an action has subcommands} */
    static CommandSpec command(Callable<Integer> action, String name, String description) {
        CommandSpec command = CommandSpec.wrapWithoutInspection(action).name(name);
        command.usageMessage().description(description);
        command.addOption(OptionSpec.builder("-h", "--help")
                .type(boolean.class)
                .usageHelp(true)
                .description("Show this help message and exit.")
                .build());
        command.addOption(OptionSpec.builder("-V", "--version")
                .type(boolean.class)
                .versionHelp(true)
                .description("Print version information and exit.")
                .build());
        return withUsualHelp(command);
    }

    /** {@return a command whose help looks like that of all others} */
    static CommandSpec withUsualHelp(CommandSpec command) {
        command.usageMessage()
                .autoWidth(true)
                .showDefaultValues(true)
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(EXIT_CODES);
        return command.versionProvider(new Version());
    }

    /** Adds an option with a default, or without one when that is null. */
    static OptionSpec option(
            CommandSpec command, String name, String label, Class<?> type, String defaultValue, String description) {
        return option(command, OptionSpec.builder(name).paramLabel(label).type(type), defaultValue, description);
    }

    /** Adds an option as far as it is built. */
    static OptionSpec option(CommandSpec command, OptionSpec.Builder option, String defaultValue, String description) {
        OptionSpec spec =
                option.defaultValue(defaultValue).description(description).build();
        command.addOption(spec);
        return spec;
    }

    /** Adds an option without a value, which is a Boolean. */
    static OptionSpec flag(CommandSpec command, String name, String description) {
        OptionSpec spec = OptionSpec.builder(name)
                .type(boolean.class)
                .initialValue(false)
                .description(description)
                .build();
        command.addOption(spec);
        return spec;
    }

    /** Adds the next argument. */
    static PositionalParamSpec argument(
            CommandSpec command, String label, Class<?> type, boolean required, String description) {
        PositionalParamSpec spec = PositionalParamSpec.builder()
                .index(Integer.toString(command.positionalParameters().size()))
                .paramLabel(label)
                .type(type)
                .arity(required ? "1" : "0..1")
                .required(required)
                .description(description)
                .build();
        command.addPositional(spec);
        return spec;
    }
}
