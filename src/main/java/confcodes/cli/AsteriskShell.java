package confcodes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The running Asterisk's own command line, {@code asterisk -rx}. Immutable.
 *
 * @param program Asterisk's program
 */
record AsteriskShell(String program) {

    private static final Pattern KEY = Pattern.compile("(?m)^(\\S+?)=(.*)$");

    /** {@return what a command prints; empty if Asterisk does not run, cannot be reached or does not answer} */
    Optional<String> run(String command) {
        return output(List.of(program, "-rx", command));
    }

    /** {@return what the group has matched in the output of a command; empty if it has not} */
    Optional<String> find(String command, String pattern) {
        return run(command).flatMap(text -> {
            Matcher matcher = Pattern.compile(pattern, Pattern.MULTILINE).matcher(text);
            return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
        });
    }

    /** {@return its systemname; empty if it has none or does not answer} */
    String systemName() {
        return find("core show settings", "^ *System name: *(\\S.*?) *$").orElse("");
    }

    /** {@return the keys of a menu of ConfBridge and what they do, in its order; empty if there is no such menu} */
    Map<String, String> menu(String name) {
        Map<String, String> keys = new LinkedHashMap<>();
        Matcher line = KEY.matcher(run("confbridge show menu " + name).orElse(""));
        while (line.find()) {
            keys.put(line.group(1), line.group(2));
        }
        return keys;
    }

    /** {@return what a program prints to its standard output; empty if it fails or takes more than 20 s} */
    static Optional<String> output(List<String> command) {
        List<String> limited = new ArrayList<>(List.of("timeout", "20"));
        limited.addAll(command);
        try {
            Process process = new ProcessBuilder(limited)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? Optional.of(out) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
