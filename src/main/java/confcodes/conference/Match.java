package confcodes.conference;

import java.util.List;

/**
 * A participant whom a number means. Immutable.
 *
 * @param participant the participant
 * @param kind how much of their number it is
 */
public record Match(Participant participant, Kind kind) {

    /** How much of a participant's number was given. */
    public enum Kind {
        /** The whole number, in whatever notation, the endpoint's name, or the channel's full name. */
        WHOLE,
        /** The end of the number, which could be another's too. */
        END
    }

    /** {@return whether only the end of the number was given} */
    public boolean isEnd() {
        return kind == Kind.END;
    }

    /**
     * {@return what tells this participant from others, see {@link Participant#label}}
     *
     * @param among the others, with or without this one
     */
    public String label(List<Match> among) {
        return participant.label(among.stream().map(Match::participant).toList());
    }
}
