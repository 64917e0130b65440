package dev.shakedown.conversation;

import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import java.net.ConnectException;

/** How a conversation ended. */
public sealed interface Ending {
    /** There is nothing to tell of one completed conversation that another has not. */
    Ending COMPLETED = new Completed();
    /** As where nothing listens at the server's port. */
    Ending NOBODY_LISTENS = new Failed(HandshakeFailure.ofTransport(Stage.CONNECT,
            TransportCause.CONNECTION_REFUSED.label(),
            TransportCause.CONNECTION_REFUSED.meaning(new ConnectException())));

    /** The handshake is done, and whatever had to come behind it came. */
    record Completed() implements Ending {}

    /** The server or the network ended it, or the client did because the server broke a rule. */
    record Failed(HandshakeFailure failure) implements Ending {}

    /** This machine ran out of something, or was told to use what it has not: no fault of the server's. */
    record Unsent(TransportCause cause) implements Ending {}

    /**
     * Its time was over.
     *
     * @param stage what was awaited
     */
    record TimedOut(Stage stage) implements Ending {}

    /** Whoever drives it wants no more of it. */
    record Cancelled() implements Ending {}
}
