package dev.shakedown.tls.client;

import dev.shakedown.tls.client.ClientHandshake.Output;
import dev.shakedown.tls.client.ClientHandshake.Progress;
import dev.shakedown.tls.crypto.RecordProtection;
import dev.shakedown.tls.crypto.Transcript;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.Message;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.RecordReader;

/**
 * What one client sends: messages gather into a flight, which leaves as a whole. The one place where written messages
 * enter the transcript.
 */
final class Flight {
    private final ClientMemory memory;
    private final Transcript transcript;
    private final Output output;
    // RFC 5246, E.1: the record of a ClientHello says TLS 1.0, which old servers take as well.
    private RecordProtection protection = new RecordProtection.None(ProtocolVersion.TLS_1_0.id());

    Flight(ClientMemory memory, Transcript transcript, Output output) {
        this.memory = memory;
        this.transcript = transcript;
        this.output = output;
    }

    /** Begins empty: what an error cut short in another handshake must not leave with this one. */
    void begin() {
        memory.flight().clear();
    }

    /** Adds a message, to the transcript too. */
    void write(HandshakeMessage message) {
        var encoded = memory.message();
        message.encode(encoded);
        transcript.add(encoded);
        while (encoded.isReadable()) {
            var part = encoded.readSlice(Math.min(encoded.readableBytes(), RecordReader.MAX_CONTENT));
            protection.seal(ContentType.HANDSHAKE, part, memory.flight());
        }
    }

    /** Adds a ChangeCipherSpec; what follows is protected under the new keys. */
    void changeKeys(RecordProtection newProtection) {
        var content = memory.message().writeByte(Message.ChangeCipherSpec.CONTENT);
        protection.seal(ContentType.CHANGE_CIPHER_SPEC, content, memory.flight());
        protection = newProtection;
    }

    /** Hands the flight over and begins a new one. */
    void send(Progress reached) {
        var flight = memory.flight();
        output.send(flight, reached);
        flight.clear();
        if (reached == Progress.HELLO_SENT) {
            protection = new RecordProtection.None(ProtocolVersion.TLS_1_2.id());
        }
    }

    /** Sends an alert at once; what a fault interrupted must not leave with it. */
    void alert(int level, AlertDescription description) {
        memory.flight().clear();
        var content = memory.message();
        new Alert(level, description.id()).encode(content);
        protection.seal(ContentType.ALERT, content, memory.flight());
        send(null);
    }
}
