package confcodes.ami;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One action in flight: what was asked, and what has come of it so far. Used by the thread that asks.
 *
 * @param <R> a row of the list that the action asks for
 */
final class Exchange<R> {

    /** More rows than any conference has: an endless list ends here, not in memory. */
    static final int MAX_ROWS = 20_000;

    /** A row has about 400 bytes. */
    static final int MAX_BYTES = 1_000 * MAX_ROWS;

    private final String id;
    private final String rowEvent;
    private final Function<AmiMessage, R> row;
    private final List<R> rows = new ArrayList<>();
    private long bytes;
    private boolean ended;
    private boolean answered;
    private boolean success;
    private boolean whole;
    private String message = "";
    private String challenge = "";

    private Exchange(String id, String rowEvent, Function<AmiMessage, R> row) {
        this.id = id;
        this.rowEvent = rowEvent;
        this.row = row;
    }

    /** An action that is answered by a response alone. */
    static Exchange<Void> ofAction(String id) {
        return new Exchange<>(id, "", message -> null);
    }

    /** An action whose response is followed by events of one name and by a last one with "Complete" behind the name. */
    static <R> Exchange<R> ofList(String id, String rowEvent, Function<AmiMessage, R> row) {
        return new Exchange<>(id, rowEvent, row);
    }

    /** {@return what stands behind the hash in its ActionID; before it stands asterisk-java's own} */
    String id() {
        return id;
    }

    /** Takes what a message says of this action; one that belongs to no action or another says nothing. */
    void take(AmiMessage incoming) {
        if (!incoming.isOf(id)) {
            return;
        }
        String event = incoming.get("Event");
        if (event.isEmpty()) {
            answered = true;
            success = incoming.get("Response").equals("Success");
            message = incoming.get("Message");
            challenge = incoming.get("Challenge");
            if (rowEvent.isEmpty() || !success) {
                ended = true;
            }
        } else if (event.equals(rowEvent)) {
            addRow(incoming);
        } else if (event.equals(rowEvent + "Complete")) {
            whole = incoming.get("ListItems").equals(Integer.toString(rows.size()));
            ended = true;
        }
    }

    private void addRow(AmiMessage incoming) {
        bytes += incoming.length();
        if (rows.size() == MAX_ROWS || bytes > MAX_BYTES) {
            ended = true;
            return;
        }
        try {
            rows.add(row.apply(incoming));
        } catch (IllegalArgumentException e) {
            message = e.getMessage();
            ended = true;
        }
    }

    /** {@return whether nothing more is to come; what it holds may be read only then} */
    boolean hasEnded() {
        return ended;
    }

    /** {@return whether a response came} */
    boolean isAnswered() {
        return answered;
    }

    /** {@return whether the response was "Success"} */
    boolean isSuccess() {
        return success;
    }

    /** {@return whether the list ended with its completion event and as many rows as that says} */
    boolean isWhole() {
        return answered && success && whole;
    }

    /** {@return the response's message, or why a row could not be read} */
    String message() {
        return message;
    }

    /** {@return the challenge that a login has to answer; empty in responses to other actions} */
    String challenge() {
        return challenge;
    }

    /** {@return the rows; to be read only when {@link #isWhole}} */
    List<R> rows() {
        return rows;
    }
}
