package confcodes.cli;

import static java.nio.file.attribute.PosixFilePermissions.fromString;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ControlSocketTest {

    private static final Duration LONG = Duration.ofSeconds(20);

    @TempDir
    private Path directory;

    private Path path;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void nameSocket() {
        path = directory.resolve("control");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    private <C extends AutoCloseable> C toClose(C one) {
        open.add(one);
        return one;
    }

    private ControlSocket serve(String name, Duration limit) throws IOException {
        return toClose(new ControlSocket(path, limit, question -> name + " was asked for [" + question + "]"));
    }

    private String ask(String question) throws IOException {
        return ControlSocket.ask(path, question, LONG);
    }

    private SocketChannel connect() throws IOException {
        return toClose(SocketChannel.open(UnixDomainSocketAddress.of(path)));
    }

    /** {@return one that listens and does nothing else} */
    private ServerSocketChannel bind(int backlog) throws IOException {
        ServerSocketChannel listener = toClose(ServerSocketChannel.open(StandardProtocolFamily.UNIX));
        listener.bind(UnixDomainSocketAddress.of(path), backlog);
        return listener;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }

    @Test
    void a_question_is_answered_on_a_socket_that_its_owner_alone_may_open_and_that_goes_with_the_server()
            throws IOException {
        ControlSocket socket = serve("it", LONG);

        assertEquals("it was asked for [status]", ask("status"));
        assertEquals(fromString("rw-------"), Files.getPosixFilePermissions(path));
        assertEquals(List.of(path), files());
        socket.close();
        assertEquals(List.of(), files());
        assertThrows(IOException.class, () -> ask("status"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\n",
                "stat",
                "status and some more which is longer than any question that there is\n",
                "\0\377\n"
            })
    void what_is_no_question_does_no_harm(String bytes) throws IOException {
        serve("it", LONG);
        SocketChannel client = connect();
        client.write(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        client.shutdownOutput();
        ByteBuffer answer = ByteBuffer.allocate(100);
        try {
            while (client.read(answer) >= 0) {
                // Its end is awaited.
            }
        } catch (SocketException e) {
            // The server has read as much as it wanted.
        }

        String text = new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        assertTrue(text.matches("it was asked for \\[[^a-z]*]"), text);
        assertEquals("it was asked for [status]", ask("status"));
    }

    @Test
    void those_who_are_silent_are_hung_up_and_those_too_many_at_once() throws IOException {
        serve("it", Duration.ofSeconds(1));
        List<SocketChannel> silent = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            silent.add(connect());
        }
        assertEquals("it was asked for [status]", ask("status"), "seven do not keep out the eighth");
        for (int i = 0; i < 30; i++) {
            silent.add(connect());
        }

        for (SocketChannel one : silent) {
            assertEquals(-1, one.read(ByteBuffer.allocate(1)));
        }
        assertEquals("it was asked for [status]", ask("status"));
    }

    @Test
    void the_socket_of_a_server_that_was_killed_is_replaced() throws IOException {
        bind(0).close();
        assertTrue(Files.exists(path), "the socket is left");

        serve("the next", LONG);

        assertEquals("the next was asked for [status]", ask("status"));
        assertEquals(fromString("rw-------"), Files.getPosixFilePermissions(path));
    }

    @Test
    void the_socket_of_a_server_that_runs_is_left_to_it() throws IOException {
        serve("the first", LONG);

        assertThrows(ControlSocket.InUseException.class, () -> serve("the second", LONG));

        assertEquals("the first was asked for [status]", ask("status"));
        assertEquals(List.of(path), files());
    }

    @Test
    void a_frozen_server_is_neither_replaced_nor_waited_for() throws IOException {
        bind(1);
        connect();
        connect();

        assertThrows(ControlSocket.InUseException.class, () -> serve("the second", LONG));
        for (int i = 0; i < 3; i++) {
            IOException e =
                    assertThrows(IOException.class, () -> ControlSocket.ask(path, "status", Duration.ofMillis(300)));
            assertEquals("no answer in 300 ms", e.getMessage());
        }
    }

    @Test
    void what_is_no_socket_is_not_replaced() throws IOException {
        Files.writeString(path, "precious");

        assertThrows(IOException.class, () -> serve("it", LONG));

        assertEquals("precious", Files.readString(path));
    }

    @Test
    void the_socket_of_the_next_server_is_not_removed_by_the_first() throws IOException {
        ControlSocket first = serve("the first", LONG);
        Files.delete(path);
        serve("the second", LONG);
        first.close();

        assertEquals("the second was asked for [status]", ask("status"));
    }

    @Test
    void a_directory_that_does_not_exist_is_not_made() {
        path = directory.resolve("none/control");

        assertThrows(NoSuchFileException.class, () -> serve("it", LONG));
        assertFalse(Files.exists(path.getParent()));
    }
}
