package confcodes.ami;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * The socket of an AMI connection: text out, messages in. Deadlines are values of {@link System#nanoTime}. Used by one thread
 * at a time.
 *
 * <p>A message has at most 64 KiB; more ends the connection. There is no write time-out, and none is needed: an action has less
 * than 1 KiB, and a connection whose action was not answered sends no further one. Deadlines are kept from read to read: over
 * TLS, where a read takes a whole record, a peer that sends it byte by byte can draw them out.
 */
final class AmiSocket {

    static final int MAX_MESSAGE = 64 * 1024;

    /** The shortest that a socket can wait, in milliseconds. */
    private static final int LOOK = 1;

    /** What is read at once. The JVM keeps as much memory outside its heap for each thread that has read, up to 64 KiB. */
    private static final int MAX_READ = 8 * 1024;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[MAX_MESSAGE];
    private int from;
    private int to;
    private boolean open = true;

    private AmiSocket(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /**
     * {@return a connection to a PBX that has greeted}
     *
     * @throws IOException when there is no AMI, or none that is trusted, before the deadline
     */
    static AmiSocket connect(AmiSettings settings, long deadline) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(settings.host(), settings.port()), millisUntil(deadline));
            socket.setTcpNoDelay(true);
            if (settings.tls()) {
                socket = encrypted(socket, settings, deadline);
            }
            AmiSocket ami = new AmiSocket(socket);
            ami.awaitGreeting(deadline);
            return ami;
        } catch (IOException | RuntimeException e) {
            closeAtOnce(socket);
            throw e;
        }
    }

    private static Socket encrypted(Socket plain, AmiSettings settings, long deadline) throws IOException {
        plain.setSoTimeout(millisUntil(deadline));
        SSLSocket socket = (SSLSocket) Tls.context(settings.tlsCa())
                .getSocketFactory()
                .createSocket(plain, settings.host(), settings.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    /** The greeting is one line without an empty one after it. */
    private void awaitGreeting(long deadline) throws IOException {
        int end = 0;
        while (end == to || buffer[end] != '\n') {
            if (end == to) {
                fill(millisUntil(deadline));
            } else {
                end++;
            }
        }
        from = end + 1;
        if (!new String(buffer, 0, end, StandardCharsets.UTF_8).contains("Call Manager")) {
            throw new IOException("what answers there is no AMI");
        }
    }

    /** {@return whether neither side has closed the connection, as far as a read or {@link #look} has noticed} */
    boolean isOpen() {
        return open;
    }

    /** {@return whether something has come that was not read} */
    boolean hasMore() {
        return from < to;
    }

    void send(String text) throws IOException {
        if (!open) {
            throw new EOFException("the connection is lost");
        }
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.flush();
    }

    /**
     * {@return the next message}
     *
     * @throws SocketTimeoutException when it has not come before the deadline
     * @throws IOException when the connection is lost
     */
    AmiMessage read(long deadline) throws IOException {
        int end = from;
        while (true) {
            for (; end + 3 < to; end++) {
                if (buffer[end] == '\r'
                        && buffer[end + 1] == '\n'
                        && buffer[end + 2] == '\r'
                        && buffer[end + 3] == '\n') {
                    String lines = new String(buffer, from, end - from, StandardCharsets.UTF_8);
                    from = end + 4;
                    return AmiMessage.of(lines);
                }
            }
            int seen = end - from;
            fill(millisUntil(deadline));
            end = from + seen;
        }
    }

    /** Notices a peer that has closed the connection while nobody read; what else came meanwhile belongs to nobody. */
    void look() {
        try {
            fill(LOOK);
            long deadline = System.nanoTime();
            while (true) {
                read(deadline);
            }
        } catch (SocketTimeoutException e) {
            // Nothing more has come, as it should be.
        } catch (IOException e) {
            close();
        }
    }

    /** Reads what there is after what is already in the buffer, which it moves to the front. */
    private void fill(int millis) throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            throw new IOException("an AMI message of more than " + MAX_MESSAGE + " bytes");
        }
        socket.setSoTimeout(millis);
        int count = in.read(buffer, to, Math.min(MAX_READ, buffer.length - to));
        if (count < 0) {
            throw new EOFException("closed by the PBX");
        }
        to += count;
    }

    private static int millisUntil(long deadline) throws SocketTimeoutException {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("nothing more in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, Math.max(1, left / 1_000_000));
    }

    void close() {
        open = false;
        closeAtOnce(socket);
    }

    /** A connection that speaks TLS would otherwise wait as long as its last read for the peer's farewell. */
    private static void closeAtOnce(Socket socket) {
        try (socket) {
            socket.setSoTimeout(0);
        } catch (IOException e) {
            // It is lost already.
        }
    }
}
