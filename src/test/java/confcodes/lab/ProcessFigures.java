package confcodes.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process holds, as Linux tells it.
 *
 * @param pid its id
 */
public record ProcessFigures(long pid) {

    private Path file(String name) {
        return Path.of("/proc", Long.toString(pid), name);
    }

    /** {@return open files, sockets among them} */
    public long files() {
        try (Stream<Path> files = Files.list(file("fd"))) {
            return files.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return all threads} */
    public long threads() {
        return threads("");
    }

    /** {@return the threads whose names begin so; Linux keeps 15 characters of a name} */
    public long threads(String prefix) {
        return threadNames().stream().filter(name -> name.startsWith(prefix)).count();
    }

    /** {@return the threads' names} */
    public List<String> threadNames() {
        try (Stream<Path> tasks = Files.list(file("task"))) {
            return tasks.map(ProcessFigures::name).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm")).strip();
        } catch (NoSuchFileException e) {
            return "(ended)";
        } catch (IOException e) {
            return "(ended: " + e.getMessage() + ")";
        }
    }

    /** {@return resident memory in MiB} */
    public double memory() {
        return mebibytes("VmRSS:");
    }

    /** {@return the most resident memory ever, in MiB} */
    public double peakMemory() {
        return mebibytes("VmHWM:");
    }

    private double mebibytes(String key) {
        try (Stream<String> lines = Files.lines(file("status"))) {
            return lines.filter(line -> line.startsWith(key))
                    .mapToDouble(line -> Double.parseDouble(line.split("\\s+")[1]) / 1024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
