package confcodes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.Pbx;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;

/** The packages' arrows, as the JDK's own jdeps finds them in the compiled classes. */
class ArchitectureTest {

    /** What each package may use besides the JDK: packages, with those below them. */
    private static final Map<String, Set<String>> ARROWS = Map.of(
            "confcodes.conference", Set.of(),
            "confcodes.ami",
                    Set.of("confcodes.conference", "org.asteriskjava", "org.apache.commons.pool2", "org.slf4j"),
            "confcodes.agi",
                    Set.of("confcodes.conference", "org.asteriskjava.fastagi", "org.asteriskjava.util", "org.slf4j"),
            "confcodes.cli",
                    Set.of(
                            "confcodes.conference",
                            "confcodes.ami",
                            "confcodes.agi",
                            "picocli",
                            "com.google.gson",
                            "org.slf4j"));

    private static final Pattern ARROW =
            Pattern.compile("^ +(confcodes\\S*) +-> +(\\S+) ++(?!java\\.|jdk\\.)\\S.*$", Pattern.MULTILINE);

    @Test
    void no_package_uses_more_than_it_may() throws URISyntaxException {
        arrows().forEach((from, to) -> {
            Set<String> allowed = ARROWS.get(from);
            assertTrue(allowed != null, from + " is a new package: say here what it may use");
            Set<String> tooMuch = new TreeSet<>(to);
            tooMuch.removeIf(used ->
                    used.equals(from) || allowed.stream().anyMatch(it -> (used + ".").startsWith(it + ".")));
            assertEquals(Set.of(), tooMuch, from + " uses what it may not");
        });
    }

    @Test
    void the_arrows_that_there_are_have_been_seen() throws URISyntaxException {
        Map<String, Set<String>> arrows = arrows();

        assertEquals(ARROWS.keySet(), arrows.keySet());
        assertTrue(arrows.get("confcodes.ami").contains("confcodes.conference"));
        assertTrue(arrows.get("confcodes.ami").contains("org.apache.commons.pool2"));
        assertTrue(arrows.get("confcodes.agi").contains("org.asteriskjava.fastagi"));
        assertTrue(arrows.get("confcodes.cli").contains("confcodes.agi"));
    }

    /** {@return each package with those that it uses outside the JDK, itself included} */
    private static Map<String, Set<String>> arrows() throws URISyntaxException {
        Path classes = Path.of(
                Pbx.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        int exitCode = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(out, out, "-verbose:package", "-filter:none", classes.toString());
        assertEquals(0, exitCode, text::toString);

        Map<String, Set<String>> arrows = new TreeMap<>();
        Matcher line = ARROW.matcher(text.toString());
        while (line.find()) {
            arrows.computeIfAbsent(line.group(1), from -> new TreeSet<>()).add(line.group(2));
        }
        return arrows;
    }
}
