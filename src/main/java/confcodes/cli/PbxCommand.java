package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** A command that asks the PBX for one thing and ends. */
abstract class PbxCommand implements Callable<Integer> {

    @ParentCommand
    private Confcodes confcodes;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    @Option(
            names = "--pbx",
            paramLabel = "NAME",
            description = "Which PBX, if the setting pbx names several: its name there.")
    private String name;

    private Map<String, Settings> pbxs;

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

    /** {@return whether it can change something, so that the audit log gets a line} */
    boolean canChange() {
        return true;
    }

    final Confcodes confcodes() {
        return confcodes;
    }

    /** {@return the settings of each PBX that the command is for, by its name, which is empty if it has none} */
    final Map<String, Settings> pbxs() {
        if (pbxs == null) {
            Map<String, Settings> all = confcodes.settings(spec).pbxs();
            if (name != null && (name.isEmpty() || !all.containsKey(name))) {
                throw usageError("--pbx is one of those in the setting pbx: " + String.join(", ", all.keySet()));
            }
            pbxs = name == null ? all : Map.of(name, all.get(name));
        }
        return pbxs;
    }

    /** {@return the settings of the PBX that the command is for} */
    final Settings settings() {
        if (pbxs().size() > 1) {
            throw usageError("--pbx is needed: one of " + String.join(", ", pbxs().keySet()));
        }
        return pbxs().values().iterator().next();
    }

    @Override
    public final Integer call() {
        checkArguments();
        pbxs().values().iterator().next().get(Setting.LOG_LEVEL).apply();
        return runOnAll();
    }

    /** Runs the command on the PBXs that it is for, and returns the exit code. Most commands are for one. */
    int runOnAll() {
        try (AmiPbx pbx = new AmiPbx(settings().ami())) {
            return runOn(pbx);
        }
    }

    /** {@return where the command prints} */
    final Output output() {
        CommandLine commandLine = spec.commandLine();
        String only = pbxs().size() == 1 ? settings().pbx() : "";
        return new Output(commandLine.getOut(), commandLine.getErr(), json, only);
    }

    /** Runs the command on a PBX and returns the exit code. */
    final int runOn(Pbx pbx) {
        Output output = output();
        Outcome outcome;
        try {
            outcome = run(pbx, output);
        } catch (PbxException e) {
            outcome = output.outcome(conference(), Outcome.of(e), "");
        }
        if (canChange()) {
            audit(spec.name(), conference(), typed(), outcome).ifPresent(output::error);
        }
        return Confcodes.exitCode(outcome.status());
    }

    /** Writes a line of the audit log, if there is one; returns why it could not be written. */
    final Optional<String> audit(String action, String conference, String typed, Outcome outcome) {
        Optional<Path> file = settings().find(Setting.AUDIT_LOG);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        String user = System.getProperty("user.name");
        String sudo = user.equals("root") ? confcodes.variable("SUDO_USER") : "";
        try (AuditLog log = new AuditLog(file.get())) {
            log.append(new AuditLog.Entry(
                    Instant.now(), user, "", sudo, settings().pbx(), conference, action, typed, outcome));
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("audit-log: cannot write " + file.get() + ": " + AuditLog.reason(e));
        }
    }

    /** {@return the arguments after the conference, and the options that are no settings} */
    private String typed() {
        ParseResult parsed = spec.commandLine().getParseResult();
        return Stream.concat(
                        parsed.matchedPositionals().stream()
                                .filter(argument -> !argument.index().contains(0))
                                .flatMap(argument -> argument.stringValues().stream()),
                        parsed.matchedOptions().stream()
                                .filter(option -> option.userObject() != null)
                                .map(OptionSpec::longestName)
                                .filter(name -> !name.equals("--json")))
                .collect(Collectors.joining(" "));
    }

    final ParameterException usageError(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
