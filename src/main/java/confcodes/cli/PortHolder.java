package confcodes.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the process that listens on a port. Linux tells: of one's own processes, and of all others only to root. */
final class PortHolder {

    private static final Path PROC = Path.of("/proc");
    private static final String LISTENS = "0A";

    private PortHolder() {}

    /** {@return the process, such as {@code process 1234 (/usr/bin/node)}; empty if it cannot be known} */
    static Optional<String> of(int port) {
        Set<String> sockets = Stream.of("tcp", "tcp6")
                .flatMap(table -> sockets(PROC.resolve("net").resolve(table), String.format(":%04X", port)))
                .collect(Collectors.toSet());
        return ProcessHandle.allProcesses()
                .filter(process -> holds(PROC.resolve(Long.toString(process.pid())), sockets))
                .map(process -> "process " + process.pid()
                        + process.info()
                                .command()
                                .map(name -> " (" + name + ")")
                                .orElse(""))
                .findFirst();
    }

    /** The columns are those of proc(5): the second is the local address, the fourth the state, the tenth the inode. */
    private static Stream<String> sockets(Path table, String port) {
        try {
            return Files.readAllLines(table).stream()
                    .map(line -> line.strip().split(" +"))
                    .filter(columns -> columns[1].endsWith(port) && columns[3].equals(LISTENS))
                    .map(columns -> "socket:[" + columns[9] + "]");
        } catch (IOException e) {
            return Stream.empty();
        }
    }

    private static boolean holds(Path process, Set<String> sockets) {
        try (Stream<Path> files = Files.list(process.resolve("fd"))) {
            return files.anyMatch(file -> sockets.contains(target(file)));
        } catch (IOException e) {
            return false;
        }
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "";
        }
    }
}
