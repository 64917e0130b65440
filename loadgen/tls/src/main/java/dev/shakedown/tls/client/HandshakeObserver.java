package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * Observes one handshake from inside: every record of both sides, decrypted, and the secrets. The observer may keep the
 * arrays.
 */
public interface HandshakeObserver {
    /**
     * Called for each record, with its encoding on the wire and its content.
     *
     * @param sent        whether the client sent it
     * @param record      header and fragment, or the header alone unless {@link #wantsAll}
     * @param type        the content's type
     * @param content     the plaintext; {@code null} if the record could not be opened
     * @param isProtected whether the record was protected
     */
    void record(boolean sent, byte[] record, ContentType type, byte @Nullable [] content, boolean isProtected);

    /** Whether this observer wants whole records, and secrets that the handshake itself does not need. */
    default boolean wantsAll() {
        return true;
    }

    /** Called with bytes from the server that are not a record, or only part of one. */
    default void remains(byte[] bytes) {
        // most observers do not need it
    }

    /**
     * Called for each secret, with its name in NSS key logs, such as {@code CLIENT_RANDOM} for the master secret of TLS
     * 1.2.
     */
    void secret(String label, byte[] secret);
}
