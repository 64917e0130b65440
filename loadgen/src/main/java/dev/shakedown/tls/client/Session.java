package dev.shakedown.tls.client;

import dev.shakedown.tls.crypto.MasterSecret;
import dev.shakedown.tls.wire.CipherSuite;

/**
 * A session that a server may take up again.
 *
 * @param id                   the server's session ID; empty if it gave none
 * @param ticket               the server's ticket; {@code null} if it gave none, else it is offered instead of the ID
 * @param suite                which resumption must use again
 * @param master               the secret that both sides keep
 * @param extendedMasterSecret whether it was derived as RFC 7627 says, which resumption must repeat
 * @param expiresNanos         when it is no longer worth offering, on the clock of the timestamps handed in
 */
public record Session(byte[] id, byte[] ticket, CipherSuite suite, MasterSecret master, boolean extendedMasterSecret,
        long expiresNanos) {}
