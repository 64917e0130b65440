package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.ClientHello;
import java.util.Optional;

/**
 * A ClientHello, and what belongs to it.
 *
 * @param share      its key share, if TLS 1.3 is offered
 * @param resumption the session that it offers
 * @param earlyData  what has happened to the early data: unanswered if this hello announces it
 */
record Offered(ClientHello hello, Optional<KeyShare> share, Resumption resumption, EarlyData earlyData) {
    /** The session that is offered, and what is needed of it before the server answers. */
    sealed interface Resumption {
        static Resumption of(Optional<Session> session, Primitives primitives) {
            return switch (session.orElse(null)) {
                case null -> NONE;
                case Session.Tls12 tls12 -> new OfTls12(tls12);
                case Session.Tls13 tls13 -> new OfTls13(tls13, tls13.key().early(primitives));
            };
        }

        Resumption NONE = new None();
    }

    /** No session. */
    record None() implements Resumption {}

    /** A session of up to TLS 1.2; the hello contains its ID or ticket. */
    record OfTls12(Session.Tls12 session) implements Resumption {}

    /** @param early the secret derived from its key, which the binder is computed with */
    record OfTls13(Session.Tls13 session, EarlySecret early) implements Resumption {}

    /** Whether early data follows this hello. */
    boolean announcesEarlyData() {
        return earlyData == EarlyData.UNANSWERED;
    }
}
