package confcodes.conference;

/**
 * A ConfBridge conference, as one row of Asterisk's {@code ConfbridgeListRooms} tells it. Immutable.
 *
 * @param name the conference's name, not always a number
 * @param participants how many are in it, administrators included
 * @param marked how many of them are marked users
 * @param locked whether it is locked
 */
public record Conference(String name, int participants, int marked, boolean locked) {

    /** Asterisk's limit of a conference name, in characters (AST_MAX_EXTENSION in channel.h, less the closing zero). */
    private static final int MAX_NAME = 79;

    /**
     * Tells whether a text can be a conference's name: 1 to 79 characters, none of them a control character. Names that come
     * from a phone, a socket or a command line are asked here before they go anywhere.
     *
     * @param text the text, or null
     * @return whether it can be a conference's name
     */
    public static boolean isName(String text) {
        return text != null
                && !text.isBlank()
                && text.length() <= MAX_NAME
                && text.chars().noneMatch(Character::isISOControl);
    }
}
