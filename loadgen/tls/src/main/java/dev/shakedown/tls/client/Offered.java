package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.crypto.Primitives;
import dev.shakedown.tls.wire.ClientHello;
import java.util.Optional;

/**
 * One ClientHello, and what goes with it.
 *
 * @param share      the key share it carries, where TLS 1.3 is offered
 * @param resumption the session it offers
 * @param earlyData  what became of the early data by then: unanswered where this one announces it
 */
record Offered(ClientHello hello, Optional<KeyShare> share, Resumption resumption, EarlyData earlyData) {
    /** Which session is offered, and what of it is needed before the server has answered. */
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

    /** Its ID or its ticket stands in the hello. */
    record OfTls12(Session.Tls12 session) implements Resumption {}

    /** @param early what follows from its key, and binds that to the hello */
    record OfTls13(Session.Tls13 session, EarlySecret early) implements Resumption {}

    /** Whether early data stands behind it. */
    boolean announcesEarlyData() {
        return earlyData == EarlyData.UNANSWERED;
    }
}
