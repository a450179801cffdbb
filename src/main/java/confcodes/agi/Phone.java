package confcodes.agi;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiHangupException;

/**
 * The keypad and the ear of the calling phone, as AGI commands. Every method throws {@link AgiHangupException} when the caller
 * has gone or the connection is broken, and other {@link AgiException}s when Asterisk does not understand. Used by one thread.
 *
 * <p>Between two commands Asterisk reads the channel and drops keys. Only the application Read keeps them, also those pressed
 * over its own sound files: so a question and its keys are one Read.
 */
final class Phone {

    /** The most that Read takes; a longer number must be seen as such. */
    static final int READ_ALL = 255;

    static final String NO_KEY = "";
    static final String ANY_KEY = "0123456789*#";

    private static final int CHANNEL_UP = 6;

    private final AgiChannel channel;
    private final AgiSettings settings;
    private boolean hasTimeouts;
    private long lastKey = System.nanoTime();

    Phone(AgiChannel channel, AgiSettings settings) {
        this.channel = channel;
        this.settings = settings;
    }

    /** {@return the channel's name, as the request has it} */
    String name() {
        return channel.getName();
    }

    /** {@return when the caller's last key arrived, or the code began; a value of System.nanoTime} */
    long lastKey() {
        return lastKey;
    }

    void answer() throws AgiException {
        channel.answer();
    }

    void setVariable(String name, String value) throws AgiException {
        channel.setVariable(name, value);
    }

    /**
     * {@return the value of a channel variable, empty when it is not set} Asterisk writes line breaks in a value as they are,
     * and what follows could be taken for its next answer: so it is asked to encode the value.
     */
    String variable(String name) throws AgiException {
        String encoded = channel.getFullVariable("${URIENCODE(${" + name + "})}");
        try {
            return encoded == null ? "" : URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new AgiException("a value of " + name + " that is not encoded", e);
        }
    }

    /**
     * Reads keys after a dial tone.
     *
     * @param most how many keys end it without {@code #}
     */
    Typed readAfterTone(int most) throws AgiException {
        return read("dial", most, "i");
    }

    /**
     * Reads keys during and after sounds; the first key ends the sounds.
     *
     * @param sounds names of sound files; if the last one is missing, nothing is read
     * @param most how many keys end it without {@code #}
     */
    Typed readAfter(List<String> sounds, int most) throws AgiException {
        return read(String.join("&", sounds), most, "");
    }

    /** Reads keys that are being pressed now, without a sound; nothing if there is none for half a second. */
    Typed readQuietly() throws AgiException {
        return read("", READ_ALL, "", "1", "0.5");
    }

    /** Read has no time-outs of its own here, so that the channel's two count: for the first key and for each further one. */
    private Typed read(String prompt, int most, String... options) throws AgiException {
        if (!hasTimeouts) {
            channel.setVariable("TIMEOUT(response)", seconds(settings.firstDigit()));
            channel.setVariable("TIMEOUT(digit)", seconds(settings.interDigit()));
            hasTimeouts = true;
        }
        channel.exec("Read", "CONFCODES_KEYS", prompt, Integer.toString(most), String.join(",", options));
        String result = channel.getFullVariable("${READSTATUS}:${CONFCODES_KEYS}");
        lastKey = System.nanoTime();
        int colon = result == null ? -1 : result.indexOf(':');
        return colon < 0 ? new Typed.HungUp() : Typed.of(result.substring(0, colon), result.substring(colon + 1));
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + "." + String.format("%03d", duration.toMillisPart());
    }

    /**
     * {@return the path of a name that ConfBridge has recorded, without ending; empty if there is no such file, or next to
     * nothing in it: whoever presses {@code #} at once has no name}
     *
     * @param file the file's name, which means nothing else in the dialplan
     */
    Optional<String> recordedName(String file) throws AgiException {
        String path = "${ASTSPOOLDIR}/confbridge/" + file;
        String answer = channel.getFullVariable("${STAT(s," + path + ".sln)}:" + path);
        return answer != null && answer.matches("[0-9]{4,}:.*")
                ? Optional.of(answer.substring(answer.indexOf(':') + 1))
                : Optional.empty();
    }

    /**
     * Plays a sound file; a key in the given ones ends it.
     *
     * @return the key, or 0; empty when there is no such file for the caller's language
     */
    Optional<Character> play(String sound, String keys) throws AgiException {
        channel.streamFile(sound, keys);
        if (channel.getLastReply().getResultCode() >= 0) {
            return Optional.of(channel.getLastReply().getResultCodeAsChar());
        }
        // STREAM FILE answers -1 for a hang-up as for a missing file.
        if (channel.getChannelStatus() != CHANNEL_UP) {
            throw new AgiHangupException();
        }
        return Optional.empty();
    }

    /** Plays a tone as indications.conf writes it. */
    void playTone(String tone, String seconds) throws AgiException {
        channel.exec("Playtones", tone);
        channel.exec("Wait", seconds);
        channel.exec("StopPlaytones");
    }

    /** Says a number as a whole; returns the key that ended it, or 0. */
    char sayNumber(int number, String keys) throws AgiException {
        return channel.sayNumber(Integer.toString(number), keys);
    }

    /** Says letters and digits one by one; returns the key that ended it, or 0. */
    char sayAlpha(String text, String keys) throws AgiException {
        if (text.isEmpty()) {
            return 0;
        }
        return text.chars().allMatch(Character::isDigit) ? channel.sayDigits(text, keys) : channel.sayAlpha(text, keys);
    }
}
