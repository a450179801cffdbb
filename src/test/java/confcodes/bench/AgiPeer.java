package confcodes.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** The scripted peer: plays Asterisk's side of one FastAGI connection, and looks at the clock. Used by one thread. */
final class AgiPeer implements AutoCloseable {

    /** A code that ended in order, but not with DONE. */
    static final class NotDoneException extends IOException {

        private static final long serialVersionUID = 1;

        NotDoneException(String message) {
            super(message);
        }
    }

    private static final String OK = "200 result=0\n";

    private final Socket socket;
    private final BufferedReader in;
    private final String digits;
    private final long opened;
    private long readEnded;
    private long delivered;
    private long answered;
    private long done;
    private String status = "";

    /**
     * Connects and sends the request.
     *
     * @param digits typed when asked; empty when the request has the number already
     */
    AgiPeer(int port, String conference, String channel, String number, String digits) throws IOException {
        this.digits = digits;
        opened = System.nanoTime();
        socket = new Socket("127.0.0.1", port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(60_000);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        String script = "conference_mute?conference=" + conference + (number.isEmpty() ? "" : "&number=" + number);
        write("agi_network: yes\nagi_network_script: " + script + "\nagi_request: agi://127.0.0.1/" + script
                + "\nagi_channel: " + channel
                + "\nagi_language: en\nagi_type: Local\nagi_uniqueid: 1700000000.1\nagi_version: 22.0.0\nagi_callerid: 200"
                + "\nagi_calleridname: unknown\nagi_callingpres: 0\nagi_callingani2: 0\nagi_callington: 0\nagi_callingtns: 0"
                + "\nagi_dnid: unknown\nagi_rdnis: unknown\nagi_context: conference_sc\nagi_extension: conference_mute"
                + "\nagi_priority: 3\nagi_enhanced: 0.0\nagi_accountcode: \nagi_threadid: 1\n\n");
    }

    /** Serves the server's commands until it asks for digits. */
    void awaitRead() throws IOException {
        String command = in.readLine();
        while (!command.startsWith("EXEC")) {
            write(reply(command));
            command = in.readLine();
        }
    }

    /** Serves the server's commands to the end; the first may be the one that {@link #awaitRead} left unanswered. */
    AgiPeer run(boolean waiting) throws IOException {
        String command = waiting ? "EXEC Read" : in.readLine();
        while (command != null) {
            write(reply(command));
            command = done == 0 ? in.readLine() : end();
        }
        if (!status.equals("DONE")) {
            throw new NotDoneException("the code ended with " + status);
        }
        return this;
    }

    /** What is said and heard at the end is none of this benchmark's business, but the server shall end in order. */
    private String end() throws IOException {
        for (String command = in.readLine(); command != null; command = in.readLine()) {
            write(reply(command));
        }
        return null;
    }

    private String reply(String command) {
        if (command.startsWith("EXEC") && command.contains("Read")) {
            readEnded = System.nanoTime();
            return OK;
        }
        if (command.startsWith("GET FULL VARIABLE")) {
            delivered = System.nanoTime();
            return "200 result=1 (OK:" + digits + ")\n";
        }
        if (command.startsWith("SET VARIABLE")) {
            if (answered == 0) {
                answered = System.nanoTime();
            }
            if (command.contains("CONFCODES_STATUS")) {
                done = System.nanoTime();
                status = command.replaceFirst(".* \"?([A-Z]+)\"?$", "$1");
            }
            return "200 result=1\n";
        }
        return command.startsWith("STREAM FILE") ? "200 result=0 endpos=8000\n" : OK;
    }

    private void write(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    long opened() {
        return opened;
    }

    /** When the last digits were sent, a value of System.nanoTime. */
    long delivered() {
        return delivered;
    }

    /** From one reply to the next command with nothing between them: what FastAGI itself takes there and back. */
    long turn() {
        return done - answered;
    }

    /** From the connection opened to the outcome told. */
    long whole() {
        return done - opened;
    }

    /** From the last digits' delivery to the first command behind the AMI answer. */
    long digitsToAnswer() {
        return answered - delivered;
    }

    /** The same from the end of the application Read, which is a round trip on AGI before. */
    long readToAnswer() {
        return answered - readEnded;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
