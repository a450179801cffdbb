package confcodes.agi;

import confcodes.agi.Code.Asks;
import java.util.List;
import java.util.Optional;

/** The list of service codes. A new code is a small file beside this one and a line here. */
final class Codes {

    static final List<Code<?>> ALL = List.of(
            Invite.CODE,
            OneParticipant.MUTE,
            OneParticipant.UNMUTE,
            OneParticipant.KICK,
            Lock.CODE,
            Everyone.MUTE,
            Everyone.UNMUTE,
            Count.CODE,
            RollCall.CODE,
            Hands.FLOOR,
            Hands.CHANGE,
            Recording.START,
            Recording.STOP,
            Everyone.KICK,
            OneParticipant.BAN);

    /** The name of a request for any code, whose keys begin with the code's own: {@code 6101} is conference_mute and 101. */
    static final String ANY = "conference_codes";

    private Codes() {}

    /** {@return the code with a name; empty when there is none} */
    static Optional<Code<?>> named(String name) {
        return ALL.stream().filter(code -> code.name().equals(name)).findFirst();
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
