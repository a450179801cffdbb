package confcodes.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command fails: with one line that names what to change, and with an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        try {
            if (e instanceof UnmatchedArgumentException unmatched) {
                explain(unmatched.getUnmatched());
            }
        } catch (SettingsException explained) {
            return say(command, explained.getMessage(), Confcodes.USAGE);
        }
        String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        return say(command, e.getMessage().replaceFirst("\\.$", "") + help, Confcodes.USAGE);
    }

    /** Refuses an option that is none for a reason. Its value is not repeated: it may be a secret. */
    private static void explain(List<String> unmatched) {
        for (String argument : unmatched) {
            String name = argument.split("=", 2)[0];
            if (name.equals(Setting.AMI_SECRET.option())) {
                throw new SettingsException(
                        Setting.AMI_SECRET.key(),
                        "not an option, since everybody can read a command line; set ami-secret-file",
                        Origin.option(name));
            }
            if (name.startsWith("--")) {
                Settings.refuseUnlessInFile(name.substring(2), Origin.option(name));
            }
        }
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        return e instanceof SettingsException ? say(command, e.getMessage(), Confcodes.USAGE) : fault(e, command);
    }

    /** Prints the stack trace of an internal fault and a line, and returns the exit code. */
    static int fault(Throwable e, CommandLine command) {
        StringWriter trace = new StringWriter();
        e.printStackTrace(new PrintWriter(trace));
        trace.toString()
                .lines()
                .map(line -> Output.printable(line.replace("\t", "    ")))
                .forEach(command.getErr()::println);
        return say(command, "an internal fault; please report it with the lines above", Confcodes.FAULT);
    }

    private static int say(CommandLine command, String message, int exitCode) {
        new Output(command.getOut(), command.getErr(), false).error(message);
        return exitCode;
    }
}
