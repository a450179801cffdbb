package confcodes.cli;

import confcodes.conference.Pbx;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.IExecutionStrategy;
import picocli.CommandLine.ParameterException;

/** A shell for tests: an environment, a properties file, and commands run in this JVM. Used by one thread. */
final class Shell {

    private final Path file;
    private final Map<String, String> environment = new HashMap<>();
    private Optional<Confcodes.Terminal> terminal = Optional.empty();

    /** Creates a shell whose properties file has these lines, without a terminal. */
    Shell(Path directory, String... lines) throws IOException {
        file = write(directory.resolve("confcodes.properties"), String.join("\n", lines));
        environment.put("CONFCODES_CONFIG", file.toString());
        // The first level that a command of this JVM sets is that of all.
        environment.put("CONFCODES_LOG_LEVEL", "info");
    }

    /** Writes a file that nobody else can read. */
    static Path write(Path file, String text) throws IOException {
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    }

    /** Sets a variable of the environment. */
    Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Has a terminal, on which somebody answers every question with a line. */
    Shell answering(String line) {
        return answering(() -> line);
    }

    /** Has a terminal. */
    Shell answering(Confcodes.Terminal answers) {
        terminal = Optional.of(answers);
        return this;
    }

    /** {@return the properties file} */
    Path file() {
        return file;
    }

    /**
     * What a command left.
     *
     * @param exitCode its exit code
     * @param out what it printed on the standard output
     * @param err what it printed on the standard error stream
     */
    record Result(int exitCode, String out, String err) {

        /** {@return everything that it printed} */
        String visible() {
            return out + err;
        }
    }

    /** {@return the command as picocli knows it} */
    CommandLine commandLine() {
        return new Confcodes(environment, terminal).commandLine();
    }

    Result run(String... args) {
        CommandLine commandLine = commandLine();
        return run(commandLine, commandLine.getExecutionStrategy(), args);
    }

    /** Runs a command on a PBX of the test's, in the place of the one that the settings name. */
    Result runOn(Pbx pbx, String... args) {
        return run(
                commandLine(),
                parsed -> {
                    CommandLine commandLine = parsed.subcommand().commandSpec().commandLine();
                    PbxCommand command = commandLine.getCommand();
                    try {
                        command.checkArguments();
                        return command.runOn(pbx);
                    } catch (ParameterException e) {
                        throw e;
                    } catch (RuntimeException e) {
                        // As picocli does it.
                        throw new ExecutionException(commandLine, "while running", e);
                    }
                },
                args);
    }

    private static Result run(CommandLine commandLine, IExecutionStrategy strategy, String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = commandLine
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .setExecutionStrategy(strategy)
                .execute(args);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** {@return the settings that a command has with these arguments} */
    Settings settings(String... args) {
        CommandLine commandLine = commandLine();
        Confcodes confcodes = commandLine.getCommand();
        return confcodes.settings(commandLine.parseArgs(args).subcommand().commandSpec());
    }

    /** {@return the value of a setting with these arguments} */
    <T> T value(Setting<T> setting, String... args) {
        return settings(args).get(setting);
    }

    /** {@return a port of the loopback interface on which nobody listens} */
    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
