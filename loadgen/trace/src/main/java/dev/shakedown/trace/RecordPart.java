package dev.shakedown.trace;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.HandshakeMessage;

/** The content of a record, or a part of it. */
public sealed interface RecordPart {
    /** Returns the name in the RFCs. */
    String name();

    /** A complete handshake message, in the record in which it ends. */
    record Handshake(HandshakeMessage message) implements RecordPart {
        @Override
        public String name() {
            return message.label();
        }
    }

    /** A malformed message. */
    record Malformed(String name, String fault, byte[] bytes) implements RecordPart {}

    /** A part of a handshake message that ends in another record. */
    record Piece(String name, int bytes) implements RecordPart {}

    record ChangeCipherSpec() implements RecordPart {
        @Override
        public String name() {
            return "ChangeCipherSpec";
        }
    }

    record AlertPart(Alert alert) implements RecordPart {
        @Override
        public String name() {
            return "Alert";
        }
    }

    record ApplicationData(byte[] bytes) implements RecordPart {
        @Override
        public String name() {
            return "ApplicationData";
        }
    }

    /** Content that could not be decrypted with the keys of the connection. */
    record Undecipherable(int bytes) implements RecordPart {
        @Override
        public String name() {
            return "undecipherable";
        }
    }
}
