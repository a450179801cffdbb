package confcodes.cli;

import picocli.CommandLine.Command;

/** {@code confcodes lock CONF}. */
@Command(name = "lock", description = "Lock a conference, so that only administrators can join.")
final class LockCommand extends LockingCommand {

    LockCommand() {
        super(true, "locked");
    }
}
