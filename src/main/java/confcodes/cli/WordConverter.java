package confcodes.cli;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads one of a few words, the names of an enum's constants, whatever their case. */
final class WordConverter implements ITypeConverter<Object> {

    private final Class<?> type;

    WordConverter(Class<?> type) {
        this.type = type;
    }

    @Override
    public Object convert(String text) {
        return Stream.of(type.getEnumConstants())
                .filter(word -> word.toString().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () -> new TypeConversionException("'" + text + "' is none of " + String.join(", ", words())));
    }

    /** {@return the words as they are written} */
    List<String> words() {
        return Stream.of(type.getEnumConstants())
                .map(word -> word.toString().toLowerCase(Locale.ROOT))
                .toList();
    }
}
