package confcodes.cli;

import java.nio.file.Path;

/**
 * Where the value of a setting comes from. Immutable.
 *
 * @param source the kind of place
 * @param text the place itself, as it is written in messages, such as {@code line 12 of /etc/confcodes.properties}
 */
record Origin(Source source, String text) {

    /** The kinds of places, the weakest first. */
    enum Source {
        DEFAULT,
        FILE,
        ENVIRONMENT,
        OPTION
    }

    /** The table of settings. */
    static final Origin DEFAULT = new Origin(Source.DEFAULT, "the default");

    static Origin line(Path file, int line) {
        return new Origin(Source.FILE, "line " + line + " of " + file);
    }

    static Origin environment(String variable) {
        return new Origin(Source.ENVIRONMENT, variable + " in the environment");
    }

    static Origin option(String name) {
        return new Origin(Source.OPTION, "option " + name);
    }

    @Override
    public String toString() {
        return text;
    }
}
