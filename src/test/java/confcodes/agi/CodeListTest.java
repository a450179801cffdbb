package confcodes.agi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.agi.Code.Asks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files that repeat the list of codes. */
class CodeListTest {

    private static String text(String... path) throws IOException {
        return Files.readString(Path.of("", path));
    }

    /** {@return what is after what, for each match of two groups} */
    private static Map<String, String> pairs(String pattern, String text) {
        Map<String, String> pairs = new TreeMap<>();
        Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
        while (matcher.find()) {
            pairs.put(matcher.group(1), matcher.group(2));
        }
        return pairs;
    }

    /** {@return the keys of a sample menu, and what they do} */
    private static Map<String, String> menu(String file, String name) throws IOException {
        String section = text("etc-asterisk", file)
                .replaceFirst("(?s).*\\[" + name + "]", "")
                .replaceFirst("(?s)\n\\[.*", "");
        return pairs("^(\\*[\\d*]+)=(.+)$", section);
    }

    @ParameterizedTest
    @CsvSource({
        "confbridge_confcodes.conf, confcodes_menu, *10",
        "confbridge_confcodes.conf, confcodes_menu_public, *6",
        "freepbx/confbridge_confcodes.conf, default_menu, *10"
    })
    void the_sample_menu_has_each_code_on_its_key_and_nothing_else(String file, String name, String oneself)
            throws IOException {
        boolean isPublic = name.endsWith("public");
        Map<String, String> expected = new TreeMap<>(Map.of(oneself, "toggle_mute"));
        if (file.startsWith("freepbx")) {
            expected.put("**", "dialplan_exec(conference_sc,conference_codes,1)");
        }
        for (Code<?> code : Codes.ALL) {
            String key = isPublic ? Help.PUBLIC_KEYS.getOrDefault(code.name(), code.key()) : code.key();
            String help = isPublic && code == Help.CODE ? Help.PUBLIC.name() : code.name();
            expected.put(key, "dialplan_exec(conference_sc," + help + ",1)");
        }

        assertEquals(expected, menu(file, name));
        for (String key : expected.keySet()) {
            assertTrue(expected.keySet().stream().noneMatch(other -> !other.equals(key) && other.startsWith(key)), key);
        }
    }

    @Test
    void no_key_is_the_beginning_of_another_and_each_begins_with_a_star() {
        for (Code<?> code : Codes.ALL) {
            assertTrue(code.key().matches("\\*[0-9]+"), code.key());
            for (Code<?> other : Codes.ALL) {
                assertFalse(code != other && other.key().startsWith(code.key()), other + " begins like " + code);
            }
        }
    }

    @Test
    void the_README_has_a_row_for_each_code() throws IOException {
        Map<String, String> rows = pairs("^\\| (`\\S+` \\| `\\w+`) \\| ([^|]*) \\|", text("README.md"));

        for (Code<?> code : Codes.ALL) {
            assertEquals(code.summary(), rows.get("`" + code.key() + "` | `" + code.name() + "`"), code.name());
        }
    }

    @Test
    void the_dialplan_reads_keys_for_each_code_that_asks_for_them_and_for_no_other() throws IOException {
        String dialplan = text("etc-asterisk", "extensions_confcodes.conf");
        Matcher number = Pattern.compile("REGEX\\(\"(\\S+)\" \\$\\{EXTEN}\\)}]\\?Read\\(")
                .matcher(dialplan);
        Matcher key =
                Pattern.compile("\"\\$\\{EXTEN}\" = \"(\\w+)\"]\\?Read\\(").matcher(dialplan);
        assertTrue(number.find() && key.find(), "two lines that read");

        for (Code<?> code : Codes.ALL) {
            assertEquals(code.asks() == Asks.NUMBER, code.name().matches(number.group(1)), code.name());
            assertEquals(code.asks() == Asks.ONE_KEY, code.name().matches(key.group(1)), code.name());
        }
    }

    @Test
    void what_can_change_something_is_known_by_name() {
        assertEquals(
                List.of("conference_count", "conference_roll_call", "conference_help"),
                Codes.ALL.stream()
                        .map(Code::name)
                        .filter(name -> !Codes.canChange(name))
                        .toList());
        assertTrue(!Codes.canChange("conference_reboot") && !Codes.canChange(Codes.ANY));
    }
}
