package dev.shakedown.tls.client;

/** Why a session ticket that the server sent cannot be offered in a later handshake. */
public enum UnusableTicket {
    /** Its lifetime is 0, so it must be discarded at once (RFC 8446, 4.6.1). */
    NO_LIFETIME,
    /** No ClientHello has room for it, as all extensions share one 16-bit length (RFC 8446, 4.1.2). */
    TOO_LARGE
}
