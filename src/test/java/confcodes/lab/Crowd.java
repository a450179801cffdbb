package confcodes.lab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.asteriskjava.manager.event.ConfbridgeListEvent;

/**
 * A conference of many, who join all at once on Local channels.
 *
 * @param room the conference
 * @param moderators its administrators, who have the sample's menu
 * @param members the others
 */
public record Crowd(Room room, List<Member> moderators, List<Member> members) implements AutoCloseable {

    private static final int FIRST_MODERATOR = 9001;
    private static final int FIRST_MEMBER = 1001;

    /**
     * Somebody in it.
     *
     * @param number the caller ID number
     * @param channel the channel's name in the conference's list
     * @param uniqueId the channel's unique id
     */
    public record Member(String number, String channel, String uniqueId) {

        private static Member of(ConfbridgeListEvent row) {
            return new Member(row.getCallerIdNum(), row.getChannel(), row.getUniqueid());
        }
    }

    /**
     * Fills conferences, and waits until everybody is in.
     *
     * @param moderators how many administrators each has
     * @param members how many others each has
     * @param variables variables of the channels, such as {@code PROFILE=lab_marked} for the others
     */
    public static List<Crowd> join(
            Lab lab, List<Room> rooms, int moderators, int members, Map<String, String> variables) {
        for (Room room : rooms) {
            for (int i = 0; i < moderators; i++) {
                Map<String, String> all = new HashMap<>(variables);
                all.putAll(Map.of("CONF", room.name(), "PROFILE", "lab_admin", "MENU", "confcodes_menu"));
                lab.ami().originate("Local/" + (FIRST_MODERATOR + i) + "@lab-join/n", all);
            }
            for (int i = 0; i < members; i++) {
                Map<String, String> all = new HashMap<>(variables);
                all.put("CONF", room.name());
                lab.ami().originate("Local/" + (FIRST_MEMBER + i) + "@lab-join/n", all);
            }
        }
        List<Crowd> crowds = new ArrayList<>();
        for (Room room : rooms) {
            Await.until("all are here", () -> room.channels().size() == moderators + members, room::here);
            List<ConfbridgeListEvent> rows = room.participants();
            crowds.add(new Crowd(
                    room,
                    rows.stream().filter(row -> row.getAdmin()).map(Member::of).toList(),
                    rows.stream().filter(row -> !row.getAdmin()).map(Member::of).toList()));
        }
        return crowds;
    }

    /** {@return the conference's name} */
    public String name() {
        return room.name();
    }

    /** {@return an administrator} */
    public Member moderator() {
        return moderators.get(0);
    }

    /** {@return one of those who are no administrators, by turns} */
    public Member member(int i) {
        return members.get(i % members.size());
    }

    /** Everybody leaves. */
    @Override
    public void close() {
        room.close();
    }
}
