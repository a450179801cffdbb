package confcodes.lab;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.asteriskjava.manager.event.ConfbridgeListEvent;

/** Somebody on a telephone in a conference of the lab. Used by one thread. */
public final class Caller {

    static final Duration KEY = Duration.ofMillis(130);
    private static final int ATTEMPTS = 5;

    private final Lab lab;
    private final Room room;
    private final String number;
    private final String channel;
    private final Optional<SipPhone> phone;
    private final int logBefore;
    private String uniqueId = "";
    private int begun;
    private int asked;

    Caller(Lab lab, Room room, String number, String channel, Optional<SipPhone> phone) {
        this.lab = lab;
        this.room = room;
        this.number = number;
        this.channel = channel;
        this.phone = phone;
        this.logBefore = lab.logSize();
    }

    /** {@return the caller ID number} */
    public String number() {
        return number;
    }

    /** {@return the channel's name in the conference's list} */
    public String channel() {
        return channel;
    }

    /** {@return the caller, for a FastAGI peer that stands for them} */
    public Crowd.Member asMember() {
        return new Crowd.Member(number, channel, variable("UNIQUEID"));
    }

    /** {@return the SIP phone} */
    public SipPhone phone() {
        return phone.orElseThrow();
    }

    /** Lets the caller's codes go to a server on another port. */
    public void codesGoTo(int agiPort) {
        lab.ami().setVariable(channel, "CONFCODES_SERVER", "127.0.0.1:" + agiPort);
    }

    /** Presses keys, 130 ms each on a SIP phone, 200 ms else; a w is half a second's pause. */
    public void keys(String keys) {
        phone.ifPresentOrElse(sip -> sip.press(keys, KEY), () -> lab.ami().redirect(farEnd(), "lab-press", keys));
    }

    /** Lets the caller's telephone play a tone of 440 Hz from now on; not one with a SIP phone. */
    public void playsTone() {
        lab.ami().redirect(farEnd(), "lab-far", "tone");
    }

    private String farEnd() {
        return channel.substring(0, channel.length() - 1) + "1";
    }

    /**
     * Presses a service code and, each time that keys are asked for, the next ones; returns the status when the caller is back.
     * A code that is slow does not ask again, because keys may have been lost; then it is pressed again.
     */
    public String press(String code, String... whenAsked) {
        press(() -> true, code, whenAsked);
        awaitBack();
        return status();
    }

    /** Presses so, too, but returns as soon as a sound is played. */
    public void pressUntilSound(String sound, String code, String... whenAsked) {
        press(() -> awaitSoundOrBack(sound), code, whenAsked);
    }

    private void press(BooleanSupplier then, String code, String... whenAsked) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            begin(code);
            if (Arrays.stream(whenAsked).allMatch(this::type) && then.getAsBoolean()) {
                return;
            }
        }
        throw new AssertionError(
                code + " " + List.of(whenAsked) + " ended early with " + status() + "\n" + lab.logTail());
    }

    private boolean type(String keys) {
        boolean isAsked = awaitAskedOrBack();
        if (isAsked) {
            keys(keys);
        }
        return isAsked;
    }

    /** Presses a service code, and returns when it runs. */
    public void begin(String code) {
        pressInOneGo(code);
        Await.until(number + "'s code runs", () -> progress().begun() > begun, lab::logTail);
    }

    /** Presses a service code, perhaps with a number in the same go, and returns when the keys are pressed. */
    public void pressInOneGo(String keys) {
        expectCode();
        keys(keys);
    }

    /** A code that is pressed after this is the one that is waited for. */
    public void expectCode() {
        lab.ami().setVariable(channel, "CONFCODES_STATUS", "NONE");
        begun = progress().begun();
        asked = progress().asked();
    }

    /** Presses keys on the SIP phone, at a pace, in RTP or in SIP INFO. */
    public void keys(String keys, Duration each, boolean info) {
        if (info) {
            phone().pressByInfo(keys, each);
        } else {
            phone().press(keys, each);
        }
    }

    /** Waits until keys are asked for, once more. */
    public void awaitAsked() {
        if (!awaitAskedOrBack()) {
            throw new AssertionError("the code ended with " + status() + "\n" + lab.logTail());
        }
    }

    /** Waits until keys are asked for, once more, or the caller is back; returns whether they are asked for. */
    public boolean awaitAskedOrBack() {
        Await.until(number + " is asked or back", () -> progress().asked() > asked || isBack(), lab::logTail);
        return progress().asked() > asked++;
    }

    /** Waits until the caller is back in the conference. */
    public void awaitBack() {
        Await.until(number + " is back", this::isBack, lab::logTail);
    }

    private boolean isBack() {
        CodeProgress.Counts now = progress();
        return now.begun() > begun && now.back() == now.begun();
    }

    private CodeProgress.Counts progress() {
        return lab.progress().of(channel);
    }

    /**
     * {@return whether Asterisk has begun to play a sound to the caller, such as {@code conf-lockednow}, on their own channel or
     * in a whisper}
     */
    public boolean hears(String sound) {
        return hears(sound, "");
    }

    /** {@return the same, in the language such as {@code ru}} */
    public boolean hears(String sound, String language) {
        String files = Pattern.quote(sound) + "\\.\\w+' .*\\(language '" + language;
        return timesHeard(files) > 0;
    }

    private long timesHeard(String files) {
        String who = "<(?:" + Pattern.quote(channel) + "|" + Pattern.quote(whisper()) + "-\\w+;2)>";
        return lab.timesLogged(Pattern.compile(who + " Playing '" + files), logBefore);
    }

    /** {@return how often Asterisk has begun to play a sound to the caller} */
    public long timesHears(String sound) {
        return timesHeard(Pattern.quote(sound) + "\\.");
    }

    /** Waits until Asterisk has begun to play a sound to the caller. */
    public void awaitHears(String sound) {
        Await.until(number + " hears " + sound, () -> hears(sound), lab::logTail);
    }

    /** {@return whether something is being whispered to the caller} */
    public boolean isWhisperedTo() {
        return lab.rx("core show channels concise").contains(whisper());
    }

    /** Waits until nothing is being whispered to the caller. */
    public void awaitWhispersEnd() {
        Await.until("whispers to " + number + " end", () -> !isWhisperedTo(), lab::logTail);
    }

    private String whisper() {
        if (uniqueId.isEmpty()) {
            uniqueId = variable("UNIQUEID");
        }
        return "Local/w" + uniqueId + "@confcodes_whisper";
    }

    /** Waits until Asterisk plays a sound to the caller, or the caller is back; returns whether it was played. */
    private boolean awaitSoundOrBack(String sound) {
        Await.until(number + " hears " + sound, () -> hears(sound) || isBack(), lab::logTail);
        return hears(sound);
    }

    /** {@return what the dialplan has learnt of the last code} */
    public String status() {
        return variable("CONFCODES_STATUS");
    }

    /** {@return a variable of the caller's channel; empty if it is not set} */
    public String variable(String name) {
        return lab.ami().variable(channel, name);
    }

    /** Hangs up. */
    public void hangUp() {
        phone.ifPresentOrElse(SipPhone::close, () -> lab.ami().hangUp(farEnd()));
    }

    /** {@return whether the caller's channel is still there, in the conference or not} */
    public boolean isUp() {
        return !variable("UNIQUEID").isEmpty();
    }

    /** {@return whether the caller is in the conference} */
    public boolean isHere() {
        return room.channels().contains(channel);
    }

    /** {@return whether the caller is muted} */
    public boolean isMuted() {
        return room.participants().stream()
                .filter(row -> channel.equals(row.getChannel()))
                .map(ConfbridgeListEvent::getMuted)
                .anyMatch("Yes"::equals);
    }
}
