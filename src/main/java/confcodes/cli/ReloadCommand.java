package confcodes.cli;

import com.google.gson.JsonObject;
import picocli.CommandLine.Command;

/** {@code confcodes reload}. */
@Command(
        name = "reload",
        description = {
            "Have the running server read its settings again. Codes in progress go on with those they began with.",
            "If one is impossible, or needs a restart, nothing changes."
        })
final class ReloadCommand extends ControlCommand {

    @Override
    String question() {
        return Control.RELOAD;
    }

    @Override
    int print(JsonObject answer, Output output) {
        output.line(answer.get(Control.MESSAGE).getAsString());
        return Confcodes.DONE;
    }
}
