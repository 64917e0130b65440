package dev.shakedown.results;

/**
 * All that is kept of one ended arrival; immutable.
 *
 * @param outcome       how it ended
 * @param asked         the kind that the mix asked for
 * @param resumption    what became of the wish to resume
 * @param earlyData     what became of early data
 * @param tickets       whether it waited for a ticket once its handshake was done
 * @param observed      what else it showed
 * @param marks         when it reached what
 * @param bytesSent     TLS bytes written to the socket
 * @param bytesReceived TLS bytes read from the socket
 */
public record Sample(Outcome outcome, Kind asked, Resumption resumption, EarlyData earlyData, Tickets tickets,
        HandshakeTraits observed, Marks marks, int bytesSent, int bytesReceived) {

    /** One that neither sent early data nor waited for a ticket, nor showed anything else. */
    public Sample(Outcome outcome, Kind asked, Resumption resumption, Marks marks, int bytesSent, int bytesReceived) {
        this(outcome, asked, resumption, EarlyData.NOT_OFFERED, Tickets.NOT_AWAITED, HandshakeTraits.NOTHING, marks,
                bytesSent,
                bytesReceived);
    }

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

    /** What became of early data (RFC 8446, 2.3). */
    public enum EarlyData {
        NOT_OFFERED,
        /** It was sent; the connection ended before the server said whether it takes it. */
        UNANSWERED,
        ACCEPTED,
        REJECTED,
        /** Rejected, and the request was sent again after the handshake. */
        RETRIED
    }

    /** Whether a connection waited for a ticket (RFC 8446, 4.6.1) beyond its handshake. */
    public enum Tickets {
        NOT_AWAITED,
        CAME,
        /** It came only once a request was sent. */
        CAME_AFTER_REQUEST,
        MISSING
    }
}
