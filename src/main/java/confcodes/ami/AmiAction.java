package confcodes.ami;

import org.asteriskjava.manager.action.AbstractManagerAction;

/**
 * An AMI action with its fields. A line break in a conference's name would begin a header, or an action, of its writer's own:
 * here every value is checked before it can be sent.
 */
final class AmiAction extends AbstractManagerAction {

    private static final long serialVersionUID = 1;
    private static final String END = "\r\n";

    private final String name;
    private final StringBuilder fields = new StringBuilder();

    AmiAction(String name) {
        this.name = name;
    }

    /**
     * {@return this action with one more field}
     *
     * @throws IllegalArgumentException when the value is empty or holds a control character
     */
    AmiAction with(String field, String value) {
        if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(field + " of " + name + " is empty or holds a control character");
        }
        fields.append(field).append(": ").append(value).append(END);
        return this;
    }

    /** {@return the action's name, such as {@code ConfbridgeMute}} */
    @Override
    public String getAction() {
        return name;
    }

    /** {@return what is sent} asterisk-java's part of the ActionID stands before a hash, as asterisk-java itself writes it. */
    String text(String internalActionId) {
        return "Action: " + name + END + "ActionID: " + internalActionId + "#" + getActionId() + END + fields + END;
    }
}
