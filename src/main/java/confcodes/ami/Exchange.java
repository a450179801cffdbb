package confcodes.ami;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One action in flight: what was asked, and what has come of it. Used by one thread.
 *
 * <p>With {@code Events: off} Asterisk sends nothing but what was asked for. A message without the action's id among the
 * list's own is therefore a piece of one of them, which a caller's number with an empty line has torn.
 *
 * @param <R> a row of the list that the action asks for
 */
final class Exchange<R> {

    /** More rows than any conference has: an endless list ends here, not in memory. */
    static final int MAX_ROWS = 20_000;

    /** A row has about 600 characters. */
    private static final int MAX_CHARACTERS = 1_000 * MAX_ROWS;

    private final String id;
    private final String rowEvent;
    private final String endEvent;
    private final RowReader<R> reader;
    private final List<R> rows = new ArrayList<>();
    private AmiMessage response;
    private AmiMessage end;
    private AmiMessage lastRow;
    private boolean torn;
    private int characters;

    /** Reads one row of a list. */
    @FunctionalInterface
    interface RowReader<R> {

        /**
         * {@return the row}
         *
         * @param row the message
         * @param torn whether the message ended early, so that headers may be missing and the last ones are the caller's own
         * @throws IllegalArgumentException when the list is not worth anything with such a row
         */
        R read(AmiMessage row, boolean torn);
    }

    private Exchange(String id, String rowEvent, String endEvent, RowReader<R> reader) {
        this.id = id;
        this.rowEvent = rowEvent;
        this.endEvent = endEvent;
        this.reader = reader;
    }

    /** {@return the exchange of an action that is answered by a response alone} */
    static Exchange<Void> ofAction(String id) {
        return new Exchange<>(id, "", "", (row, torn) -> null);
    }

    /** {@return the exchange of an action whose response, if it is "Success", is followed by rows and by an event that ends them} */
    static <R> Exchange<R> ofList(String id, String rowEvent, String endEvent, RowReader<R> reader) {
        return new Exchange<>(id, rowEvent, endEvent, reader);
    }

    /** {@return its ActionID} */
    String id() {
        return id;
    }

    /**
     * Takes what a message says of this action; one that came before the response belongs to another action.
     *
     * @throws IOException when the list is too long
     * @throws IllegalArgumentException when a row cannot be read
     */
    void take(AmiMessage message) throws IOException {
        boolean own = message.isOf(id);
        String event = message.get("Event");
        if (response == null) {
            response = own && event.isEmpty() ? message : null;
        } else if (own && event.equals(rowEvent)) {
            addRow(message);
        } else if (own && event.equals(endEvent)) {
            end = message;
        } else {
            tear();
        }
    }

    private void addRow(AmiMessage message) throws IOException {
        characters += message.text().length();
        if (rows.size() == MAX_ROWS || characters > MAX_CHARACTERS) {
            throw new IOException("a list without an end");
        }
        rows.add(reader.read(message, false));
        lastRow = message;
    }

    private void tear() {
        torn = true;
        if (lastRow != null) {
            rows.set(rows.size() - 1, reader.read(lastRow, true));
            lastRow = null;
        }
    }

    /** {@return whether nothing more is to come} */
    boolean hasEnded() {
        return end != null || isAnswered() && (rowEvent.isEmpty() || !isSuccess());
    }

    /** {@return whether a response came} */
    boolean isAnswered() {
        return response != null;
    }

    /** {@return whether the response was "Success"} */
    boolean isSuccess() {
        return response.get("Response").equals("Success");
    }

    /** {@return whether it asks for a list} */
    boolean isList() {
        return !rowEvent.isEmpty();
    }

    /** {@return whether the list has as many rows as its end says} */
    boolean isWhole() {
        return end != null && end.get("ListItems").equals(Integer.toString(rows.size()));
    }

    /** {@return whether a message of the list was torn} */
    boolean isTorn() {
        return torn;
    }

    /** {@return the response} */
    AmiMessage response() {
        return response;
    }

    /** {@return the event that ends the list} */
    AmiMessage end() {
        return end;
    }

    /** {@return the rows} */
    List<R> rows() {
        return rows;
    }
}
