package dev.shakedown.tls.client;

/** Why a session ticket that the server sent cannot be offered in a later handshake. */
public enum UnusableTicket {
    /** Its lifetime is 0, which says that it is to be discarded at once (RFC 8446, 4.6.1). */
    NO_LIFETIME,
    /** No ClientHello has room for it: all its extensions share a length of 16 bits (RFC 8446, 4.1.2). */
    TOO_LARGE
}
