package confcodes.cli;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;

/**
 * Where settings come from when they are not on the command line: the environment ({@code CONFCODES_AMI_HOST}), then the
 * properties file ({@code ami-host=…}). Unlike picocli's own provider it refuses keys that nobody knows and files that cannot
 * be read, and can tell where a value stands.
 */
final class Settings implements IDefaultValueProvider {

    /** Has no option: a command line can be read by everybody. */
    static final String SECRET = "ami-secret";

    static final Path DEFAULT_FILE = Path.of("/etc/confcodes.properties");

    private static final Set<String> NOT_SETTINGS = Set.of("help", "version", "config", "json", "all");

    private final Set<String> ownKeys;
    private final Supplier<Set<String>> allKeys;
    private final Map<String, String> environment = new HashMap<>();
    private final Map<String, String> file = new HashMap<>();
    private final Map<String, Integer> lines = new HashMap<>();
    private Set<String> onCommandLine = Set.of();
    private Path path = DEFAULT_FILE;

    /**
     * Creates settings without values.
     *
     * @param ownKeys the keys of the command that is run
     * @param allKeys those of all commands, which a file may hold too; asked for when the file has others than the command's
     */
    Settings(Set<String> ownKeys, Supplier<Set<String>> allKeys) {
        this.ownKeys = ownKeys;
        this.allKeys = allKeys;
    }

    /** {@return the keys that a file or the environment may set: every option of every subcommand, and the secret} */
    static Set<String> knownKeys(CommandLine commandLine) {
        Set<String> keys = new TreeSet<>();
        keys.add(SECRET);
        for (CommandLine command : commandLine.getSubcommands().values()) {
            for (OptionSpec option : command.getCommandSpec().options()) {
                if (!NOT_SETTINGS.contains(key(option))) {
                    keys.add(key(option));
                }
            }
        }
        return keys;
    }

    private static String key(OptionSpec option) {
        return option.longestName().replaceFirst("^-+", "");
    }

    private static String variable(String key) {
        return "CONFCODES_" + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /**
     * Reads the environment and the file.
     *
     * @throws SettingsException when the file that {@code --config} names cannot be read, or a key is unknown
     */
    void load(String[] args, Map<String, String> variables) {
        onCommandLine = Arrays.stream(args).map(arg -> arg.split("=", 2)[0]).collect(Collectors.toSet());
        for (String key : ownKeys) {
            String value = variables.get(variable(key));
            if (value != null && !value.isEmpty()) {
                environment.put(key, value);
                refuseNull(key, value, environmentPlace(key));
            }
        }
        Path named;
        try {
            named = configOption(args);
        } catch (CommandLine.ParameterException e) {
            return;
        }
        String variable = variables.getOrDefault("CONFCODES_CONFIG", "");
        if (named == null && !variable.isEmpty()) {
            named = Path.of(variable);
        }
        if (named != null) {
            path = named;
            loadFile();
        } else if (Files.exists(DEFAULT_FILE)) {
            loadFile();
        }
    }

    /** {@return the one option that has to be known before the others' defaults are; null when it is not given} */
    private static Path configOption(String[] args) {
        CommandSpec spec = CommandSpec.create()
                .addOption(OptionSpec.builder("--config").type(Path.class).build());
        return new CommandLine(spec)
                .registerConverter(Path.class, new FileConverter())
                .setExpandAtFiles(false)
                .setUnmatchedArgumentsAllowed(true)
                .parseArgs(args)
                .matchedOptionValue("--config", null);
    }

    private void loadFile() {
        Properties properties = new Properties();
        Set<String> assigned = new HashSet<>();
        try {
            List<String> text = Files.readAllLines(path);
            properties.load(new StringReader(String.join("\n", text)));
            for (int i = 0; i < text.size(); i++) {
                String[] line = text.get(i).strip().split("[=:\\s]", 2);
                lines.put(line[0], i + 1);
                if (text.get(i).matches(".*[=:].*")) {
                    assigned.add(line[0]);
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingsException("config: cannot read " + path + ": " + reason(e), e);
        }
        Set<String> keys = properties.stringPropertyNames();
        Set<String> known = ownKeys.containsAll(keys) ? ownKeys : allKeys.get();
        for (String key : keys) {
            if (!known.contains(key) && !assigned.contains(key)) {
                // It is not repeated: somebody may have taken this file for that of the secret.
                throw new SettingsException("config: a line that is no setting, key=value" + place(key));
            }
            if (!known.contains(key)) {
                throw new SettingsException("unknown setting '" + key + "'" + place(key) + similar(key, known));
            }
            file.put(key, properties.getProperty(key).strip());
            refuseNull(key, file.get(key), place(key));
        }
    }

    /** Refuses what picocli takes for the lack of a value, where a default is to be had. */
    private static void refuseNull(String key, String value, String place) {
        if (value.equals(Option.NULL_VALUE)) {
            throw new SettingsException(key + ": '" + value + "' is no value" + place);
        }
    }

    static String reason(Exception e) {
        String name = e.getClass().getSimpleName().replaceFirst("Exception$", "");
        return switch (name) {
            case "NoSuchFile" -> "no such file";
            case "AccessDenied" -> "permission denied";
            case "MalformedInput" -> "not UTF-8";
            default -> e.getMessage();
        };
    }

    private static String similar(String key, Set<String> known) {
        List<String> similar = known.stream()
                .filter(other -> other.startsWith(key) || key.startsWith(other) || other.endsWith(key))
                .toList();
        return similar.isEmpty() ? "" : "; did you mean " + String.join(", ", similar) + "?";
    }

    private String place(String key) {
        return " (" + path + (lines.containsKey(key) ? ", line " + lines.get(key) : "") + ")";
    }

    private static String environmentPlace(String key) {
        return " (" + variable(key) + " in the environment)";
    }

    @Override
    public String defaultValue(ArgSpec arg) {
        return arg instanceof OptionSpec option ? value(key(option)).orElse(null) : null;
    }

    private Optional<String> value(String key) {
        return Optional.ofNullable(environment.getOrDefault(key, file.get(key)));
    }

    /** {@return the secret in the environment} */
    Optional<String> secretInEnvironment() {
        return Optional.ofNullable(environment.get(SECRET));
    }

    /** {@return the secret in the properties file} */
    Optional<String> secretInFile() {
        return Optional.ofNullable(file.get(SECRET));
    }

    /** {@return the properties file} */
    Path path() {
        return path;
    }

    /** {@return where an option's value stands, as an addition to a message; empty when not known} */
    String origin(ArgSpec arg) {
        return arg instanceof OptionSpec option ? origin(key(option)) : "";
    }

    /** {@return where the setting that a message begins with stands, as an addition to that message} */
    String origin(String message) {
        String key = message == null ? "" : message.split("[ :]", 2)[0];
        if (onCommandLine.contains("--" + key)) {
            return "";
        }
        if (environment.containsKey(key)) {
            return environmentPlace(key);
        }
        return file.containsKey(key) ? place(key) : "";
    }
}
