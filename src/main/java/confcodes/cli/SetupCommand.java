package confcodes.cli;

import confcodes.cli.Installation.Part;
import confcodes.conference.Policy;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code confcodes setup}. Each file that it writes begins with a line that says so, and each line that it adds elsewhere ends
 * with a comment that says so: by these it knows its own, for the next run and for {@code --remove}.
 */
@Command(
        name = "setup",
        description =
                "Install the configuration in Asterisk and start the service; run it as root on the PBX. It changes no"
                        + " line that is not its own, and may be repeated.")
final class SetupCommand extends LocalCommand {

    private static final String ADDED = " ; added by confcodes setup";
    private static final String ADDED_WITH_FILE = ADDED + ", with this file";
    private static final String SETTINGS_HEADER =
            "# Written by confcodes setup; confcodes setup --remove deletes this file.\n";
    private static final Pattern OWN =
            Pattern.compile("(?s); Written by confcodes setup \\(sum ([0-9a-f]+)\\)[^\n]*\n(.*)");
    private static final int SECRET_BYTES = 20;
    private static final boolean HAS_SYSTEMD = Files.isDirectory(Path.of("/run/systemd/system"));

    @Option(names = "--dry-run", description = "Print what would be changed, and change nothing.")
    private boolean dryRun;

    @Option(names = "--remove", description = "Undo what setup has done, and stop the service.")
    private boolean remove;

    @Option(
            names = "--replace-recipe",
            description = "Take the lines of the usual PHP script out of use: they become comments.")
    private boolean replaceRecipe;

    @Option(names = "--allow", paramLabel = "WHO", description = "Who may use the codes: admin, marked or anyone.")
    private Policy allow;

    @Option(names = "--no-service", description = "Leave the service as it is.")
    private boolean noService;

    private final Map<Path, Change> changes = new TreeMap<>();
    private final List<String> notes = new ArrayList<>();

    @Override
    int run(Installation installation, AsteriskShell asterisk) throws IOException {
        Path settings = settingsFile();
        if (remove) {
            planRemoval(installation, settings);
        } else {
            plan(installation, settings, asterisk.systemName());
        }
        if (dryRun) {
            changes.values().stream().flatMap(change -> change.diff().stream()).forEach(this::print);
            notes.forEach(this::print);
            return Confcodes.DONE;
        }
        boolean done = !remove || service("disable", "--now");
        Map<String, List<String>> before = read(installation);
        for (Change change : changes.values()) {
            change.apply();
            boolean backup = change.before().isPresent() && !(remove && forgets(change));
            print((change.after().isPresent() ? "wrote " : "deleted ")
                    + change.file()
                    + (backup ? "; before: " + change.backup() : ""));
        }
        Map<String, List<String>> after = read(installation);
        for (String reload : after.keySet()) {
            if (!after.get(reload).equals(before.get(reload))) {
                print(
                        asterisk.run(reload).isPresent()
                                ? "ran asterisk -rx '" + reload + "'"
                                : "could not run asterisk -rx '" + reload
                                        + "': Asterisk reads the files when it starts");
            }
        }
        if (!remove) {
            done = changes.isEmpty() ? service("enable", "--now") : service("enable") && service("restart");
        }
        if (changes.isEmpty()) {
            print("nothing to change in " + installation.directory() + " and " + settings);
        }
        notes.forEach(this::print);
        return done ? Confcodes.DONE : Confcodes.REFUSED;
    }

    /** {@return what Asterisk reads, by the command that makes it do so} */
    private static Map<String, List<String>> read(Installation installation) throws IOException {
        Map<String, List<String>> read = new TreeMap<>();
        for (Part part : List.of(Part.EXTENSIONS, Part.CONFBRIDGE, Part.MANAGER)) {
            read.put(
                    part.reload(),
                    installation.lines(part).stream().map(ConfigLine::text).toList());
        }
        return read;
    }

    private boolean service(String... arguments) {
        if (noService || !HAS_SYSTEMD) {
            return true;
        }
        List<String> command = new ArrayList<>(List.of("systemctl"));
        command.addAll(List.of(arguments));
        command.add("confcodes");
        boolean done = AsteriskShell.output(command).isPresent();
        print((done ? "ran " : "failed: ") + String.join(" ", command));
        return done;
    }

    private void plan(Installation installation, Path settingsFile, String systemName) throws IOException {
        Recipe recipe = Recipe.find(installation);
        Optional<Policy> policy = Optional.ofNullable(allow);
        notes.addAll(recipe.report());
        boolean replace = replaceRecipe && !recipe.lines().isEmpty();
        if (replace) {
            policy = Optional.of(policy.orElseGet(this::askWhoMay));
            for (Path file : recipe.files()) {
                put(file, recipe.without(file, ConfigLine.text(file)));
            }
        } else if (!recipe.lines().isEmpty()) {
            notes.add("The codes stay those of the PHP script until: confcodes setup --replace-recipe");
        } else if (replaceRecipe) {
            notes.add("no PHP script runs in [conference_sc]");
        }
        Properties settings = planSettings(installation, settingsFile, policy, replace);
        takeOwn(settings, systemName);
        for (Part part : installation.parts()) {
            planOwn(installation, part, settings);
            if (!installation.isIncluded(part)) {
                List<String> lines = new ArrayList<>();
                if (part == Part.MANAGER) {
                    lines.addAll(enableAmi(installation));
                }
                lines.add("#include " + part.fileName());
                append(installation.including(part), lines);
            }
        }
        if (!installation.isFreePbx()) {
            notes.add("Moderators join by: ConfBridge(100,,confcodes_admin,confcodes_menu)");
        }
        notes.add(HAS_SYSTEMD ? "Then: confcodes check" : "Then start confcodes serve, and: confcodes check");
    }

    private Policy askWhoMay() {
        String who = "admin, marked or anyone";
        String reason = "In the recipe's conference nobody is an administrator. Who may use the codes: " + who + "?";
        Confcodes.Terminal terminal = confcodes()
                .terminal()
                .orElseThrow(() -> usageError("--replace-recipe asks who may use the codes; --allow answers it"));
        output().ask(reason);
        try {
            return Setting.ALLOW.type().reader().apply(terminal.readLine().strip());
        } catch (TypeConversionException e) {
            throw usageError("nothing was changed: the answer is not one of " + who);
        }
    }

    /** Plans the settings' file, and returns what it says. One that the administrator has written stays as it is. */
    private Properties planSettings(Installation installation, Path file, Optional<Policy> policy, boolean replace)
            throws IOException {
        boolean isNew = !Files.exists(file);
        String before = isNew
                ? SETTINGS_HEADER
                        + Installation.resource("confcodes.properties").orElseThrow()
                : ConfigLine.text(file);
        String text = before;
        if (isNew) {
            text = set(text, Setting.AMI_SECRET, secret(installation));
            Optional<ConfigLine> port = Installation.last(installation.lines(Part.MANAGER), "general", "port");
            text = port.isPresent() ? set(text, Setting.AMI_PORT, port.get().value()) : text;
            text = installation.isFreePbx() ? set(text, Setting.DIAL_STRING, "Local/%s@from-internal") : text;
        }
        String who = policy.map(it -> it.name().toLowerCase(Locale.ROOT)).orElse("");
        text = who.isEmpty() ? text : set(text, Setting.ALLOW, who);
        text = replace ? set(text, Setting.MAX_DIGITS, Recipe.DIGITS) : text;
        Properties settings = new Properties();
        settings.load(new StringReader(text));
        if (text.startsWith(SETTINGS_HEADER)) {
            put(file, Optional.of(text), "confcodes");
        } else if (!who.isEmpty() || replace) {
            notes.add("kept " + file + ", which is not setup's; write there what differs of"
                    + (who.isEmpty() ? "" : " allow=" + who)
                    + (replace ? " max-digits=" + Recipe.DIGITS : ""));
        }
        return settings;
    }

    /** Puts what the settings say of this Asterisk alone, by its name, in the place of what they say of all. */
    private static void takeOwn(Properties settings, String systemName) {
        if (settings.containsKey(systemName + "." + Setting.AMI_SECRET_FILE.key())) {
            settings.remove(Setting.AMI_SECRET.key());
        }
        for (Setting<?> setting : Setting.ALL) {
            String own = settings.getProperty(systemName + "." + setting.key());
            if (own != null) {
                settings.setProperty(setting.key(), own);
            }
        }
    }

    /** A secret that is in Asterisk's configuration already stays. */
    private static String secret(Installation installation) throws IOException {
        byte[] random = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(random);
        return Installation.last(installation.lines(Part.MANAGER), Setting.AMI_USER.serverDefault(), "secret")
                .map(ConfigLine::value)
                .orElse(HexFormat.of().formatHex(random));
    }

    /** {@return the text of a properties file with another value for a key} */
    private static String set(String text, Setting<?> setting, String value) {
        String line = setting.key() + "=" + value.replace("\\", "\\\\");
        for (String comment : List.of("", "#")) {
            Matcher matcher =
                    Pattern.compile("(?m)^" + comment + setting.key() + "=.*$").matcher(text);
            if (matcher.find()) {
                return matcher.replaceFirst(Matcher.quoteReplacement(line));
            }
        }
        return text + line + "\n";
    }

    /** Plans one of our files. What was changed by hand stays as it is; what was not is replaced for a new version. */
    private void planOwn(Installation installation, Part part, Properties settings) throws IOException {
        String body = installation.sample(part).orElseThrow();
        String digits = settings.getProperty(Setting.MAX_DIGITS.key(), "").strip();
        if (digits.matches("[0-9]+")) {
            // The first Read() is the one of a number alone.
            body = body.replaceFirst(",dial,255,", ",dial," + digits + ",");
        }
        String byDefault = Setting.AGI_PORT.serverDefault();
        String port = settings.getProperty(Setting.AGI_PORT.key(), byDefault).strip();
        body = body.replace("=127.0.0.1:" + byDefault, "=127.0.0.1:" + port);
        if (part == Part.MANAGER) {
            String user = settings.getProperty(Setting.AMI_USER.key(), Setting.AMI_USER.serverDefault());
            String secret = settings.getProperty(Setting.AMI_SECRET.key());
            String file = settings.getProperty(Setting.AMI_SECRET_FILE.key());
            secret = secret == null && file != null ? Files.readString(Path.of(file)) : secret;
            if (secret == null) {
                throw new SettingsException(
                        Setting.AMI_SECRET.key(), "there is none in " + settingsFile(), Origin.DEFAULT);
            }
            body = body.replace("[" + Setting.AMI_USER.serverDefault() + "]", "[" + user.strip() + "]")
                    .replace(Settings.SAMPLE_SECRET, secret.strip());
        }
        Path file = installation.own(part);
        if (!Files.exists(file) || isUnchanged(ConfigLine.text(file))) {
            put(
                    file,
                    "; Written by confcodes setup (sum " + sum(body)
                            + "), which replaces it for a new version unless it is changed.\n" + body);
        } else if (!ConfigLine.text(file).endsWith(body)) {
            notes.add("kept " + file + ", which is not as setup would write it");
        }
    }

    private static String sum(String text) {
        CRC32 sum = new CRC32();
        sum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(sum.getValue());
    }

    /** {@return whether setup has written it, and nobody has changed it since} */
    private static boolean isUnchanged(String text) {
        Matcher own = OWN.matcher(text);
        return own.matches() && own.group(1).equals(sum(own.group(2)));
    }

    /** {@return the lines that switch AMI on, for this machine alone, if it is off} */
    private static List<String> enableAmi(Installation installation) throws IOException {
        List<ConfigLine> lines = installation.lines(Part.MANAGER);
        Optional<ConfigLine> enabled = Installation.last(lines, "general", "enabled");
        if (enabled.isPresent() && enabled.get().value().matches("(?i)yes|true|y|t|1|on")) {
            return List.of();
        }
        boolean hasGeneral = lines.stream().anyMatch(line -> line.section().equals("general"));
        return List.of("[general]" + (hasGeneral ? "(+)" : ""), "enabled=yes", "bindaddr=127.0.0.1");
    }

    /** Appends lines. If the file's last line has no line break, ours gets none either: so removing can tell. */
    private void append(Path file, List<String> lines) throws IOException {
        Optional<String> before = planned(file);
        String mark = before.isEmpty() ? ADDED_WITH_FILE : ADDED;
        boolean broken =
                before.isPresent() && !before.get().isEmpty() && !before.get().endsWith("\n");
        String added = lines.stream().map(line -> line + mark).collect(Collectors.joining("\n"));
        put(file, before.orElse("") + (broken ? "\n" + added : added + "\n"));
    }

    /** {@return a text without what setup has added to it, and with what it has taken out of use} */
    private static String restored(String text) {
        StringBuilder restored = new StringBuilder();
        boolean unbroken = false;
        for (String line : Installation.linesWithEnds(text)) {
            if (!line.stripTrailing().endsWith(ADDED) && !line.stripTrailing().endsWith(ADDED_WITH_FILE)) {
                restored.append(line.startsWith(Recipe.MARK) ? line.substring(Recipe.MARK.length()) : line);
            } else {
                unbroken = !line.endsWith("\n");
            }
        }
        return unbroken ? restored.toString().replaceFirst("\n$", "") : restored.toString();
    }

    private void planRemoval(Installation installation, Path settings) throws IOException {
        Set<Path> files = new TreeSet<>();
        installation.lines().forEach(line -> files.add(line.file()));
        for (Part part : Part.values()) {
            files.add(installation.including(part));
            files.remove(installation.own(part));
            planDeletion(installation.own(part), OWN);
        }
        for (Path file : files) {
            if (Files.exists(file)) {
                String before = ConfigLine.text(file);
                String after = restored(before);
                put(file, Optional.of(after).filter(text -> !text.isEmpty() || !before.contains(ADDED_WITH_FILE)), "");
            }
        }
        planDeletion(settings, Pattern.compile("(?s)" + Pattern.quote(SETTINGS_HEADER) + ".*"));
        for (ConfigLine line : installation.lines()) {
            if (!installation.isOwn(line) && line.text().matches(".*\\bconfcodes_(admin|menu)\\b.*")) {
                notes.add("change " + line.place() + ": nobody can join with a profile or a menu that is gone");
            }
        }
    }

    private void planDeletion(Path file, Pattern written) throws IOException {
        if (Files.exists(file)) {
            if (written.matcher(ConfigLine.text(file)).matches()) {
                put(file, Optional.empty(), "");
            } else {
                notes.add("kept " + file + ", which is not setup's");
            }
        }
    }

    /** Deletes the copy of a file, unless it was one of ours that somebody has changed, and returns whether it did. */
    private static boolean forgets(Change change) throws IOException {
        String before = change.before().orElse("");
        boolean forgets = isUnchanged(before) || !OWN.matcher(before).matches();
        if (forgets) {
            Files.deleteIfExists(change.backup());
        }
        return forgets;
    }

    private Optional<String> planned(Path file) throws IOException {
        return changes.containsKey(file)
                ? changes.get(file).after()
                : Files.exists(file) ? Optional.of(ConfigLine.text(file)) : Optional.empty();
    }

    private void put(Path file, String text) throws IOException {
        put(file, Optional.of(text), "asterisk");
    }

    private void put(Path file, Optional<String> text, String group) throws IOException {
        Change change = Change.to(file, text, List.of(group, "asterisk"));
        if (change.isNeeded()) {
            changes.put(file, change);
        }
    }
}
