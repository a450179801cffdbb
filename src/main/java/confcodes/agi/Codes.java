package confcodes.agi;

import confcodes.agi.Code.Asks;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The list of service codes. A new code is a small file beside this one and a line here. */
public final class Codes {

    static final List<Code<?>> ALL = List.of(
            Invite.CODE,
            OneParticipant.MUTE,
            OneParticipant.UNMUTE,
            OneParticipant.KICK,
            Lock.CODE,
            Everyone.MUTE,
            Everyone.UNMUTE,
            Talkers.CODE,
            KickLast.CODE,
            Count.CODE,
            RollCall.CODE,
            Hands.FLOOR,
            Hands.CHANGE,
            RollCallAct.CODE,
            Recording.START,
            Recording.STOP,
            Everyone.KICK,
            OneParticipant.BAN,
            Help.CODE);

    /** The name of a request for any code, whose keys begin with the code's own: {@code 6101} is conference_mute and 101. */
    static final String ANY = "conference_codes";

    private static final Set<Code<?>> READING = Set.of(Count.CODE, RollCall.CODE, Help.CODE, Help.PUBLIC);

    private Codes() {}

    /**
     * {@return whether there is such a code and it can change something}
     *
     * @param name its name
     */
    public static boolean canChange(String name) {
        return named(name).filter(code -> !READING.contains(code)).isPresent();
    }

    /**
     * {@return what a code does, in a few words; empty if there is no such code}
     *
     * @param name its name, such as {@code conference_mute}
     */
    public static Optional<String> summary(String name) {
        return named(name).map(Code::summary);
    }

    /**
     * {@return whether a number and {@code #} follow a code's keys}
     *
     * @param name its name
     */
    public static boolean isFollowedByNumber(String name) {
        return named(name).filter(code -> code.asks() == Asks.NUMBER).isPresent();
    }

    /** {@return the code with a name; empty when there is none} */
    static Optional<Code<?>> named(String name) {
        return Stream.concat(ALL.stream(), Stream.of(Help.PUBLIC))
                .filter(code -> code.name().equals(name))
                .findFirst();
    }

    /** {@return the code whose own keys, without the star, begin these; empty when there is none} */
    static Optional<Code<?>> typed(String keys) {
        return ALL.stream()
                .filter(code -> code.asks() == Asks.NOTHING ? keys.equals(own(code)) : keys.startsWith(own(code)))
                .findFirst();
    }

    /** {@return the keys of a code after the star} */
    static String own(Code<?> code) {
        return code.key().substring(1);
    }
}
