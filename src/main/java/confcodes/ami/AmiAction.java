package confcodes.ami;

import java.util.LinkedHashMap;
import java.util.Map;
import org.asteriskjava.manager.action.AbstractManagerAction;

/**
 * An AMI action with its fields. asterisk-java writes fields as they are, so that a line break in a conference's name would
 * begin a header, or an action, of its writer's own: here every value is checked before it can be sent.
 */
public final class AmiAction extends AbstractManagerAction {

    private static final long serialVersionUID = 1;

    private final String name;
    private final LinkedHashMap<String, String> fields = new LinkedHashMap<>();

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
        fields.put(field, value);
        return this;
    }

    /** {@return the action's name, such as {@code ConfbridgeMute}} */
    @Override
    public String getAction() {
        return name;
    }

    /** {@return the fields, which asterisk-java writes behind the action's name (ActionBuilderImpl, "attributes")} */
    public Map<String, String> getAttributes() {
        return fields;
    }
}
