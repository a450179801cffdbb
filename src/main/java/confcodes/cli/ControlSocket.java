package confcodes.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import jdk.net.ExtendedSocketOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix socket over which a running server is asked: a line such as {@code status}, answered by one JSON document. Only root
 * and the server's user may ask. Each client has a limit for everything, and there are at most 8 at a time.
 */
final class ControlSocket implements AutoCloseable {

    /** How long a question may take, its answer included. */
    static final Duration LIMIT = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger("confcodes");
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final int MOST_CLIENTS = 8;
    private static final int LONGEST_QUESTION = 64;
    private static final int LONGEST_ANSWER = 1024 * 1024;

    private final Path path;
    private final Duration limit;
    private final UnaryOperator<String> answers;
    private final ServerSocketChannel listener = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    private final Object identity;
    private final UserPrincipal owner;
    private final ThreadPoolExecutor clients = new ThreadPoolExecutor(
            0, MOST_CLIENTS, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), run -> daemon(run, "control-client"));

    /** Another server listens on the socket. */
    static final class InUseException extends IOException {

        private static final long serialVersionUID = 1;

        private InUseException() {
            super("another server listens on it");
        }
    }

    /**
     * Opens the socket and begins to answer. The socket of a server that was killed is replaced.
     *
     * @param path the socket, in a directory that exists
     * @param limit how long a client may take
     * @param answers answers a question
     * @throws InUseException when another server listens on it
     * @throws IOException when there is another file, or the socket cannot be made
     */
    ControlSocket(Path path, Duration limit, UnaryOperator<String> answers) throws IOException {
        this.path = path;
        this.limit = limit;
        this.answers = answers;
        try {
            refuseUnlessStale(path);
            // Nobody can connect before the permissions are set: the directory is private (0700).
            Path directory = Files.createTempDirectory(path.getParent(), ".new");
            Path bound = directory.resolve("s");
            try {
                listener.bind(UnixDomainSocketAddress.of(bound));
                Files.setPosixFilePermissions(bound, PosixFilePermissions.fromString("rw-------"));
                owner = Files.getOwner(bound);
                identity = identity(bound);
                Files.move(bound, path, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(bound);
                Files.deleteIfExists(directory);
            }
        } catch (IOException | RuntimeException e) {
            listener.close();
            throw e;
        }
        daemon(this::accept, "control").start();
    }

    private static Thread daemon(Runnable run, String name) {
        Thread thread = new Thread(run, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void refuseUnlessStale(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        if (!attributes(path).isOther()) {
            throw new IOException("there is a file that is no socket");
        }
        try (SocketChannel other = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // Not to wait for a frozen server, which is one, too.
            other.configureBlocking(false);
            other.connect(UnixDomainSocketAddress.of(path));
            throw new InUseException();
        } catch (ConnectException e) {
            log.debug("{} is of a server that was killed", path);
        } catch (SocketException e) {
            // It has many who wait, or lets nobody in.
            throw new InUseException();
        }
    }

    private static BasicFileAttributes attributes(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    }

    private static Object identity(Path path) throws IOException {
        return attributes(path).fileKey();
    }

    private void accept() {
        while (listener.isOpen()) {
            try {
                serve(listener.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                log.debug("cannot serve a client of {}", path, e);
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void serve(SocketChannel client) throws IOException {
        try {
            clients.execute(() -> answer(client));
        } catch (RejectedExecutionException | OutOfMemoryError e) {
            client.close();
        }
    }

    private void answer(SocketChannel client) {
        try (client) {
            closeAfter(limit, client);
            UserPrincipal user =
                    client.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            if (user.equals(owner) || user.getName().equals("root")) {
                write(client, answers.apply(question(client)));
            }
        } catch (IOException e) {
            log.debug("a client of {} has gone", path, e);
        } catch (RuntimeException e) {
            log.error("a fault in an answer on {}", path, e);
        }
    }

    /** Whoever waits for the channel after the limit gets an exception. */
    private static void closeAfter(Duration limit, SocketChannel channel) {
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    try {
                        channel.close();
                    } catch (IOException e) {
                        log.debug("while closing", e);
                    }
                });
    }

    /** {@return the first line; what is no question if it is too long or not complete} */
    private static String question(SocketChannel client) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(LONGEST_QUESTION);
        String text = "";
        while (!text.contains("\n") && buffer.hasRemaining() && client.read(buffer) >= 0) {
            text = new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
        return text.contains("\n") ? text.substring(0, text.indexOf('\n')) : "";
    }

    private static void write(SocketChannel channel, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /**
     * {@return what the server that listens on a socket answers}
     *
     * @param limit how long to wait for it
     * @throws IOException when there is no server, or no answer in time
     */
    static String ask(Path path, String question, Duration limit) throws IOException {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            closeAfter(limit, channel);
            channel.connect(UnixDomainSocketAddress.of(path));
            write(channel, question + "\n");
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);
            while (answer.size() < LONGEST_ANSWER && channel.read(buffer.clear()) >= 0) {
                answer.write(buffer.array(), 0, buffer.position());
            }
            return answer.toString(StandardCharsets.UTF_8);
        } catch (ClosedChannelException e) {
            throw new IOException("no answer in " + limit.toMillis() + " ms", e);
        }
    }

    /** Answers nobody any more, and removes the socket unless it is another server's by now. */
    @Override
    public void close() throws IOException {
        listener.close();
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && identity(path).equals(identity)) {
            Files.delete(path);
        }
    }
}
