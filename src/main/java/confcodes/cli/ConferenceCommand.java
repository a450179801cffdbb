package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.conference.Conference;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** What the commands that act on the PBX once have in common. */
abstract class ConferenceCommand implements Callable<Integer> {

    private final CommandSpec spec;
    private final AmiOptions ami;
    private final OptionSpec json;
    private PositionalParamSpec conference;

    ConferenceCommand(String name, String description) {
        spec = Specs.command(this, name, description);
        ami = new AmiOptions(spec);
        json = Specs.flag(spec, "--json", "Print JSON, for scripts.");
    }

    /** {@return the command as picocli knows it; a subclass adds its arguments} */
    final CommandSpec spec() {
        return spec;
    }

    final AmiOptions ami() {
        return ami;
    }

    /** Adds the argument that names the conference. */
    final PositionalParamSpec conferenceArgument() {
        conference = Specs.argument(spec, "CONF", String.class, true, "The conference's name.");
        return conference;
    }

    /**
     * Checks the arguments, before any setting is looked at.
     *
     * @throws ParameterException when one of them cannot be meant
     */
    void check() {
        if (conference != null && !Conference.isName(conference.getValue())) {
            throw usageError("CONF is 1 to 79 characters without control characters");
        }
    }

    /**
     * Does what the command is for and returns the exit code.
     *
     * @throws PbxException when the PBX fails
     */
    abstract int run(Pbx pbx, Output output) throws PbxException;

    @Override
    public final Integer call() throws PbxException {
        check();
        ami.applyLogLevel(AmiOptions.LogLevel.OFF);
        CommandLine commandLine = spec.commandLine();
        Output output = new Output(commandLine.getOut(), commandLine.getErr(), json.getValue());
        try (AmiPbx pbx = new AmiPbx(ami.settings(false))) {
            return run(pbx, output);
        }
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
