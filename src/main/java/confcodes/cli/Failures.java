package confcodes.cli;

import confcodes.conference.PbxException;
import java.io.PrintWriter;
import java.util.function.IntSupplier;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** How a command fails: with one line that names what to change, and with an exit code. */
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    private final Settings settings;

    Failures(Settings settings) {
        this.settings = settings;
    }

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        String origin = e.getArgSpec() == null ? "" : settings.origin(e.getArgSpec());
        String message = isSecret(e)
                ? "there is no option --ami-secret, since everybody can read a command line; set ami-secret-file"
                : e.getMessage() + origin;
        String help = "; see " + command.getCommandSpec().qualifiedName() + " --help";
        return helpOr(command.getParseResult(), () -> say(command, message + help, Confcodes.USAGE));
    }

    private static boolean isSecret(ParameterException e) {
        return e instanceof UnmatchedArgumentException unknown
                && unknown.getUnmatched().stream().anyMatch(argument -> argument.matches("(?s)--ami-secret(=.*)?"));
    }

    /** Prints the help or the version if the command line asks for it, whatever else is wrong. */
    static int helpOr(ParseResult parsed, IntSupplier otherwise) {
        try {
            Integer help = CommandLine.executeHelpRequest(parsed);
            return help == null ? otherwise.getAsInt() : help;
        } catch (ParameterException e) {
            return otherwise.getAsInt();
        }
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult result) {
        if (e instanceof PbxException failure) {
            return say(command, e.getMessage(), exitCode(failure));
        }
        if (e instanceof SettingsException) {
            return say(command, e.getMessage(), Confcodes.USAGE);
        }
        if (e instanceof IllegalArgumentException) {
            return say(command, e.getMessage() + settings.origin(e.getMessage()), Confcodes.USAGE);
        }
        e.printStackTrace(command.getErr());
        return say(command, "a fault of confcodes, please report it", Confcodes.REFUSED);
    }

    /** {@return the exit code that a failure of the PBX amounts to} */
    static int exitCode(PbxException failure) {
        return switch (failure.reason()) {
            case UNREACHABLE, LOGIN_REFUSED, INCOMPLETE_LIST, UNCONFIRMED -> Confcodes.NO_PBX;
            case NOT_PERMITTED, REFUSED -> Confcodes.REFUSED;
        };
    }

    /** Says a line and returns the exit code. */
    static int say(CommandLine command, String message, int exitCode) {
        PrintWriter err = command.getErr();
        err.println("confcodes: " + Output.printable(message));
        err.flush();
        return exitCode;
    }
}
