package confcodes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The packaged jar, started as an administrator starts it. */
public final class Packaged {

    private Packaged() {}

    /** {@return the command line of the launcher with this JVM; it becomes the JVM, with the same process id} */
    public static List<String> confcodes(String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA=" + Path.of(System.getProperty("java.home"), "bin", "java"),
                "CONFCODES_JAR=" + System.getProperty("confcodes.jar", "target/confcodes.jar"),
                "sh",
                "src/main/sh/confcodes"));
        command.addAll(List.of(arguments));
        return command;
    }
}
