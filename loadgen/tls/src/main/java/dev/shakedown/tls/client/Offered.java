package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.KeySchedule.EarlySecret;
import dev.shakedown.tls.crypto.KeyShare;
import dev.shakedown.tls.wire.ClientHello;

/**
 * One ClientHello, and what goes with it.
 *
 * @param share     the key share it carries; {@code null} where TLS 1.3 is not offered
 * @param session   the session it offers, or {@code null}
 * @param early     what follows from the key of a session of TLS 1.3; {@code null} where none is offered
 * @param earlyData what became of the early data by then: unanswered where this one announces it
 */
record Offered(ClientHello hello, KeyShare share, Session session, EarlySecret early, EarlyData earlyData) {
    /** Whether early data stands behind it. */
    boolean announcesEarlyData() {
        return earlyData == EarlyData.UNANSWERED;
    }

    Session.Tls12 tls12Session() {
        return session instanceof Session.Tls12 tls12 ? tls12 : null;
    }

    Session.Tls13 tls13Session() {
        return session instanceof Session.Tls13 tls13 ? tls13 : null;
    }
}
