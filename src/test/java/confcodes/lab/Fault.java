package confcodes.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What can happen to the lab's Asterisk. {@link #strike} does it, {@link #mend} takes it back. */
public enum Fault {
    /** The process is killed, and started again. */
    KILLED {
        @Override
        public void strike(Lab lab) {
            lab.signal("KILL");
        }

        @Override
        public void mend(Lab lab) {
            lab.restart();
        }
    },

    /** It restarts at a command of its own, in the same process. */
    RESTARTED {
        @Override
        public void strike(Lab lab) {
            lab.rx("core restart now");
        }

        @Override
        public void mend(Lab lab) {
            lab.reconnect();
        }
    },

    /** Its threads stop without a word, its connections stay; they go on. */
    STOPPED {
        @Override
        public void strike(Lab lab) {
            lab.signal("STOP");
            Await.until("all its threads have stopped", () -> isStopped(lab.pid()));
        }

        @Override
        public void mend(Lab lab) {
            lab.signal("CONT");
        }
    },

    /** The AMI user's secret changes, and the user's sessions are closed; the old secret comes back. Not before Asterisk 18. */
    LOCKED_OUT {
        @Override
        public void strike(Lab lab) {
            changeSecret(lab, "secret=" + Lab.SECRET, "secret=changed");
            lab.connected(Lab.USER).forEach(session -> lab.rx("manager kick session " + session));
        }

        @Override
        public void mend(Lab lab) {
            changeSecret(lab, "secret=changed", "secret=" + Lab.SECRET);
        }
    };

    /** Does it. */
    public abstract void strike(Lab lab);

    /** Takes it back. */
    public abstract void mend(Lab lab);

    private static void changeSecret(Lab lab, String from, String to) {
        Path file = lab.file("etc/manager_confcodes.conf");
        try {
            Files.writeString(file, Files.readString(file).replace(from, to));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        lab.rx("manager reload");
    }

    private static boolean isStopped(long pid) {
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                if (!Files.readString(task.resolve("status")).contains("State:\tT")) {
                    return false;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
