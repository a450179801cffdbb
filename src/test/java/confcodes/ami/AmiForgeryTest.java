package confcodes.ami;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import confcodes.CapturedLog;
import confcodes.conference.ChannelState;
import confcodes.conference.Conference;
import confcodes.conference.Participant;
import confcodes.conference.PbxException;
import confcodes.lab.ScriptedAmi;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Numbers and names with line breaks, in messages of the shape that Asterisk 16 and 22 send: they add, hide and change nobody.
 * The forged text is generated of the pieces that matter.
 */
class AmiForgeryTest {

    private static final int CASES = 400 * Integer.getInteger("confcodes.fuzz.rounds", 1);
    private static final String UNIQUE_ID = "1700000000.102";
    private static final String BRIDGE = "939e9e64-228a-40d9-8fb1-ad340f40aac6";
    private static final String REST =
            "CallerIDName: x\r\nConnectedLineNum: x\r\nConnectedLineName: x\r\nLanguage: en\r\n"
                    + "AccountCode: \r\nContext: x\r\nExten: s\r\nPriority: 1\r\nUniqueid: 1700000000.101\r\nLinkedid: x";
    private static final List<String> PIECES =
            List.of(("\r\n|\r\n|\r\n|\r\n\r\n|\r\n\r\n|\n|\r|900|Admin: Yes|Muted: Yes"
                            + "|MarkedUser: Yes|Channel: PJSIP/101-00001065|ChannelState: 6|ChannelStateDesc: Up|CallerIDNum: 900"
                            + "|CallerIDName: x|ConnectedLineNum: x|Uniqueid: 1700000000.101|Uniqueid: " + UNIQUE_ID
                            + "|BridgeID: another|Variable: PROOF=guessed|Event: ConfbridgeList|Event: ConfbridgeListComplete"
                            + "|Event: ConfbridgeListRooms|Event: Status|Event: StatusComplete|ListItems: 0|ListItems: 1"
                            + "|ActionID: 0123456789abcdef0123456789abcdef|Response: Error|Response: Success"
                            + "|Message: No active conferences.|Message: Permission denied|Parties: 9|Marked: 9|Locked: Yes"
                            + "|Muted: No|" + REST)
                    .split("\\|"));

    private final ScriptedAmi ami = new ScriptedAmi();
    private AmiPbx pbx;
    private volatile String forged = "";

    @BeforeEach
    void open() {
        pbx = AmiPeers.pbx(ami);
    }

    @AfterEach
    void close() {
        pbx.close();
        ami.close();
    }

    /** A case for each text that a phone could send. */
    private void each(Case each) throws PbxException {
        for (int seed = 0; seed < CASES; seed++) {
            Random random = new Random(seed);
            StringBuilder text = new StringBuilder("102");
            for (int pieces = random.nextInt(12); pieces > 0; pieces--) {
                text.append(PIECES.get(random.nextInt(PIECES.size())));
                text.append(random.nextBoolean() ? "\r\n" : "");
            }
            forged = text.toString();
            each.run("seed " + seed + ": " + forged);
        }
        assertEquals(1, ami.connections(), "no connection was given up");
    }

    @FunctionalInterface
    private interface Case {
        void run(String about) throws PbxException;
    }

    private static boolean isPlain(String text) {
        return text.chars().noneMatch(Character::isISOControl);
    }

    @Test
    void A_forged_number_leaves_every_participant_in_the_list_as_they_are() throws PbxException {
        ami.on("ConfbridgeList", (peer, action) -> {
            String row = ScriptedAmi.row(102).replace("CallerIDNum: 102", "CallerIDNum: " + forged);
            ScriptedAmi.list("ConfbridgeList", List.of(ScriptedAmi.row(101), row, ScriptedAmi.row(103)))
                    .play(peer, action);
        });
        each(about -> {
            List<Participant> participants = pbx.participants("100");

            assertEquals(
                    List.of("PJSIP/101-00001065", "PJSIP/102-00001066", "PJSIP/103-00001067"),
                    participants.stream().map(Participant::channel).toList(),
                    about);
            assertEquals(
                    List.of(true, false, false),
                    participants.stream().map(Participant::admin).toList(),
                    about);
            assertTrue(participants.stream().noneMatch(p -> p.muted() || p.marked()), about);
            for (int i : new int[] {0, 2}) {
                assertEquals(Integer.toString(101 + i), participants.get(i).number(), about);
                assertEquals("1700000000." + (101 + i), participants.get(i).uniqueId(), about);
            }
            Participant forger = participants.get(1);
            if (isPlain(forged)) {
                assertEquals(forged, forger.number(), about);
                assertEquals(UNIQUE_ID, forger.uniqueId(), about);
            } else {
                assertEquals("", forger.number(), about);
                assertTrue(List.of("", UNIQUE_ID).contains(forger.uniqueId()), about);
            }
        });
    }

    /** The order of the headers in {@code Status}, in 16 and 22. */
    private static String status(String number, String conference) {
        return ("Event: Status|Privilege: Call|Channel: PJSIP/102-00001066|ChannelState: 6|ChannelStateDesc: Up"
                        + "|CallerIDNum: " + number + "|CallerIDName: <unknown>|ConnectedLineNum: <unknown>"
                        + "|Uniqueid: " + UNIQUE_ID + "|Linkedid: " + UNIQUE_ID + "|DNID: |TimeToHangup: 0|BridgeID: "
                        + BRIDGE
                        + "|Application: ConfBridge|Data: " + conference
                        + ",,lab_user,|Seconds: 1|Variable: PROOF=true")
                .replace("|", "\r\n");
    }

    private void answerStatus(Supplier<String> row, int rows) {
        ami.on("Status", (peer, action) -> {
            peer.success(action, "Channel status will follow");
            for (int i = 0; i < rows; i++) {
                peer.send(row.get(), peer.id(action));
            }
            peer.complete(action, "Status", rows);
        });
    }

    private void assertNeverAnother() throws PbxException {
        ChannelState own = new ChannelState("PJSIP/102-00001066", UNIQUE_ID, BRIDGE, "true", false);
        ChannelState ownWithoutBridge = new ChannelState("PJSIP/102-00001066", UNIQUE_ID, "", "true", false);
        each(about -> {
            Optional<ChannelState> state = pbx.channel(UNIQUE_ID, "PROOF");
            assertTrue(state.isEmpty() || Set.of(own, ownWithoutBridge).contains(state.get()), about + state);
            assertTrue(!isPlain(forged) || state.equals(Optional.of(own)), about);
        });
    }

    @Test
    void A_forged_number_makes_a_channel_itself_or_unknown() throws PbxException {
        answerStatus(() -> status(forged, "100"), 1);
        assertNeverAnother();
    }

    @Test
    void A_forged_conference_makes_a_channel_itself_or_unknown() throws PbxException {
        answerStatus(() -> status("102", forged), 1);
        assertNeverAnother();
    }

    @Test
    void A_forged_conference_leaves_the_others_in_the_list_as_they_are() throws PbxException {
        ami.on("ConfbridgeListRooms", (peer, action) -> {
            List<String> rows = new ArrayList<>();
            for (String name : List.of("100", forged, "103")) {
                rows.add("Conference: " + name + "\r\nParties: 1\r\nMarked: 0\r\nLocked: No\r\nMuted: No");
            }
            ScriptedAmi.list("ConfbridgeListRooms", rows).play(peer, action);
        });
        try (CapturedLog log = new CapturedLog()) {
            each(about -> {
                List<Conference> expected = Stream.of("100", forged, "103")
                        .filter(Conference::isName)
                        .map(name -> new Conference(name, 1, 0, false))
                        .toList();
                assertEquals(expected, pbx.conferences(), about);
            });
            assertEquals(1, log.lines("cannot be read").size(), log::text);
            assertTrue(log.text().chars().noneMatch(c -> c == '\r'), log::text);
        }
    }

    @Test
    void A_channel_is_not_another_nor_two() throws PbxException {
        for (int rows : new int[] {0, 2}) {
            answerStatus(() -> status("102", "100"), rows);
            assertEquals(Optional.empty(), pbx.channel(UNIQUE_ID, "PROOF"));
        }
        answerStatus(() -> status("102", "100").replace("PROOF=true", "PROOF=(null)"), 1);
        assertEquals(Optional.empty(), pbx.channel("1700000000.103", "PROOF"));
        assertEquals("", pbx.channel(UNIQUE_ID, "PROOF").orElseThrow().variable());
        assertEquals("", pbx.channel(UNIQUE_ID, "PRO").orElseThrow().variable());
    }

    @Test
    void A_channel_that_was_kicked_is_known_for_it() throws PbxException {
        String variables = "Variable: CONFBRIDGE_RESULT=KICKED\r\nVariable: ";
        answerStatus(() -> status("102", "100").replace("Variable: ", variables), 1);
        assertEquals(
                Optional.of(new ChannelState("PJSIP/102-00001066", UNIQUE_ID, BRIDGE, "true", true)),
                pbx.channel(UNIQUE_ID, "PROOF"));
    }

    private void endBridgeInfo(String... lines) {
        ami.on("BridgeInfo", (peer, action) -> {
            peer.success(action, "Bridge channel listing will follow");
            peer.send("Event: BridgeInfoChannel", peer.id(action), "Channel: PJSIP/102-00001066");
            peer.send("Event: BridgeInfoComplete", peer.id(action), "ListItems: 1", String.join("\r\n", lines));
        });
    }

    @Test
    void A_bridge_that_is_no_conference_or_has_a_forged_name_is_none() throws PbxException {
        endBridgeInfo("BridgeCreator: ConfBridge", "BridgeName: 100", "BridgeNumChannels: 2");
        assertEquals(Optional.of("100"), pbx.conferenceOf(BRIDGE));
        endBridgeInfo("BridgeCreator: Parking", "BridgeName: 100", "BridgeNumChannels: 2");
        assertEquals(Optional.empty(), pbx.conferenceOf(BRIDGE));
        for (String name :
                List.of("100\r\nBridgeNumChannels: 2", "100\r\nx", "100\r\n\r\n", "100\r\nBridgeName: 101")) {
            endBridgeInfo("BridgeCreator: ConfBridge", "BridgeName: " + name, "BridgeNumChannels: 2");
            assertEquals(Optional.empty(), pbx.conferenceOf(BRIDGE), name);
        }
    }
}
