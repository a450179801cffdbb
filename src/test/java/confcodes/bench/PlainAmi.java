package confcodes.bench;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The floor: a plain socket that is logged in to AMI, no library, one action at a time. It only looks for the end of what
 * comes back; what is read out of it, is read when somebody asks.
 */
final class PlainAmi implements AutoCloseable {

    private static final byte[] END = bytes("\r\n\r\n");
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
        String answer = ask("Login", "Username: " + user, "Secret: " + secret, "Events: " + events);
        if (!answer.contains("Success")) {
            throw new IOException("login of " + user + " refused: " + answer);
        }
    }

    /** Sends an action and returns its response. */
    String ask(String action, String... headers) throws IOException {
        send(action, headers);
        do {
            more();
        } while (!endsWith(END, length));
        return new String(buffer, 0, length, StandardCharsets.UTF_8);
    }

    /** Sends an action and reads up to its last event; returns how many bytes came. */
    int list(String action, String... headers) throws IOException {
        byte[] complete = bytes("Event: " + action + "Complete");
        byte[] error = bytes("Response: Error");
        send(action, headers);
        do {
            more();
        } while (!endsWith(END, length)
                || !contains(complete, Math.max(0, length - TAIL)) && !contains(error, Math.max(0, length - TAIL)));
        return length;
    }

    /** The rows of the list last read, each with its headers. */
    List<Map<String, String>> rows() {
        List<Map<String, String>> rows = new ArrayList<>();
        for (String message : new String(buffer, 0, length, StandardCharsets.UTF_8).split("\r\n\r\n")) {
            Map<String, String> row = new LinkedHashMap<>();
            for (String line : message.split("\r\n")) {
                int colon = line.indexOf(": ");
                if (colon > 0) {
                    row.put(line.substring(0, colon), line.substring(colon + 2));
                }
            }
            if (row.containsKey("Event") && !row.get("Event").endsWith("Complete")) {
                rows.add(row);
            }
        }
        return rows;
    }

    void mute(String conference, String channel) throws IOException {
        done(ask("ConfbridgeMute", "Conference: " + conference, "Channel: " + channel));
    }

    void unmute(String conference, String channel) throws IOException {
        done(ask("ConfbridgeUnmute", "Conference: " + conference, "Channel: " + channel));
    }

    static void done(String response) throws IOException {
        if (!response.startsWith("Response: Success")) {
            throw new IOException(response);
        }
    }

    private void send(String action, String... headers) throws IOException {
        StringBuilder text = new StringBuilder("Action: " + action + "\r\nActionID: 1\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        length = 0;
        out.write(bytes(text.append("\r\n").toString()));
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

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
