package confcodes.cli;

import com.google.gson.stream.JsonWriter;
import confcodes.agi.CodeReport;
import confcodes.agi.Codes;
import confcodes.conference.Outcome;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file {@code audit-log}: a line of JSON for each action, of the keypad and of the shell. Each line is one write to the end
 * of the file, which is opened for it, so that a file that was renamed gets no more lines, and lines of several processes do not
 * mix. Safe for concurrent use.
 *
 * <p>The server writes on a thread of its own: neither a slow disk nor a full one holds a caller. It says once that lines are
 * lost, and once that the file is written again.
 */
final class AuditLog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger("confcodes.audit");

    /** Lines that wait for a slow disk; each has some hundred bytes. */
    private static final int MOST_WAITING = 2_000;

    private static final Duration END = Duration.ofSeconds(2);

    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

    private static final Set<OpenOption> APPEND =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> CREATE =
            Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND, StandardOpenOption.CREATE_NEW);

    private final Path file;
    private final ThreadPoolExecutor writer =
            new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MOST_WAITING), AuditLog::daemon);
    private boolean isTorn;
    private boolean isLosing;

    /**
     * An action, and what came of it. Immutable.
     *
     * @param time when
     * @param who the caller's channel, or the operating system's user
     * @param number the caller's number; empty in the shell
     * @param sudo who became that user by sudo; empty if nobody is known to
     * @param pbx the name of the PBX; empty if it has none
     * @param conference the conference's name
     * @param action the name of the code or of the command
     * @param typed what was typed after it
     * @param outcome what came of it
     */
    record Entry(
            Instant time,
            String who,
            String number,
            String sudo,
            String pbx,
            String conference,
            String action,
            String typed,
            Outcome outcome) {

        private static Entry of(CodeReport report) {
            return new Entry(
                    report.time(),
                    report.by(),
                    report.number(),
                    "",
                    report.pbx(),
                    report.conference(),
                    report.code(),
                    report.typed(),
                    report.outcome());
        }

        /** {@return it as a line} What a terminal would obey is escaped, as are line ends. */
        String line() {
            StringWriter text = new StringWriter();
            try (JsonWriter writer = new JsonWriter(text)) {
                writer.beginObject();
                write(writer, "time", TIME.format(time));
                write(writer, "who", who);
                write(writer, "number", number);
                write(writer, "sudo", sudo);
                write(writer, "pbx", pbx);
                write(writer, "conference", conference);
                write(writer, "action", action);
                write(writer, "typed", typed);
                write(writer, "whom", outcome.channel());
                write(writer, "outcome", outcome.status().name().toLowerCase(Locale.ROOT));
                write(writer, "reason", outcome.reason());
                writer.endObject();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Output.escaped(text.toString()) + "\n";
        }

        private static void write(JsonWriter writer, String name, String value) throws IOException {
            if (!value.isEmpty()) {
                writer.name(name).value(value);
            }
        }
    }

    /** Creates a log; nothing is opened yet. */
    AuditLog(Path file) {
        this.file = file;
    }

    private static Thread daemon(Runnable run) {
        Thread thread = new Thread(run, "audit");
        thread.setDaemon(true);
        return thread;
    }

    /** Opens the file, so that one that cannot be written is said when the server begins, and not when a code is pressed. */
    void begin() {
        writer.execute(() -> tryToAppend(""));
    }

    /**
     * Writes a code that can change something, soon. One whose channel is not proved is left out: who it was is not known, and
     * anybody could fill the disk.
     */
    void write(CodeReport report) {
        if (report.isProved() && Codes.canChange(report.code())) {
            try {
                writer.execute(() -> tryToAppend(Entry.of(report).line()));
            } catch (RejectedExecutionException | OutOfMemoryError e) {
                lose("it takes too long");
            }
        }
    }

    private void tryToAppend(String line) {
        try {
            append(line);
            found();
        } catch (IOException e) {
            lose(reason(e));
        }
    }

    private synchronized void lose(String reason) {
        if (!isLosing) {
            isLosing = true;
            log.warn("audit-log: cannot write {}: {}; codes go on, their lines are lost meanwhile", file, reason);
        }
    }

    private synchronized void found() {
        if (isLosing) {
            isLosing = false;
            log.info("audit-log: {} is written again", file);
        }
    }

    /**
     * Writes an action now.
     *
     * @throws IOException if the file cannot be written; {@link #reason} has the words for it
     */
    void append(Entry entry) throws IOException {
        append(entry.line());
    }

    private synchronized void append(String line) throws IOException {
        // What is left of a line that a full disk has cut gets an end of its own.
        ByteBuffer bytes = ByteBuffer.wrap((isTorn ? "\n" + line : line).getBytes(StandardCharsets.UTF_8));
        try (FileChannel channel = open()) {
            int written = bytes.hasRemaining() ? channel.write(bytes) : 0;
            isTorn = bytes.hasRemaining() && (isTorn || written > 0);
        }
        if (bytes.hasRemaining()) {
            throw new IOException("no space left");
        }
    }

    /** It may be renamed, or made by another process, between any two of these steps. */
    private FileChannel open() throws IOException {
        while (true) {
            try {
                BasicFileAttributes attributes =
                        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                if (!attributes.isRegularFile()) {
                    throw new IOException("not a file");
                }
                return FileChannel.open(file, APPEND);
            } catch (NoSuchFileException e) {
                try {
                    return create();
                } catch (FileAlreadyExistsException made) {
                    // Again.
                }
            }
        }
    }

    /** It belongs to the owner of its directory, so that the service can write what root's shell has created. */
    private FileChannel create() throws IOException {
        FileChannel channel = FileChannel.open(
                file, CREATE, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
        try {
            PosixFileAttributes directory = Files.readAttributes(file.getParent(), PosixFileAttributes.class);
            PosixFileAttributeView created =
                    Files.getFileAttributeView(file, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
            created.setGroup(directory.group());
            created.setOwner(directory.owner());
        } catch (IOException e) {
            log.debug("{} stays its creator's", file, e);
        }
        return channel;
    }

    /** {@return why the file cannot be written, in a few words} */
    static String reason(IOException e) {
        return switch (e.getClass().getSimpleName()) {
            case "NoSuchFileException" -> "no such directory";
            case "AccessDeniedException" -> "permission denied";
            default -> String.valueOf(e.getMessage());
        };
    }

    /** Writes what waits to be written, and ends. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            writer.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
