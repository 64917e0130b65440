package dev.shakedown.trace;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.HandshakeMessage;

/** What a record holds, or one of the things it holds. */
public sealed interface RecordPart {
    /** The RFCs' name. */
    String name();

    /** A whole handshake message, in the record that ends it. */
    record Handshake(HandshakeMessage message) implements RecordPart {
        @Override
        public String name() {
            return message.label();
        }
    }

    /** A handshake message that does not follow its form. */
    record Malformed(String name, String fault, byte[] bytes) implements RecordPart {}

    /** A handshake message begins or goes on here, and ends in another record. */
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

    /** It could not be opened with the keys of the connection. */
    record Undecipherable(int bytes) implements RecordPart {
        @Override
        public String name() {
            return "undecipherable";
        }
    }
}
