package confcodes.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class TypeTest {

    private static Duration duration(String text) {
        return Type.duration("0").reader().apply(text);
    }

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
        "60m, 3600000",
    })
    void a_number_with_or_without_a_unit_is_a_duration(String text, long millis) {
        assertEquals(Duration.ofMillis(millis), duration(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "-1s", "s", "1h", "1 s", "1e3", "1.", ".5s", "1234567s", "PT1S", "1S", "٣s", "1s\n"})
    void anything_else_is_refused_with_examples(String text) {
        TypeConversionException e = assertThrows(TypeConversionException.class, () -> duration(text));

        assertTrue(e.getMessage().contains("such as 60s, 2.5s, 500ms or 2m"), e.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"61m", "3600.001s", "999999m"})
    void a_duration_that_no_time_out_can_hold_is_refused(String text) {
        TypeConversionException e = assertThrows(TypeConversionException.class, () -> duration(text));

        assertTrue(e.getMessage().contains("is not in the range"), e.getMessage());
    }
}
