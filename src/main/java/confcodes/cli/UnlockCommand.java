package confcodes.cli;

import picocli.CommandLine.Command;

/** {@code confcodes unlock CONF}. */
@Command(name = "unlock", description = "Unlock a conference.")
final class UnlockCommand extends LockingCommand {

    UnlockCommand() {
        super(false, "unlocked");
    }
}
