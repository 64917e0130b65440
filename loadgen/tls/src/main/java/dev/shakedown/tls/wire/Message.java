package dev.shakedown.tls.wire;

/** What advances the handshake: a handshake message, or the ChangeCipherSpec between two of them. */
public sealed interface Message permits HandshakeMessage, Message.ChangeCipherSpec {
    /** Returns the RFCs' name, such as {@code ServerHello}. */
    default String label() {
        return getClass().getSimpleName();
    }

    /** Announces that the sender's next records are protected under the new keys (RFC 5246, 7.1). */
    record ChangeCipherSpec() implements Message {
        /** Its only byte. */
        public static final int CONTENT = 1;
    }
}
