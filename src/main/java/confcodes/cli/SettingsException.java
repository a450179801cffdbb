package confcodes.cli;

/** A setting is wrong; the message names it, where it stands and how to mend it. */
final class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1;

    SettingsException(String message) {
        super(message);
    }

    SettingsException(String message, Throwable cause) {
        super(message, cause);
    }
}
