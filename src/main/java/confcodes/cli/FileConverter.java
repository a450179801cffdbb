package confcodes.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads names of files. The empty one, which Java takes for the working directory, is none. */
final class FileConverter implements ITypeConverter<Path> {

    @Override
    public Path convert(String text) {
        try {
            if (!text.isBlank()) {
                return Path.of(text);
            }
        } catch (InvalidPathException e) {
            // It is refused below.
        }
        throw new TypeConversionException("'" + text + "' is no file's name");
    }
}
