package confcodes.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.stream.JsonWriter;
import confcodes.conference.Conference;
import confcodes.conference.Moderation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.Speech;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a command prints: aligned tables and sentences for people, JSON for scripts. */
final class Output {

    /**
     * What a terminal obeys or does not show: control and format characters (among them ANSI escapes, zero-width characters and
     * bidirectional overrides), line separators, and letters and marks that Unicode calls ignorable.
     */
    private static final Pattern UNPRINTABLE = Pattern.compile(
            "[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u3164\\ufe00-\\ufe0f"
                    + "\\uffa0\\x{e0000}-\\x{e0fff}]");

    private static final DateTimeFormatter LOCAL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter TIME =
            new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;
    private final String pbx;

    Output(PrintWriter out, PrintWriter err, boolean json) {
        this(out, err, json, "");
    }

    /** Creates one; {@code pbx} is the name of the PBX that it is about, empty if it has none. */
    Output(PrintWriter out, PrintWriter err, boolean json, String pbx) {
        this.out = out;
        this.err = err;
        this.json = json;
        this.pbx = pbx;
    }

    /** Writes a JSON value. */
    @FunctionalInterface
    private interface Writing {
        void to(JsonWriter writer) throws IOException;
    }

    /** Prints the conferences of a PBX. */
    void conferences(List<Conference> conferences) {
        conferences(Map.of(pbx, conferences));
    }

    /** Prints conferences by the names of their PBXs. */
    void conferences(Map<String, List<Conference>> conferences) {
        if (json) {
            print(writer -> {
                writer.beginArray();
                for (String of : conferences.keySet()) {
                    for (Conference conference : conferences.get(of)) {
                        writer.beginObject();
                        write(writer, "pbx", of);
                        writer.name("conference").value(conference.name());
                        writer.name("participants").value(conference.participants());
                        writer.name("marked").value(conference.marked());
                        writer.name("locked").value(conference.locked());
                        writer.endObject();
                    }
                }
                writer.endArray();
            });
            return;
        }
        print(table(conferences));
    }

    /** {@return the cells of a table of conferences, the headings first} */
    static List<List<String>> table(List<Conference> conferences) {
        return table(Map.of("", conferences));
    }

    private static List<List<String>> table(Map<String, List<Conference>> conferences) {
        List<List<String>> table = new ArrayList<>();
        boolean named = !conferences.containsKey("");
        table.add(row(named ? "PBX" : "", "CONFERENCE", "PARTICIPANTS", "MARKED", "LOCKED"));
        conferences.forEach((of, all) -> all.forEach(conference -> table.add(row(
                of,
                conference.name(),
                Integer.toString(conference.participants()),
                Integer.toString(conference.marked()),
                yes(conference.locked())))));
        return table;
    }

    /** {@return a row of a table; without its first column if that is empty: the PBX has no name} */
    private static List<String> row(String... cells) {
        return List.of(cells).subList(cells[0].isEmpty() ? 1 : 0, cells.length);
    }

    /**
     * Prints participants.
     *
     * @param standings how they stand, by channel
     */
    void participants(List<Participant> participants, Map<String, Speech.Standing> standings) {
        if (json) {
            print(writer -> {
                writer.beginArray();
                for (Participant participant : participants) {
                    write(writer, participant, Optional.of(standings.get(participant.channel())));
                }
                writer.endArray();
            });
            return;
        }
        print(table(pbx, participants, standings));
    }

    /** {@return the cells of a table of participants, the headings first} How somebody stands need not be known. */
    static List<List<String>> table(List<Participant> participants, Map<String, Speech.Standing> standings) {
        return table("", participants, standings);
    }

    private static List<List<String>> table(
            String pbx, List<Participant> participants, Map<String, Speech.Standing> standings) {
        List<List<String>> table = new ArrayList<>();
        table.add(row(
                pbx.isEmpty() ? "" : "PBX",
                "NUMBER",
                "NAME",
                "CHANNEL",
                "ADMIN",
                "MARKED",
                "WAITING",
                "MUTED",
                "TALKING",
                "HAND",
                "TIME"));
        for (Participant participant : participants) {
            Optional<Speech.Standing> standing = Optional.ofNullable(standings.get(participant.channel()));
            table.add(row(
                    pbx,
                    participant.number().isEmpty() ? "-" : participant.number(),
                    participant.name().isEmpty() ? "-" : participant.name(),
                    participant.channel(),
                    yes(participant.admin()),
                    yes(participant.marked()),
                    yes(participant.waiting()),
                    standing.filter(Speech.Standing::mutedByModerator).isPresent()
                            ? "moderator"
                            : yes(participant.muted()),
                    yes(participant.talking()),
                    standing.map(it -> yes(it.hand())).orElse(""),
                    clock(participant.answered())));
        }
        return table;
    }

    /** Prints numbers, one a line. */
    void numbers(List<String> numbers) {
        if (json) {
            print(writer -> {
                writer.beginArray();
                for (String number : numbers) {
                    writer.value(number);
                }
                writer.endArray();
            });
            return;
        }
        numbers.forEach(number -> out.println(printable(number)));
        out.flush();
    }

    /**
     * Prints what came of an action, and returns it.
     *
     * @param sentence says what was done, if it was done
     */
    Outcome outcome(String conference, Outcome outcome, String sentence) {
        return outcome(conference, outcome, sentence, List.of(), OptionalInt.empty());
    }

    /** Prints what came of an action that was done to several, and returns it. */
    Outcome tally(String conference, Moderation.Tally tally, String sentence) {
        return outcome(conference, tally.outcome(), sentence, List.of(), OptionalInt.of(tally.count()));
    }

    /** Prints that several participants are meant, and returns the outcome. */
    Outcome ambiguous(String conference, Outcome outcome, List<Participant> candidates) {
        return outcome(conference, outcome, "", candidates, OptionalInt.empty());
    }

    private Outcome outcome(
            String conference, Outcome outcome, String sentence, List<Participant> candidates, OptionalInt count) {
        if (json) {
            print(writer -> {
                writer.beginObject();
                writer.name("status").value(outcome.status().name());
                write(writer, "pbx", pbx);
                write(writer, "conference", conference);
                write(writer, "channel", outcome.channel());
                write(writer, "reason", outcome.reason());
                if (count.isPresent()) {
                    writer.name("count").value(count.getAsInt());
                }
                if (!candidates.isEmpty()) {
                    writer.name("candidates").beginArray();
                    for (Participant candidate : candidates) {
                        write(writer, candidate, Optional.empty());
                    }
                    writer.endArray();
                }
                writer.endObject();
            });
        } else if (outcome.isDone()) {
            out.println(printable(sentence));
            out.flush();
        }
        if (!outcome.isDone()) {
            String channels = candidates.stream().map(Participant::channel).collect(Collectors.joining(" "));
            error(outcome.reason() + (channels.isEmpty() ? "" : ": " + channels));
        }
        return outcome;
    }

    /** Prints how a server is, and returns whether all its PBXs are up. */
    boolean status(JsonObject status) {
        List<JsonObject> pbxs = status.getAsJsonArray("pbxs").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .toList();
        if (json) {
            Gson gson = new GsonBuilder().disableHtmlEscaping().create();
            print(writer -> gson.toJson(status, writer));
        } else {
            print(status, pbxs);
        }
        return pbxs.stream().allMatch(pbx -> pbx.get("up").getAsBoolean());
    }

    private void print(JsonObject status, List<JsonObject> pbxs) {
        Duration up = Duration.ofSeconds(status.get("seconds").getAsLong());
        line("confcodes " + text(status, "version") + " on " + text(status, "address") + ", pid " + text(status, "pid")
                + ", up " + (up.toDays() == 0 ? "" : up.toDays() + " d ") + clock(up.minusDays(up.toDays())) + ", "
                + text(status, "connections") + " FastAGI connections");
        List<List<String>> table = new ArrayList<>();
        table.add(List.of("PBX", "ADDRESS", "STATE", "SINCE", "ACTIVE", "IDLE", "WAITING", "MOST"));
        for (JsonObject pbx : pbxs) {
            table.add(List.of(
                    text(pbx, "pbx").isEmpty() ? "-" : text(pbx, "pbx"),
                    text(pbx, "address"),
                    pbx.get("up").getAsBoolean() ? "up" : "lost",
                    localTime(text(pbx, "since")),
                    text(pbx, "active"),
                    text(pbx, "idle"),
                    text(pbx, "waiting"),
                    text(pbx, "most")));
        }
        print(table);
        pbxs.stream().filter(pbx -> pbx.has("problem")).forEach(pbx -> line(text(pbx, "problem")));
        String codes = status.getAsJsonObject("codes").entrySet().stream()
                .filter(code -> code.getValue().getAsLong() > 0)
                .map(code -> code.getValue() + " " + code.getKey())
                .collect(Collectors.joining(", "));
        line("codes: " + (codes.isEmpty() ? "none" : codes));
        if (status.has("lastProblem")) {
            JsonObject last = status.getAsJsonObject("lastProblem");
            line("last warning or error: " + localTime(text(last, "time")) + " " + text(last, "level") + " "
                    + text(last, "message"));
        }
    }

    private static String text(JsonObject object, String name) {
        return object.get(name).getAsString();
    }

    private static String localTime(String instant) {
        return LOCAL.format(Instant.parse(instant));
    }

    /** Prints a line for people. */
    void line(String line) {
        out.println(printable(line));
        out.flush();
    }

    /**
     * Prints one line of JSON about something that has happened.
     *
     * @param time when it was seen
     * @param event what it was, such as {@code join}
     * @param conference the conference's name; empty for none
     * @param participant whom it was about; empty for nobody
     * @param reason why; empty for none
     * @return whether somebody still reads
     */
    boolean event(Instant time, String event, String conference, Optional<Participant> participant, String reason) {
        out.println(escaped(json("", writer -> {
            writer.beginObject();
            writer.name("time").value(TIME.format(time));
            writer.name("event").value(event);
            write(writer, "conference", conference);
            if (participant.isPresent()) {
                writer.name("participant");
                write(writer, participant.get(), Optional.empty());
            }
            write(writer, "reason", reason);
            writer.endObject();
        })));
        return !out.checkError();
    }

    /** Asks on the standard error stream, which nobody parses. */
    void ask(String question) {
        err.print(printable(question) + " ");
        err.flush();
    }

    /** Prints one line about what went wrong. */
    void error(String message) {
        err.println("confcodes: " + printable(message));
        err.flush();
    }

    private static void write(JsonWriter writer, String name, String value) throws IOException {
        if (!value.isEmpty()) {
            writer.name(name).value(value);
        }
    }

    private void write(JsonWriter writer, Participant participant, Optional<Speech.Standing> standing)
            throws IOException {
        writer.beginObject();
        write(writer, "pbx", pbx);
        writer.name("channel").value(participant.channel());
        writer.name("endpoint").value(participant.endpoint());
        writer.name("number").value(participant.number());
        writer.name("name").value(participant.name());
        writer.name("admin").value(participant.admin());
        writer.name("marked").value(participant.marked());
        writer.name("waiting").value(participant.waiting());
        writer.name("muted").value(participant.muted());
        writer.name("talking").value(participant.talking());
        if (standing.isPresent()) {
            writer.name("hand").value(standing.get().hand());
            writer.name("mutedByModerator").value(standing.get().mutedByModerator());
        }
        writer.name("seconds").value(participant.answered().toSeconds());
        writer.endObject();
    }

    private void print(Writing writing) {
        out.println(escaped(json("  ", writing)));
        out.flush();
    }

    private static String json(String indent, Writing writing) {
        StringWriter text = new StringWriter();
        try (JsonWriter writer = new JsonWriter(text)) {
            writer.setIndent(indent);
            writing.to(writer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private void print(List<List<String>> table) {
        lines(table, String::length).forEach(out::println);
        out.flush();
    }

    /**
     * {@return the lines of a table, aligned and printable}
     *
     * @param width how many columns a text takes
     */
    static List<String> lines(List<List<String>> table, ToIntFunction<String> width) {
        int columns = table.get(0).size();
        int[] widths = IntStream.range(0, columns)
                .map(column -> table.stream()
                        .mapToInt(row -> width.applyAsInt(printable(row.get(column))))
                        .max()
                        .orElse(0))
                .toArray();
        List<String> lines = new ArrayList<>();
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = printable(row.get(column));
                line.append(cell).append(" ".repeat(widths[column] - width.applyAsInt(cell) + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** {@return a text with a question mark for each character that a terminal obeys or does not show} */
    static String printable(String text) {
        return UNPRINTABLE.matcher(text).replaceAll("?");
    }

    /** {@return JSON with those characters escaped, but for its line breaks} */
    static String escaped(String json) {
        return UNPRINTABLE
                .matcher(json)
                .replaceAll(found -> found.group().equals("\n")
                        ? "\n"
                        : found.group()
                                .chars()
                                .mapToObj(c -> String.format("\\\\u%04x", c))
                                .collect(Collectors.joining()));
    }

    private static String yes(boolean value) {
        return value ? "yes" : "no";
    }

    private static String clock(Duration duration) {
        return String.format(
                Locale.ROOT, "%d:%02d:%02d", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }
}
