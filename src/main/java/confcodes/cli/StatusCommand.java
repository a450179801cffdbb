package confcodes.cli;

import com.google.gson.JsonObject;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code confcodes status}. */
@Command(
        name = "status",
        description = "Show how the running server is; 3 is the exit code, too, if a PBX is lost or no server runs.")
final class StatusCommand extends ControlCommand {

    @Option(names = "--json", description = "Print JSON, for scripts.")
    private boolean json;

    @Override
    String question() {
        return Control.STATUS;
    }

    @Override
    boolean isJson() {
        return json;
    }

    @Override
    int print(JsonObject answer, Output output) {
        return output.status(answer) ? Confcodes.DONE : Confcodes.NO_PBX;
    }
}
