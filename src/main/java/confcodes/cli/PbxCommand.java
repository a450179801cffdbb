package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that asks the PBX for one thing and ends. */
abstract class PbxCommand implements Callable<Integer> {

    @ParentCommand
    private Confcodes confcodes;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    /**
     * Does what the command is for, and prints what came of it.
     *
     * @return the outcome
     * @throws PbxException if the PBX fails; nothing is printed then
     */
    abstract Outcome run(Pbx pbx, Output output) throws PbxException;

    /** Checks the arguments, before any setting is read. */
    void checkArguments() {}

    /** {@return the conference that the command is about; empty if there is none} */
    String conference() {
        return "";
    }

    final boolean isJson() {
        return json;
    }

    final Confcodes confcodes() {
        return confcodes;
    }

    final Settings settings() {
        return confcodes.settings(spec);
    }

    @Override
    public final Integer call() {
        checkArguments();
        Settings settings = settings();
        settings.get(Setting.LOG_LEVEL).apply();
        try (AmiPbx pbx = new AmiPbx(settings.ami())) {
            return runOn(pbx);
        }
    }

    /** Runs the command on a PBX and returns the exit code. */
    final int runOn(Pbx pbx) {
        CommandLine commandLine = spec.commandLine();
        Output output = new Output(commandLine.getOut(), commandLine.getErr(), json);
        Outcome outcome;
        try {
            outcome = run(pbx, output);
        } catch (PbxException e) {
            outcome = output.outcome(conference(), Outcome.of(e), "");
        }
        return Confcodes.exitCode(outcome.status());
    }

    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
