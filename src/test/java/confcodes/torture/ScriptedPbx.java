package confcodes.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** An AMI server that takes every login, lists one conference of five, and says Success to everything else. */
final class ScriptedPbx implements AutoCloseable {

    static final String MODERATOR = "PJSIP/200-00000001";
    static final String NUMBER = "101";

    private static final int MEMBERS = 5;

    private final ServerSocket listener;

    ScriptedPbx() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private static void daemon(Runnable run) {
        Thread thread = new Thread(run, "scripted PBX");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            send(socket, "Asterisk Call Manager/11.0.0\r\n");
            Map<String, String> action = new HashMap<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.isEmpty() && !action.isEmpty()) {
                    send(socket, answer(action));
                    action.clear();
                } else if (line.indexOf(':') > 0) {
                    String[] header = line.split(": ?", 2);
                    action.put(header[0].toLowerCase(java.util.Locale.ROOT), header[1]);
                }
            }
        } catch (IOException e) {
            // The peer has gone.
        }
    }

    private static String answer(Map<String, String> action) {
        String id = "ActionID: " + action.getOrDefault("actionid", "") + "\r\n";
        String success = "Response: Success\r\n" + id + "Challenge: 123456789\r\nMessage: done\r\n\r\n";
        if (!action.getOrDefault("action", "").equals("ConfbridgeList")) {
            return success;
        }
        StringBuilder list = new StringBuilder(success);
        for (int i = 0; i < MEMBERS; i++) {
            boolean admin = i == 0;
            list.append("Event: ConfbridgeList\r\n").append(id).append("Conference: 100\r\nAdmin: ");
            list.append(admin ? "Yes" : "No").append("\r\nMarkedUser: No\r\nWaiting: No\r\nMuted: No\r\nTalking: No");
            list.append("\r\nAnsweredTime: 9\r\nChannel: ")
                    .append(admin ? MODERATOR : "PJSIP/" + (100 + i) + "-0000000" + (1 + i));
            list.append("\r\nCallerIDNum: ").append(admin ? 200 : 100 + i).append("\r\nCallerIDName: x\r\n\r\n");
        }
        return list.append("Event: ConfbridgeListComplete\r\n")
                .append(id)
                .append("EventList: Complete\r\nListItems: ")
                .append(MEMBERS)
                .append("\r\n\r\n")
                .toString();
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
