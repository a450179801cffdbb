package confcodes.cli;

import java.util.Locale;

/** How much is logged to standard error: the setting {@code log-level}, in the words of slf4j-simple. */
enum LogLevel {
    OFF,
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE;

    /**
     * Sets how much is logged; to be called before the first logger is made. asterisk-java is heard from {@link #DEBUG} on
     * only: it logs each caller who hangs up as an error.
     */
    void apply() {
        LogLevel library = compareTo(DEBUG) < 0 ? OFF : this;
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", name().toLowerCase(Locale.ROOT));
        System.setProperty(
                "org.slf4j.simpleLogger.log.org.asteriskjava", library.name().toLowerCase(Locale.ROOT));
    }
}
