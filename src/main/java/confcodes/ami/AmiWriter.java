package confcodes.ami;

import java.io.IOException;
import org.asteriskjava.manager.action.ManagerAction;
import org.asteriskjava.manager.internal.ManagerWriterImpl;
import org.asteriskjava.util.SocketConnectionFacade;

/**
 * asterisk-java's writer (its extension point {@code createWriter}) for all but an {@link AmiAction}, which is its own text.
 *
 * <p>Why: asterisk-java asks an action by reflection for what is to be written, which takes 3.3 µs of a round trip of 80.
 */
final class AmiWriter extends ManagerWriterImpl {

    private SocketConnectionFacade socket;

    @Override
    public void setSocket(SocketConnectionFacade newSocket) {
        super.setSocket(newSocket);
        socket = newSocket;
    }

    @Override
    public void sendAction(ManagerAction action, String internalActionId) throws IOException {
        if (action instanceof AmiAction own) {
            socket.write(own.text(internalActionId));
            socket.flush();
        } else {
            super.sendAction(action, internalActionId);
        }
    }
}
