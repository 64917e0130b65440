package dev.shakedown.conversation;

import dev.shakedown.net.socket.TransportCause;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import java.net.ConnectException;

/** How a conversation ended. */
public sealed interface Ending {
    /** Shared, since completed conversations do not differ. */
    Ending COMPLETED = new Completed();
    /** The same failure as a refused connection, for a port on which nothing listens. */
    Ending NOTHING_LISTENS = new Failed(HandshakeFailure.ofTransport(Stage.CONNECT,
            TransportCause.CONNECTION_REFUSED.label(),
            TransportCause.CONNECTION_REFUSED.meaning(new ConnectException())));

    /** The handshake finished, and everything that was awaited after it arrived. */
    record Completed() implements Ending {}

    /** The server or the network ended it, or the client did because the server broke a rule. */
    record Failed(HandshakeFailure failure) implements Ending {}

    /** This machine ran out of a resource, or was told to use one it does not have; not the server's fault. */
    record Unsent(TransportCause cause) implements Ending {}

    /**
     * The time ran out.
     *
     * @param stage what was awaited
     */
    record TimedOut(Stage stage) implements Ending {}

    /** The pump cancelled it. */
    record Cancelled() implements Ending {}
}
