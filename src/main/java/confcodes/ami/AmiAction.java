package confcodes.ami;

import java.nio.charset.StandardCharsets;

/**
 * An AMI action with its fields. Immutable. A line break in a conference's name would begin a header, or an action, of its
 * writer's own: every value is checked here before it can be sent.
 *
 * @param name the action's name, such as {@code ConfbridgeMute}
 * @param fields its other lines but the ActionID, each with its line break
 */
record AmiAction(String name, String fields) {

    /** Asterisk takes a longer line for two (manager.c, get_input), and warns of it in its log. */
    private static final int MAX_VALUE = 900;

    private static final String END = "\r\n";

    AmiAction(String name) {
        this(name, "");
    }

    /**
     * {@return this action with one more field}
     *
     * @throws IllegalArgumentException when the value is blank, longer than 900 bytes or holds a control character
     */
    AmiAction with(String field, String value) {
        if (value.isBlank()
                || value.getBytes(StandardCharsets.UTF_8).length > MAX_VALUE
                || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(
                    field + " of " + name + " is blank, too long or holds a control character");
        }
        return new AmiAction(name, fields + field + ": " + value + END);
    }

    /** {@return what is sent} */
    String text(String actionId) {
        return "Action: " + name + END + "ActionID: " + actionId + END + fields + END;
    }
}
