package confcodes.cli;

import confcodes.conference.Conference;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code confcodes watch [CONF]}. */
@Command(
        name = "watch",
        description = {
            "Show a conference, or all of them, as they change. Keys mute, unmute, kick and lock.",
            "With --json: print a line for each change, without keys."
        })
final class WatchCommand extends PbxCommand {

    @Parameters(
            arity = "0..1",
            paramLabel = "CONF",
            description = "The conference's name; without it all conferences, of which Enter opens one.")
    private String conference;

    @Override
    String conference() {
        return conference == null ? "" : conference;
    }

    @Override
    void checkArguments() {
        if (conference != null && !Conference.isName(conference)) {
            throw usageError("CONF is 1 to 79 characters without control characters");
        }
        if (!isJson() && (confcodes().terminal().isEmpty() || type().isEmpty() || type().equals("dumb"))) {
            throw usageError("watch needs a terminal, and TERM not dumb; --json prints lines");
        }
    }

    private String type() {
        return confcodes().variable("TERM");
    }

    /** Each key that changes something has a line of its own. */
    @Override
    boolean canChange() {
        return false;
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        // What is wrong at the beginning is said as by any other command.
        pbx.conferences();
        try {
            if (isJson()) {
                new WatchLines(pbx, output, conference()).run();
            } else {
                show(pbx);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return Outcome.DONE;
    }

    private void show(Pbx pbx) {
        try (Screen screen = Screen.open(type())) {
            Thread closing = new Thread(screen::close, "close-screen");
            Runtime.getRuntime().addShutdownHook(closing);
            Watch watch = new Watch(pbx, settings().get(Setting.MUTES_HOLD), screen, this::audit, conference());
            pbx.watch(watch);
            watch.run();
        } catch (IOException e) {
            throw usageError(e.getMessage());
        }
    }
}
