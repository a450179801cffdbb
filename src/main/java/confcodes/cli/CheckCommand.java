package confcodes.cli;

import confcodes.agi.Prompt;
import confcodes.ami.AmiPbx;
import confcodes.cli.Installation.Part;
import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Policy;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;

/** {@code confcodes check}. It prints a line for each thing that can be wrong, and changes nothing. */
@Command(
        name = "check",
        description =
                "Say for each thing that can be wrong whether it is, and what to change; run it as root on the PBX.")
final class CheckCommand extends LocalCommand {

    private static final int OLDEST_ASTERISK = 16;

    /** A code that asks for no keys, and its context. */
    private static final String REQUEST = "conference_count@conference_sc";

    /** The name of a conference that does not exist. */
    private static final String NOWHERE = "confcodes-check";

    /** How each answer of the server begins. */
    private static final String ANSWER = "SET VARIABLE \"CONFCODES_";

    private static final Duration LIMIT = Duration.ofSeconds(8);
    private static final Duration PAUSE = Duration.ofMillis(50);

    /** The application, not the function CONFBRIDGE(), whose first argument is one of three words. */
    private static final Pattern CONFBRIDGE =
            Pattern.compile("(?i).*\\bConfBridge\\((?!(?:user|bridge|menu),)(.*)\\).*");

    private Installation installation;
    private AsteriskShell asterisk;
    private boolean failed;

    @Override
    int run(Installation found, AsteriskShell shell) throws IOException {
        installation = found;
        asterisk = shell;
        Optional<Settings> settings = checkSettings();
        checkFiles();
        if (checkVersion()) {
            Set<String> menus = checkMenus();
            checkCalls(menus, settings);
            checkModules();
            if (settings.isPresent()) {
                checkSounds(settings.get());
            }
        }
        if (settings.isPresent() && checkAmi(settings.get()) & checkServer(settings.get())) {
            checkDialplan(settings.get());
        }
        return failed ? Confcodes.REFUSED : Confcodes.DONE;
    }

    private void ok(String what) {
        print("ok   " + what);
    }

    /** Every place is written as the compiler of any language writes it: FILE:LINE. */
    private void fail(String what, String change) {
        failed = true;
        print("FAIL " + what + ": " + change.replaceAll("line (\\d+) of ([^)]+)", "$2:$1"));
    }

    private Optional<Settings> checkSettings() throws IOException {
        Path file = settingsFile();
        try {
            Map<String, Settings> pbxs = settings().pbxs();
            Settings settings = pbxs.getOrDefault("", pbxs.get(asterisk.systemName()));
            if (settings == null) {
                fail(
                        "pbx does not name this Asterisk",
                        "one of " + String.join(", ", pbxs.keySet())
                                + " must be its systemname (asterisk.conf), which is '" + asterisk.systemName() + "'");
                return Optional.empty();
            }
            settings.get(Setting.LOG_LEVEL).apply();
            settings.agi();
            boolean sample = settings.ami().secret().value().equals(Settings.SAMPLE_SECRET);
            if (sample) {
                fail("the AMI secret is the sample's", "change it (" + settings.origin(Setting.AMI_SECRET) + ")");
            } else {
                ok("settings of " + file + (settings.pbx().isEmpty() ? "" : " for " + settings.pbx()));
            }
            if (Files.exists(file)) {
                checkReader(file, "confcodes", true);
            }
            return Optional.of(settings);
        } catch (SettingsException e) {
            fail("settings", e.getMessage());
            return Optional.empty();
        }
    }

    private void checkFiles() throws IOException {
        String user = user();
        for (Part part : installation.parts()) {
            Path own = installation.own(part);
            Path including = installation.including(part);
            if (!Files.exists(own)) {
                fail("no file " + own, "confcodes setup writes it");
            } else if (!installation.isIncluded(part)) {
                int lines = Files.exists(including)
                        ? Installation.linesWithEnds(ConfigLine.text(including)).size()
                        : 0;
                fail(
                        own + " is not included",
                        "add #include " + own.getFileName() + " at "
                                + new ConfigLine(including, lines + 1, "", "").place());
            } else {
                ok(own + " is included");
                checkReader(own, user, part == Part.MANAGER);
            }
        }
        Recipe recipe = Recipe.find(installation);
        if (!recipe.lines().isEmpty()) {
            fail(
                    "a PHP script runs in place of the codes",
                    "confcodes setup --replace-recipe takes it out of use ("
                            + recipe.lines().get(0).place() + ")");
        }
    }

    /** {@return the user that Asterisk runs as} Started with -U, it does not say so, but its PID file is that user's. */
    private String user() throws IOException {
        Optional<String> said = asterisk.find("core show settings", "^ *User name and group: *(\\w[^/]*)/");
        Optional<Path> pid = asterisk.find("core show settings", "^ *PID file: *(\\S.*?) *$")
                .map(Path::of)
                .filter(Files::exists);
        if (said.isPresent() || pid.isEmpty()) {
            return said.orElse("root");
        }
        return Files.getOwner(pid.get()).getName();
    }

    private void checkReader(Path file, String user, boolean secret) throws IOException {
        PosixFileAttributes of = Files.readAttributes(file, PosixFileAttributes.class);
        Set<PosixFilePermission> mode = of.permissions();
        Optional<String> groups = AsteriskShell.output(List.of("id", "-nG", user));
        boolean others = mode.contains(PosixFilePermission.OTHERS_READ);
        boolean reads = others
                || user.equals("root")
                || of.owner().getName().equals(user) && mode.contains(PosixFilePermission.OWNER_READ)
                || groups.isPresent()
                        && List.of(groups.get().strip().split(" "))
                                .contains(of.group().getName())
                        && mode.contains(PosixFilePermission.GROUP_READ);
        if (groups.isPresent() && !reads) {
            fail("the user " + user + " cannot read " + file, "chgrp " + user + " " + file + "; chmod 0640 " + file);
        } else if (secret && others) {
            fail("everybody can read the secret in " + file, "chmod 0640 " + file);
        } else if (mode.contains(PosixFilePermission.OTHERS_WRITE)) {
            fail("everybody can write " + file, "chmod 0640 " + file);
        }
    }

    private boolean checkVersion() {
        Optional<String> version = asterisk.find("core show version", "^Asterisk \\D*(\\d\\S*)");
        if (version.isEmpty()) {
            fail("Asterisk does not answer", "start it; run this as root, on the PBX");
        } else if (Integer.parseInt(version.get().replaceFirst("\\D.*", "")) < OLDEST_ASTERISK) {
            fail("Asterisk " + version.get(), "it must be " + OLDEST_ASTERISK + " or later");
        } else {
            ok("Asterisk " + version.get() + ", Java " + Runtime.version());
        }
        return version.isPresent();
    }

    /** {@return the menus that have codes} */
    private Set<String> checkMenus() throws IOException {
        List<ConfigLine> lines = installation.lines(Part.CONFBRIDGE);
        Set<String> menus = new TreeSet<>();
        for (String menu : names("confbridge show menus")) {
            Map<String, String> keys = asterisk.menu(menu);
            List<String> codes = keys.keySet().stream()
                    .filter(key -> keys.get(key).startsWith("dialplan_exec(conference_sc,"))
                    .toList();
            for (String code : codes) {
                keys.keySet().stream()
                        .filter(key -> code.startsWith(key)
                                && !code.equals(key)
                                && !keys.get(key).startsWith("playback_and_continue"))
                        .forEach(key -> fail(
                                "in the menu " + menu + " " + code + " never runs, because " + key + " does",
                                "take one of them out (" + place(lines, menu, key) + ")"));
            }
            if (!codes.isEmpty()) {
                menus.add(menu);
                ok("codes in the menu " + menu + ": " + String.join(" ", codes));
            }
        }
        if (menus.isEmpty()) {
            fail(
                    "no menu has codes",
                    "asterisk -rx '" + Part.CONFBRIDGE.reload() + "' after " + installation.including(Part.CONFBRIDGE)
                            + " includes " + Part.CONFBRIDGE.fileName());
        }
        return menus;
    }

    /** {@return the names in a table of Asterisk's, which has a title} */
    private List<String> names(String command) {
        return asterisk.run(command)
                .orElse("")
                .lines()
                .map(String::strip)
                .dropWhile(line -> !line.startsWith("---"))
                .skip(1)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private static String place(List<ConfigLine> lines, String section, String key) {
        return Installation.last(lines, section, key).map(ConfigLine::place).orElse("[" + section + "]");
    }

    /** Whether somebody can join with a menu that has codes, and may use them. What a variable says cannot be known here. */
    private void checkCalls(Set<String> menus, Optional<Settings> settings) throws IOException {
        List<ConfigLine> dialplan = installation.lines(Part.EXTENSIONS).stream()
                .filter(line -> !installation.isOwn(line))
                .toList();
        List<ConfigLine> calls = dialplan.stream()
                .filter(line -> CONFBRIDGE.matcher(line.text()).matches())
                .toList();
        String running = asterisk.run("dialplan show").orElse("");
        if (calls.isEmpty()) {
            if (running.contains("ConfBridge(")) {
                ok("ConfBridge() is not in extensions.conf: its menu is not checked");
            } else {
                fail("no ConfBridge() in the dialplan", "write ConfBridge(100,,confcodes_admin,confcodes_menu)");
            }
            return;
        }
        String change = " argument of the moderators' ConfBridge() ("
                + calls.stream().map(ConfigLine::place).collect(Collectors.joining(" or "))
                + ")";
        List<ConfigLine> withCodes = calls.stream()
                .filter(call ->
                        isOpen(argument(call, 3, "default_menu")) || menus.contains(argument(call, 3, "default_menu")))
                .toList();
        if (uses(dialplan, "menu,")
                || withCodes.stream().anyMatch(call -> running.contains("(" + arguments(call) + ")"))) {
            ok("a ConfBridge() of the dialplan has a menu with codes");
        } else if (withCodes.isEmpty()) {
            fail("no ConfBridge() of the dialplan has a menu with codes", "confcodes_menu as fourth" + change);
        } else {
            fail(
                    "the running dialplan does not have ConfBridge(" + arguments(withCodes.get(0)) + ")",
                    "asterisk -rx 'dialplan reload' (" + withCodes.get(0).place() + ")");
        }
        if (settings.isEmpty()) {
            return;
        }
        Policy allow = settings.get().get(Setting.ALLOW);
        if (allow == Policy.ANYONE
                || uses(dialplan, "user,(template|admin" + (allow == Policy.MARKED ? "|marked" : "") + ")")
                || calls.stream()
                        .map(call -> argument(call, 2, "default_user"))
                        .anyMatch(profile -> isOpen(profile) || allows(allow, profile))) {
            ok("somebody can be " + allow.name().toLowerCase(Locale.ROOT) + ", as allow says");
        } else {
            fail(
                    "nobody may use the codes, because allow=" + allow.name().toLowerCase(Locale.ROOT),
                    "confcodes_admin as third" + change + ", or allow ("
                            + settings.get().origin(Setting.ALLOW) + ")");
        }
    }

    private static boolean uses(List<ConfigLine> dialplan, String function) {
        Pattern set = Pattern.compile(".*\\bCONFBRIDGE\\(" + function + ".*");
        return dialplan.stream().anyMatch(line -> set.matcher(line.text()).matches());
    }

    private static boolean isOpen(String argument) {
        return argument.contains("$");
    }

    private static String arguments(ConfigLine call) {
        Matcher matcher = CONFBRIDGE.matcher(call.text());
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static String argument(ConfigLine call, int index, String byDefault) {
        String[] all = arguments(call).split(",", 4);
        String argument = all.length > index ? all[index].strip() : "";
        return argument.isEmpty() ? byDefault : argument;
    }

    private boolean allows(Policy policy, String profile) {
        String wanted = policy == Policy.MARKED ? "Admin|Marked User" : "Admin";
        return asterisk.find("confbridge show profile user " + profile, "^(" + wanted + "): *true")
                .isPresent();
    }

    private void checkModules() throws IOException {
        checkModule("app_chanspy");
        checkModule("res_mutestream");
        List<String> profiles = names("confbridge show profile users");
        List<String> detecting = profiles.stream()
                .filter(it -> asterisk.find("confbridge show profile user " + it, "(Talk Detect Events: *enabled)")
                        .isPresent())
                .toList();
        ok("talk detection (talk_detection_events=yes) in " + detecting.size() + " of " + profiles.size()
                + " user profiles");
    }

    private void checkModule(String module) throws IOException {
        if (asterisk.find("module show like " + module, "((?<!Not )Running)").isPresent()) {
            ok(module + " is loaded");
            return;
        }
        Path modules = installation.directory().resolve("modules.conf");
        String place = ConfigLine.read(modules).stream()
                .filter(line -> line.text().matches(".*" + module + ".*|autoload.*"))
                .reduce((first, second) -> second)
                .map(ConfigLine::place)
                .orElse(modules.toString());
        fail(
                module + " is not loaded",
                "load=" + module + ".so (" + place + "), asterisk -rx 'module load " + module + ".so'");
    }

    /** In the languages that have at least one of the prompts. */
    private void checkSounds(Settings settings) {
        Map<String, Set<String>> languages = new TreeMap<>();
        Map<String, Set<String>> sounds = new TreeMap<>();
        for (Prompt prompt : Prompt.values()) {
            for (String sound : settings.get(Setting.of(prompt)).split("&")) {
                sounds.computeIfAbsent(sound, name -> new TreeSet<>()).add(prompt.key());
            }
        }
        for (String sound : sounds.keySet()) {
            Matcher language = Pattern.compile("Language (\\S+):")
                    .matcher(asterisk.run("core show sound " + sound).orElse(""));
            while (language.find()) {
                languages
                        .computeIfAbsent(language.group(1), name -> new TreeSet<>())
                        .add(sound);
            }
        }
        if (languages.isEmpty()) {
            fail("Asterisk has no sounds", "install the core sounds, such as asterisk-core-sounds-en");
        }
        languages.forEach((language, there) -> {
            Set<String> missing = new TreeSet<>(sounds.keySet());
            missing.removeAll(there);
            if (missing.isEmpty()) {
                ok("sounds in " + language);
            }
            for (String sound : missing) {
                String key = sounds.get(sound).iterator().next();
                fail(
                        "no sound " + sound + " in " + language,
                        "install the core sounds, or change " + key + " in " + settingsFile());
            }
        });
    }

    /** One question to AMI. */
    @FunctionalInterface
    private interface Question {
        void ask(Pbx pbx) throws PbxException;
    }

    private boolean checkAmi(Settings settings) throws IOException {
        try (AmiPbx pbx = new AmiPbx(settings.ami())) {
            Invitation invitation = new Invitation.Template("Local/%s@" + NOWHERE, "").to("0");
            boolean asked = asks(pbx, "AMI login, class reporting", settings, Pbx::conferences)
                    && asks(pbx, "AMI class call", settings, it -> it.applyToAll(Operation.MUTE, NOWHERE))
                            & asks(pbx, "AMI class originate", settings, it -> it.invite(NOWHERE, invitation));
            if (asked) {
                checkEvents(settings);
                ok("AMI class system, for recording: " + (may(pbx) ? "given" : "not given, as in the sample"));
            }
            return asked;
        }
    }

    private void checkEvents(Settings settings) throws IOException {
        String user = settings.get(Setting.AMI_USER);
        if (asterisk.find("manager show user " + user, "read perm: *(.*\\b(?:call|all)\\b)")
                .isPresent()) {
            ok("AMI events, class call");
        } else {
            fail(
                    "AMI user " + user + " gets no events, so who joins later is not muted",
                    "add read=call (" + place(installation.lines(Part.MANAGER), user, "read") + ")");
        }
    }

    private static boolean may(Pbx pbx) {
        try {
            pbx.record(NOWHERE, false);
            return true;
        } catch (PbxException e) {
            return false;
        }
    }

    private boolean asks(Pbx pbx, String what, Settings settings, Question question) throws IOException {
        try {
            question.ask(pbx);
            ok(what);
            return true;
        } catch (PbxException e) {
            List<ConfigLine> lines = installation.lines(Part.MANAGER);
            String user = settings.get(Setting.AMI_USER);
            String place = switch (e.reason()) {
                case LOGIN_REFUSED ->
                    place(lines, user, "secret") + " or "
                            + settings.origin(
                                    settings.find(Setting.AMI_SECRET).isPresent()
                                            ? Setting.AMI_SECRET
                                            : Setting.AMI_SECRET_FILE);
                case NOT_PERMITTED -> place(lines, user, "write");
                default -> place(lines, "general", "enabled");
            };
            fail(what, e.getMessage() + " (" + place + ")");
            return false;
        }
    }

    /** {@return whether confcodes serve answers at its port} */
    private boolean checkServer(Settings settings) {
        InetAddress bind = settings.get(Setting.AGI_BIND);
        int port = settings.get(Setting.AGI_PORT);
        InetSocketAddress address =
                new InetSocketAddress(bind.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bind, port);
        String name = address.getAddress().getHostAddress() + ":" + port;
        String answer = "";
        boolean connected = false;
        try (Socket socket = new Socket()) {
            socket.connect(address, (int) LIMIT.toMillis());
            connected = true;
            socket.setSoTimeout((int) LIMIT.toMillis());
            String request = "agi_network_script: " + settings.pbx()
                    + "/conference_count\nagi_channel: none\nagi_uniqueid: none\n\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            answer = new String(socket.getInputStream().readNBytes(ANSWER.length()), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            // A server of another kind may break the connection or say nothing.
            if (!connected) {
                fail("nobody listens on " + name, "systemctl restart confcodes; journalctl -u confcodes says why not");
                return false;
            }
        }
        if (answer.equals(ANSWER)) {
            ok("confcodes serve answers on " + name);
            return true;
        }
        fail(
                "another server has " + name
                        + PortHolder.of(port).map(holder -> ": " + holder).orElse(""),
                "another agi-port (" + settings.origin(Setting.AGI_PORT) + "), then confcodes setup");
        return false;
    }

    private void checkDialplan(Settings settings) throws IOException {
        String port = asterisk.find("dialplan show globals", "^ *CONFCODES_SERVER=(.*)$")
                .or(() -> asterisk.find("dialplan show " + REQUEST, "CONFCODES_AT=([\\d.]+:\\d+)"))
                .map(server -> server.replaceFirst("^.*:", ""))
                .orElse(Setting.AGI_PORT.serverDefault());
        if (!port.equals(settings.text(Setting.AGI_PORT).orElse(""))) {
            String place = place(installation.lines(Part.EXTENSIONS), "globals", "CONFCODES_SERVER");
            fail(
                    "the dialplan calls port " + port + ", the server has " + settings.get(Setting.AGI_PORT),
                    "CONFCODES_SERVER (" + place + ") or agi-port (" + settings.origin(Setting.AGI_PORT) + ")");
            return;
        }
        if (!asterisk.run("dialplan show " + REQUEST).orElse("").contains("CONFCODES_STATUS")) {
            fail(
                    "the running dialplan has no " + REQUEST,
                    "asterisk -rx 'dialplan reload' after " + installation.including(Part.EXTENSIONS) + " includes "
                            + Part.EXTENSIONS.fileName());
            return;
        }
        String status = request();
        switch (status) {
            case "NOCONFERENCE" -> ok("the dialplan reaches the server, and the server this Asterisk");
            case "DENIED" ->
                fail(
                        "the server asks another Asterisk",
                        "ami-host, ami-port (" + settings.origin(Setting.AMI_HOST) + ")");
            default ->
                fail(
                        "a request of the dialplan came to " + (status.isEmpty() ? "nothing" : status),
                        "journalctl -u confcodes says why");
        }
    }

    /** {@return what came of a code on a channel that is in no conference} */
    private String request() {
        asterisk.run("channel originate Local/" + REQUEST + "/n application Wait 3");
        long deadline = System.nanoTime() + LIMIT.toNanos();
        String status = "";
        while (System.nanoTime() < deadline) {
            Optional<String> now = asterisk.find("core show channels concise", "^(Local/" + REQUEST + "-\\w+;2)!")
                    .flatMap(channel -> asterisk.find("core show channel " + channel, "^CONFCODES_STATUS=(\\S*)"));
            if (now.isEmpty() && !status.isEmpty()) {
                return status;
            }
            status = now.orElse(status);
            if (!status.isEmpty() && !status.equals("UNAVAILABLE")) {
                return status;
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
        return status;
    }
}
