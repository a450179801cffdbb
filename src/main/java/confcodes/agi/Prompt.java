package confcodes.agi;

import confcodes.conference.Status;
import java.util.Locale;

/**
 * What the caller can hear. The default of each is in Asterisk's core sound package of every language that Debian has
 * (English, Spanish, French, Italian, Russian, version 1.6.1); several files are joined by {@code &}, as Playback() has it.
 */
public enum Prompt {
    /** After the participant's number: muted. */
    MUTED("descending-2tone", true),
    /** After the participant's number: unmuted. */
    UNMUTED("ascending-2tone", true),
    /** After the participant's number: kicked. */
    KICKED("conf-hasleft", true),
    /** After the participant's number: banned. */
    BANNED("conf-hasleft", true),
    /** Who withholds their number cannot be banned. */
    BAN_WITHHELD("vm-unknown-caller&confbridge-invalid", false),
    /** The caller's hand is raised. */
    HAND_RAISED("ascending-2tone", true),
    /** The caller's hand is lowered. */
    HAND_LOWERED("descending-2tone", true),
    /** To moderators: somebody has raised their hand. */
    HAND("beep", true),
    /** After the participant's number: they have the floor. */
    FLOOR_GIVEN("ascending-2tone", true),
    /** To one who was muted by a code. */
    YOU_ARE_MUTED("conf-muted", true),
    /** To one who was unmuted by a code. */
    YOU_ARE_UNMUTED("conf-unmuted", true),
    /** Everyone but administrators is muted. */
    ALL_MUTED("conf-now-muted", true),
    /** Everyone but administrators is unmuted. */
    ALL_UNMUTED("conf-now-unmuted", true),
    /** After how many they were: everyone but administrators is kicked. */
    ALL_KICKED("conf-hasleft", true),
    /** The conference is locked. */
    LOCKED("conf-lockednow", true),
    /** The conference is unlocked. */
    UNLOCKED("conf-unlockednow", true),
    /** After the number called: it is being invited. */
    INVITED("transfer", true),
    /** After the number called: who has answered joins. */
    INVITE_JOINED("conf-hasjoin", true),
    /** After the number called: it is busy. */
    INVITE_BUSY("vm-isonphone", false),
    /** After the number called: nobody has answered. */
    INVITE_NO_ANSWER("vm-isunavail", false),
    /** After the number called: who has answered did not accept. */
    INVITE_NOT_ACCEPTED("beeperr&vm-isunavail", false),
    /** After the number called: the call failed. */
    INVITE_FAILED("ss-noservice", false),
    /** To one who answers an invitation, before the conference's name. */
    INVITATION("conf-enteringno", true),
    /** Before how many are in the conference. */
    COUNT("conf-thereare", true),
    /** After how many are in the conference. */
    COUNTED("confbridge-participants", true),
    /** The caller is alone in the conference. */
    ALONE("conf-onlyperson", true),
    /** In the roll call, after the position of a participant who withholds their number. */
    WITHHELD("vm-unknown-caller", true),
    /** The roll call is over. */
    ROLL_CALLED("conf-roll-callcomplete", true),
    /** Recording has begun. */
    RECORDING("conf-now-recording", true),
    /** Recording has stopped. */
    RECORDED("vm-msgsaved", true),
    /** Before the digit that chooses one of several. */
    CHOOSE("dir-multi1", true),
    /** Between that digit and the participant's number. */
    CHOOSE_FOR("dir-multi2", true),
    /** After how many would be kicked: what to press to confirm. */
    CONFIRM("confbridge-participants&vm-press&digits/1", true),
    /** After the number of the one who would be kicked: what to press to confirm. */
    CONFIRM_ONE("vm-press&digits/1", true),
    /** After the choices: what to press for the next ones. */
    CHOOSE_NEXT("dir-multi1&digits/0&dir-multi2&conf-otherinparty", true),
    /** After the digits typed before a pause: what to press to accept them. */
    ACCEPT("vm-press&digits/pound", true),
    /** In the spoken help, before the digits of a code. */
    HELP_PRESS("vm-press&digits/star", true),
    /** In the spoken help: conference_add. */
    HELP_ADD("vm-enter-num-to-call", true),
    /** In the spoken help: conference_mute. */
    HELP_MUTE("vm-extension&conf-muted", true),
    /** In the spoken help: conference_unmute. */
    HELP_UNMUTE("vm-extension&conf-unmuted", true),
    /** In the spoken help: conference_kick. */
    HELP_KICK("vm-extension&conf-hasleft", true),
    /** In the spoken help: conference_lock. */
    HELP_LOCK("confbridge-lock-out", true),
    /** In the spoken help: conference_mute_all. */
    HELP_MUTE_ALL("conf-now-muted", true),
    /** In the spoken help: conference_unmute_all. */
    HELP_UNMUTE_ALL("conf-now-unmuted", true),
    /** In the spoken help: conference_mute_talking. */
    HELP_MUTE_TALKING("conf-muted", true),
    /** In the spoken help: conference_kick_last. */
    HELP_KICK_LAST("confbridge-remove-last-out", true),
    /** In the spoken help: conference_count. */
    HELP_COUNT("conf-thereare&confbridge-participants", true),
    /** In the spoken help: conference_roll_call. */
    HELP_ROLL_CALL("conf-roll-callcomplete", true),
    /** In the spoken help: conference_roll_call_act. */
    HELP_ROLL_CALL_ACT("conf-roll-callcomplete&vm-press&digits/1", true),
    /** In the spoken help: conference_record. */
    HELP_RECORD("conf-now-recording", true),
    /** In the spoken help: conference_record_stop. */
    HELP_RECORD_STOP("vm-msgsaved", true),
    /** In the spoken help: conference_kick_all. */
    HELP_KICK_ALL("confbridge-participants&conf-hasleft", true),
    /** Of the spoken help: gives the floor. */
    HELP_FLOOR("vm-first&conf-unmuted", true),
    /** Of the spoken help: raises the caller's hand. */
    HELP_HAND("beep", true),
    /** Of the spoken help: bans one by number. */
    HELP_BAN("vm-extension&conf-hasleft", true),
    /** In the spoken help: toggle_mute. */
    HELP_MUTE_MYSELF("confbridge-mute-out", true),
    /** No digits came, or not in time; asks again. */
    NO_DIGITS("vm-sorry", false),
    /** A digit that means nothing here; asks again. */
    INVALID_DIGIT("conf-errormenu", false),
    /** The number means nobody in the conference. */
    NOT_FOUND("privacy-incorrect", false),
    /** Nobody is talking whom the caller may mute. */
    NOBODY_TALKS("beeperr&dir-nomatch", false),
    /** The number means several, and none was chosen. */
    AMBIGUOUS("beeperr&conf-errormenu", false),
    /** The caller may not do this. */
    DENIED("confbridge-invalid", false),
    /** Nothing was done. */
    CANCELLED("beeperr&conf-placeintoconf", false),
    /** There is no such conference. */
    NO_CONFERENCE("conf-invalid", false),
    /** The PBX could not be asked. */
    UNAVAILABLE("beeperr&please-try-again", false);

    private final String defaultSound;
    private final boolean good;

    Prompt(String defaultSound, boolean good) {
        this.defaultSound = defaultSound;
        this.good = good;
    }

    /** {@return what is heard of an outcome that is not done, if nothing else is} */
    static Prompt of(Status status) {
        return switch (status) {
            case DONE -> throw new IllegalArgumentException("each code has words of its own");
            case NOTFOUND -> NOT_FOUND;
            case AMBIGUOUS -> AMBIGUOUS;
            case DENIED -> DENIED;
            case CANCELLED -> CANCELLED;
            case NOCONFERENCE -> NO_CONFERENCE;
            case UNAVAILABLE -> UNAVAILABLE;
        };
    }

    /** {@return the sound files it has if the settings do not change it, joined by {@code &}} */
    public String defaultSound() {
        return defaultSound;
    }

    /** {@return the setting's name, such as {@code prompt-all-muted}} */
    public String key() {
        return "prompt-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return whether it is heard when all is well; decides which tone takes its place if its file is missing} */
    boolean isGood() {
        return good;
    }

    /**
     * {@return whether a text can be a prompt's setting: names of sound files, without ending, joined by {@code &}}
     *
     * @param sound the text
     */
    public static boolean isSound(String sound) {
        return sound.matches("[A-Za-z0-9_./-]+(&[A-Za-z0-9_./-]+)*");
    }
}
