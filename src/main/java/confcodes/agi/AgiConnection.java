package confcodes.agi;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * One FastAGI connection under asterisk-java's request and command handling, which by itself takes lines of any length, any
 * number of them, at any pace, and lets the last of two equal headers win. Here a request has a time and a size, and each line
 * of it is a header of its own: {@code agi_name: value}. Callers can write lines into it (a newline in a SIP user), and such a
 * request is refused. What breaks a rule ends the connection for good.
 *
 * <p>Lines are at most 8 KiB, which is Asterisk's own limit (MAX_COMMAND_LEN in res_agi.c). One thread reads and writes.
 */
final class AgiConnection implements SocketConnectionFacade {

    private static final Duration REQUEST_TIME = Duration.ofSeconds(5);

    /** How long a peer may take to answer the first command; Asterisk takes a millisecond. */
    private static final Duration PROOF_TIME = Duration.ofSeconds(2);

    /** How long a command may take: the longest is a Read with a long prompt and slow fingers. */
    private static final Duration COMMAND_TIME = Duration.ofMinutes(3);

    private static final int MAX_LINE = 8 * 1024;

    /** What a peer that has proved nothing may answer in one line: a status, and 255 keys at most. */
    private static final int MAX_UNPROVED_REPLY = 512;

    private static final int MAX_REQUEST = 16 * 1024;
    private static final int MAX_HEADERS = 64;
    private static final int MAX_HANGUPS = 8;

    /** The headers that are used. Others are checked and forgotten. */
    private static final Set<String> USED =
            Set.of("agi_network_script", "agi_channel", "agi_uniqueid", "agi_arg_1", "agi_version");

    private static final Pattern HEADER = Pattern.compile("(agi_[a-z0-9_]{1,40}): ?\\P{IsControl}*");

    /** Not 100, which only GOSUB is answered with: asterisk-java reads on after it by recursion. */
    private static final Pattern REPLY = Pattern.compile("200 result=-?\\d{1,9}( .*)?|[345]\\d\\d[ -].*");

    private final Socket socket;
    private final InputStream in;
    private final AgiListener listener;
    private final StringBuilder unsent = new StringBuilder();
    private final Set<String> headers = new HashSet<>();
    private final byte[] buffer = new byte[1024];
    private int from;
    private int to;
    private int requestSize;
    private int hangups;
    private long deadline;
    private boolean answered;
    private boolean broken;
    private volatile boolean requested;
    private volatile boolean proved;
    private String failure = "";

    AgiConnection(Socket socket, AgiListener listener) throws IOException {
        this.socket = socket;
        this.in = socket.getInputStream();
        this.listener = listener;
        this.deadline = System.nanoTime() + REQUEST_TIME.toNanos();
    }

    /** {@return whether the request is complete, so that a code may be running} */
    boolean isRequested() {
        return requested;
    }

    /** {@return whether the peer has proved that it controls its channel} */
    boolean isProved() {
        return proved;
    }

    /** Takes the peer for what it says it is: Asterisk, running AGI() on the channel it names. */
    void prove() {
        proved = true;
        listener.proved(this);
    }

    /** {@return why the connection ended, if it did not end with a hang-up} */
    Optional<String> failure() {
        return failure.isEmpty() ? Optional.empty() : Optional.of(failure);
    }

    /** {@return the peer's address as text} */
    String peer() {
        return getRemoteAddress().getHostAddress();
    }

    /** {@return the address at which the peer has reached this server, such as {@code 127.0.0.1:4573}} */
    String server() {
        InetAddress address = socket.getLocalAddress();
        String host = address.getHostAddress();
        return (address instanceof Inet6Address ? "[" + host + "]" : host) + ":" + socket.getLocalPort();
    }

    @Override
    public String readLine() throws IOException {
        checkUsable();
        try {
            return requested ? readReply() : readHeader();
        } catch (IOException e) {
            broken = true;
            if (!requested) {
                listener.refused(this, e.getMessage());
            } else if (!(e instanceof EOFException)) {
                failure = e.getMessage();
            }
            throw e;
        }
    }

    private void checkUsable() throws IOException {
        if (broken) {
            throw new IOException("the connection is broken");
        }
    }

    /** Reads up to the next header that is used, or to the end of the request. */
    private String readHeader() throws IOException {
        while (true) {
            String line = read();
            if (line.isEmpty()) {
                endRequest();
                return line;
            }
            Matcher header = HEADER.matcher(line);
            if (!header.matches()) {
                throw new IOException("a line that is no FastAGI header");
            }
            if (!headers.add(header.group(1))) {
                throw new IOException("a header twice: " + LogValue.of(header.group(1)));
            }
            requestSize += line.getBytes(StandardCharsets.UTF_8).length + 1;
            if (headers.size() > MAX_HEADERS || requestSize > MAX_REQUEST) {
                throw new IOException("a request of more than " + MAX_HEADERS + " lines or " + MAX_REQUEST + " bytes");
            }
            if (USED.contains(header.group(1))) {
                return line;
            }
        }
    }

    private void endRequest() throws IOException {
        if (!headers.containsAll(Set.of("agi_network_script", "agi_channel", "agi_uniqueid"))) {
            throw new IOException("no FastAGI request");
        }
        headers.clear();
        requested = true;
    }

    /**
     * Reads a reply. A bare HANGUP may stand between any two (res_agi.c). A variable's value with line breaks goes over several
     * lines, which are joined by tabs.
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
                if (line.length() > maxLine()) {
                    throw new IOException("an endless value");
                }
            }
        }
        if (!REPLY.matcher(line).matches()) {
            throw new IOException("no AGI reply");
        }
        answered = true;
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
        if (line.size() > maxLine()) {
            throw new IOException("a line of more than " + maxLine() + " bytes");
        }
    }

    private int maxLine() {
        return requested && !proved ? MAX_UNPROVED_REPLY : MAX_LINE;
    }

    private void fill() throws IOException {
        long millis = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (millis <= 0) {
            throw new SocketTimeoutException(late());
        }
        socket.setSoTimeout((int) Math.min(millis, Integer.MAX_VALUE));
        int count;
        try {
            count = in.read(buffer);
        } catch (SocketTimeoutException e) {
            throw new SocketTimeoutException(late());
        }
        if (count < 0) {
            throw new EOFException("closed by the peer");
        }
        from = 0;
        to = count;
        if (!requested) {
            listener.buffered(this, count);
        }
    }

    private String late() {
        return requested
                ? "a command was not answered in " + (answered ? COMMAND_TIME : PROOF_TIME).toSeconds() + " s"
                : "no request in time";
    }

    @Override
    public void write(String text) {
        unsent.append(text);
    }

    @Override
    public void flush() throws IOException {
        checkUsable();
        byte[] bytes = unsent.toString().getBytes(StandardCharsets.UTF_8);
        unsent.setLength(0);
        deadline = System.nanoTime() + (answered ? COMMAND_TIME : PROOF_TIME).toNanos();
        socket.getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
        listener.closed(this);
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
