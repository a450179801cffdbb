package confcodes.cli;

import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
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
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** A shell for tests: an environment, a properties file, and commands run in this JVM. Used by one thread. */
final class Shell {

    private final Path file;
    private final Map<String, String> environment = new HashMap<>();

    /** Creates a shell whose properties file has these lines. */
    Shell(Path directory, String... lines) throws IOException {
        file = write(directory.resolve("confcodes.properties"), String.join("\n", lines));
        environment.put("CONFCODES_CONFIG", file.toString());
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

    /** {@return the properties file} */
    Path file() {
        return file;
    }

    /**
     * What a command left behind.
     *
     * @param exitCode its exit code
     * @param out what it printed
     * @param err what it complained of
     */
    record Result(int exitCode, String out, String err) {

        /** {@return everything that can be seen of it} */
        String visible() {
            return out + err;
        }
    }

    Result run(String... args) {
        CommandLine commandLine = Confcodes.commandLine(environment, args);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exitCode = commandLine.execute(args);
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** Runs a command on a PBX of the test's, in the place of the one that the settings name. */
    Result runOn(Pbx pbx, String... args) throws PbxException {
        CommandLine command = parsed(args);
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        boolean json = Stream.of(args).anyMatch("--json"::equals);
        ConferenceCommand conferenceCommand = command.getCommand();
        int exitCode = conferenceCommand.run(pbx, new Output(new PrintWriter(out), new PrintWriter(err), json));
        return new Result(exitCode, out.toString(), err.toString());
    }

    /** {@return the value that an option of a command has, from wherever} */
    Object value(String option, String... args) {
        return option(option, args).getValue();
    }

    private OptionSpec option(String option, String... args) {
        return parsed(args).getCommandSpec().findOption(option);
    }

    /** {@return the settings of the way to the PBX that a command other than serve has} */
    AmiOptions ami(String... args) {
        ConferenceCommand command = parsed(args).getCommand();
        return command.ami();
    }

    private CommandLine parsed(String... args) {
        CommandLine commandLine = Confcodes.commandLine(environment, args);
        commandLine.parseArgs(args);
        return commandLine.getSubcommands().get(args[0]);
    }

    /** {@return a port of the loopback interface on which nobody listens} */
    static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
