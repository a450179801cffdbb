package confcodes.cli;

import com.google.gson.JsonObject;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a running server answers over its control socket: a JSON object, in which {@code error} says why nothing was done. */
final class Control {

    static final String RELOAD = "reload";
    static final String STATUS = "status";

    /** Names in an answer. */
    static final String ERROR = "error";

    static final String EXIT_CODE = "exitCode";
    static final String MESSAGE = "message";

    private static final Logger log = LoggerFactory.getLogger("confcodes");

    private final Running running;

    Control(Running running) {
        this.running = running;
    }

    /** What can be asked of the server. */
    interface Running {

        /**
         * Reads the settings again, and takes them if all are possible.
         *
         * @return what has changed, for people
         * @throws SettingsException if one is impossible or needs a restart; nothing has changed then
         */
        String reload();

        /** {@return how the server is} */
        JsonObject status();
    }

    /** {@return the answer to a question} */
    String answer(String question) {
        JsonObject answer = new JsonObject();
        try {
            switch (question) {
                case RELOAD -> answer.addProperty(MESSAGE, running.reload());
                case STATUS -> answer = running.status();
                default -> error(answer, Confcodes.USAGE, "the server is asked for reload or status");
            }
        } catch (SettingsException e) {
            log.warn("the settings are as before: {}", Output.printable(e.getMessage()));
            error(answer, Confcodes.USAGE, e.getMessage());
        } catch (RuntimeException e) {
            log.error("a fault in {}", question, e);
            error(answer, Confcodes.FAULT, "an internal fault of the server; its log has more");
        }
        return answer.toString();
    }

    private static void error(JsonObject answer, int exitCode, String message) {
        answer.addProperty(EXIT_CODE, exitCode);
        answer.addProperty(ERROR, message);
    }
}
