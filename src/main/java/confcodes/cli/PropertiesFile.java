package confcodes.cli;

import confcodes.cli.Settings.Given;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;

/** The properties file, read a line at a time: {@link Properties} cannot say where a value is. */
final class PropertiesFile {

    private static final Pattern COMMENT = Pattern.compile("\\s*[#!].*");

    /** A line that goes on in the next one: an odd number of backslashes at its end. */
    private static final Pattern CONTINUED = Pattern.compile("(?s).*(?<!\\\\)(\\\\\\\\)*\\\\");

    private PropertiesFile() {}

    /**
     * {@return what a file sets, by key; of two lines with one key the last counts}
     *
     * @param file the file
     * @param named where the file is named
     * @throws SettingsException if the file cannot be read, or has a line that is not a setting
     */
    static Map<String, Given> read(Path file, Origin named) {
        Map<String, Given> given = new LinkedHashMap<>();
        try {
            List<String> lines = Files.readAllLines(file);
            for (int next = 0; next < lines.size(); ) {
                Origin origin = Origin.line(file, next + 1);
                String line = lines.get(next++);
                while (next < lines.size()
                        && !COMMENT.matcher(line).matches()
                        && CONTINUED.matcher(line).matches()) {
                    line += "\n" + lines.get(next++);
                }
                readLine(line, origin, given);
            }
        } catch (IOException e) {
            throw SettingsException.unreadable(Setting.CONFIG.key(), file, e, named);
        }
        return given;
    }

    private static void readLine(String line, Origin origin, Map<String, Given> into) throws IOException {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(line));
        } catch (IllegalArgumentException e) {
            throw new SettingsException(Setting.CONFIG.key(), "cannot read a line: " + e.getMessage(), origin);
        }
        for (String key : properties.stringPropertyNames()) {
            List<String> keys = Setting.keys();
            if (!keys.contains(key) && line.chars().noneMatch(c -> c == '=' || c == ':')) {
                // It is not repeated: the file of the secret may have been taken for this one.
                throw new SettingsException(Setting.CONFIG.key(), "a line that is not key=value", origin);
            }
            if (Setting.REMOVED.containsKey(key)) {
                throw new SettingsException(key, Setting.REMOVED.get(key), origin);
            }
            String general = key.substring(key.lastIndexOf('.') + 1);
            if (!keys.contains(general)) {
                throw new SettingsException(key, "unknown setting" + similar(general, keys), origin);
            }
            if (!key.equals(general) && !Setting.isPerPbx(general)) {
                throw new SettingsException(key, "no PBX has its own; write " + general, origin);
            }
            into.put(key, new Given(key, properties.getProperty(key).strip(), origin));
        }
    }

    private static String similar(String key, List<String> keys) {
        List<String> similar = keys.stream()
                .filter(known -> known.startsWith(key) || key.startsWith(known) || known.endsWith(key))
                .toList();
        return similar.isEmpty() ? "" : "; did you mean " + String.join(", ", similar) + "?";
    }
}
