package dev.shakedown.results;

/**
 * What is kept of an arrival that has ended; immutable.
 *
 * @param outcome       how it ended
 * @param asked         the kind that the mix asked for
 * @param resumption    the outcome of resumption
 * @param earlyData     the outcome of early data
 * @param tickets       whether it waited for a ticket after its handshake
 * @param observed      other traits of the handshake
 * @param marks         the times at which it reached each mark
 * @param bytesSent     TLS bytes written to the socket
 * @param bytesReceived TLS bytes read from the socket
 */
public record Sample(Outcome outcome, Kind asked, Resumption resumption, EarlyData earlyData, Tickets tickets,
        HandshakeTraits observed, Marks marks, int bytesSent, int bytesReceived) {

    /** Makes a sample that neither sent early data nor waited for a ticket, and has no other traits. */
    public Sample(Outcome outcome, Kind asked, Resumption resumption, Marks marks, int bytesSent, int bytesReceived) {
        this(outcome, asked, resumption, EarlyData.NOT_OFFERED, Tickets.NOT_AWAITED, HandshakeTraits.NOTHING, marks,
                bytesSent,
                bytesReceived);
    }

    /** The outcome of resumption, judged by what the server sent. */
    public enum Resumption {
        /** No session was offered. */
        NOT_OFFERED,
        /** A session was offered, but the connection ended before the server answered. */
        UNANSWERED,
        /** The server resumed the session. */
        ACCEPTED,
        /** The server did a full handshake instead. */
        DECLINED
    }

    /** The outcome of early data (RFC 8446, 2.3). */
    public enum EarlyData {
        NOT_OFFERED,
        /** It was sent, but the connection ended before the server said whether it accepts it. */
        UNANSWERED,
        ACCEPTED,
        REJECTED,
        /** Rejected, and the request was sent again after the handshake. */
        RETRIED
    }

    /** Whether a connection waited for a ticket (RFC 8446, 4.6.1) after its handshake. */
    public enum Tickets {
        NOT_AWAITED,
        CAME,
        /** The ticket came only once a request was sent. */
        CAME_AFTER_REQUEST,
        MISSING
    }
}
