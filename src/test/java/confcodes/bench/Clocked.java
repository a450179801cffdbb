package confcodes.bench;

import confcodes.conference.Conference;
import confcodes.conference.Invitation;
import confcodes.conference.Operation;
import confcodes.conference.Participant;
import confcodes.conference.Pbx;
import confcodes.conference.PbxException;
import java.util.List;

/** A PBX with a clock at its door: when the last operation was asked for, and when its answer was there. */
final class Clocked implements Pbx {

    private final Pbx pbx;
    private volatile long asked;
    private volatile long answered;

    Clocked(Pbx pbx) {
        this.pbx = pbx;
    }

    long asked() {
        return asked;
    }

    long answered() {
        return answered;
    }

    @Override
    public Answer apply(Operation operation, String conference, String channel) throws PbxException {
        asked = System.nanoTime();
        Answer answer = pbx.apply(operation, conference, channel);
        answered = System.nanoTime();
        return answer;
    }

    @Override
    public List<Participant> participants(String conference) throws PbxException {
        return pbx.participants(conference);
    }

    @Override
    public List<Conference> conferences() throws PbxException {
        return pbx.conferences();
    }

    @Override
    public Answer applyToParticipants(Operation operation, String conference) throws PbxException {
        return pbx.applyToParticipants(operation, conference);
    }

    @Override
    public Answer lock(String conference, boolean locked) throws PbxException {
        return pbx.lock(conference, locked);
    }

    @Override
    public Answer record(String conference, boolean recording) throws PbxException {
        return pbx.record(conference, recording);
    }

    @Override
    public void invite(String conference, Invitation invitation) throws PbxException {
        pbx.invite(conference, invitation);
    }
}
