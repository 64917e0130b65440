package dev.shakedown.tls.wire;

/** What moves the handshake on: a handshake message, or the ChangeCipherSpec that stands between two of them. */
public sealed interface Message permits HandshakeMessage, Message.ChangeCipherSpec {
    /** The name in the RFCs, such as {@code ServerHello}. */
    default String label() {
        return getClass().getSimpleName();
    }

    /** From here on the sender's records are protected under the new keys (RFC 5246, 7.1). */
    record ChangeCipherSpec() implements Message {
        /** Its one byte. */
        public static final int CONTENT = 1;
    }
}
