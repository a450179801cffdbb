package confcodes.ami;

import java.util.Objects;

/**
 * A secret that cannot be printed by accident. Immutable.
 *
 * @param value the secret itself
 */
public record Secret(String value) {

    /** Checks that it is one line, since it stands in a line of manager.conf. */
    public Secret {
        Objects.requireNonNull(value);
        if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("ami-secret is one line without control characters");
        }
    }

    /** {@return asterisks, whatever the secret} */
    @Override
    public String toString() {
        return "****";
    }
}
