package confcodes.torture;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A caller without a telephone: Asterisk's side of one FastAGI connection, which types a number when it is asked for one and
 * looks at the clock. Used by one thread at a time.
 */
public final class AgiCaller implements AutoCloseable {

    private static final String OK = "200 result=0\n";
    private static final int LONGEST_SILENCE_MILLIS = 90_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private String number = "";
    private boolean asked;
    private long lastDigit;
    private long toldAt;
    private String status = "";

    /**
     * Connects and sends the request.
     *
     * @param port where confcodes serves
     * @param code such as {@code conference_mute}, with its parameters
     * @param channel the calling channel
     */
    public AgiCaller(int port, String code, String channel) throws IOException {
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LONGEST_SILENCE_MILLIS);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8), 512);
        out = socket.getOutputStream();
        lastDigit = System.nanoTime();
        write(request(code, channel));
    }

    /** {@return what Asterisk sends first} */
    static String request(String code, String channel) {
        return "agi_network: yes\nagi_network_script: " + code + "\nagi_request: agi://127.0.0.1/" + code
                + "\nagi_channel: " + channel
                + "\nagi_language: en\nagi_type: Local\nagi_uniqueid: 1700000000.1\nagi_version: 22.0.0\nagi_callerid: 200"
                + "\nagi_calleridname: unknown\nagi_callingpres: 0\nagi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0"
                + "\nagi_dnid: unknown\nagi_rdnis: unknown\nagi_context: conference_sc\nagi_extension: " + code
                + "\nagi_priority: 3\nagi_enhanced: 0.0\nagi_accountcode: \nagi_threadid: 1\n\n";
    }

    /**
     * Serves commands until a dial tone asks for digits, which is not answered yet.
     *
     * @throws IOException when the code ends without asking
     */
    public AgiCaller awaitAsked() throws IOException {
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            if (isRead(command)) {
                asked = true;
                return this;
            }
            answer(command);
        }
        throw new EOFException("not asked for digits; told " + status);
    }

    /** Types a number when asked, now or in future, and serves the code to its end. */
    public AgiCaller type(String typed) throws IOException {
        number = typed;
        if (asked) {
            lastDigit = System.nanoTime();
            write(OK);
        }
        return end();
    }

    /** Serves the code to its end. */
    public AgiCaller end() throws IOException {
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            answer(command);
        }
        return this;
    }

    private static boolean isRead(String command) {
        return command.startsWith("EXEC") && command.contains("Read");
    }

    /** A read's end is the last digit's moment. */
    private void answer(String command) throws IOException {
        if (isRead(command)) {
            lastDigit = System.nanoTime();
            write(OK);
        } else if (command.startsWith("GET FULL VARIABLE")) {
            write("200 result=1 (OK:" + number + ")\n");
        } else if (command.startsWith("GET VARIABLE")) {
            write(OK);
        } else if (command.startsWith("SET VARIABLE")) {
            if (command.contains("CONFCODES_STATUS")) {
                toldAt = System.nanoTime();
                status = command.replaceFirst(".* \"?([A-Z]+)\"?$", "$1");
            }
            write("200 result=1\n");
        } else {
            write(command.startsWith("STREAM FILE") ? "200 result=0 endpos=8000\n" : OK);
        }
    }

    private void write(String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    /** {@return what was typed} */
    public String number() {
        return number;
    }

    /** {@return what the code ended with, such as {@code DONE}; empty when it said nothing} */
    public String status() {
        return status;
    }

    /** {@return the time from the last digit, or the request if there was none, to the outcome, in nanoseconds} */
    public long nanos() {
        return (toldAt == 0 ? System.nanoTime() : toldAt) - lastDigit;
    }

    /** {@return {@link #nanos} in milliseconds} */
    public long millis() {
        return TimeUnit.NANOSECONDS.toMillis(nanos());
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
