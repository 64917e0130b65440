package dev.shakedown.tls.client;

import dev.shakedown.tls.wire.ContentType;
import org.jspecify.annotations.Nullable;

/**
 * Watches one handshake from inside: every record of both sides, opened, and the secrets. The arrays are the witness's.
 */
public interface HandshakeObserver {
    /**
     * A record as it stands on the wire, and what it holds.
     *
     * @param sent        whether the client sent it
     * @param record      header and fragment, or the header alone for who does not want all
     * @param type        of the content
     * @param content     without protection; {@code null} when it could not be opened
     * @param isProtected whether the record was
     */
    void record(boolean sent, byte[] record, ContentType type, byte @Nullable [] content, boolean isProtected);

    /** Whether it wants whole records, and secrets that the handshake itself does not need. */
    default boolean wantsAll() {
        return true;
    }

    /** Bytes of the server's that are no record, or not a whole one. */
    default void remains(byte[] bytes) {
        // not of interest to all
    }

    /** A secret under its name in NSS key logs, such as {@code CLIENT_RANDOM} for the master secret of TLS 1.2. */
    void secret(String label, byte[] secret);
}
