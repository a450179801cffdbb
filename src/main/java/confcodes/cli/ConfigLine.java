package confcodes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line of Asterisk's configuration, as Asterisk reads it. Immutable.
 *
 * @param file the file
 * @param number the line's number in it, from 1
 * @param section the name of the section that it is in; its own for a section's first line; empty before the first section
 * @param text the line without comments and outer spaces; never empty
 */
record ConfigLine(Path file, int number, String section, String text) {

    private static final Pattern SECTION = Pattern.compile("\\[([^\\]]+)\\].*");
    private static final Pattern INCLUDE = Pattern.compile("#(?:try)?include\\s+[\"<]?([^\">]+?)[\">]?");
    private static final Pattern COMMENT = Pattern.compile("(?<!\\\\);.*");
    private static final int MAX_DEPTH = 10;

    /** {@return the lines of a file and, after each {@code #include}, those of the included files; none if there is no file} */
    static List<ConfigLine> read(Path file) throws IOException {
        List<ConfigLine> lines = new ArrayList<>();
        read(file, file.getParent(), "", 0, lines);
        return lines;
    }

    /** What an included file begins is over at its end: the file around it goes on in its own section (config.c). */
    private static void read(Path file, Path directory, String around, int depth, List<ConfigLine> into)
            throws IOException {
        if (!Files.isRegularFile(file) || depth > MAX_DEPTH) {
            return;
        }
        String section = around;
        boolean comment = false;
        int number = 0;
        for (String line : text(file).split("\r?\n")) {
            number++;
            comment |= line.stripLeading().startsWith(";--");
            String text = comment ? "" : COMMENT.matcher(line).replaceFirst("").strip();
            comment &= !line.contains("--;");
            if (text.isEmpty()) {
                continue;
            }
            Matcher header = SECTION.matcher(text);
            section = header.matches() ? header.group(1) : section;
            into.add(new ConfigLine(file, number, section, text));
            Matcher include = INCLUDE.matcher(text);
            if (include.matches()) {
                for (Path included : included(directory, include.group(1))) {
                    read(included, directory, section, depth + 1, into);
                }
            }
        }
    }

    /** Asterisk expands the characters of a shell's patterns. */
    private static List<Path> included(Path directory, String name) throws IOException {
        Path path = directory.resolve(name);
        if (!name.matches(".*[*?\\[].*")) {
            return List.of(path);
        }
        List<Path> files = new ArrayList<>();
        if (Files.isDirectory(path.getParent())) {
            try (DirectoryStream<Path> found = Files.newDirectoryStream(
                    path.getParent(), path.getFileName().toString())) {
                found.forEach(files::add);
            }
        }
        files.sort(null);
        return files;
    }

    /** {@return a file's text, byte by byte: its encoding is not known, and what is not changed must stay as it is} */
    static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    /** {@return whether it includes a file of this name} */
    boolean includes(String name) {
        Matcher include = INCLUDE.matcher(text);
        return include.matches() && Path.of(include.group(1)).endsWith(name);
    }

    /** {@return whether it sets a key, as {@code key=value} or {@code key => value}} */
    boolean sets(String key) {
        return text.matches("(?i)" + Pattern.quote(key) + "\\s*=.*");
    }

    /** {@return what follows the first equals sign} */
    String value() {
        return text.replaceFirst("^[^=]*=>?", "").strip();
    }

    /** {@return where it is, such as {@code /etc/asterisk/manager.conf:12}} */
    String place() {
        return file + ":" + number;
    }
}
