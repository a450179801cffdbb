package confcodes.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * Commands, options and arguments for picocli, declared by calls and not by annotations: the JVM makes a class for each kind of
 * annotation that is read, which no class-data archive holds; that was a quarter of a shell command's time ({@code
 * src/lab/bench-results.md}). The type of an option is not checked against what its value is read as: tests do that.
 */
final class Specs {

    private static final Map<String, String> EXIT_CODES = UsageMessageSpec.keyValuesMap(
            "0:done",
            "1:refused, not found or ambiguous",
            "2:wrong usage or settings",
            "3:PBX unreachable or login refused, or no answer from it");

    private Specs() {}

    /** {@return a command with {@code --help} and {@code --version}; one that only has subcommands has null for an action} */
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
        if (option.type() != null && option.type().isEnum()) {
            WordConverter words = new WordConverter(option.type());
            option.converters(words).completionCandidates(words.words());
        }
        OptionSpec spec =
                option.defaultValue(defaultValue).description(description).build();
        command.addOption(spec);
        return spec;
    }

    /** Adds an option that needs no value, a Boolean: false unless it is given. */
    static OptionSpec flag(CommandSpec command, String name, String description) {
        return option(command, OptionSpec.builder(name).type(boolean.class).initialValue(false), null, description);
    }

    /** Adds the next argument. */
    static PositionalParamSpec argument(
            CommandSpec command, String label, Class<?> type, boolean required, String description) {
        PositionalParamSpec.Builder argument = PositionalParamSpec.builder()
                .index(Integer.toString(command.positionalParameters().size()))
                .paramLabel(label)
                .type(type)
                .arity(required ? "1" : "0..1")
                .required(required)
                .description(description);
        if (type.isEnum()) {
            WordConverter words = new WordConverter(type);
            argument.converters(words).completionCandidates(words.words());
        }
        PositionalParamSpec spec = argument.build();
        command.addPositional(spec);
        return spec;
    }
}
