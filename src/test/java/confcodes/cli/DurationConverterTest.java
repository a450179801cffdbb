package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationConverterTest {

    private final DurationConverter converter = new DurationConverter();

    @ParameterizedTest
    @CsvSource({
        "60, 60000",
        "60s, 60000",
        "2.5s, 2500",
        "0.25, 250",
        "500ms, 500",
        "2m, 120000",
        "1.5m, 90000",
        "0, 0",
        "999999m, 59999940000",
    })
    void a_number_with_or_without_a_unit_is_a_duration(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), converter.convert(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-1s", "s", "1h", "1 s", "1e3", "1.", ".5s", "1234567s", "PT1S", "1S", "٣s", "1s\n"})
    void anything_else_is_refused_with_examples(String text) {
        TypeConversionException e = assertThrows(TypeConversionException.class, () -> converter.convert(text));

        assertTrue(e.getMessage().contains("such as 60s, 2.5s, 500ms or 2m"), e.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"60s, 60s", "2m, 120s", "2.5s, 2500ms", "500ms, 500ms", "0, 0s"})
    void it_is_printed_as_it_can_be_read_again(String text, String printed) {
        assertEquals(printed, DurationConverter.print(converter.convert(text)));
        assertEquals(converter.convert(text), converter.convert(printed));
    }
}
