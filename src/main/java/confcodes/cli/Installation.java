package confcodes.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The configuration of one Asterisk, and where confcodes has its part in it. Immutable.
 *
 * @param directory Asterisk's configuration directory
 * @param isFreePbx whether FreePBX writes it: then the administrator's lines are in files of their own
 */
record Installation(Path directory, boolean isFreePbx) {

    /** The parts: a file of ours, an including file of the administrator's, and what reads it. */
    enum Part {
        EXTENSIONS("dialplan reload"),
        CONFBRIDGE("module reload app_confbridge.so"),
        MANAGER("manager reload"),
        GLOBALS("dialplan reload");

        private final String reload;

        Part(String reload) {
            this.reload = reload;
        }

        /** {@return the command by which Asterisk reads it again} */
        String reload() {
            return reload;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** {@return the name of our file, such as {@code manager_confcodes.conf}} */
        String fileName() {
            return word() + "_confcodes.conf";
        }
    }

    /**
     * {@return the configuration of the Asterisk on this machine}
     *
     * @param given the directory, if somebody has named it
     * @throws SettingsException if there is none
     */
    static Installation find(Optional<Path> given, AsteriskShell asterisk) {
        Path directory =
                given.orElseGet(() -> asterisk.find("core show settings", "^ *Configuration directory: *(\\S.*?) *$")
                        .map(Path::of)
                        .orElse(Path.of("/etc/asterisk")));
        if (!Files.isDirectory(directory)) {
            throw new SettingsException(
                    "asterisk-config",
                    "no directory " + directory + "; name Asterisk's configuration directory",
                    given.isPresent() ? Origin.option("--asterisk-config") : Origin.DEFAULT);
        }
        boolean freePbx = given.isEmpty() && Files.exists(Path.of("/etc/freepbx.conf"))
                || Stream.of("confbridge", "extensions")
                        .anyMatch(name -> Files.exists(directory.resolve(name + "_additional.conf")));
        return new Installation(directory, freePbx);
    }

    /** {@return the parts that this kind of installation has} */
    List<Part> parts() {
        return Stream.of(Part.values()).filter(part -> sample(part).isPresent()).toList();
    }

    /** {@return our file of a part} */
    Path own(Part part) {
        return directory.resolve(part.fileName());
    }

    /** {@return the file that gets the line which includes ours} */
    Path including(Part part) {
        return directory.resolve(part.word() + (isFreePbx ? "_custom.conf" : ".conf"));
    }

    /** {@return the sample of a part; empty if this kind of installation does not have it} */
    Optional<String> sample(Part part) {
        Optional<String> freePbx = isFreePbx ? resource("freepbx/" + part.fileName()) : Optional.empty();
        return freePbx.or(() -> resource(part.fileName()));
    }

    /** {@return a file of etc-asterisk, which the program carries with it} */
    static Optional<String> resource(String name) {
        try (InputStream in = Installation.class.getResourceAsStream("/etc-asterisk/" + name)) {
            return Optional.ofNullable(in == null ? null : new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return what Asterisk reads of a part, our file and the included files among it} */
    List<ConfigLine> lines(Part part) throws IOException {
        return ConfigLine.read(directory.resolve((part == Part.GLOBALS ? Part.EXTENSIONS : part).word() + ".conf"));
    }

    /** {@return all lines that Asterisk reads of all parts} */
    List<ConfigLine> lines() throws IOException {
        List<ConfigLine> lines = new ArrayList<>();
        for (Part part : List.of(Part.EXTENSIONS, Part.CONFBRIDGE, Part.MANAGER)) {
            lines.addAll(lines(part));
        }
        return lines;
    }

    /** {@return whether Asterisk reads our file of a part} */
    boolean isIncluded(Part part) throws IOException {
        return lines(part).stream().anyMatch(line -> line.includes(part.fileName()));
    }

    /** {@return whether a line is in one of our files} */
    boolean isOwn(ConfigLine line) {
        return Stream.of(Part.values()).anyMatch(part -> line.file().equals(own(part)));
    }

    /** {@return the lines of a text, each with its line break} */
    static List<String> linesWithEnds(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split("(?<=\n)"));
    }

    /** {@return the last line of a section that sets a key: the one that counts} */
    static Optional<ConfigLine> last(List<ConfigLine> lines, String section, String key) {
        return lines.stream()
                .filter(line -> line.section().equals(section) && line.sets(key))
                .reduce((first, second) -> second);
    }
}
