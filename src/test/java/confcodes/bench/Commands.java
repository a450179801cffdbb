package confcodes.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command lines of the processes that are compared, and running them cold. */
final class Commands {

    private static final String JAVA =
            Path.of(System.getProperty("java.home"), "bin", "java").toString();

    /** Those of the launcher. */
    static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms16m", "-Xmx64m", "-Xss256k");

    private static final String LAUNCHER = "src/main/sh/confcodes";
    private static final String JAR = "target/confcodes.jar";

    private Commands() {}

    static List<String> confcodes(String... arguments) {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(FLAGS);
        command.addAll(List.of("-jar", JAR));
        command.addAll(List.of(arguments));
        return command;
    }

    /** The same by the launcher, with a class-data archive. */
    static List<String> archived(String... arguments) {
        List<String> command = new ArrayList<>(List.of("sh", LAUNCHER));
        command.addAll(List.of(arguments));
        return command;
    }

    /** Lets the launcher make that archive. */
    static void archive(Lab lab) throws IOException, InterruptedException {
        ProcessBuilder builder = withSettings(new ProcessBuilder(archived("rooms")))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("CONFCODES_ARCHIVE", "make");
        builder.environment().put("CONFCODES_AMI_PORT", Integer.toString(lab.amiPort()));
        if (builder.start().waitFor() != 0) {
            throw new IOException(builder.command() + " failed");
        }
    }

    static ProcessBuilder withSettings(ProcessBuilder builder) {
        builder.environment().put("CONFCODES_AMI_SECRET", Lab.SECRET);
        builder.environment().put("CONFCODES_JAR", JAR);
        builder.environment().put("JAVA", JAVA);
        return builder;
    }

    static List<String> nothing() {
        List<String> command = new ArrayList<>(List.of(JAVA));
        command.addAll(FLAGS);
        command.addAll(List.of("-cp", "target/test-classes", Nothing.class.getName()));
        return command;
    }

    static List<String> recipe(Lab lab, String python, Lab.Room room, String number, boolean sleeps) {
        List<String> command = new ArrayList<>(List.of(python, "src/lab/bench.d/recipe.py"));
        if (sleeps) {
            command.add("--sleeps");
        }
        command.addAll(List.of(Integer.toString(lab.amiPort()), Lab.USER, Lab.SECRET, room.name(), number));
        return command;
    }

    /**
     * What cold runs of one command took.
     *
     * @param wall times
     * @param cpu times
     * @param memory the largest resident memory of any, in MiB
     */
    record Cold(Samples wall, Samples cpu, double memory) {}

    /** Runs commands as cold processes, in turns. */
    static List<Cold> cold(String python, int rounds, List<List<String>> commands)
            throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(python, "src/lab/bench.d/cold.py", Integer.toString(rounds)));
        for (int i = 0; i < commands.size(); i++) {
            if (i > 0) {
                line.add(":::");
            }
            line.addAll(commands.get(i));
        }
        Process process = withSettings(new ProcessBuilder(line))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<Samples> walls = new ArrayList<>();
        List<Samples> cpus = new ArrayList<>();
        double[] memory = new double[commands.size()];
        for (int i = 0; i < commands.size(); i++) {
            walls.add(new Samples());
            cpus.add(new Samples());
        }
        try (InputStream out = process.getInputStream()) {
            for (String row : new String(out.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                String[] words = row.split(" ");
                int which = Integer.parseInt(words[0]);
                walls.get(which).add(Long.parseLong(words[1]));
                cpus.get(which).add(Long.parseLong(words[2]));
                memory[which] = Math.max(memory[which], Double.parseDouble(words[3]) / 1024);
            }
        }
        if (process.waitFor() != 0) {
            throw new IOException("cold runs failed");
        }
        List<Cold> all = new ArrayList<>();
        for (int i = 0; i < commands.size(); i++) {
            all.add(new Cold(walls.get(i), cpus.get(i), memory[i]));
        }
        return all;
    }
}
