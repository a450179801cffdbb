package confcodes.agi;

import java.time.Duration;
import java.util.Locale;
import org.asteriskjava.fastagi.AgiChannel;
import org.asteriskjava.fastagi.AgiException;
import org.asteriskjava.fastagi.AgiHangupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calling phone: its keypad and its ear. Every method throws {@link AgiHangupException} when the caller has gone or the
 * code's time is over, and other {@link AgiException}s when Asterisk does not understand. Used by one thread.
 */
final class Phone {

    private static final Logger log = LoggerFactory.getLogger("confcodes.agi");

    private static final String NO_KEY = "";
    private static final String ANY_KEY = "0123456789*#";

    /** Kept back from the code's time for what is said at its end. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(6);

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
    private static final String GOOD_TONE = "!950/120,!0/40,!1400/240,!0/100";
    private static final String BAD_TONE = "!480/240,!0/120,!480/240,!0/100";
    private static final String TONE_SECONDS = "0.7";
    private static final int CHANNEL_UP = 6;

    private final AgiChannel channel;
    private final AgiSettings settings;
    private final long inputEnds;
    private long lastInput = System.nanoTime();

    Phone(AgiChannel channel, AgiSettings settings) {
        this.channel = channel;
        this.settings = settings;
        this.inputEnds =
                System.nanoTime() + settings.maxDuration().minus(LAST_WORDS).toNanos();
    }

    /**
     * What the caller typed.
     *
     * @param end how it ended
     * @param digits the digits of a COMPLETE input, else empty
     */
    record Input(End end, String digits) {

        private static Input without(End end) {
            return new Input(end, "");
        }
    }

    /** How an input ended. */
    enum End {
        /** With the hash key behind digits, or with as many digits as there may be. */
        COMPLETE,
        /** With the hash key alone, or by time-out, however much was typed before it. */
        NOTHING,
        /** With the star key alone. */
        CANCELLED,
        /** The code's time is over. */
        TOO_LATE
    }

    /**
     * Reads a number behind a dial tone, in one go: between two applications a digit could be lost, and what is left be
     * somebody else's number.
     */
    Input readNumber() throws AgiException {
        int waits = (int) Math.ceil((double) settings.firstDigit().toMillis()
                / settings.interDigit().toMillis());
        return read(settings.maxDigits(), waits, settings.interDigit());
    }

    /** Reads one digit behind a dial tone. */
    Input readDigit() throws AgiException {
        return read(1, 1, settings.firstDigit());
    }

    /**
     * Reads with the application Read, the only one that plays a tone while it waits (app_read.c). It has one time-out for
     * all digits, and begins again as often as its attempts say while there is none: so the time for the first digit is made
     * of several waits for a digit.
     */
    private Input read(int most, int waits, Duration wait) throws AgiException {
        if (timeLeft().compareTo(SHORTEST_WAIT) < 0) {
            return Input.without(End.TOO_LATE);
        }
        Duration share = timeLeft().dividedBy(waits + most - 1);
        long millis = Math.min(wait.toMillis(), share.toMillis());
        channel.exec(
                "Read",
                "CONFCODES_DIGITS",
                "dial",
                Integer.toString(most),
                "i",
                Integer.toString(waits),
                String.format(Locale.ROOT, "%.2f", millis / 1000.0));
        String result = channel.getFullVariable("${READSTATUS}:${CONFCODES_DIGITS}");
        lastInput = System.nanoTime();
        if (result == null || result.startsWith("HANGUP")) {
            throw new AgiHangupException();
        }
        String digits = result.substring(result.indexOf(':') + 1);
        if (digits.equals("*")) {
            return Input.without(End.CANCELLED);
        }
        return result.startsWith("OK:") && !digits.isEmpty()
                ? new Input(End.COMPLETE, digits)
                : Input.without(End.NOTHING);
    }

    private Duration timeLeft() {
        return Duration.ofNanos(inputEnds - System.nanoTime());
    }

    /** {@return whether there is time for more than the last words} */
    boolean hasTime() {
        return !timeLeft().isNegative();
    }

    /** {@return when the caller's last digit arrived, or the code began; a value of System.nanoTime} */
    long lastInput() {
        return lastInput;
    }

    /** {@return a channel variable's value; empty when it is not set} */
    String variable(String name) throws AgiException {
        String value = channel.getVariable(name);
        return value == null ? "" : value;
    }

    void setVariable(String name, String value) throws AgiException {
        channel.setVariable(name, value);
    }

    /** Says a prompt to its end. */
    void say(Prompt prompt) throws AgiException {
        sayUntilKey(prompt, NO_KEY);
    }

    /** Says a prompt until a key is pressed; returns the key, or 0. */
    char sayUntilKey(Prompt prompt) throws AgiException {
        return sayUntilKey(prompt, ANY_KEY);
    }

    private char sayUntilKey(Prompt prompt, String keys) throws AgiException {
        for (String sound : settings.prompts().get(prompt).split("&")) {
            channel.streamFile(sound, keys);
            if (channel.getLastReply().getResultCode() < 0) {
                sayInstead(prompt, sound);
                return 0;
            }
            char key = channel.getLastReply().getResultCodeAsChar();
            if (key != 0) {
                return key;
            }
        }
        return 0;
    }

    /** STREAM FILE answers -1 for a hang-up as for a missing file. For the latter there is a tone: never a silent failure. */
    private void sayInstead(Prompt prompt, String sound) throws AgiException {
        if (channel.getChannelStatus() != CHANNEL_UP) {
            throw new AgiHangupException();
        }
        log.warn(
                "no sound file {} for the language of {}: change {}",
                sound,
                LogValue.of(channel.getName()),
                prompt.key());
        channel.exec("Playtones", prompt.isGood() ? GOOD_TONE : BAD_TONE);
        channel.exec("Wait", TONE_SECONDS);
        channel.exec("StopPlaytones");
    }

    /** Says how many. */
    void sayCount(int count) throws AgiException {
        channel.sayNumber(Integer.toString(count));
    }

    /** Says how many until a key is pressed; returns the key, or 0. */
    char sayCountUntilKey(int count) throws AgiException {
        return channel.sayNumber(Integer.toString(count), ANY_KEY);
    }

    /** Says a number digit by digit, or an endpoint's name letter by letter. */
    void spell(String name) throws AgiException {
        spell(name, NO_KEY);
    }

    /** Spells until a key is pressed; returns the key, or 0. */
    char spellUntilKey(String name) throws AgiException {
        return spell(name, ANY_KEY);
    }

    private char spell(String name, String keys) throws AgiException {
        String sayable = name.replaceAll("[^A-Za-z0-9]", "");
        return sayable.chars().allMatch(c -> c <= '9')
                ? channel.sayDigits(sayable, keys)
                : channel.sayAlpha(sayable, keys);
    }

    /** Waits for one key as long as for a first digit; returns it, or 0. */
    char waitForKey() throws AgiException {
        Duration wait = timeLeft().compareTo(settings.firstDigit()) < 0 ? timeLeft() : settings.firstDigit();
        char key = wait.isNegative() ? 0 : channel.waitForDigit((int) wait.toMillis());
        lastInput = System.nanoTime();
        return key;
    }
}
