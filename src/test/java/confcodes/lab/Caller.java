package confcodes.lab;

import java.time.Duration;
import java.util.Optional;
import org.asteriskjava.manager.event.ConfbridgeListEvent;

/** Somebody on a telephone in a conference of the lab. Used by one thread. */
public final class Caller {

    private static final Duration KEY = Duration.ofMillis(130);

    private final Lab lab;
    private final Room room;
    private final String number;
    private final String channel;
    private final Optional<SipPhone> phone;
    private final int logBefore;
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

    /** {@return the channel's unique id} */
    public String uniqueId() {
        return variable("UNIQUEID");
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

    private String farEnd() {
        return channel.substring(0, channel.length() - 1) + "1";
    }

    /** Presses a service code and, each time that digits are asked for, the next keys; returns when the caller is back. */
    public void press(String code, String... whenAsked) {
        begin(code);
        for (String keys : whenAsked) {
            awaitAsked();
            keys(keys);
        }
        awaitBack();
    }

    /** Presses a service code, and returns when it runs. */
    public void begin(String code) {
        lab.ami().setVariable(channel, "CONFCODES_STATUS", "NONE");
        CodeProgress.Counts before = progress();
        asked = before.asked();
        keys(code);
        Await.until(number + "'s code runs", () -> progress().begun() > before.begun(), lab::logTail);
    }

    /** Waits until digits are asked for, once more. */
    public void awaitAsked() {
        Await.until(number + " is asked for digits", () -> progress().asked() > asked, lab::logTail);
        asked++;
    }

    /** Waits until the caller is back in the conference. */
    public void awaitBack() {
        Await.until(number + " is back", () -> progress().back() == progress().begun(), lab::logTail);
    }

    private CodeProgress.Counts progress() {
        return lab.progress().of(channel);
    }

    /** {@return whether Asterisk has played a sound to the caller, such as {@code conf-lockednow}} */
    public boolean hears(String sound) {
        return lab.logged("<" + channel + "> Playing '" + sound + ".", logBefore);
    }

    /** Waits until Asterisk plays a sound to the caller. */
    public void awaitSound(String sound) {
        Await.until(number + " hears " + sound, () -> hears(sound), lab::logTail);
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
