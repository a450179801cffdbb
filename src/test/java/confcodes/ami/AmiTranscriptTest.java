package confcodes.ami;

import static confcodes.ami.AmiPeers.participant;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.conference.ChannelState;
import confcodes.conference.Conference;
import confcodes.conference.Operation;
import confcodes.conference.Outcome;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.conference.Status;
import confcodes.lab.ScriptedAmi;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** What was recorded from real PBXs is read as it was meant. */
@ParameterizedClass
@ValueSource(strings = {"asterisk-16.txt", "asterisk-22.txt"})
class AmiTranscriptTest {

    private static final String PROOF = "CONFCODES_TAKEN";

    @Parameter
    private String transcript;

    private ScriptedAmi ami;
    private AmiPbx pbx;

    @BeforeEach
    void open() {
        ami = ScriptedAmi.replaying(transcript);
        pbx = AmiPeers.pbx(ami);
    }

    @AfterEach
    void close() {
        pbx.close();
        ami.close();
    }

    @Test
    void The_list() throws PbxException {
        List<Participant> participants = pbx.participants("100");

        assertEquals(List.of("101", "102", ""), AmiPeers.numbers(participants));
        Participant second = participants.get(1);
        assertTrue(second.uniqueId().matches("\\d+\\.5"), second::uniqueId);
        assertEquals(
                new Participant(
                        "Local/102@lab-join-00000002;2",
                        second.uniqueId(),
                        "102",
                        "",
                        false,
                        false,
                        false,
                        false,
                        false,
                        second.answered()),
                second);
        assertTrue(second.answered().compareTo(Duration.ofSeconds(9)) < 0);
        assertEquals(List.of(), pbx.participants("nowhere"));
        assertEquals(List.of(new Conference("100", 3, 0, false)), pbx.conferences());
    }

    @Test
    void The_channel_and_its_conference() throws PbxException {
        Participant participant = pbx.participants("100").get(1);
        ChannelState state = pbx.channel(participant.uniqueId(), PROOF).orElseThrow();

        assertEquals(
                new ChannelState(
                        participant.channel(), participant.uniqueId(), state.bridge(), "0123456789abcdef", false),
                state);
        assertEquals(Optional.of("100"), pbx.conferenceOf(state.bridge()));
        assertEquals(Optional.empty(), pbx.channel("1700000000.99", PROOF));
        assertEquals(Optional.empty(), pbx.conferenceOf("00000000-0000-0000-0000-000000000000"));
    }

    @Test
    void The_answers_to_operations() throws PbxException {
        Participant muted = participant("Local/102@lab-join-00000002;2");
        Participant kicked = participant("Local/anonymous@lab-join-00000003;2");

        assertEquals(Outcome.done(muted), pbx.apply(Operation.MUTE, "100", muted, List.of()));
        assertEquals(
                Status.NOTFOUND,
                pbx.apply(Operation.MUTE, "100", participant("Local/none"), List.of())
                        .status());
        assertEquals(Outcome.done(kicked), pbx.apply(Operation.KICK, "100", kicked, List.of()));
        assertEquals(Outcome.DONE, pbx.lock("100", true));
        assertEquals(Outcome.DONE, pbx.lock("100", false));
    }
}
