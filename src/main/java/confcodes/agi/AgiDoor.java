package confcodes.agi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.asteriskjava.util.ServerSocketFacade;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * The listening socket: who may come in, and how many. When the house is full, the connection that has waited longest without
 * a complete request has to go, so that those who say nothing do not keep out those who do; a running code never has to. Of a
 * peer that has as many as it may, it is one of its own.
 */
final class AgiDoor implements ServerSocketFacade {

    private static final int BACKLOG = 1024;
    private static final long PAUSE_MILLIS = 100;

    private final AgiSettings settings;
    private final ServerSocket listener;
    private final Set<AgiWire> open = new LinkedHashSet<>();
    private final Complaints complaints = new Complaints();
    private volatile boolean closed;

    /**
     * Binds the socket.
     *
     * @throws IOException when the address or the port cannot be had
     */
    AgiDoor(AgiSettings settings) throws IOException {
        this.settings = settings;
        this.listener = new ServerSocket();
        try {
            listener.setReuseAddress(true);
            listener.bind(new InetSocketAddress(settings.bind(), settings.port()), BACKLOG);
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public SocketConnectionFacade accept() throws IOException {
        while (true) {
            Socket socket = acceptAny();
            try {
                AgiWire wire = admit(socket);
                if (wire != null) {
                    return wire;
                }
            } catch (IOException e) {
                complaints.say("lost a connection at once: " + e.getMessage());
            }
            socket.close();
        }
    }

    /** Goes on after a failure such as too many open files, but not in a busy loop. */
    private Socket acceptAny() throws IOException {
        while (true) {
            try {
                return listener.accept();
            } catch (IOException e) {
                if (closed) {
                    throw e;
                }
                complaints.say("cannot accept a connection: " + e.getMessage());
                try {
                    Thread.sleep(PAUSE_MILLIS);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    private AgiWire admit(Socket socket) throws IOException {
        InetAddress peer = socket.getInetAddress();
        if (!settings.peers().serves(peer)) {
            complaints.say("refused " + peer.getHostAddress() + ": not in agi-peers");
            return null;
        }
        AgiWire longestSilent = null;
        synchronized (open) {
            boolean fullOfPeer = count(peer) >= settings.maxConnectionsPerPeer();
            boolean full = open.size() >= settings.maxConnections();
            if (full || fullOfPeer) {
                longestSilent = longestSilent(fullOfPeer ? peer : null);
                complaints.say("too many connections: " + (fullOfPeer ? "agi-connections-per-peer" : "agi-connections")
                        + " reached");
                if (longestSilent == null) {
                    return null;
                }
                open.remove(longestSilent);
            }
        }
        if (longestSilent != null) {
            longestSilent.close();
        }
        socket.setTcpNoDelay(true);
        AgiWire wire = new AgiWire(socket, this, settings.requestTimeout(), settings.maxDuration());
        synchronized (open) {
            if (closed) {
                return null;
            }
            open.add(wire);
        }
        return wire;
    }

    private long count(InetAddress peer) {
        return open.stream()
                .filter(wire -> wire.getRemoteAddress().equals(peer))
                .count();
    }

    private AgiWire longestSilent(InetAddress peer) {
        for (Iterator<AgiWire> oldestFirst = open.iterator(); oldestFirst.hasNext(); ) {
            AgiWire wire = oldestFirst.next();
            if (!wire.isRequested() && (peer == null || wire.getRemoteAddress().equals(peer))) {
                return wire;
            }
        }
        return null;
    }

    /** A connection could not be served, most likely for lack of a thread or of memory. */
    void lacking(Throwable cause) {
        complaints.say("a connection was closed, for it could not be served: " + cause.getMessage());
    }

    boolean isClosed() {
        return closed;
    }

    /** A connection ended before its request was complete. */
    void refused(AgiWire wire, String reason) {
        complaints.say("refused a connection from " + wire.getRemoteAddress().getHostAddress() + ": " + reason);
    }

    void closed(AgiWire wire) {
        synchronized (open) {
            open.remove(wire);
        }
    }

    /** Closes the connections that have no code running, or all. */
    void closeConnections(boolean all) throws IOException {
        List<AgiWire> closing;
        synchronized (open) {
            closing = new ArrayList<>(open);
        }
        for (AgiWire wire : closing) {
            if (all || !wire.isRequested()) {
                wire.close();
            }
        }
    }

    @Override
    public void setSocketReadTimeout(int millis) {
        // A connection's times are its wire's.
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listener.close();
    }
}
