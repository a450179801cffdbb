package confcodes.lab;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.asteriskjava.manager.ManagerConnection;
import org.asteriskjava.manager.ManagerConnectionFactory;
import org.asteriskjava.manager.ManagerEventListener;
import org.asteriskjava.manager.action.ConfbridgeListAction;
import org.asteriskjava.manager.action.ConfbridgeListRoomsAction;
import org.asteriskjava.manager.action.EventGeneratingAction;
import org.asteriskjava.manager.action.GetVarAction;
import org.asteriskjava.manager.action.HangupAction;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.action.OriginateAction;
import org.asteriskjava.manager.action.RedirectAction;
import org.asteriskjava.manager.action.SetVarAction;
import org.asteriskjava.manager.event.ConfbridgeListEvent;
import org.asteriskjava.manager.event.ConfbridgeListRoomsEvent;
import org.asteriskjava.manager.event.ManagerEvent;
import org.asteriskjava.manager.response.ManagerResponse;

/**
 * The independent observer and actor of the tests: asterisk-java's AMI client, logged in as the lab's own user, who may do
 * everything. Safe for concurrent use.
 */
public final class AmiObserver implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final ManagerConnection connection;

    /**
     * Connects.
     *
     * @param port the PBX's AMI port on this machine
     * @param events the classes of events that are wanted, such as {@code agi,dialplan}, or {@code off}
     */
    public AmiObserver(int port, String events) {
        connection = new ManagerConnectionFactory("127.0.0.1", port, "lab", "lab").createManagerConnection();
        assertDoesNotThrow(() -> connection.login(events));
    }

    /** {@return the response to an action, be it a success or not} */
    public ManagerResponse ask(ManagerAction action) {
        return assertDoesNotThrow(() -> connection.sendAction(action, PATIENCE_MILLIS));
    }

    /** Does something, and fails if Asterisk refuses. */
    public void act(ManagerAction action) {
        ManagerResponse response = ask(action);
        if (!"Success".equals(response.getResponse())) {
            throw new AssertionError(action + " was refused: " + response.getMessage());
        }
    }

    /** {@return the rows of a list; none if the response is an error} */
    public <E extends ManagerEvent> List<E> list(EventGeneratingAction action, Class<E> row) {
        Collection<? extends ManagerEvent> events = assertDoesNotThrow(
                        () -> connection.sendEventGeneratingAction(action, PATIENCE_MILLIS))
                .getEvents();
        return events.stream().filter(row::isInstance).map(row::cast).toList();
    }

    /** {@return everyone in a conference; empty if there is no such conference} */
    public List<ConfbridgeListEvent> participants(String conference) {
        return list(new ConfbridgeListAction(conference), ConfbridgeListEvent.class);
    }

    /** {@return the conferences that there are} */
    public List<ConfbridgeListRoomsEvent> conferences() {
        return list(new ConfbridgeListRoomsAction(), ConfbridgeListRoomsEvent.class);
    }

    /** {@return a variable of a channel, or a global variable if the channel is empty; empty if it is not set} */
    public String variable(String channel, String name) {
        GetVarAction action = channel.isEmpty() ? new GetVarAction(name) : new GetVarAction(channel, name);
        String value = ask(action).getAttribute("Value");
        return value == null ? "" : value;
    }

    /** Sets a variable of a channel. */
    public void setVariable(String channel, String name, String value) {
        act(new SetVarAction(channel, name, value));
    }

    /** Calls a channel, such as {@code Local/101@lab-join/n}, whose telephone is then at {@code lab-far}. */
    public void originate(String channel, Map<String, String> variables) {
        OriginateAction action = new OriginateAction();
        action.setChannel(channel);
        action.setContext("lab-far");
        action.setExten("s");
        action.setPriority(1);
        action.setAsync(true);
        action.setTimeout((long) PATIENCE_MILLIS);
        action.setVariables(variables);
        act(action);
    }

    /** Sends a channel to an extension. */
    public void redirect(String channel, String context, String extension) {
        act(new RedirectAction(channel, context, extension, 1));
    }

    /** Hangs up a channel, if it is still there. */
    public void hangUp(String channel) {
        ask(new HangupAction(channel));
    }

    /** Calls a listener with every event of a type, on the connection's own thread. */
    public <E extends ManagerEvent> void on(Class<E> type, Consumer<E> listener) {
        connection.addEventListener(event -> {
            if (type.isInstance(event)) {
                listener.accept(type.cast(event));
            }
        });
    }

    /** {@return the next event of a type that fits, when it has come} */
    public <E extends ManagerEvent> CompletableFuture<E> next(Class<E> type, Predicate<E> wanted) {
        CompletableFuture<E> next = new CompletableFuture<>();
        ManagerEventListener listener = event -> {
            if (type.isInstance(event) && wanted.test(type.cast(event))) {
                next.complete(type.cast(event));
            }
        };
        connection.addEventListener(listener);
        return next.whenComplete((event, failure) -> connection.removeEventListener(listener));
    }

    @Override
    public void close() {
        connection.logoff();
    }
}
