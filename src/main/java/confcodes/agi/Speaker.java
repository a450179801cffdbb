package confcodes.agi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.asteriskjava.fastagi.AgiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns words into what a phone plays. Used by one thread. */
final class Speaker {

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");

    private static final String GOOD_TONE = "!950/120,!0/40,!1400/240,!0/100";
    private static final String BAD_TONE = "!480/240,!0/120,!480/240,!0/100";
    private static final String TONE_SECONDS = "0.7";

    /** The largest number that is one sound file in every language. */
    private static final int LARGEST_FILE = 20;

    private final Phone phone;
    private final AgiSettings settings;

    Speaker(Phone phone, AgiSettings settings) {
        this.phone = phone;
        this.settings = settings;
    }

    /** Says words to their end, or until a key is pressed. */
    void say(List<Word> words, Code.Ending ending) throws AgiException {
        String keys = switch (ending) {
            case ITS_END -> Phone.NO_KEY;
            case ANY_KEY -> Phone.ANY_KEY;
        };
        say(words, keys);
    }

    private char say(List<Word> words, String keys) throws AgiException {
        char key = 0;
        for (Word word : words) {
            key = say(word, keys);
            if (key != 0) {
                break;
            }
        }
        return key;
    }

    private char say(Word word, String keys) throws AgiException {
        if (word instanceof Word.Said said) {
            return play(said.prompt(), keys);
        } else if (word instanceof Word.Counted counted) {
            return phone.sayNumber(counted.count(), keys);
        } else if (word instanceof Word.Person person) {
            Optional<String> name = recordedName(person);
            // Whoever has left has no name any more.
            Optional<Character> key = name.isPresent() ? phone.play(name.get(), keys) : Optional.empty();
            return key.isPresent() ? key.get() : say(person.otherwise(), keys);
        }
        return phone.sayAlpha(((Word.Spelled) word).spellable(), keys);
    }

    private Optional<String> recordedName(Word.Person person) throws AgiException {
        return person.recording().isEmpty() ? Optional.empty() : phone.recordedName(person.recording());
    }

    private char play(Prompt prompt, String keys) throws AgiException {
        for (String sound : sounds(prompt)) {
            Optional<Character> key = phone.play(sound, keys);
            if (key.isEmpty()) {
                log.warn(
                        "no sound file {} for the language of {}: change {}",
                        sound,
                        LogValue.of(phone.name()),
                        prompt.key());
                phone.playTone(prompt.isGood() ? GOOD_TONE : BAD_TONE, TONE_SECONDS);
                return 0;
            }
            if (key.get() != 0) {
                return key.get();
            }
        }
        return 0;
    }

    /** {@return words as the sound files of a question} A number is said digit by digit if it has no file in every language. */
    List<String> sounds(List<Word> words) throws AgiException {
        List<String> sounds = new ArrayList<>();
        for (Word word : words) {
            if (word instanceof Word.Said said) {
                sounds.addAll(sounds(said.prompt()));
            } else if (word instanceof Word.Person person) {
                Optional<String> name = recordedName(person);
                sounds.addAll(name.isPresent() ? List.of(name.get()) : sounds(person.otherwise()));
            } else if (word instanceof Word.Counted counted && counted.count() <= LARGEST_FILE) {
                sounds.add("digits/" + counted.count());
            } else {
                String text = word instanceof Word.Counted counted
                        ? Integer.toString(counted.count())
                        : ((Word.Spelled) word).spellable();
                text.toLowerCase(Locale.ROOT)
                        .chars()
                        .mapToObj(c -> (Character.isDigit(c) ? "digits/" : "letters/") + (char) c)
                        .forEach(sounds::add);
            }
        }
        return sounds;
    }

    private List<String> sounds(Prompt prompt) {
        return List.of(settings.prompts().get(prompt).split("&"));
    }
}
