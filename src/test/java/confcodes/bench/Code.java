package confcodes.bench;

import confcodes.lab.Crowd;
import confcodes.lab.Crowd.Member;
import confcodes.lab.FastAgiPeer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;

/**
 * One service code, as a scripted FastAGI peer sees it; times in nanoseconds. The peer is not Asterisk, so it has to set the
 * variable that proves its channel over AMI. How long that takes is taken off.
 *
 * @param start when it began, a value of System.nanoTime, later by the time that was taken off
 * @param whole from the connection to the outcome told
 * @param typed when the server's Read ended, a value of System.nanoTime
 * @param answered from then to the first command after the last AMI answer
 * @param turn from a reply to the next command with nothing between them: what FastAGI itself takes there and back
 */
record Code(long start, long whole, long typed, long answered, long turn) {

    /** Longer than the server needs to prove the channel. */
    private static final Duration FIRST_KEY = Duration.ofMillis(3);

    /** Who has their code ended in order, but not with DONE. */
    static final class NotDoneException extends IOException {

        private static final long serialVersionUID = 1;

        NotDoneException(String status) {
            super("the code ended with " + status);
        }
    }

    /** Sets a channel's variable on the real channel. */
    @FunctionalInterface
    interface Setter {
        void set(String channel, String name, String value) throws Exception;
    }

    /** {@return what a peer does with variables that the server sets, to prove that it controls a channel} */
    static BiConsumer<String, String> proof(Member caller, Setter setter) {
        return (name, value) -> {
            if (name.equals("CONFCODES_TAKEN") && !value.isEmpty()) {
                try {
                    setter.set(caller.channel(), name, value);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
        };
    }

    /** When variables of the server's were set. */
    private static final class Told {

        private long proving;
        private long first;
        private long second;
        private long done;

        private void set(String name, String value, BiConsumer<String, String> proof) {
            long now = System.nanoTime();
            if (name.equals("CONFCODES_TAKEN") && !value.isEmpty()) {
                proof.accept(name, value);
                proving = System.nanoTime() - now;
            } else if (name.startsWith("CONFCODES_")) {
                second = second == 0 && first != 0 ? now : second;
                first = first == 0 ? now : first;
                done = name.equals("CONFCODES_STATUS") ? now : done;
            }
        }
    }

    /** {@return a code of somebody who mutes somebody, whose keys the dialplan has read} */
    static Code given(int port, Crowd crowd, Member caller, Member muted, Setter setter) throws IOException {
        return run(port, "read=OK&keys=" + muted.number() + "&conference=" + crowd.name(), caller, "", setter);
    }

    /** {@return a moderator's code in a dialplan that sets no CONFNUM} */
    static Code withoutConference(int port, Crowd crowd, Member muted, PlainAmi ami) throws IOException {
        return run(port, "read=OK&keys=" + muted.number() + "&conference=", crowd.moderator(), "", ami::setVariable);
    }

    /** {@return a moderator's code whose keys the server reads} */
    static Code typed(int port, Crowd crowd, Member muted, PlainAmi ami) throws IOException {
        return run(port, "conference=" + crowd.name(), crowd.moderator(), muted.number(), ami::setVariable);
    }

    /** {@return the code of one of all who are in some conferences, which waits for keys and has not been answered} */
    static FastAgiPeer waiting(int port, List<Crowd> crowds, int i, Setter setter) throws IOException {
        Crowd crowd = crowds.get(i % crowds.size());
        int who = i / crowds.size();
        Member caller = crowd.member(who);
        return peer(port, "conference=" + crowd.name(), caller)
                .sets(proof(caller, setter))
                .types(crowd.member(who + 1).number())
                .playUntilAsked();
    }

    private static Code run(int port, String parameters, Member caller, String keys, Setter setter) throws IOException {
        Told told = new Told();
        BiConsumer<String, String> proof = proof(caller, setter);
        try (FastAgiPeer peer = peer(port, parameters, caller)) {
            peer.sets((name, value) -> told.set(name, value, proof));
            if (keys.isEmpty()) {
                peer.play();
            } else {
                peer.types(keys).playUntilAsked();
                LockSupport.parkNanos(FIRST_KEY.toNanos());
                peer.playOn();
            }
            if (!peer.status().equals("DONE")) {
                throw new NotDoneException(peer.status());
            }
            return new Code(
                    peer.opened() + told.proving,
                    told.done - peer.opened() - told.proving,
                    peer.typedAt(),
                    told.first - peer.typedAt(),
                    told.second - told.first);
        }
    }

    private static FastAgiPeer peer(int port, String parameters, Member caller) throws IOException {
        return new FastAgiPeer(port, "conference_mute?" + parameters).names(caller.channel(), caller.uniqueId());
    }
}
