package confcodes.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The settings as options of the commands. */
final class SettingOptions {

    private SettingOptions() {}

    /** An option {@code --pbx} chooses among the PBXs: it is not the setting, which names them all. */
    private static Stream<Setting<?>> settings() {
        return Stream.concat(Stream.of(Setting.CONFIG), Setting.ALL.stream())
                .filter(setting -> setting.scope() != Setting.Scope.FILE);
    }

    /** Adds to a command the settings that it has as options; none to picocli's own commands. */
    static void addTo(CommandSpec command) {
        Object user = command.userObject();
        if (user instanceof ServeCommand
                || user instanceof PbxCommand
                || user instanceof LocalCommand
                || user instanceof ControlCommand) {
            settings()
                    .filter(setting -> isOption(setting, user))
                    .map(SettingOptions::option)
                    .forEach(command::addOption);
        }
    }

    private static boolean isOption(Setting<?> setting, Object command) {
        return switch (setting.scope()) {
            case EVERY_COMMAND ->
                !(command instanceof LocalCommand || command instanceof ControlCommand) || setting == Setting.CONFIG;
            case INVITATIONS -> command instanceof ServeCommand || command instanceof InviteCommand;
            case SERVE -> command instanceof ServeCommand;
            case CONTROL -> command instanceof ServeCommand || command instanceof ControlCommand;
            case SECRET, FILE -> false;
        };
    }

    /** picocli does not know the default: the properties file is read only when the command line is understood. */
    private static OptionSpec option(Setting<?> setting) {
        Type<?> type = setting.type();
        OptionSpec.Builder option = OptionSpec.builder(setting.option())
                .type(type.type())
                .paramLabel(type.label())
                .converters(type.reader()::apply)
                .description(setting.help().replace("%", "%%"));
        if (type.type() == boolean.class) {
            option.arity("0..1").fallbackValue("true").showDefaultValue(Help.Visibility.ALWAYS);
        }
        if (type.type().isEnum()) {
            option.completionCandidates(Type.words(type.type()));
        }
        return option.build();
    }

    /** {@return the settings that were given to a command as options, by key} */
    static Map<String, String> given(CommandSpec command) {
        Map<String, String> given = new HashMap<>();
        ParseResult parsed = command.commandLine().getParseResult();
        settings()
                .filter(setting -> parsed != null && parsed.hasMatchedOption(setting.option()))
                .forEach(setting -> given.put(
                        setting.key(),
                        parsed.matchedOption(setting.option()).stringValues().get(0)));
        return given;
    }

    /** {@return the text that the help shows as an option's default; null, as picocli has it, for none} */
    static String shownDefault(OptionSpec option, Settings settings) {
        return settings()
                .filter(setting -> setting.option().equals(option.longestName()))
                .flatMap(setting -> settings.text(setting).stream())
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(null);
    }
}
