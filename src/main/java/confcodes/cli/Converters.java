package confcodes.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How the text of a setting is read and its range checked. Each refuses with a {@link TypeConversionException}. */
final class Converters {

    private static final Pattern DURATION = Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,3})?)(ms|s|m)?");

    private Converters() {}

    /** {@return a converter of whole numbers} */
    static ITypeConverter<Integer> number(int min, int max) {
        return text -> {
            int value;
            try {
                value = Integer.parseInt(text);
            } catch (NumberFormatException e) {
                throw refused(text, "is not a whole number");
            }
            if (value < min || value > max) {
                throw refused(text, "is not in the range " + min + " to " + max);
            }
            return value;
        };
    }

    /** {@return a converter of {@code true} and {@code false}} */
    static ITypeConverter<Boolean> truth() {
        return text -> switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refused(text, "is neither true nor false");
        };
    }

    /** {@return a converter of durations of at least {@code min} and at most one hour} */
    static ITypeConverter<Duration> duration(String min) {
        return text -> {
            Duration value = parsed(text);
            if (value.compareTo(parsed(min)) < 0 || value.compareTo(Duration.ofHours(1)) > 0) {
                throw refused(text, "is not in the range " + min + " to 60m");
            }
            return value;
        };
    }

    /** Reads {@code 60}, {@code 60s}, {@code 2.5s}, {@code 500ms}, {@code 2m}; without a unit it is seconds. */
    private static Duration parsed(String text) {
        Matcher form = DURATION.matcher(text);
        if (!form.matches()) {
            throw refused(text, "is not a duration such as 60s, 2.5s, 500ms or 2m");
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        double millis = Double.parseDouble(form.group(1)) * (unit.equals("ms") ? 1 : unit.equals("s") ? 1000 : 60_000);
        return Duration.ofMillis(Math.round(millis));
    }

    /** {@return a converter of an enum's constants, whatever their case} */
    static <E extends Enum<E>> ITypeConverter<E> word(Class<E> type) {
        return text -> Stream.of(type.getEnumConstants())
                .filter(word -> word.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> refused(text, "is none of " + String.join(", ", words(type))));
    }

    /** {@return an enum's constants as they are written in settings} */
    static List<String> words(Class<?> type) {
        return Stream.of(type.getEnumConstants())
                .map(word -> word.toString().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** {@return a converter of texts that are a single word} */
    static ITypeConverter<String> name(String description) {
        return text -> {
            if (!text.matches("[^\\s\\p{Cntrl}]+")) {
                throw refused(text, "is not " + description);
            }
            return text;
        };
    }

    /** {@return a converter of files' names; the empty one, which Java takes for the working directory, is refused} */
    static ITypeConverter<Path> file() {
        return text -> {
            try {
                if (!text.isBlank()) {
                    return Path.of(text);
                }
            } catch (InvalidPathException e) {
                // Refused below.
            }
            throw refused(text, "is not the name of a file");
        };
    }

    /** {@return a converter of addresses of this host} */
    static ITypeConverter<InetAddress> address() {
        return text -> {
            try {
                if (!text.isBlank()) {
                    return InetAddress.getByName(text);
                }
            } catch (UnknownHostException e) {
                // Refused below.
            }
            throw refused(text, "is not an address of this host");
        };
    }

    static TypeConversionException refused(String text, String why) {
        return new TypeConversionException("'" + text + "' " + why);
    }
}
