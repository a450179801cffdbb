package confcodes.agi;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * The listening socket: who may connect, how many, and how much they may make the server remember. At the limit of
 * connections the oldest that has proved nothing is closed, at the limit of memory the one that has sent the most, so that
 * those who say nothing or too much do not keep out the others. A connection that has proved that it is Asterisk's is never
 * closed for another. Safe for concurrent use.
 */
final class AgiListener {

    private static final int BACKLOG = 1024;
    private static final Duration PAUSE = Duration.ofMillis(100);
    private static final Duration SIGN_OF_LIFE = Duration.ofMillis(500);

    /**
     * What all requests together may have sent before they are proved. Asterisk's have 1 KB. A byte becomes up to ten in the
     * heap, of which the launcher gives the JVM 64 MB.
     */
    private static final int MAX_BUFFERED = 2 * 1024 * 1024;

    private volatile AgiSettings settings;
    private final ServerSocket listener;
    private final Warnings warnings;
    private final Map<AgiConnection, Integer> open = new LinkedHashMap<>();
    private int buffered;
    private volatile boolean closed;
    private volatile long accepting = System.nanoTime();

    /**
     * Binds the socket.
     *
     * @throws IOException when the address or the port cannot be had
     */
    AgiListener(AgiSettings settings, Warnings warnings) throws IOException {
        this.settings = settings;
        this.warnings = warnings;
        this.listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.setSoTimeout((int) SIGN_OF_LIFE.toMillis());
            listener.bind(new InetSocketAddress(settings.bind(), settings.port()), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Serves other peers, and another number of connections, from the next connection on. */
    void follow(AgiSettings changed) {
        settings = changed;
    }

    /**
     * Waits for the next connection that may be served.
     *
     * @throws IOException when the listener is closed
     */
    AgiConnection accept() throws IOException {
        while (true) {
            Socket socket = acceptAny();
            try {
                Optional<AgiConnection> connection = admit(socket);
                if (connection.isPresent()) {
                    return connection.get();
                }
            } catch (IOException e) {
                warnings.say("lost a connection at once: " + e.getMessage());
            }
            socket.close();
        }
    }

    /** Goes on after a failure such as too many open files, but not in a busy loop. */
    private Socket acceptAny() throws IOException {
        while (true) {
            accepting = System.nanoTime();
            try {
                return listener.accept();
            } catch (SocketTimeoutException e) {
                // Nobody connected.
            } catch (IOException e) {
                if (closed) {
                    throw e;
                }
                warnings.say("cannot accept a connection: " + e.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private Optional<AgiConnection> admit(Socket socket) throws IOException {
        if (!settings.peers().serves(socket.getInetAddress())) {
            warnings.refused("refused " + socket.getInetAddress().getHostAddress() + ": not in agi-peers");
            return Optional.empty();
        }
        Optional<AgiConnection> oldest;
        synchronized (open) {
            boolean full = open.size() >= settings.maxConnections();
            oldest = full ? takeOldestUnproved() : Optional.empty();
            if (full) {
                warnings.refused("too many connections: agi-connections reached");
            }
            if (closed || full && oldest.isEmpty()) {
                return Optional.empty();
            }
        }
        if (oldest.isPresent()) {
            oldest.get().close();
        }
        socket.setTcpNoDelay(true);
        AgiConnection connection = new AgiConnection(socket, this);
        synchronized (open) {
            open.put(connection, 0);
        }
        return Optional.of(connection);
    }

    private Optional<AgiConnection> takeOldestUnproved() {
        Optional<AgiConnection> oldest =
                open.keySet().stream().filter(c -> !c.isProved()).findFirst();
        oldest.ifPresent(this::forget);
        return oldest;
    }

    private Optional<AgiConnection> takeLargestUnproved() {
        Optional<AgiConnection> largest = open.entrySet().stream()
                .filter(entry -> !entry.getKey().isProved())
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
        largest.ifPresent(this::forget);
        return largest;
    }

    private void forget(AgiConnection connection) {
        Integer bytes = open.remove(connection);
        buffered -= bytes == null ? 0 : bytes;
    }

    /**
     * A connection has read more of a request.
     *
     * @throws IOException when the connection that has to go for it cannot be closed
     */
    void buffered(AgiConnection connection, int bytes) throws IOException {
        List<AgiConnection> surplus = new ArrayList<>();
        synchronized (open) {
            if (open.computeIfPresent(connection, (known, before) -> before + bytes) != null) {
                buffered += bytes;
            }
            for (Optional<AgiConnection> largest = Optional.of(connection);
                    buffered > MAX_BUFFERED && largest.isPresent(); ) {
                largest = takeLargestUnproved();
                largest.ifPresent(surplus::add);
            }
        }
        for (AgiConnection one : surplus) {
            warnings.refused("too many large requests: closed one of " + one.peer());
            one.close();
        }
    }

    /** A connection is Asterisk's: what it has sent no longer counts. */
    void proved(AgiConnection connection) {
        synchronized (open) {
            Integer bytes = open.replace(connection, 0);
            buffered -= bytes == null ? 0 : bytes;
        }
    }

    /** A connection ended before its request was complete. */
    void refused(AgiConnection connection, String reason) {
        warnings.refused("refused a connection from " + connection.peer() + ": " + reason);
    }

    void closed(AgiConnection connection) {
        synchronized (open) {
            forget(connection);
        }
    }

    /**
     * Closes the connections without a complete request, or all.
     *
     * @throws IOException when one cannot be closed
     */
    void closeConnections(boolean all) throws IOException {
        List<AgiConnection> closing;
        synchronized (open) {
            closing = new ArrayList<>(open.keySet());
        }
        for (AgiConnection connection : closing) {
            if (all || !connection.isRequested()) {
                connection.close();
            }
        }
    }

    /**
     * Accepts no more connections.
     *
     * @throws IOException when the socket cannot be closed
     */
    void close() throws IOException {
        closed = true;
        listener.close();
    }

    /** {@return how many connections there are} */
    int connections() {
        synchronized (open) {
            return open.size();
        }
    }

    /** {@return whether connections are being accepted} Waits for the lock that accepting needs. */
    boolean isAccepting() {
        synchronized (open) {
            return !closed && System.nanoTime() - accepting < 3 * SIGN_OF_LIFE.toNanos();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
