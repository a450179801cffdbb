package confcodes.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code confcodes serve}, the packaged jar in a process of its own. */
final class Server implements AutoCloseable {

    private final Process process;
    private final int port;

    Server(Lab lab, int port, int poolSize, boolean archive) throws IOException {
        this.port = port == 0 ? freePort() : port;
        List<String> command = new ArrayList<>(archive ? Commands.archived() : Commands.confcodes());
        command.addAll(List.of("serve", "--ami-port", Integer.toString(lab.amiPort())));
        command.addAll(List.of("--agi-port", Integer.toString(this.port), "--pool-size", Integer.toString(poolSize)));
        process = Commands.withSettings(new ProcessBuilder(command))
                .redirectErrorStream(true)
                .redirectOutput(lab.log("confcodes-" + poolSize))
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    /** Waits until a first code is served. */
    Server awaitCode(Lab.Room room) throws IOException, InterruptedException {
        for (int waits = 0; ; waits++) {
            try {
                code(room, 0, false).close();
                return this;
            } catch (IOException e) {
                if (waits > 10_000 || !process.isAlive()) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(1);
            }
        }
    }

    AgiPeer code(Lab.Room room, int i, boolean typed) throws IOException {
        return code(port, room, i, typed);
    }

    /** One whole code; with digits typed, or with the number in the request. */
    static AgiPeer code(int port, Lab.Room room, int i, boolean typed) throws IOException {
        String number = room.number(i);
        try (AgiPeer peer =
                new AgiPeer(port, room.name(), room.moderator(), typed ? "" : number, typed ? number : "")) {
            return peer.run(false);
        }
    }

    /** Resident memory in MiB. */
    double memory() throws IOException {
        return status("VmRSS") / 1024;
    }

    int threads() throws IOException {
        return (int) status("Threads");
    }

    private double status(String key) throws IOException {
        try (var lines = Files.lines(Path.of("/proc", Long.toString(process.pid()), "status"))) {
            return lines.filter(line -> line.startsWith(key + ":"))
                    .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
