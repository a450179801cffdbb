package confcodes.agi;

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
            Recording.START,
            Recording.STOP,
            Everyone.KICK);

    private Codes() {}

    /** {@return the code with a name; empty when there is none} */
    static Optional<Code<?>> named(String name) {
        return ALL.stream().filter(code -> code.name().equals(name)).findFirst();
    }
}
