package confcodes.cli;

import confcodes.ami.AmiPbx;
import confcodes.ami.AmiSettings;
import confcodes.conference.Conference;
import confcodes.conference.Outcome;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.Command;

/** {@code confcodes conferences}. */
@Command(name = "conferences", aliases = "rooms", description = "List the conferences that exist now.")
final class ConferencesCommand extends PbxCommand {

    @Override
    boolean canChange() {
        return false;
    }

    @Override
    Outcome run(Pbx pbx, Output output) throws PbxException {
        output.conferences(pbx.conferences());
        return Outcome.DONE;
    }

    /** All are asked at once. What one does not tell is said apart, and the others are listed. */
    @Override
    int runOnAll() {
        if (pbxs().size() == 1) {
            return super.runOnAll();
        }
        Map<String, FutureTask<List<Conference>>> asked = new LinkedHashMap<>();
        pbxs().forEach((name, settings) -> {
            AmiSettings ami = settings.ami();
            asked.put(name, new FutureTask<>(() -> {
                try (AmiPbx pbx = new AmiPbx(ami)) {
                    return pbx.conferences();
                }
            }));
        });
        asked.values().forEach(task -> new Thread(task).start());
        Map<String, List<Conference>> found = new LinkedHashMap<>();
        int exitCode = Confcodes.DONE;
        for (String name : asked.keySet()) {
            try {
                found.put(name, asked.get(name).get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof PbxException failure)) {
                    throw new IllegalStateException(e);
                }
                output().error(name + ": " + failure.getMessage());
                exitCode = Math.max(
                        exitCode, Confcodes.exitCode(Outcome.of(failure).status()));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        output().conferences(found);
        return exitCode;
    }
}
