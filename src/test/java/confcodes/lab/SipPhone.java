package confcodes.lab;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A SIP phone that the lab's Asterisk identifies by its address, so that it may say of itself what it likes. It sends silence and
 * keys (RFC 4733, or SIP INFO) at exact times, and keeps what it hears. One call only; keys by one thread.
 */
public final class SipPhone implements AutoCloseable {

    private static final String PBX = "127.0.0.1";
    private static final String GUEST = "127.0.0.2";
    private static final String LEADER = "127.0.0.3";
    private static final String NAMED = "127.0.0.4";
    private static final String KEYS = "0123456789*#";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long PACKET_NANOS = 20_000_000;
    private static final int PACKET_SAMPLES = 160;
    private static final int RTP_HEADER = 12;
    private static final byte SILENCE = (byte) 0xff;
    private static final int ULAW = 0;
    private static final int EVENT = 101;
    private static final int MARKER = 0x80;
    private static final int END = 0x80;
    private static final int VOLUME = 10;

    private final DatagramSocket sip;
    private final DatagramSocket rtp;
    private final String sipAddress;
    private final InetSocketAddress pbx;
    private final String user;
    private final String from;
    private final String sdp;
    private final String callId = UUID.randomUUID().toString().replace("-", "");
    private final CompletableFuture<Integer> answer = new CompletableFuture<>();
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final long born = System.nanoTime();
    private volatile String requestUri = "";
    private volatile String to = "";
    private volatile InetSocketAddress media;
    private volatile boolean up;
    private volatile boolean pressing;
    private volatile long keyEnded = System.nanoTime();
    private volatile long tone;
    private int sequence;
    private int requests = 1;

    private SipPhone(String address, int sipPort, String user, String display) {
        try {
            InetAddress own = InetAddress.getByName(address);
            sip = new DatagramSocket(0, own);
            rtp = new DatagramSocket(0, own);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.sipAddress = address + ":" + sip.getLocalPort();
        this.sdp = sdp(address, rtp.getLocalPort());
        this.pbx = new InetSocketAddress(PBX, sipPort);
        this.user = user;
        this.from = "\"" + display + "\" <sip:" + user + "@" + address + ">;tag=" + callId.substring(0, 8);
        start("sip", this::signal);
        start("rtp in", this::hear);
        start("rtp out", this::send);
    }

    /**
     * {@return a phone whose user is a plain participant with the sample's menu}
     *
     * @param sipPort where the lab's Asterisk speaks SIP
     * @param user the user in From, as it is written there: {@code %0A} is a newline
     */
    public static SipPhone guest(int sipPort, String user) {
        return guest(sipPort, user, user.replaceAll("[^0-9A-Za-z]", ""));
    }

    /** {@return the same, with a display name of its own} */
    public static SipPhone guest(int sipPort, String user, String display) {
        return new SipPhone(GUEST, sipPort, user, display);
    }

    /** {@return a phone whose user is an administrator with the sample's menu} */
    public static SipPhone leader(int sipPort, String user) {
        return new SipPhone(LEADER, sipPort, user, user);
    }

    /** {@return a phone whose user is a plain participant and is asked for their name} */
    public static SipPhone named(int sipPort, String user) {
        return new SipPhone(NAMED, sipPort, user, user);
    }

    private static void start(String name, Runnable task) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
    }

    /** {@return the user in From, as it is written there} */
    public String user() {
        return user;
    }

    String callId() {
        return callId;
    }

    /** Calls a number, which may have escapes such as {@code %0A}, and fails if the call is not answered. */
    public void dial(String number) {
        requestUri = "sip:" + number + "@" + PBX + ":" + pbx.getPort();
        to = "<sip:" + number + "@" + PBX + ">";
        request("INVITE", requests, "application/sdp", sdp);
        try {
            int status = answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (status != 200) {
                throw new AssertionError("the call to " + number + " ended with " + status);
            }
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer to the call to " + number, e);
        }
    }

    /** {@return whether the call is up} */
    public boolean isUp() {
        return up;
    }

    /** Presses keys in RTP, each for three fifths of its time, the rest is a pause; a w is half a second's pause. */
    public void press(String keys, Duration each) {
        long next = System.nanoTime();
        for (char key : keys.toCharArray()) {
            if (key == 'w') {
                next += 500_000_000;
            } else {
                hold(KEYS.indexOf(key), next, each.toNanos() * 3 / 5);
                next += each.toNanos();
            }
            waitUntil(next);
        }
    }

    private void hold(int key, long begin, long nanos) {
        pressing = true;
        int timestamp = timestamp();
        boolean first = true;
        long next = begin;
        for (; next - begin < nanos; next += PACKET_NANOS) {
            event(key, first, timestamp, next - begin + PACKET_NANOS, false);
            first = false;
            waitUntil(next + PACKET_NANOS);
        }
        forget();
        for (int i = 0; i < 3; i++) {
            event(key, false, timestamp, next - begin, true);
        }
        pressing = false;
    }

    private void event(int key, boolean marker, int timestamp, long nanos, boolean end) {
        int duration = (int) (nanos / PACKET_NANOS * PACKET_SAMPLES);
        byte[] payload = {(byte) key, (byte) (VOLUME | (end ? END : 0)), (byte) (duration >> 8), (byte) duration};
        packet(EVENT | (marker ? MARKER : 0), timestamp, payload);
    }

    /** Presses keys in SIP INFO, one each time. */
    public void pressByInfo(String keys, Duration each) {
        long next = System.nanoTime();
        for (char key : keys.toCharArray()) {
            forget();
            request("INFO", ++requests, "application/dtmf-relay", "Signal=" + key + "\r\nDuration=80\r\n");
            next += each.toNanos();
            waitUntil(next);
        }
    }

    /** Puts whoever is on the line with another phone of the same user in this one's place: an attended transfer. */
    public void transferTo(SipPhone other) {
        String replaces = other.callId + ";to-tag=" + tag(other.to) + ";from-tag=" + tag(other.from);
        String escaped = replaces.replace(";", "%3B").replace("=", "%3D").replace("@", "%40");
        request("REFER", ++requests, "", "", "Refer-To: <" + other.requestUri + "?Replaces=" + escaped + ">");
    }

    private static String tag(String party) {
        return party.replaceFirst(".*;tag=", "");
    }

    private static void waitUntil(long nanoTime) {
        for (long left = nanoTime - System.nanoTime(); left > 0; left = nanoTime - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /** Forgets what was heard so far. */
    public void forget() {
        synchronized (heard) {
            heard.reset();
            keyEnded = System.nanoTime();
            tone = 0;
        }
    }

    /** {@return how long after the last key a tone of 440 Hz was received first, in nanoseconds; 0 if it was not} */
    public long toneSinceKey() {
        return tone;
    }

    /** Whether most of what a packet has is a tone of 440 Hz (Goertzel's algorithm). */
    private static boolean isTone(byte[] packet, int length) {
        double factor = 2 * Math.cos(2 * Math.PI * 440 / 8000);
        double last = 0;
        double beforeLast = 0;
        double power = 0;
        int count = length - RTP_HEADER;
        for (int i = RTP_HEADER; i < length; i++) {
            double sample = linear(~packet[i]);
            power += sample * sample;
            double next = sample + factor * last - beforeLast;
            beforeLast = last;
            last = next;
        }
        double tone = last * last + beforeLast * beforeLast - factor * last * beforeLast;
        return power / count > 10_000 && 2 * tone / count > power / 2;
    }

    /** {@return what was heard since the last key was let go: samples, 8,000 a second} */
    public short[] heard() {
        byte[] ulaw;
        synchronized (heard) {
            ulaw = heard.toByteArray();
        }
        short[] samples = new short[ulaw.length];
        for (int i = 0; i < ulaw.length; i++) {
            samples[i] = linear(~ulaw[i]);
        }
        return samples;
    }

    /** ITU-T G.711, from the inverted byte. */
    private static short linear(int inverted) {
        int magnitude = (((inverted & 0x0f) << 3) + 0x84 << ((inverted & 0x70) >> 4)) - 0x84;
        return (short) ((inverted & 0x80) == 0 ? magnitude : -magnitude);
    }

    private int timestamp() {
        return (int) ((System.nanoTime() - born) / 125_000);
    }

    private void send() {
        byte[] silence = new byte[PACKET_SAMPLES];
        Arrays.fill(silence, SILENCE);
        for (long next = System.nanoTime(); !rtp.isClosed(); next += PACKET_NANOS) {
            if (up && !pressing) {
                packet(ULAW, timestamp(), silence);
            }
            waitUntil(next);
        }
    }

    private synchronized void packet(int type, int timestamp, byte[] payload) {
        byte[] packet = ByteBuffer.allocate(RTP_HEADER + payload.length)
                .put((byte) 0x80)
                .put((byte) type)
                .putShort((short) sequence++)
                .putInt(timestamp)
                .putInt(callId.hashCode())
                .put(payload)
                .array();
        send(rtp, packet, media);
    }

    private static void send(DatagramSocket socket, byte[] bytes, InetSocketAddress to) {
        try {
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (SocketException e) {
            // Hung up.
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void hear() {
        byte[] buffer = new byte[2048];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        while (receive(rtp, packet)) {
            if (packet.getLength() > RTP_HEADER && (buffer[1] & 0x7f) == ULAW) {
                synchronized (heard) {
                    heard.write(buffer, RTP_HEADER, packet.getLength() - RTP_HEADER);
                    if (tone == 0 && isTone(buffer, packet.getLength())) {
                        tone = System.nanoTime() - keyEnded;
                    }
                }
            }
        }
    }

    private static boolean receive(DatagramSocket socket, DatagramPacket packet) {
        try {
            socket.receive(packet);
            return true;
        } catch (SocketException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void signal() {
        byte[] buffer = new byte[65_536];
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        while (receive(sip, packet)) {
            String message = new String(buffer, 0, packet.getLength(), StandardCharsets.UTF_8);
            if (message.startsWith("SIP/2.0 ")) {
                response(message);
            } else if (!message.startsWith("ACK ")) {
                up &= !message.startsWith("BYE ");
                reply(message);
            }
            packet.setLength(buffer.length);
        }
    }

    private void response(String message) {
        int status = Integer.parseInt(message.substring(8, 11));
        if (status < 200 || !header(message, "CSeq").endsWith(" INVITE")) {
            return;
        }
        to = header(message, "To");
        if (status == 200) {
            requestUri = find(message, "(?mi)^Contact: *<([^>]+)>");
            media = new InetSocketAddress(
                    find(message, "(?m)^c=IN IP4 (\\S+)"), Integer.parseInt(find(message, "(?m)^m=audio (\\d+)")));
            up = true;
        }
        request("ACK", 1, "", "");
        answer.complete(status);
    }

    /** Agrees with everything that the PBX asks. */
    private void reply(String message) {
        StringBuilder ok = new StringBuilder("SIP/2.0 200 OK\r\n");
        message.lines()
                .filter(line -> line.matches("(?i)(Via|From|To|Call-ID|CSeq):.*"))
                .forEach(line -> ok.append(line).append("\r\n"));
        end(ok, message.startsWith("INVITE ") ? "application/sdp" : "", message.startsWith("INVITE ") ? sdp : "");
    }

    private void request(String method, int number, String type, String body, String... headers) {
        String more = headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n";
        end(
                new StringBuilder(method + " " + requestUri + " SIP/2.0\r\n")
                        .append("Via: SIP/2.0/UDP " + sipAddress + ";rport;branch=z9hG4bK" + callId + number + "\r\n")
                        .append("Max-Forwards: 70\r\nFrom: " + from + "\r\nTo: " + to + "\r\n")
                        .append("Call-ID: " + callId + "\r\nCSeq: " + number + " " + method + "\r\n" + more),
                type,
                body);
    }

    private void end(StringBuilder message, String type, String body) {
        message.append("Contact: <sip:phone@" + sipAddress + ">\r\n");
        if (!type.isEmpty()) {
            message.append("Content-Type: " + type + "\r\n");
        }
        message.append("Content-Length: " + body.length() + "\r\n\r\n" + body);
        send(sip, message.toString().getBytes(StandardCharsets.UTF_8), pbx);
    }

    private static String sdp(String address, int port) {
        return "v=0\r\no=- 1 1 IN IP4 " + address + "\r\ns=-\r\nc=IN IP4 " + address + "\r\nt=0 0\r\nm=audio " + port
                + " RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\na=rtpmap:101 telephone-event/8000\r\n"
                + "a=fmtp:101 0-15\r\na=ptime:20\r\n";
    }

    private static String header(String message, String name) {
        return find(message, "(?mi)^" + name + ": *(.*?)\\r?$");
    }

    private static String find(String message, String regex) {
        Matcher matcher = Pattern.compile(regex).matcher(message);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + regex + " in " + message);
        }
        return matcher.group(1);
    }

    /** Hangs up, if the call is still there. */
    @Override
    public void close() {
        if (up) {
            up = false;
            request("BYE", ++requests, "", "");
        }
        sip.close();
        rtp.close();
    }
}
