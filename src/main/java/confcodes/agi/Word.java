package confcodes.agi;

import java.util.List;
import java.util.stream.Stream;

/** A piece of what is said to a caller. A list of words is data: it is made without a phone, and a {@link Speaker} says it. */
sealed interface Word {

    /** A prompt of the settings. */
    record Said(Prompt prompt) implements Word {}

    /** A number digit by digit, or an endpoint's name letter by letter; what cannot be spelled is left out. */
    record Spelled(String text) implements Word {}

    /** How many. */
    record Counted(int count) implements Word {}

    /** {@return prompts as words} */
    static List<Word> said(Prompt... prompts) {
        return Stream.of(prompts).<Word>map(Said::new).toList();
    }
}
