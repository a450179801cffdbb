package confcodes.conference;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a conference remembers, in variables of the PBX, so that another server, a restarted one and the shell go on with it. A
 * fact of the conference is a global variable, one about a participant a variable of their channel. Each begins with the id of
 * the conference's bridge: those of an earlier conference of the same name do not count. [confcodes_enter] of
 * extensions_confcodes.conf reads and writes them too, without a server.
 *
 * @param pbx the PBX
 * @param conference the conference's name
 * @param bridge the id of its bridge
 */
record Facts(Pbx pbx, String conference, String bridge) {

    /** The conference's bridge, for the dialplan, which cannot ask for it: what does not agree with it is old. */
    static final String BRIDGE = "BRIDGE";

    /** Everyone is muted, also whoever joins. */
    static final String ALL = "ALL";

    /** The numbers that were banned; which of them still are is {@link #ban}. */
    static final String BANS = "BANS";

    /** The channel of the participant who has the floor. */
    static final String FLOOR = "FLOOR";

    /** When moderators were last told of a hand, in milliseconds. */
    static final String TOLD = "TOLD";

    /** Of a participant: when they raised the hand, in milliseconds. */
    static final String HAND = "CONFCODES_HAND";

    /** Of a participant: they were there, and not meant, when another one with their number was banned. */
    static final String STAYS = "CONFCODES_STAYS";

    /** Of a participant: who muted them, some of the letters below. */
    static final String VOICE = "CONFCODES_VOICE";

    /** The channel is kept from being heard. */
    static final String HELD = "h";

    /** The same, by [confcodes_enter], which cannot know whether who joins is an administrator. */
    static final String HELD_BY_DIALPLAN = "d";

    /** The conference's own flag was set for a moderator, and not by the participant. */
    static final String MUTED = "m";

    /** A moderator has unmuted them since everyone was muted. */
    static final String OPEN = "o";

    /** Asterisk ignores the case of these alone. */
    private static final Pattern CAPITALS = Pattern.compile("[A-Z]+");

    /** A variable cannot be set to nothing. */
    private static final String NOTHING = "-";

    /** {@return the ban of a number, as a fact of the conference} Two notations of digits and letters are one number. */
    static String ban(String number) {
        return "BAN_" + plain(number);
    }

    /** {@return the digits and letters of a number} */
    static String plain(String number) {
        return number.replaceAll("[^0-9A-Za-z]", "");
    }

    /** {@return a fact of the conference; empty if there is none} */
    Optional<String> get(String fact) throws PbxException {
        return text(pbx.variable("", global(fact)));
    }

    /** {@return a fact about a participant; empty if there is none} */
    Optional<String> get(String fact, Participant participant) throws PbxException {
        return text(pbx.variable(participant.channel(), fact));
    }

    private Optional<String> text(String value) {
        return value.equals(bridge)
                ? Optional.of("")
                : Optional.of(value)
                        .filter(it -> it.startsWith(bridge + " "))
                        .map(it -> it.substring(bridge.length() + 1));
    }

    /** Remembers a fact of the conference. */
    void put(String fact, String text) throws PbxException {
        set("", global(BRIDGE), bridge);
        set("", global(fact), value(text));
    }

    /** Remembers a fact about a participant, if they have not left. */
    void put(String fact, Participant participant, String text) throws PbxException {
        set(participant.channel(), fact, value(text));
    }

    void remove(String fact) throws PbxException {
        set("", global(fact), NOTHING);
    }

    void remove(String fact, Participant participant) throws PbxException {
        set(participant.channel(), fact, NOTHING);
    }

    /** Lets the dialplan forget an earlier conference whose last participant has left and whose first one did not enter by it. */
    void removeOlder() throws PbxException {
        String before = pbx.variable("", global(BRIDGE));
        if (!before.isEmpty() && !before.equals(bridge) && !before.equals(NOTHING)) {
            remove(BRIDGE);
        }
    }

    /** Keeps a channel from being heard, or lets it be heard again. The participant's own key cannot do that. */
    void hold(String channel, boolean held) throws PbxException {
        set(channel, "MUTEAUDIO(in)", held ? "on" : "off");
    }

    private String value(String text) {
        return text.isEmpty() ? bridge : bridge + " " + text;
    }

    private void set(String channel, String name, String value) throws PbxException {
        Outcome outcome = pbx.setVariable(channel, name, value);
        if (!outcome.isDone() && outcome.status() != Status.NOTFOUND) {
            throw new PbxException(PbxException.Reason.NOT_PERMITTED, outcome.reason());
        }
    }

    /** {@return the name of a global variable} A conference's name has any characters. */
    String global(String fact) {
        String lower = CAPITALS.matcher(conference)
                .replaceAll(capitals -> capitals.group().toLowerCase(Locale.ROOT));
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest(lower.getBytes(StandardCharsets.UTF_8));
            return "CONFCODES_" + HexFormat.of().formatHex(hash) + "_" + fact;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
