package dev.shakedown.results;

import java.util.Optional;

/**
 * What else a completed handshake showed: to be counted, not timed. Handshakes that showed the same may share one
 * object.
 *
 * @param earlyTicket            whether a ticket of TLS 1.3 arrived before the client's Finished had left, so that it
 *                               does not show that the server took the Finished
 * @param ticketsWithoutLifetime tickets that were to be discarded at once (RFC 8446, 4.6.1)
 * @param ticketsTooLarge        tickets that no ClientHello has room for
 * @param clientCertificate      what became of the client's certificate
 * @param protocol               what the server chose by ALPN (RFC 7301); empty where it chose nothing
 * @param serverName             whether the server's certificate bears the name that was asked for
 * @param certificate            the server's own certificate; empty where it showed none
 * @param hasHigherVersion       whether the server says that it has a higher version than was offered
 */
public record HandshakeTraits(boolean earlyTicket, int ticketsWithoutLifetime, int ticketsTooLarge,
        ClientCertificate clientCertificate, Optional<String> protocol, ServerName serverName,
        Optional<ServerCertificate> certificate, boolean hasHigherVersion) {
    /** Nothing worth counting. */
    public static final HandshakeTraits NOTHING = new HandshakeTraits(false, 0, 0, ClientCertificate.NOT_HELD,
            Optional.empty(),
            ServerName.NOT_CHECKED);

    /** What says nothing of the server's certificate and versions. */
    public HandshakeTraits(boolean earlyTicket, int ticketsWithoutLifetime, int ticketsTooLarge,
            ClientCertificate clientCertificate, Optional<String> protocol, ServerName serverName) {
        this(earlyTicket, ticketsWithoutLifetime, ticketsTooLarge, clientCertificate, protocol, serverName,
                Optional.empty(), false);
    }

    /**
     * A server's own certificate.
     *
     * @param key      algorithm and size of its key, such as {@code RSA 2048}
     * @param name     what it was made for: its first DNS name, else its subject's common name, else its subject
     * @param notAfter until when it is in force, ISO 8601 in UTC
     */
    public record ServerCertificate(String key, String name, String notAfter) {}

    /** What became of the client's certificate. */
    public enum ClientCertificate {
        /** The client has none, or the session was resumed, in which case no server asks. */
        NOT_HELD,
        /** The server did not ask for one. */
        NOT_ASKED,
        /** The server asked, and got it. */
        SHOWN,
        /** The server asked, but for kinds of signatures that the certificate's key cannot make. */
        NONE_FITS
    }

    /** Whether the server's certificate bears the name that the client asked for by SNI (RFC 6066, 3). */
    public enum ServerName {
        /** No name was asked for, or no certificate was shown that can be read. */
        NOT_CHECKED, BORNE, NOT_BORNE
    }
}
