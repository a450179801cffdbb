package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.conference.Conference;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands that act on the PBX once have in common. */
abstract class ConferenceCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private AmiOptions ami;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    /**
     * Does what the command is for and returns the exit code.
     *
     * @throws PbxException when the PBX fails
     */
    abstract int run(Pbx pbx, Output output) throws PbxException;

    @Override
    public final Integer call() throws PbxException {
        ami.applyLogLevel(AmiOptions.LogLevel.OFF);
        Output output =
                new Output(spec.commandLine().getOut(), spec.commandLine().getErr(), json);
        try (AmiPbx pbx = new AmiPbx(ami.settings(false))) {
            return run(pbx, output);
        }
    }

    /** {@return the conference's name, checked} */
    final String checked(String conference) {
        if (!Conference.isName(conference)) {
            throw new ParameterException(spec.commandLine(), "CONF is 1 to 79 characters without control characters");
        }
        return conference;
    }

    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    /** {@return the exit code that an outcome amounts to} */
    static int exitCode(Outcome outcome) {
        Status status = outcome.status();
        return switch (status) {
            case DONE -> Confcodes.DONE;
            case NOTFOUND, AMBIGUOUS, DENIED, CANCELLED, NOCONFERENCE -> Confcodes.REFUSED;
            case UNAVAILABLE -> Confcodes.NO_PBX;
        };
    }
}
