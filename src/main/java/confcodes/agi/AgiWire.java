package confcodes.agi;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * The socket under one FastAGI connection, in the place of asterisk-java's own, which takes lines of any length, any number of
 * them, at any pace (19 MB in one line is an OutOfMemoryError in 64 MB, 200,000 {@code HANGUP} lines are a
 * StackOverflowError). Here the request has a time, a size, and each header once; then the whole code has a time; a line has
 * at most 8 KiB, which is Asterisk's own limit (AGI_BUF_LEN is less, MAX_COMMAND_LEN in res_agi.c). What breaks a rule ends
 * the connection for good.
 */
final class AgiWire implements SocketConnectionFacade {

    private static final int MAX_LINE = 8 * 1024;
    private static final int MAX_REQUEST = 32 * 1024;

    /** Asterisk sends some twenty, and one for each argument of AGI(). */
    private static final int MAX_HEADERS = 100;

    private static final int MAX_HANGUPS = 8;
    private static final Pattern REPLY = Pattern.compile("200 result=-?\\d{1,9}( .*)?|[1345]\\d\\d[ -].*");

    private final Socket socket;
    private final InputStream in;
    private final AgiDoor door;
    private final Duration codeTime;
    private final StringBuilder unsent = new StringBuilder();
    private final Set<String> headers = new HashSet<>();
    private final byte[] buffer = new byte[2048];
    private int from;
    private int to;
    private int requestSize;
    private int hangups;
    private long deadline;
    private volatile boolean requested;
    private boolean broken;

    AgiWire(Socket socket, AgiDoor door, Duration requestTime, Duration codeTime) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.door = door;
        this.codeTime = codeTime;
        this.deadline = System.nanoTime() + requestTime.toNanos();
    }

    /** {@return whether the request is complete, so that a code is running} */
    boolean isRequested() {
        return requested;
    }

    @Override
    public String readLine() throws IOException {
        if (broken) {
            throw new IOException("the connection is broken");
        }
        try {
            return requested ? readReply() : readHeader();
        } catch (IOException e) {
            broken = true;
            if (!requested) {
                door.refused(this, e.getMessage());
            }
            throw e;
        }
    }

    private String readHeader() throws IOException {
        String line = read();
        if (headers.size() == MAX_HEADERS) {
            throw new IOException("a request of more than " + MAX_HEADERS + " lines");
        }
        requestSize += line.length() + 1;
        if (requestSize > MAX_REQUEST) {
            throw new IOException("a request of more than " + MAX_REQUEST + " bytes");
        }
        if (line.isEmpty()) {
            if (!headers.contains("agi_channel") || !headers.contains("agi_network_script")) {
                throw new IOException("no FastAGI request");
            }
            requested = true;
            deadline = System.nanoTime() + codeTime.toNanos();
        } else if (line.indexOf(':') < 0) {
            throw new IOException("no FastAGI request");
        } else if (!headers.add(line.substring(0, line.indexOf(':')))) {
            throw new IOException("a request with a header twice");
        }
        return line;
    }

    /**
     * Reads a reply. A bare HANGUP may stand between any two (res_agi.c), and a variable's value with line breaks goes over
     * several lines, which are joined by tabs.
     */
    private String readReply() throws IOException {
        String line = read();
        while (line.equals("HANGUP")) {
            if (++hangups > MAX_HANGUPS) {
                throw new IOException("hung up again and again");
            }
            line = read();
        }
        if (line.startsWith("200 result=1 (")) {
            while (!line.endsWith(")")) {
                line += "\t" + read();
                if (line.length() > MAX_LINE) {
                    throw new IOException("an endless value");
                }
            }
        }
        if (!REPLY.matcher(line).matches()) {
            throw new IOException("no AGI reply");
        }
        return line;
    }

    private String read() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream(128);
        while (true) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    append(line, i);
                    from = i + 1;
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
            append(line, to);
            fill();
        }
    }

    private void append(ByteArrayOutputStream line, int end) throws IOException {
        line.write(buffer, from, end - from);
        if (line.size() > MAX_LINE) {
            throw new IOException("a line of more than " + MAX_LINE + " bytes");
        }
    }

    private void fill() throws IOException {
        long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException(requested ? "the code's time is over" : "no request in time");
        }
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        try {
            from = 0;
            to = 0;
            int count = in.read(buffer);
            if (count < 0) {
                throw new EOFException("closed by the peer");
            }
            to = count;
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException(requested ? "the code's time is over" : "no request in time");
        }
    }

    @Override
    public void write(String text) {
        unsent.append(text);
    }

    @Override
    public void flush() throws IOException {
        if (broken) {
            throw new IOException("the connection is broken");
        }
        byte[] bytes = unsent.toString().getBytes(StandardCharsets.UTF_8);
        unsent.setLength(0);
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        door.closed(this);
        socket.close();
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
