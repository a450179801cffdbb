package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The lab's AMI behind a line on which every answer takes its time. */
public final class SlowAmi implements AutoCloseable {

    private final ServerSocket listener;
    private final int amiPort;
    private final Duration delay;

    /** Listens on a port of its own. */
    public SlowAmi(int amiPort, Duration delay) {
        this.listener = assertDoesNotThrow(() -> new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        this.amiPort = amiPort;
        this.delay = delay;
        start(this::accept);
    }

    /** {@return where it listens} */
    public int port() {
        return listener.getLocalPort();
    }

    private static void start(Runnable run) {
        Thread thread = new Thread(run, "slow ami");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                Socket client = listener.accept();
                Socket pbx = new Socket(InetAddress.getLoopbackAddress(), amiPort);
                client.setTcpNoDelay(true);
                pbx.setTcpNoDelay(true);
                start(() -> copy(client, pbx, Duration.ZERO));
                start(() -> copy(pbx, client, delay));
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    /** One thread keeps the order. What cannot be written any more is forgotten. */
    private static void copy(Socket from, Socket to, Duration delay) {
        ScheduledExecutorService later = new ScheduledThreadPoolExecutor(1);
        byte[] buffer = new byte[65_536];
        try (InputStream in = from.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, count);
                Runnable write =
                        () -> assertDoesNotThrow(() -> to.getOutputStream().write(bytes));
                later.schedule(write, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            // Closed by one of the two.
        } finally {
            later.schedule(() -> assertDoesNotThrow(to::close), delay.toNanos(), TimeUnit.NANOSECONDS);
            later.shutdown();
        }
    }

    @Override
    public void close() {
        assertDoesNotThrow(listener::close);
    }
}
