package confcodes.cli;

import java.io.IOException;

/** A setting is wrong. The message is one line: the setting, what is wrong with it, and where it comes from. */
final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    /**
     * Creates an exception.
     *
     * @param key the setting, such as {@code ami-host}
     * @param problem what is wrong, and how to correct it
     * @param origin where the value comes from
     */
    SettingsException(String key, String problem, Origin origin) {
        super(key + ": " + problem + (origin.source() == Origin.Source.DEFAULT ? "" : " (" + origin + ")"));
    }

    /** {@return an exception about a file that a setting names and that cannot be read} */
    static SettingsException unreadable(String key, Object file, IOException cause, Origin origin) {
        String reason = switch (cause.getClass().getSimpleName()) {
            case "NoSuchFileException" -> "no such file";
            case "AccessDeniedException" -> "permission denied";
            case "MalformedInputException" -> "not UTF-8";
            default -> cause.getMessage();
        };
        return new SettingsException(key, "cannot read " + file + ": " + reason, origin);
    }
}
