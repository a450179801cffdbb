package confcodes.cli;

import confcodes.cli.Installation.Part;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The usual recipe that confcodes replaces: a menu runs the context {@code conference_sc}, which starts a PHP script for each
 * key press. Its extensions have the names of our codes, and hide them. Immutable.
 *
 * @param lines the lines of that context, and those of a menu that confcodes has too
 * @param report what becomes of each of its lines, one line each
 */
record Recipe(List<ConfigLine> lines, List<String> report) {

    /** What a line begins with that was taken out of use. */
    static final String MARK = ";confcodes-setup;";

    /** How many digits its numbers have. */
    static final String DIGITS = "11";

    private static final String CONTEXT = "conference_sc";
    private static final Pattern SCRIPT = Pattern.compile("(?i).*\\b\\w+\\(.*\\bphp.*conference\\S*\\.php.*");
    private static final Pattern EXTENSION = Pattern.compile("exten\\s*=>?\\s*([^,]+),.*");
    private static final Pattern KEY =
            Pattern.compile("(\\*\\S+?)\\s*=>?\\s*dialplan_exec\\(" + CONTEXT + ",(\\w+),1\\)");

    /** {@return the recipe in an installation; without lines if it is not there} */
    static Recipe find(Installation installation) throws IOException {
        List<ConfigLine> context = installation.lines(Part.EXTENSIONS).stream()
                .filter(line -> line.section().equals(CONTEXT)
                        && !installation.isOwn(line)
                        && !line.text().startsWith("#"))
                .toList();
        if (context.stream().noneMatch(line -> SCRIPT.matcher(line.text()).matches())) {
            return new Recipe(List.of(), List.of());
        }
        Map<String, String> codes = new HashMap<>();
        Map<String, String> menus = new HashMap<>();
        String section = "";
        for (String line :
                installation.sample(Part.CONFBRIDGE).orElseThrow().lines().toList()) {
            Matcher key = KEY.matcher(line);
            section = line.startsWith("[") ? line : section;
            if (key.matches()) {
                codes.putIfAbsent(key.group(2), key.group(1));
                menus.put(section + key.group(1), key.group(2));
            }
        }
        List<ConfigLine> replaced = new ArrayList<>(context);
        List<String> report = new ArrayList<>();
        String code = "";
        for (ConfigLine line : context) {
            Matcher extension = EXTENSION.matcher(line.text());
            code = extension.matches() ? extension.group(1).strip() : code;
            String by = code.isEmpty()
                    ? "by the context of extensions_confcodes.conf"
                    : codes.containsKey(code) ? "by " + code + " of confcodes" : "by nothing";
            report.add(line.place() + ": " + line.text() + " -- replaced " + by);
        }
        for (ConfigLine line : installation.lines(Part.CONFBRIDGE)) {
            Matcher key = KEY.matcher(line.text());
            if (!key.matches() || installation.isOwn(line)) {
                continue;
            }
            boolean known = codes.containsKey(key.group(2));
            boolean doubled = menus.containsKey("[" + line.section() + "]" + key.group(1));
            if (!known || doubled) {
                replaced.add(line);
            }
            report.add(line.place() + ": " + line.text() + " -- "
                    + (doubled
                            ? "replaced by the same key of confbridge_confcodes.conf"
                            : known ? "stays, and runs " + key.group(2) + " of confcodes" : "replaced by nothing"));
        }
        return new Recipe(replaced, report);
    }

    /** {@return the files that it is in} */
    Set<Path> files() {
        return lines.stream().map(ConfigLine::file).collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@return the text of one of its files, with its lines taken out of use} */
    String without(Path file, String text) {
        Set<Integer> numbers = lines.stream()
                .filter(line -> line.file().equals(file))
                .map(ConfigLine::number)
                .collect(Collectors.toSet());
        List<String> all = Installation.linesWithEnds(text);
        StringBuilder without = new StringBuilder();
        for (int i = 0; i < all.size(); i++) {
            without.append(numbers.contains(i + 1) ? MARK : "").append(all.get(i));
        }
        return without.toString();
    }
}
