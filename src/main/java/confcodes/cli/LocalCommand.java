package confcodes.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that works on the Asterisk of this machine: its files and its own command line. */
abstract class LocalCommand implements Callable<Integer> {

    @ParentCommand
    private Confcodes confcodes;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--asterisk-config",
            paramLabel = "DIR",
            description = "Asterisk's configuration directory; else that of the running Asterisk, or /etc/asterisk.")
    private Path directory;

    @Option(names = "--asterisk", paramLabel = "PROGRAM", description = "Asterisk's program.")
    private String program = "asterisk";

    /**
     * Does what the command is for.
     *
     * @return the exit code
     * @throws IOException if a file cannot be read or written
     */
    abstract int run(Installation installation, AsteriskShell asterisk) throws IOException;

    @Override
    public final Integer call() {
        AsteriskShell asterisk = new AsteriskShell(program);
        try {
            return run(Installation.find(Optional.ofNullable(directory), asterisk), asterisk);
        } catch (IOException e) {
            boolean denied = e instanceof AccessDeniedException;
            output().error(denied ? e.getMessage() + ": permission denied; run it as root" : e.toString());
            return Confcodes.USAGE;
        }
    }

    final Confcodes confcodes() {
        return confcodes;
    }

    final Settings settings() {
        return confcodes.settings(spec);
    }

    /** {@return the properties file, which need not exist} */
    final Path settingsFile() {
        return confcodes.settingsFile(spec);
    }

    final Output output() {
        CommandLine commandLine = spec.commandLine();
        return new Output(commandLine.getOut(), commandLine.getErr(), false);
    }

    /** Prints a line for people. */
    final void print(String line) {
        spec.commandLine().getOut().println(Output.printable(line));
        spec.commandLine().getOut().flush();
    }

    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
