package dev.shakedown.results;

import java.util.Optional;

/**
 * Traits of a completed handshake that are counted, not timed. Handshakes with equal traits may share one object.
 *
 * @param earlyTicket            whether a ticket of TLS 1.3 arrived before the client's Finished was sent, so that it
 *                               does not show that the server accepted the Finished
 * @param ticketsWithoutLifetime tickets with a lifetime of 0, to be discarded immediately (RFC 8446, 4.6.1)
 * @param ticketsTooLarge        tickets too large for a ClientHello
 * @param clientCertificate      what became of the client's certificate
 * @param protocol               the protocol that the server chose by ALPN (RFC 7301); empty where it chose none
 * @param serverName             whether the server's certificate contains the requested name
 * @param certificate            the server's own certificate; empty where it presented none
 * @param hasHigherVersion       whether the server says that it supports a higher version than was offered
 */
public record HandshakeTraits(boolean earlyTicket, int ticketsWithoutLifetime, int ticketsTooLarge,
        ClientCertificate clientCertificate, Optional<String> protocol, ServerName serverName,
        Optional<ServerCertificate> certificate, boolean hasHigherVersion) {
    /** Nothing worth counting. */
    public static final HandshakeTraits NOTHING = new HandshakeTraits(false, 0, 0, ClientCertificate.NOT_HELD,
            Optional.empty(),
            ServerName.NOT_CHECKED);

    /** Makes traits that say nothing about the server's certificate and versions. */
    public HandshakeTraits(boolean earlyTicket, int ticketsWithoutLifetime, int ticketsTooLarge,
            ClientCertificate clientCertificate, Optional<String> protocol, ServerName serverName) {
        this(earlyTicket, ticketsWithoutLifetime, ticketsTooLarge, clientCertificate, protocol, serverName,
                Optional.empty(), false);
    }

    /**
     * A server's own certificate.
     *
     * @param key      algorithm and size of its key, such as {@code RSA 2048}
     * @param name     what it was issued for: its first DNS name, else its subject's common name, else its subject
     * @param notAfter the end of its validity, ISO 8601 in UTC
     */
    public record ServerCertificate(String key, String name, String notAfter) {}

    /** What became of the client's certificate. */
    public enum ClientCertificate {
        /** The client has none, or the session was resumed, in which case no server asks. */
        NOT_HELD,
        /** The server did not ask for one. */
        NOT_ASKED,
        /** The server asked for it, and the client presented it. */
        SHOWN,
        /** The server asked, but only for signatures that the certificate's key cannot make. */
        NONE_FITS
    }

    /** Whether the server's certificate contains the name that the client requested by SNI (RFC 6066, 3). */
    public enum ServerName {
        /** No name was requested, or no readable certificate was presented. */
        NOT_CHECKED, BORNE, NOT_BORNE
    }
}
