package confcodes.cli;

import confcodes.agi.AgiSettings;
import confcodes.agi.Prompt;
import confcodes.ami.AmiSettings;
import confcodes.ami.Secret;
import confcodes.ami.Tls;
import confcodes.cli.Origin.Source;
import confcodes.conference.Invitation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The settings of one run: an option counts for more than the environment, that for more than the properties file, that for
 * more than the default. A value is read, and its range checked, when it is asked for; a wrong one throws
 * {@link SettingsException}.
 */
final class Settings {

    /** What the settings are for. */
    enum Use {
        /** {@code confcodes serve}. */
        SERVER,
        /** Any other command. */
        SHELL
    }

    /** The secret in the sample files, which everybody knows. */
    static final String SAMPLE_SECRET = "change-me-confcodes";

    private final Use use;
    private final String pbx;
    private final Map<String, Given> given = new LinkedHashMap<>();

    /** The text of a setting as it was given, by which key, and where. */
    record Given(String key, String text, Origin origin) {}

    /**
     * Reads the settings.
     *
     * @param use what they are for
     * @param options the options given, by key
     * @param environment the environment
     * @throws SettingsException if the file cannot be read or has an unknown key, or if the environment sets a prompt or a
     *     removed setting; other unknown variables are ignored
     */
    Settings(Use use, Map<String, String> options, Map<String, String> environment) {
        this(use);
        readEnvironment(environment);
        options.forEach((key, text) -> given.put(key, new Given(key, text, Origin.option("--" + key))));
        Path file = get(Setting.CONFIG);
        Origin config = origin(Setting.CONFIG);
        if (config.source() != Source.DEFAULT || Files.exists(file)) {
            PropertiesFile.read(file, config).forEach(given::putIfAbsent);
        }
        if (use == Use.SHELL && origin(Setting.LOG_LEVEL).source() == Source.FILE) {
            given.remove(Setting.LOG_LEVEL.key());
        }
    }

    /** Creates the settings that there are if none is given. */
    Settings(Use use) {
        this(use, "");
    }

    private Settings(Use use, String pbx) {
        this.use = use;
        this.pbx = pbx;
    }

    /**
     * {@return the settings of each PBX by its name, in the order of {@code pbx}; these, by an empty name, if none has a name}
     *
     * @throws SettingsException if {@code pbx} is wrong, a key is for a PBX that it does not name, or two have one address
     */
    Map<String, Settings> pbxs() {
        List<String> names = Setting.names(get(Setting.PBX));
        for (Given value : given.values()) {
            int dot = value.key().lastIndexOf('.');
            if (dot >= 0 && !names.contains(value.key().substring(0, dot))) {
                throw new SettingsException(value.key(), "pbx does not name this PBX", value.origin());
            }
        }
        Map<String, Settings> pbxs = new LinkedHashMap<>();
        Map<String, String> addresses = new LinkedHashMap<>();
        for (String name : names) {
            Settings own = of(name);
            String address = own.get(Setting.AMI_HOST) + ":" + own.get(Setting.AMI_PORT);
            String other = addresses.put(address, name);
            if (other != null) {
                throw new SettingsException(
                        name + "." + Setting.AMI_HOST.key(),
                        other + " has this address, too: " + address,
                        own.origin(Setting.AMI_HOST));
            }
            pbxs.put(name, own);
        }
        return names.isEmpty() ? Map.of("", this) : pbxs;
    }

    /** In the file a PBX's own value counts for more than that of all; its own secret also for more than the file of all. */
    private Settings of(String name) {
        Settings own = new Settings(use, name);
        own.given.putAll(given);
        Setting.ALL.stream()
                .filter(setting -> origin(setting).source().compareTo(Source.FILE) <= 0)
                .map(Setting::key)
                .forEach(key -> {
                    Given value = given.get(name + "." + key);
                    if (value != null) {
                        own.given.put(key, value);
                    } else if (key.equals(Setting.AMI_SECRET_FILE.key())
                            && given.containsKey(name + "." + Setting.AMI_SECRET.key())) {
                        own.given.remove(key);
                    }
                });
        return own;
    }

    /** {@return the name of the PBX that they are for; empty if it has none, or if they are for several} */
    String pbx() {
        return pbx;
    }

    /** {@return the key of a setting as it was given, such as {@code pbx1.ami-host}} */
    private String key(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value != null ? value.key() : pbx.isEmpty() ? setting.key() : pbx + "." + setting.key();
    }

    private void readEnvironment(Map<String, String> environment) {
        environment.forEach((variable, text) -> {
            if (variable.startsWith(Setting.VARIABLES) && !text.isEmpty()) {
                String key = variable.substring(Setting.VARIABLES.length())
                        .toLowerCase(Locale.ROOT)
                        .replace('_', '-');
                Origin origin = Origin.environment(variable);
                refuseUnlessInFile(key, origin);
                given.put(key, new Given(key, text, origin));
            }
        });
    }

    /** Refuses what is a setting no longer, or in the properties file alone. */
    static void refuseUnlessInFile(String key, Origin origin) {
        if (Setting.REMOVED.containsKey(key)) {
            throw new SettingsException(key, Setting.REMOVED.get(key), origin);
        }
        if (key.equals(Setting.PBX.key())
                || Arrays.stream(Prompt.values())
                        .anyMatch(prompt -> prompt.key().equals(key))) {
            throw new SettingsException(key, "can be set in the properties file only", origin);
        }
    }

    /** {@return the value of a setting that has a default} */
    <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> new IllegalStateException(setting.key() + " has no value"));
    }

    /** {@return the value of a setting; empty if it is not given and has no default} */
    <T> Optional<T> find(Setting<T> setting) {
        Optional<String> text = text(setting);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        try {
            // picocli takes this text for no value when it shows a default.
            if (text.get().equals(Option.NULL_VALUE)) {
                throw new TypeConversionException("'" + text.get() + "' is not a value");
            }
            return Optional.of(setting.type().reader().apply(text.get()));
        } catch (TypeConversionException e) {
            throw new SettingsException(key(setting), e.getMessage(), origin(setting));
        }
    }

    /** {@return the text of a setting as it was given, or its default; empty if it has neither} */
    Optional<String> text(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? setting.byDefault(use) : Optional.of(value.text());
    }

    /** {@return where the value of a setting comes from} */
    Origin origin(Setting<?> setting) {
        Given value = given.get(setting.key());
        return value == null ? Origin.DEFAULT : value.origin();
    }

    /** {@return the keys that are given otherwise than in other settings, sorted} */
    List<String> keysOtherThanIn(Settings others) {
        return Stream.concat(given.keySet().stream(), others.given.keySet().stream())
                .distinct()
                .filter(key -> !givenText(key).equals(others.givenText(key)))
                .sorted()
                .toList();
    }

    private Optional<String> givenText(String key) {
        return Optional.ofNullable(given.get(key)).map(Given::text);
    }

    /**
     * Refuses settings in which something differs that a running server cannot change.
     *
     * @param running the settings that the server runs with
     * @throws SettingsException if one differs
     */
    void refuseIfRestartIsNeeded(Settings running) {
        for (Setting<?> setting : Setting.NEED_RESTART) {
            if (!find(setting).equals(running.find(setting))) {
                throw new SettingsException(
                        setting.key(),
                        "needs a restart to become '" + text(setting).orElse("") + "'",
                        origin(setting));
            }
        }
    }

    /** {@return every setting that has a value, as {@code key=value}, but the secret and the prompts} */
    String inEffect() {
        Stream<String> general = Setting.ALL.stream()
                .filter(setting -> setting != Setting.AMI_SECRET)
                .filter(setting -> setting != Setting.PBX || given.containsKey(setting.key()))
                .flatMap(setting -> text(setting).map(text -> setting.key() + "=" + Output.printable(text)).stream());
        Stream<String> perPbx = given.values().stream()
                .filter(value -> value.key().contains(".") && !value.key().endsWith("." + Setting.AMI_SECRET.key()))
                .map(value -> value.key() + "=" + Output.printable(value.text()));
        return Stream.concat(general, perPbx).collect(Collectors.joining(" "));
    }

    /** {@return how the PBX is reached} */
    AmiSettings ami() {
        Optional<Path> ca = find(Setting.AMI_TLS_CA);
        ca.ifPresent(this::checkCertificates);
        return new AmiSettings(
                pbx,
                get(Setting.AMI_HOST),
                get(Setting.AMI_PORT),
                get(Setting.AMI_USER),
                secret(),
                get(Setting.AMI_TLS),
                ca,
                get(Setting.AMI_TIMEOUT),
                get(Setting.POOL_SIZE),
                use == Use.SERVER);
    }

    private void checkCertificates(Path ca) {
        try {
            Tls.context(Optional.of(ca));
        } catch (IOException e) {
            throw SettingsException.unreadable(key(Setting.AMI_TLS_CA), ca, e, origin(Setting.AMI_TLS_CA));
        }
    }

    /** {@return the socket over which the server is asked; empty if it has none} */
    Optional<Path> controlSocket() {
        String socket = get(Setting.CONTROL_SOCKET);
        return socket.equals(Setting.NO_SOCKET) ? Optional.empty() : Optional.of(Path.of(socket));
    }

    /** {@return how invitations are made} */
    Invitation.Template invitations() {
        return new Invitation.Template(get(Setting.DIAL_STRING), get(Setting.ADD_PROFILE));
    }

    /** {@return how the phone face serves} */
    AgiSettings agi() {
        Map<Prompt, String> prompts = new EnumMap<>(Prompt.class);
        for (Prompt prompt : Prompt.values()) {
            prompts.put(prompt, get(Setting.of(prompt)));
        }
        return new AgiSettings(
                get(Setting.AGI_BIND),
                get(Setting.AGI_PORT),
                get(Setting.AGI_PEERS),
                get(Setting.AGI_CONNECTIONS),
                get(Setting.ALLOW),
                get(Setting.MUTES_HOLD),
                get(Setting.MAX_DIGITS),
                get(Setting.FIRST_DIGIT_TIMEOUT),
                get(Setting.INTER_DIGIT_TIMEOUT),
                get(Setting.MAX_DURATION),
                get(Setting.WHISPER),
                get(Setting.TELL_PARTICIPANTS),
                invitations(),
                get(Setting.INVITE_NUMBERS),
                get(Setting.INVITE_LIMIT),
                get(Setting.INVITE_ACCEPT),
                prompts);
    }

    /** First the file that an option names, then the secret in the environment, then any other file, then the properties file. */
    private Secret secret() {
        Source ofFile = origin(Setting.AMI_SECRET_FILE).source();
        Source ofSecret = origin(Setting.AMI_SECRET).source();
        if (ofFile == Source.OPTION || ofFile != Source.DEFAULT && ofSecret != Source.ENVIRONMENT) {
            return secretFrom(get(Setting.AMI_SECRET_FILE));
        }
        Path file = get(Setting.CONFIG);
        Secret secret = find(Setting.AMI_SECRET)
                .orElseThrow(() -> new SettingsException(
                        key(Setting.AMI_SECRET),
                        "there is none: set ami-secret-file or ami-secret in " + file
                                + (Files.exists(file) ? "" : " (no such file)")
                                + ", or CONFCODES_AMI_SECRET in the environment",
                        Origin.DEFAULT));
        if (ofSecret == Source.FILE) {
            warnIfReadableByOthers(file);
        }
        return secret;
    }

    private Secret secretFrom(Path secretFile) {
        Origin origin = origin(Setting.AMI_SECRET_FILE);
        try {
            String text = Files.readString(secretFile).strip();
            warnIfReadableByOthers(secretFile);
            return Setting.AMI_SECRET.type().reader().apply(text);
        } catch (IOException e) {
            throw SettingsException.unreadable(key(Setting.AMI_SECRET_FILE), secretFile, e, origin);
        } catch (TypeConversionException e) {
            throw new SettingsException(key(Setting.AMI_SECRET_FILE), secretFile + ": " + e.getMessage(), origin);
        }
    }

    private static void warnIfReadableByOthers(Path file) {
        try {
            if (Files.getPosixFilePermissions(file).contains(PosixFilePermission.OTHERS_READ)) {
                LoggerFactory.getLogger("confcodes")
                        .warn("{} holds the AMI secret and everybody can read it: chmod o-r {}", file, file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            LoggerFactory.getLogger("confcodes").debug("permissions of {} unknown", file, e);
        }
    }
}
