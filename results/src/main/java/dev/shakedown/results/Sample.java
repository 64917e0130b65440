package dev.shakedown.results;

/**
 * All that is kept of one ended arrival; immutable.
 *
 * @param outcome       how it ended
 * @param asked         the kind that the mix asked for
 * @param resumption    what became of the wish to resume
 * @param marks         when it reached what
 * @param bytesSent     TLS bytes written to the socket
 * @param bytesReceived TLS bytes read from the socket
 */
public record Sample(Outcome outcome, Kind asked, Resumption resumption, Marks marks, int bytesSent,
        int bytesReceived) {

    /** What became of the wish to resume a session, judged by what the server sent. */
    public enum Resumption {
        /** No session was offered. */
        NOT_OFFERED,
        /** A session was offered; it ended before the server answered. */
        UNANSWERED,
        /** The server took up the session. */
        ACCEPTED,
        /** The server did a full handshake instead. */
        DECLINED
    }
}
