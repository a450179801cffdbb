package org.asteriskjava.manager.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.asteriskjava.manager.event.ManagerEvent;
import org.asteriskjava.manager.event.ProtocolIdentifierReceivedEvent;
import org.asteriskjava.manager.response.ManagerResponse;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * asterisk-java's connection without its reader, for one whose every answer is read by whoever waits for it. It stands in
 * asterisk-java's package because the extension point, {@code createReader}, has a parameter of a type that is known only
 * there.
 *
 * <p>Why: for its reader asterisk-java searches the class path for event classes, of which none is needed here, and keeps two
 * threads for each connection. Without it a shell command took 131 ms instead of 153 (medians of 31, by turns).
 *
 * <p>A subclass has to override {@link #sendAction(org.asteriskjava.manager.action.ManagerAction, long)}, whose answers nobody
 * reads otherwise, and {@code createSocket}; of that socket one line is read here, the greeting.
 */
public abstract class ReaderlessConnection extends ManagerConnectionImpl {

    /** Creates a connection that is not yet open. */
    protected ReaderlessConnection() {}

    @Override
    protected final ManagerReader createReader(Dispatcher dispatcher, Object source) {
        return new GreetingReader(dispatcher, source);
    }

    /** Passes on the greeting, before which asterisk-java does not log in, and nothing else. */
    private record GreetingReader(Dispatcher dispatcher, Object source) implements ManagerReader {

        @Override
        public void setSocket(SocketConnectionFacade socket) {
            ProtocolIdentifierReceivedEvent greeting = new ProtocolIdentifierReceivedEvent(source);
            try {
                greeting.setProtocolIdentifier(socket.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            dispatcher.dispatchEvent(greeting, null);
        }

        /** Ends the thread that asterisk-java starts for its reader. */
        @Override
        public void run() {}

        @Override
        public void registerEventClass(Class<? extends ManagerEvent> event) {
            throw new UnsupportedOperationException("no events are read");
        }

        @Override
        public void deregisterEventClass(Class<? extends ManagerEvent> event) {
            throw new UnsupportedOperationException("no events are read");
        }

        @Override
        public void expectResponseClass(String internalActionId, Class<? extends ManagerResponse> responseClass) {}

        @Override
        public void die() {}

        @Override
        public boolean isDead() {
            return true;
        }

        @Override
        public IOException getTerminationException() {
            return null;
        }
    }
}
