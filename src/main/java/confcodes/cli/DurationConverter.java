package confcodes.cli;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations: {@code 60}, {@code 60s}, {@code 2.5s}, {@code 500ms}, {@code 2m}; without a unit it is seconds. */
final class DurationConverter implements ITypeConverter<Duration> {

    private static final Pattern FORM = Pattern.compile("(\\d{1,6})(\\.\\d{1,3})?(ms|s|m)?");

    @Override
    public Duration convert(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new TypeConversionException("'" + text + "' is no duration such as 60s, 2.5s, 500ms or 2m");
        }
        String number = form.group(1) + (form.group(2) == null ? "" : form.group(2));
        String unit = form.group(3) == null ? "s" : form.group(3);
        double millis = Double.parseDouble(number) * (unit.equals("ms") ? 1 : unit.equals("s") ? 1000 : 60_000);
        return Duration.ofMillis(Math.round(millis));
    }

    static String print(Duration duration) {
        return duration.toMillis() % 1000 == 0 ? duration.toSeconds() + "s" : duration.toMillis() + "ms";
    }
}
