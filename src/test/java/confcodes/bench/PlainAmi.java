package confcodes.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The floor: a plain socket that is logged in to AMI, no library, one action at a time. It looks for the end of what comes back,
 * and reads something out of it only when asked.
 */
final class PlainAmi implements AutoCloseable {

    private static final byte[] END = "\r\n\r\n".getBytes(UTF_8);
    private static final int TAIL = 256;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private byte[] buffer = new byte[256 * 1024];
    private int length;

    PlainAmi(int port, String user, String secret, String events) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = socket.getInputStream();
        out = socket.getOutputStream();
        while (in.read() != '\n') {
            // The greeting.
        }
        succeed("Login", "Username: " + user, "Secret: " + secret, "Events: " + events);
    }

    void mute(String conference, String channel) throws IOException {
        succeed("ConfbridgeMute", "Conference: " + conference, "Channel: " + channel);
    }

    void unmute(String conference, String channel) throws IOException {
        succeed("ConfbridgeUnmute", "Conference: " + conference, "Channel: " + channel);
    }

    void setVariable(String channel, String name, String value) throws IOException {
        succeed("Setvar", "Channel: " + channel, "Variable: " + name, "Value: " + value);
    }

    private void succeed(String action, String... headers) throws IOException {
        String response = ask(action, headers);
        if (!response.startsWith("Response: Success")) {
            throw new IOException(action + ": " + response);
        }
    }

    /** Sends an action and returns its response. */
    String ask(String action, String... headers) throws IOException {
        send(action, headers);
        do {
            more();
        } while (!endsWith(END, length));
        return text();
    }

    /** Reads a conference's list to its end. */
    void list(String conference) throws IOException {
        byte[] complete = "Event: ConfbridgeListComplete".getBytes(UTF_8);
        send("ConfbridgeList", "Conference: " + conference);
        do {
            more();
        } while (!endsWith(END, length) || !contains(complete, Math.max(0, length - TAIL)));
    }

    /** The messages last read, each with its headers. */
    List<Map<String, String>> messages() {
        List<Map<String, String>> messages = new ArrayList<>();
        for (String text : text().split("\r\n\r\n")) {
            Map<String, String> message = new LinkedHashMap<>();
            for (String line : text.split("\r\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    message.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            messages.add(message);
        }
        return messages;
    }

    /** Reads on, up to the end of a message: of events, on a connection that wants some. */
    List<Map<String, String>> next() throws IOException {
        length = 0;
        do {
            more();
        } while (!endsWith(END, length));
        return messages();
    }

    private String text() {
        return new String(buffer, 0, length, UTF_8);
    }

    private void send(String action, String... headers) throws IOException {
        length = 0;
        out.write(("Action: " + action + "\r\n" + String.join("\r\n", headers) + "\r\n\r\n").getBytes(UTF_8));
    }

    private void more() throws IOException {
        if (length == buffer.length) {
            buffer = Arrays.copyOf(buffer, length * 2);
        }
        int count = in.read(buffer, length, buffer.length - length);
        if (count < 0) {
            throw new EOFException("AMI connection closed by Asterisk");
        }
        length += count;
    }

    private boolean endsWith(byte[] text, int end) {
        return end >= text.length && Arrays.equals(buffer, end - text.length, end, text, 0, text.length);
    }

    private boolean contains(byte[] text, int from) {
        for (int end = from + text.length; end <= length; end++) {
            if (endsWith(text, end)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
