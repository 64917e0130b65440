package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;

/**
 * What a HelloRetryRequest asks for (RFC 8446, 4.1.4).
 *
 * @param group  in which a share is wanted; {@code null} to leave it
 * @param cookie to be sent back; {@code null} for none
 */
record RetryRequest(CipherSuite suite, NamedGroup group, Extension cookie) {
    int cookieLength() {
        return cookie == null ? 0 : cookie.data().length;
    }
}
