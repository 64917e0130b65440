package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.NamedGroup;
import java.util.Optional;

/**
 * What a HelloRetryRequest asks for (RFC 8446, 4.1.4).
 *
 * @param group  the group to send a key share in; empty to keep the first
 * @param cookie the extension to send back
 */
record RetryRequest(CipherSuite suite, Optional<NamedGroup> group, Optional<Extension> cookie) {
    int cookieLength() {
        return cookie.isPresent() ? cookie.get().data().length : 0;
    }
}
