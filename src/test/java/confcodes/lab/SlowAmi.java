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
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** The lab's AMI behind a line on which every answer takes its time, and which can be cut. Safe for concurrent use. */
public final class SlowAmi implements AutoCloseable {

    private final ServerSocket listener;
    private final int amiPort;
    private volatile Duration delay;
    private volatile boolean cut;

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

    /** From now on an answer takes another time. */
    public void delay(Duration other) {
        delay = other;
    }

    /** Cuts the line without a word to either side, or mends it: then what was said meanwhile arrives, as TCP has it. */
    public void cut(boolean isCut) {
        cut = isCut;
    }

    private static void start(Runnable run) {
        Thread thread = new Thread(run, "slow ami");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                accept(listener.accept());
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private void accept(Socket client) throws IOException {
        try {
            Socket pbx = new Socket(InetAddress.getLoopbackAddress(), amiPort);
            client.setTcpNoDelay(true);
            pbx.setTcpNoDelay(true);
            start(() -> copy(client, pbx, () -> Duration.ZERO));
            start(() -> copy(pbx, client, () -> delay));
        } catch (IOException e) {
            // The PBX is down.
            client.close();
        }
    }

    /** One thread keeps the order. What cannot be written any more is forgotten. */
    private void copy(Socket from, Socket to, Supplier<Duration> delay) {
        ScheduledExecutorService later = new ScheduledThreadPoolExecutor(1);
        byte[] buffer = new byte[65_536];
        long due = System.nanoTime();
        try (InputStream in = from.getInputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                byte[] bytes = Arrays.copyOf(buffer, count);
                Runnable write =
                        () -> assertDoesNotThrow(() -> to.getOutputStream().write(bytes));
                while (cut) {
                    LockSupport.parkNanos(10_000_000);
                }
                due = Math.max(due, System.nanoTime() + delay.get().toNanos());
                later.schedule(write, due - System.nanoTime(), TimeUnit.NANOSECONDS);
            }
        } catch (IOException e) {
            // Closed by one of the two.
        } finally {
            later.schedule(() -> assertDoesNotThrow(to::close), delay.get().toNanos(), TimeUnit.NANOSECONDS);
            later.shutdown();
        }
    }

    @Override
    public void close() {
        assertDoesNotThrow(listener::close);
    }
}
