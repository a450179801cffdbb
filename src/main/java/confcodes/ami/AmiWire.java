package confcodes.ami;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * The socket under a session, in the place of asterisk-java's own (its extension point {@code createSocket}). Whoever asks
 * something reads the answer himself, with {@link #read}; asterisk-java's reading thread reads only when it is {@link #lend
 * lent} the wire, for the response to an action of asterisk-java's own: the challenge, the login, the logoff.
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

    /** When a lent wire is read until: whoever lends it looks at the clock, and closes it. */
    private static final long NEVER = Long.MAX_VALUE;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final StringBuilder unsent = new StringBuilder();
    private final Queue<String> forAsteriskJava = new ArrayDeque<>();
    private final AmiMessage message = new AmiMessage();
    private byte[] buffer = new byte[8 * 1024];
    private int from;
    private int to;
    private boolean greeted;
    private volatile Thread reader;
    private volatile boolean lost;
    private String lentFor = "";

    AmiWire(Socket socket) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.out = socket.getOutputStream();
    }

    /** Lets asterisk-java's thread read up to the response to an action. */
    synchronized void lend(String actionId) {
        lentFor = actionId;
        notifyAll();
    }

    private synchronized void takeBackAfterResponse() {
        if (message.get("Event").isEmpty() && message.isOf(lentFor)) {
            lentFor = "";
        }
    }

    private synchronized void awaitLending() throws IOException {
        try {
            while (lentFor.isEmpty() && !lost) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private synchronized void lose() {
        lost = true;
        notifyAll();
    }

    /** {@return the thread that reads lines; null before the first} */
    Thread reader() {
        return reader;
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
        forAsteriskJava.addAll(message.lines());
        if (forAsteriskJava.isEmpty() || !forAsteriskJava.element().contains("Call Manager")) {
            throw new IOException("what answers there is no AMI");
        }
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
            lose();
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
            lose();
        }
    }

    @Override
    public String readLine() throws IOException {
        reader = Thread.currentThread();
        try {
            while (forAsteriskJava.isEmpty()) {
                awaitLending();
                if (lost) {
                    throw new EOFException("the connection is lost");
                }
                readMessage(NEVER);
                forAsteriskJava.addAll(message.lines());
                forAsteriskJava.add("");
                takeBackAfterResponse();
            }
            return forAsteriskJava.remove();
        } catch (IOException e) {
            lose();
            throw e;
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
                if (empty && !message.isEmpty() || !greeted) {
                    greeted = true;
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
        if (due != NEVER && left <= 0) {
            throw new SocketTimeoutException("nothing more in time");
        }
        fill(due == NEVER ? 0 : Math.max(1, left / 1_000_000));
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
        lose();
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
