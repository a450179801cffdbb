package confcodes.cli;

import confcodes.agi.Codes;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code confcodes keys}: the card of a menu for the moderator's desk. */
@Command(name = "keys", description = "Print which key of a menu does what, for the moderator's desk.")
final class KeysCommand extends LocalCommand {

    /** What no service code does. */
    private static final Map<String, String> OTHERS = Map.of(
            "conference_codes", "any code, without its star",
            "toggle_mute", "mute or unmute oneself",
            "playback_and_continue", "say which key does what");

    private enum Language {
        EN,
        RU
    }

    @Parameters(arity = "0..1", paramLabel = "MENU", description = "The menu's name in confbridge.conf.")
    private String menu = "confcodes_menu";

    @Option(names = "--markdown", description = "Print a Markdown table.")
    private boolean markdown;

    @Option(names = "--language", paramLabel = "LANGUAGE", description = "One of: ${COMPLETION-CANDIDATES}.")
    private Language language = Language.EN;

    @Override
    int run(Installation installation, AsteriskShell asterisk) throws IOException {
        Map<String, String> keys = asterisk.menu(menu);
        if (keys.isEmpty()) {
            output().error("no menu " + menu + " in the running Asterisk");
            return Confcodes.REFUSED;
        }
        Properties russian = russian();
        if (markdown) {
            print(language == Language.RU ? "| клавиши | что делают |" : "| key | what it does |");
            print("| --- | --- |");
        }
        keys.forEach((key, action) -> {
            String name = action.replaceFirst("dialplan_exec\\(conference_sc,(\\w+),.*", "$1")
                    .replaceFirst("\\(.*", "");
            String number = language == Language.RU ? " номер #" : " number #";
            String pressed = key + (Codes.isFollowedByNumber(name) ? number : "");
            String does = language == Language.RU
                    ? russian.getProperty(name, name)
                    : Codes.summary(name).orElse(OTHERS.getOrDefault(name, name));
            print(markdown ? "| `" + pressed + "` | " + does + " |" : String.format("%-14s%s", pressed, does));
        });
        return Confcodes.DONE;
    }

    private static Properties russian() throws IOException {
        Properties russian = new Properties();
        try (InputStream in = KeysCommand.class.getResourceAsStream("/keys_ru.properties")) {
            russian.load(new InputStreamReader(in, StandardCharsets.UTF_8));
        }
        return russian;
    }
}
