package confcodes.cli;

import confcodes.agi.Peers;
import confcodes.agi.Prompt;
import confcodes.ami.Secret;
import confcodes.cli.Settings.Use;
import confcodes.conference.Invitation;
import confcodes.conference.MutesHold;
import confcodes.conference.Policy;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/**
 * One row of the table of settings, from which the properties file, the environment and the options are read. Immutable.
 *
 * @param <T> the class of its value
 * @param key its name in the properties file, such as {@code ami-host}
 * @param scope where else it can be given
 * @param type what its value can be
 * @param serverDefault its text for {@code serve} unless given; null for none
 * @param shellDefault its text for the other commands unless given; null for none
 * @param help what it is for, one or two sentences
 */
record Setting<T>(String key, Scope scope, Type<T> type, String serverDefault, String shellDefault, String help) {

    /** Where a setting can be given besides the properties file. */
    enum Scope {
        /** In the environment, and as an option of every command. */
        EVERY_COMMAND,
        /** In the environment, and as an option of {@code serve} and {@code invite}. */
        INVITATIONS,
        /** In the environment, and as an option of {@code serve}. */
        SERVE,
        /** In the environment, and as an option of {@code serve} and of the commands that ask the running server. */
        CONTROL,
        /** In the environment: everybody can read a command line. */
        SECRET,
        /** Nowhere else. */
        FILE
    }

    /** What every setting's name in the environment begins with. */
    static final String VARIABLES = "CONFCODES_";

    /** The value of {@code control-socket} that turns it off. */
    static final String NO_SOCKET = "none";

    private static final List<Setting<?>> TABLE = new ArrayList<>();
    private static final Set<String> PER_PBX = new HashSet<>();

    /** Every setting but the properties file itself and the prompts, in the order in which they are documented. */
    static final List<Setting<?>> ALL = Collections.unmodifiableList(TABLE);

    /** The properties file itself: no key of it. */
    static final Setting<Path> CONFIG = new Setting<>(
            "config",
            Scope.EVERY_COMMAND,
            Type.file(),
            "/etc/confcodes.properties",
            "/etc/confcodes.properties",
            "Properties file.");

    static final Setting<String> PBX = row(
            "pbx",
            Scope.FILE,
            Type.text(
                    "NAMES",
                    Setting::isListOfNames,
                    "is not a list of different names, each of letters, digits and . _ -, separated by commas"),
            "",
            "",
            "Names of the PBXs, if they are several.");
    static final Setting<String> AMI_HOST = every(
                    "ami-host", Type.name("HOST", "a host's name or address"), "127.0.0.1", "Asterisk server.")
            .perPbx();
    static final Setting<Integer> AMI_PORT = every("ami-port", Type.number("PORT", 1, 65_535), "5038", "Its AMI port.")
            .perPbx();
    static final Setting<String> AMI_USER = every(
                    "ami-user",
                    Type.name("USER", "the name of a section of manager.conf"),
                    "confcodes",
                    "Section of manager.conf to log in as.")
            .perPbx();
    static final Setting<Secret> AMI_SECRET = row(
                    "ami-secret",
                    Scope.SECRET,
                    new Type<>("SECRET", Secret.class, Setting::secret),
                    null,
                    null,
                    "The secret in that section of manager.conf.")
            .perPbx();
    static final Setting<Path> AMI_SECRET_FILE = every(
                    "ami-secret-file",
                    Type.file(),
                    null,
                    "File that holds the secret and nothing else. Or CONFCODES_AMI_SECRET in the environment, or ami-secret in"
                            + " the properties file.")
            .perPbx();
    static final Setting<Boolean> AMI_TLS = every("ami-tls", Type.truth(), "false", "Whether the AMI port speaks TLS.")
            .perPbx();
    static final Setting<Path> AMI_TLS_CA = every(
                    "ami-tls-ca",
                    Type.file(),
                    null,
                    "PEM certificates to check the server's against, instead of the JVM's own.")
            .perPbx();

    /** For the server it is what a caller waits; in a shell a cold JVM takes a second by itself. */
    static final Setting<Duration> AMI_TIMEOUT = row(
                    "ami-timeout",
                    Scope.EVERY_COMMAND,
                    Type.duration("100ms"),
                    "2s",
                    "10s",
                    "Longest time for one operation; includes the wait for a connection, its login and a second attempt.")
            .perPbx();

    static final Setting<Integer> POOL_SIZE = every(
                    "pool-size", Type.number("N", 1, 64), "4", "Most AMI connections at a time.")
            .perPbx();
    static final Setting<InetAddress> AGI_BIND =
            serve("agi-bind", Type.address(), "127.0.0.1", "Address to listen on.");
    static final Setting<Integer> AGI_PORT =
            serve("agi-port", Type.number("PORT", 0, 65_535), "4580", "The FastAGI port; 0 for any free one.");
    static final Setting<Peers> AGI_PEERS = serve(
            "agi-peers",
            Type.of("PEERS", Peers.class, Peers::parse, "is not a list of addresses, networks and the word loopback"),
            "loopback",
            "Who is served: addresses, networks (192.0.2.0/24) and the word loopback; separated by commas.");
    static final Setting<Integer> AGI_CONNECTIONS =
            serve("agi-connections", Type.number("N", 1, 100_000), "1000", "Most FastAGI connections at a time.");
    static final Setting<Policy> ALLOW =
            serve("allow", Type.word("WHO", Policy.class), "admin", "Who may use the codes: admin, marked or anyone.");
    static final Setting<MutesHold> MUTES_HOLD = every(
            "mutes-hold",
            Type.word("WHICH", MutesHold.class),
            "all",
            "Which mutes participants cannot undo themselves: all (the mute of all), each (of one, too) or none.");
    static final Setting<OptionalInt> MAX_DIGITS = serve(
            "max-digits",
            new Type<>("N", OptionalInt.class, Setting::maxDigits),
            "",
            "How many digits make a number complete without #, 1 to 32; empty: none do.");
    static final Setting<Duration> FIRST_DIGIT_TIMEOUT =
            serve("first-digit-timeout", Type.duration("1s"), "7s", "Longest wait for the first digit.");
    static final Setting<Duration> INTER_DIGIT_TIMEOUT =
            serve("inter-digit-timeout", Type.duration("1s"), "6s", "Longest wait for each further digit.");
    static final Setting<Duration> MAX_DURATION = serve(
            "max-duration", Type.duration("10s"), "60s", "After this time a code asks the caller no further question.");
    static final Setting<Boolean> WHISPER = serve(
            "whisper",
            Type.truth(),
            "true",
            "Whether the words after the last key are whispered in the conference; else they are heard before the return.");
    static final Setting<Boolean> TELL_PARTICIPANTS = serve(
            "tell-participants",
            Type.truth(),
            "true",
            "Whether one who is muted or unmuted by a code hears so, in a whisper.");
    static final Setting<String> DIAL_STRING = invitations(
                    "dial-string",
                    Type.of(
                            "STRING",
                            String.class,
                            text -> new Invitation.Template(text, "").dialString(),
                            "does not have the form PJSIP/%s or Local/%s@from-internal"),
                    "PJSIP/%s",
                    "What Asterisk dials to invite somebody, such as Local/%s@from-internal; %s is the number.")
            .perPbx();
    static final Setting<String> ADD_PROFILE = invitations(
            "add-profile",
            Type.of(
                    "PROFILE",
                    String.class,
                    text -> new Invitation.Template("PJSIP/%s", text).userProfile(),
                    "is not the name of a section of confbridge.conf"),
            "",
            "The invitee's user profile in confbridge.conf; default_user when empty.");
    static final Setting<String> INVITE_NUMBERS = serve(
            "invite-numbers",
            Type.of("REGEX", String.class, text -> Pattern.compile(text).pattern(), "is not a regular expression"),
            "[+]?[0-9]{2,}",
            "Which numbers may be invited by a code, as a regular expression.");
    static final Setting<Integer> INVITE_LIMIT =
            serve("invite-limit", Type.number("N", 1, 1000), "5", "Most invitations at a time for one conference.");
    static final Setting<Boolean> INVITE_ACCEPT =
            serve("invite-accept", Type.truth(), "true", "Whether one who answers an invitation must press 1 to join.");
    static final Setting<InetAddress> METRICS_BIND =
            serve("metrics-bind", Type.address(), "127.0.0.1", "Address to listen on for Prometheus.");
    static final Setting<Integer> METRICS_PORT = serve(
            "metrics-port",
            Type.number("PORT", 0, 65_535),
            null,
            "Port where Prometheus reads metrics, with /healthz and /readyz for probes; none unless set.");
    static final Setting<Path> AUDIT_LOG = every(
            "audit-log",
            new Type<>("PATH", Path.class, Setting::absoluteFile),
            null,
            "File that gets a line of JSON for each action, of the keypad and of the shell; none unless set.");
    static final Setting<LogLevel> LOG_LEVEL = row(
            "log-level",
            Scope.EVERY_COMMAND,
            Type.word("LEVEL", LogLevel.class),
            "info",
            "off",
            "How much is logged: off, error, warn, info, debug or trace. In the properties file it is for serve alone.");

    static final Setting<String> CONTROL_SOCKET = row(
            "control-socket",
            Scope.CONTROL,
            Type.text("FILE", Setting::isSocket, "is neither an absolute path nor none"),
            "/run/confcodes/control",
            "/run/confcodes/control",
            "Unix socket over which reload and status ask the server; none for none.");

    /** What a running server cannot change. */
    static final List<Setting<?>> NEED_RESTART =
            List.of(AGI_BIND, AGI_PORT, METRICS_BIND, METRICS_PORT, AUDIT_LOG, LOG_LEVEL, CONTROL_SOCKET);

    /** Settings that there were once, each with what became of it. */
    static final Map<String, String> REMOVED = Map.of(
            "agi-connections-per-peer", "no longer a setting; agi-connections is the only limit",
            "agi-request-timeout", "no longer a setting; the time-out is fixed",
            "ami-ping", "no longer a setting; the interval is fixed",
            "attempts", "no longer a setting; the number is fixed",
            "grace", "no longer a setting; it is always 10s",
            "pool-wait", "no longer a setting; ami-timeout includes the wait for a connection");

    /** {@return the setting of a prompt} */
    static Setting<String> of(Prompt prompt) {
        Type<String> sounds =
                Type.text("SOUND", Prompt::isSound, "is not the name of a sound file, or of several joined by &");
        String sound = prompt.defaultSound();
        return new Setting<>(prompt.key(), Scope.FILE, sounds, sound, sound, "Sound files, joined by &.");
    }

    /** {@return every key that a properties file may have, without the name of a PBX} */
    static List<String> keys() {
        return Stream.concat(
                        ALL.stream().map(Setting::key),
                        Stream.of(Prompt.values()).map(Prompt::key))
                .toList();
    }

    /** {@return its name in the environment, such as {@code CONFCODES_AMI_HOST}} */
    String variable() {
        return VARIABLES + key.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** {@return its name as an option, such as {@code --ami-host}} */
    String option() {
        return "--" + key;
    }

    /** {@return the text of its default; empty if it has none} */
    Optional<String> byDefault(Use use) {
        return Optional.ofNullable(use == Use.SERVER ? serverDefault : shellDefault);
    }

    /** Says of this setting that each PBX may have a value of its own, by the key {@code NAME.ami-host}, and returns it. */
    private Setting<T> perPbx() {
        PER_PBX.add(key);
        return this;
    }

    /** {@return whether each PBX may have a value of its own} */
    static boolean isPerPbx(String key) {
        return PER_PBX.contains(key);
    }

    /** {@return the names in the value of {@code pbx}} */
    static List<String> names(String text) {
        return text.isEmpty() ? List.of() : List.of(text.strip().split("\\s*,\\s*", -1));
    }

    private static boolean isListOfNames(String text) {
        List<String> names = names(text);
        return names.stream().allMatch(name -> name.matches("[A-Za-z0-9._-]+"))
                && names.stream().distinct().count() == names.size();
    }

    private static <T> Setting<T> every(String key, Type<T> type, String byDefault, String help) {
        return row(key, Scope.EVERY_COMMAND, type, byDefault, byDefault, help);
    }

    private static <T> Setting<T> serve(String key, Type<T> type, String byDefault, String help) {
        return row(key, Scope.SERVE, type, byDefault, byDefault, help);
    }

    private static <T> Setting<T> invitations(String key, Type<T> type, String byDefault, String help) {
        return row(key, Scope.INVITATIONS, type, byDefault, byDefault, help);
    }

    private static <T> Setting<T> row(
            String key, Scope scope, Type<T> type, String serverDefault, String shellDefault, String help) {
        Setting<T> row = new Setting<>(key, scope, type, serverDefault, shellDefault, help);
        TABLE.add(row);
        return row;
    }

    private static boolean isSocket(String text) {
        return text.equals(NO_SOCKET) || text.startsWith("/") && text.chars().noneMatch(Character::isISOControl);
    }

    /** The message does not repeat the secret. */
    private static Secret secret(String text) {
        try {
            return new Secret(text);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("a secret is one line without control characters");
        }
    }

    /** The server and a shell have different working directories. */
    private static Path absoluteFile(String text) {
        Path file = Type.file().reader().apply(text);
        if (!file.isAbsolute()) {
            throw new TypeConversionException("'" + text + "' does not begin with /");
        }
        return file;
    }

    private static OptionalInt maxDigits(String text) {
        return text.isEmpty()
                ? OptionalInt.empty()
                : OptionalInt.of(Type.number("N", 1, 32).reader().apply(text));
    }
}
