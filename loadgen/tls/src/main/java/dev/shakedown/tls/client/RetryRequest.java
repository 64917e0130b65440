package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.Optional;

/**
 * What a HelloRetryRequest asks for (RFC 8446, 4.1.4).
 *
 * @param group  in which a share is wanted; empty to leave it
 * @param cookie to be sent back
 */
record RetryRequest(CipherSuite suite, Optional<NamedGroup> group, Optional<Extension> cookie) {
    int cookieLength() {
        return cookie.isPresent() ? cookie.get().data().length : 0;
    }
}
