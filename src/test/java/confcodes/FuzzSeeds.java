package confcodes;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the fuzzer of src/lab/torture begins with, and what once was a fault: files, a directory for each test. */
public final class FuzzSeeds {

    private FuzzSeeds() {}

    /** {@return the contents of a test's files} */
    public static List<byte[]> of(Class<?> test) throws IOException {
        List<byte[]> seeds = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "fuzz", test.getSimpleName()))) {
            for (Path file : files.sorted().toList()) {
                seeds.add(Files.readAllBytes(file));
            }
        }
        return seeds;
    }
}
