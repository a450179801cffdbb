package confcodes.cli;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import confcodes.conference.Outcome;
import confcodes.conference.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** A command that asks the running server over its control socket. */
abstract class ControlCommand implements Callable<Integer> {

    @ParentCommand
    private Confcodes confcodes;

    @Spec
    private CommandSpec spec;

    /** {@return what the server is asked} */
    abstract String question();

    /** {@return whether JSON is printed} */
    boolean isJson() {
        return false;
    }

    /** Prints an answer that is no error, and returns the exit code. */
    abstract int print(JsonObject answer, Output output);

    @Override
    public final Integer call() {
        Settings settings = confcodes.settings(spec);
        Path socket = settings.controlSocket()
                .orElseThrow(() -> new SettingsException(
                        Setting.CONTROL_SOCKET.key(),
                        "there is none to ask the server over",
                        settings.origin(Setting.CONTROL_SOCKET)));
        CommandLine commandLine = spec.commandLine();
        Output output = new Output(commandLine.getOut(), commandLine.getErr(), isJson());
        try {
            JsonObject answer = JsonParser.parseString(ControlSocket.ask(socket, question(), ControlSocket.LIMIT))
                    .getAsJsonObject();
            if (answer.has(Control.ERROR)) {
                output.error(answer.get(Control.ERROR).getAsString());
                return answer.get(Control.EXIT_CODE).getAsInt();
            }
            return print(answer, output);
        } catch (IOException e) {
            return unavailable(
                    output,
                    "no server answers on " + socket + ": " + e.getMessage()
                            + "; is it running with this control-socket, and are you root?");
        } catch (JsonParseException | IllegalStateException e) {
            return unavailable(output, "what answers on " + socket + " is no server of confcodes");
        }
    }

    private static int unavailable(Output output, String reason) {
        Outcome outcome = Outcome.of(Status.UNAVAILABLE, reason);
        return Confcodes.exitCode(output.outcome("", outcome, "").status());
    }
}
