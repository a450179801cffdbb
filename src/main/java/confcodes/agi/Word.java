package confcodes.agi;

import confcodes.conference.Moderation;
import confcodes.conference.Participant;
import java.util.List;
import java.util.stream.Stream;

/** A piece of what is said to a caller. A list of words is data: it is made without a phone, and a {@link Speaker} says it. */
sealed interface Word {

    /** A prompt of the settings. */
    record Said(Prompt prompt) implements Word {}

    /** A number digit by digit, or an endpoint's name letter by letter. */
    record Spelled(String text) implements Word {

        /** As many as a telephone number has (E.164); spelling them takes some seconds. */
        private static final int MOST = 15;

        private static final int END_OF_LONGER = 4;

        /** {@return what of the text can be spelled; the end of a text that is longer than any number} */
        String spellable() {
            String spellable = text.replaceAll("[^A-Za-z0-9]", "");
            return spellable.length() > MOST ? spellable.substring(spellable.length() - END_OF_LONGER) : spellable;
        }
    }

    /** How many. */
    record Counted(int count) implements Word {}

    /**
     * Somebody: the name that ConfBridge has recorded, or other words if there is none.
     *
     * @param recording the name of its file, without ending; empty if it cannot be known
     * @param otherwise the other words
     */
    record Person(String recording, List<Word> otherwise) implements Word {

        /** What has no other meaning in a file's name or in an expression of the dialplan. */
        private static final String PLAIN = "[A-Za-z0-9_.-]+";

        /** {@return a participant of a conference} The file is named by app_confbridge.c, conf_rec_name(). */
        static Person of(String conference, Participant participant, Word... otherwise) {
            boolean isPlain =
                    conference.matches(PLAIN) && participant.uniqueId().matches(PLAIN);
            return new Person(
                    isPlain ? "confbridge-name-" + conference + "-" + participant.uniqueId() : "", List.of(otherwise));
        }
    }

    /** {@return who somebody is: the name, else the number, else the position in the order of joining} */
    static Word who(Moderation moderation, Participant participant) {
        Spelled number = new Spelled(participant.number());
        return number.spellable().isEmpty()
                ? Person.of(
                        moderation.conference(),
                        participant,
                        new Counted(position(moderation, participant)),
                        new Said(Prompt.WITHHELD))
                : Person.of(moderation.conference(), participant, number);
    }

    private static int position(Moderation moderation, Participant participant) {
        return moderation.participants().stream()
                        .map(Participant::channel)
                        .toList()
                        .indexOf(participant.channel())
                + 1;
    }

    /** {@return prompts as words} */
    static List<Word> said(Prompt... prompts) {
        return Stream.of(prompts).<Word>map(Said::new).toList();
    }
}
