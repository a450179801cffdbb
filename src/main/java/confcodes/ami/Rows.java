package confcodes.ami;

import confcodes.conference.ChannelState;
import confcodes.conference.Conference;
import confcodes.conference.Participant;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the rows of Asterisk's lists so that nobody whose number or conference's name has a line break adds, hides or changes
 * anyone: only what stands before such a value, or in a row where every line is in its place, is believed. The order of the
 * headers is that of Asterisk 16 and 22. Safe for concurrent use.
 */
final class Rows {

    private static final Logger log = LoggerFactory.getLogger("confcodes.ami");
    private static final long COMPLAINT_PAUSE = Duration.ofMinutes(1).toNanos();

    private static final int MAX_DIGITS = 9;

    /**
     * The channel variable that ConfBridge() sets to KICKED at once. The kicked stay in the list and in the bridge until a
     * running code of theirs ends (app_confbridge.c, kick_conference_participant; tried on 16 and 22).
     */
    static final String RESULT = "CONFBRIDGE_RESULT";

    private final AtomicLong lastComplaint = new AtomicLong(System.nanoTime() - COMPLAINT_PAUSE);

    /**
     * {@return a participant, of a row of ConfbridgeList} The roles, the state and the channel stand before the number. If the
     * rest is not in its place, the number, the name and the unique id are empty.
     *
     * @throws IllegalArgumentException for a row without a channel, which Asterisk does not send
     */
    static Participant participant(AmiMessage row, boolean torn) {
        AmiMessage.Lines lines = row.lines();
        boolean admin = isYes(lines.next("Admin"));
        boolean marked = isYes(lines.next("MarkedUser"));
        boolean waiting = isYes(lines.next("Waiting"));
        boolean muted = isYes(lines.next("Muted"));
        boolean talking = isYes(lines.next("Talking"));
        Duration answered = Duration.ofSeconds(Math.max(0, number(lines.next("AnsweredTime"))));
        String channel = lines.next("Channel");
        boolean plain = lines.step("ChannelState") && lines.step("ChannelStateDesc") && lines.step("CallerIDNum");
        String number = lines.value();
        plain &= lines.step("CallerIDName");
        String name = lines.value();
        plain &= lines.step("ConnectedLineNum") && !lines.find("CallerIDName");
        String uniqueId = lines.next("Uniqueid");
        plain &= !lines.find("Uniqueid");
        return plain && !torn
                ? new Participant(
                        channel, uniqueId, known(number), known(name), admin, marked, waiting, muted, talking, answered)
                : new Participant(channel, "", "", "", admin, marked, waiting, muted, talking, answered);
    }

    /**
     * {@return a conference, of a row of ConfbridgeListRooms; empty for a row that cannot be read, which is logged once a minute
     * at most}
     */
    Optional<Conference> conference(AmiMessage row, boolean torn) {
        String name = row.get("Conference");
        int participants = number(row.get("Parties"));
        int marked = number(row.get("Marked"));
        boolean plain = !torn && row.isPlain("Conference", "Parties", "Marked", "Locked");
        if (plain && Conference.isName(name) && participants >= 0 && marked >= 0) {
            return Optional.of(new Conference(name, participants, marked, isYes(row.get("Locked"))));
        }
        long now = System.nanoTime();
        long last = lastComplaint.get();
        if (now - last >= COMPLAINT_PAUSE && lastComplaint.compareAndSet(last, now)) {
            log.warn("a row of ConfbridgeListRooms cannot be read and is left out: Conference {}", printable(name));
        }
        return Optional.empty();
    }

    /**
     * {@return the state of a channel, of the one row of Status; empty if the row is another channel's} The channel's name stands
     * first, and the variable last: between them stands what the caller can say.
     */
    static Optional<ChannelState> channel(AmiMessage row, String uniqueId, String variable) {
        if (!row.isPlain("Uniqueid") || !row.get("Uniqueid").equals(uniqueId)) {
            return Optional.empty();
        }
        String set = row.last("Variable");
        String value = set.startsWith(variable + "=") ? set.substring(variable.length() + 1) : "";
        return Optional.of(new ChannelState(
                row.get("Channel"),
                uniqueId,
                row.isPlain("BridgeID") ? row.get("BridgeID") : "",
                value.equals("(null)") ? "" : value,
                row.hasLine("Variable", RESULT + "=KICKED")));
    }

    /** {@return the name of the conference whose bridge it is, of the end of BridgeInfo; empty for another bridge} */
    static Optional<String> conferenceName(AmiMessage end) {
        return end.isPlain("BridgeCreator", "BridgeName", "BridgeNumChannels")
                        && end.get("BridgeCreator").equals("ConfBridge")
                ? Optional.of(end.get("BridgeName"))
                : Optional.empty();
    }

    private static String known(String text) {
        boolean known = !text.equals("<unknown>");
        for (int i = 0; known && i < text.length(); i++) {
            known = !Character.isISOControl(text.charAt(i));
        }
        return known ? text : "";
    }

    private static boolean isYes(String text) {
        return text.equalsIgnoreCase("Yes");
    }

    /** {@return a number of up to nine digits; negative for anything else} */
    private static int number(String digits) {
        boolean number =
                !digits.isEmpty() && digits.length() <= 9 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        return number ? Integer.parseInt(digits) : -1;
    }

    private static String printable(String text) {
        return text.replaceAll("[^\\p{L}\\p{N} _.+*#@-]", "?");
    }
}
