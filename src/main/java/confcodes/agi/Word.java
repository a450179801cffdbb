package confcodes.agi;

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

    /** {@return prompts as words} */
    static List<Word> said(Prompt... prompts) {
        return Stream.of(prompts).<Word>map(Said::new).toList();
    }
}
