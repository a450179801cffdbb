package confcodes.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.TypeConversionException;

/**
 * What the value of a setting can be. Immutable.
 *
 * @param <T> the class of the value
 * @param label what stands for the value in the help, such as {@code PORT}
 * @param type the class of the value
 * @param reader reads the value and checks its range; throws a {@link TypeConversionException} that says what is wrong
 */
record Type<T>(String label, Class<T> type, Function<String, T> reader) {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?)(ms|s|m)?");

    /** {@return true or false} */
    static Type<Boolean> truth() {
        return new Type<>("true|false", boolean.class, text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(text, "is neither true nor false");
        });
    }

    /** {@return whole numbers in a range} */
    static Type<Integer> number(String label, int min, int max) {
        return new Type<>(label, int.class, text -> {
            int value = parsed(text, Integer::parseInt, "is not a whole number");
            if (value < min || value > max) {
                throw refused(text, "is not in the range " + min + " to " + max);
            }
            return value;
        });
    }

    /** {@return durations of at least so much, and at most one hour; without a unit they are seconds} */
    static Type<Duration> duration(String min) {
        return new Type<>("TIME", Duration.class, text -> {
            Duration value = parsedDuration(text);
            if (value.compareTo(parsedDuration(min)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw refused(text, "is not in the range " + min + " to 60m");
            }
            return value;
        });
    }

    private static Duration parsedDuration(String text) {
        Matcher form = DURATION.matcher(text);
        if (!form.matches()) {
            throw refused(text, "is not a duration such as 60s, 2.5s, 500ms or 2m");
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        double millis = Double.parseDouble(form.group(1)) * (unit.equals("ms") ? 1 : unit.equals("s") ? 1000 : 60_000);
        return Duration.ofMillis(Math.round(millis));
    }

    /** {@return the constants of an enum, whatever their case} */
    static <E extends Enum<E>> Type<E> word(String label, Class<E> type) {
        return new Type<>(
                label,
                type,
                text -> Stream.of(type.getEnumConstants())
                        .filter(word -> word.name().equalsIgnoreCase(text))
                        .findFirst()
                        .orElseThrow(() -> refused(text, "is none of " + String.join(", ", words(type)))));
    }

    /** {@return the constants of an enum as they are written in settings} */
    static List<String> words(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(word -> word.toString().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** {@return names, which have no space in them} */
    static Type<String> name(String label, String what) {
        return text(label, text -> text.matches("[^\\s\\p{Cntrl}]+"), "is not " + what);
    }

    /** {@return texts that are taken as they are} */
    static Type<String> text(String label, Predicate<String> isTaken, String problem) {
        return new Type<>(label, String.class, text -> {
            if (!isTaken.test(text)) {
                throw refused(text, problem);
            }
            return text;
        });
    }

    /** {@return names of files; the empty one, which Java takes for the working directory, is none} */
    static Type<Path> file() {
        return new Type<>("FILE", Path.class, text -> {
            if (text.isBlank()) {
                throw refused(text, "is not the name of a file");
            }
            return parsed(text, Path::of, "is not the name of a file");
        });
    }

    /** {@return addresses of this host} */
    static Type<InetAddress> address() {
        return new Type<>("ADDRESS", InetAddress.class, text -> {
            try {
                if (!text.isBlank()) {
                    return InetAddress.getByName(text);
                }
            } catch (UnknownHostException e) {
                // Refused below.
            }
            throw refused(text, "is not an address of this host");
        });
    }

    /** {@return what a parser takes, which throws an {@link IllegalArgumentException} for all else} */
    static <T> Type<T> of(String label, Class<T> type, Function<String, T> parser, String problem) {
        return new Type<>(label, type, text -> parsed(text, parser, problem));
    }

    private static <T> T parsed(String text, Function<String, T> parser, String problem) {
        try {
            return parser.apply(text);
        } catch (IllegalArgumentException e) {
            throw refused(text, problem);
        }
    }

    private static TypeConversionException refused(String text, String problem) {
        return new TypeConversionException("'" + text + "' " + problem);
    }
}
