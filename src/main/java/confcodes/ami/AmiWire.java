package confcodes.ami;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * The socket under a session, in the place of asterisk-java's own (its extension point {@code createSocket}). Whoever asks
 * something reads the answer himself, with {@link #read}; asterisk-java reads nothing but the greeting ({@link
 * org.asteriskjava.manager.internal.ReaderlessConnection}).
 *
 * <p>Why: asterisk-java builds an event by reflection for each row and passes it through a second thread; a list of 199 takes
 * it 4.2 to 5.4 ms of CPU, a plain socket 1.0 to 1.1 ms. To hand an answer from a reading thread to the thread that asked
 * took a tenth of a millisecond, as long as Asterisk takes for it ({@code src/lab/bench}). And asterisk-java
 * reads lines and messages of any length; here a message has at most 64 KiB and 256 lines, more ends the connection.
 *
 * <p>One thread reads at a time, any thread may write. There is no write time-out, and none is needed: an action has less than
 * 1 KiB, and a session whose action was not answered sends no further one. Times are kept from read to read: over TLS, where
 * a read takes a whole record, a peer that sends it byte by byte can draw them out.
 */
final class AmiWire implements SocketConnectionFacade {

    static final int MAX_MESSAGE = 64 * 1024;

    /** The shortest that a socket can wait. */
    private static final Duration LOOK = Duration.ofMillis(1);

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final StringBuilder unsent = new StringBuilder();
    private final AmiMessage message = new AmiMessage();
    private byte[] buffer = new byte[8 * 1024];
    private int from;
    private int to;
    private String greeting = "";
    private volatile boolean lost;

    AmiWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** {@return whether the peer has neither closed the connection nor been closed} */
    boolean isOpen() {
        return !lost;
    }

    /**
     * Reads the greeting, to be called before anything else reads. asterisk-java waits for it to the end of its time, even
     * when the peer has closed the connection or is no AMI.
     *
     * @throws IOException when no AMI greets in time
     */
    void awaitGreeting(Duration time) throws IOException {
        readMessage(System.nanoTime() + time.toNanos());
        greeting = message.firstLine();
        if (!greeting.contains("Call Manager")) {
            throw new IOException("what answers there is no AMI");
        }
    }

    /** {@return the greeting} asterisk-java's reader asks for nothing else. */
    @Override
    public String readLine() {
        return greeting;
    }

    /**
     * Reads until an exchange has ended. When the connection is lost before, the wire is no longer open.
     *
     * <p>Between the rows of a list, of which Asterisk sends one at a time, it lets others run before it reads: to sleep until
     * the next row is there and to be woken for it takes longer than the row (a list of 200 in 1.6 instead of 1.85 ms).
     *
     * @return whether it has ended, in time
     */
    boolean read(Exchange<?> exchange, Duration time) {
        long due = System.nanoTime() + time.toNanos();
        try {
            while (!exchange.hasEnded()) {
                if (exchange.isAnswered() && from == to) {
                    Thread.yield();
                }
                readMessage(due);
                exchange.take(message);
            }
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            lost = true;
            return false;
        }
    }

    /** Notices a peer that has closed the connection while nobody read; what else came meanwhile belongs to nobody. */
    void look() {
        long due = System.nanoTime() + LOOK.toNanos();
        try {
            fill(LOOK.toMillis());
            while (true) {
                readMessage(due);
            }
        } catch (SocketTimeoutException e) {
            // Nothing more has come, as it should be.
        } catch (IOException e) {
            lost = true;
        }
    }

    /**
     * Reads up to the next empty line, or, at first, one line: the greeting has no empty line behind it.
     *
     * @throws SocketTimeoutException when that has not come until then; it may be read on
     */
    private void readMessage(long due) throws IOException {
        message.begin(buffer, from);
        int line = from;
        int next = from;
        while (true) {
            while (next < to) {
                if (buffer[next++] != '\n') {
                    continue;
                }
                int end = next - 1;
                if (end > line && buffer[end - 1] == '\r') {
                    end--;
                }
                boolean empty = end == line;
                if (!empty && !message.addLine(line, end)) {
                    throw new IOException("an AMI message of too many lines");
                }
                line = next;
                if (empty && !message.isEmpty() || greeting.isEmpty()) {
                    from = next;
                    return;
                }
            }
            int read = next - from;
            int begun = line - from;
            readMore(due);
            next = from + read;
            line = from + begun;
        }
    }

    private void readMore(long due) throws IOException {
        long left = due - System.nanoTime();
        if (left <= 0) {
            throw new SocketTimeoutException("nothing more in time");
        }
        fill(Math.max(1, left / 1_000_000));
    }

    /** Reads what there is behind what is already in the buffer, which it moves to the front and lets grow as needed. */
    private void fill(long millis) throws IOException {
        if (from > 0) {
            System.arraycopy(buffer, from, buffer, 0, to - from);
            to -= from;
            from = 0;
        }
        if (to == buffer.length) {
            if (to >= MAX_MESSAGE) {
                throw new IOException("an AMI message of more than " + MAX_MESSAGE + " bytes");
            }
            buffer = Arrays.copyOf(buffer, to * 2);
        }
        message.moveTo(buffer, 0);
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        int count = in.read(buffer, to, buffer.length - to);
        if (count < 0) {
            throw new EOFException("closed by the PBX");
        }
        to += count;
    }

    @Override
    public void write(String text) {
        unsent.append(text);
    }

    @Override
    public void flush() throws IOException {
        if (!isOpen()) {
            throw new EOFException("the connection is lost");
        }
        byte[] bytes = unsent.toString().getBytes(StandardCharsets.UTF_8);
        unsent.setLength(0);
        out.write(bytes);
        out.flush();
    }

    /** Closes the connection at once: one that speaks TLS would otherwise wait as long as its last read for the peer's farewell. */
    @Override
    public void close() throws IOException {
        lost = true;
        try {
            socket.setSoTimeout(0);
        } finally {
            socket.close();
        }
    }

    @Override
    public boolean isConnected() {
        return socket.isConnected();
    }

    @Override
    public InetAddress getLocalAddress() {
        return socket.getLocalAddress();
    }

    @Override
    public int getLocalPort() {
        return socket.getLocalPort();
    }

    @Override
    public InetAddress getRemoteAddress() {
        return socket.getInetAddress();
    }

    @Override
    public int getRemotePort() {
        return socket.getPort();
    }
}
