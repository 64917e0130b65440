package dev.shakedown.trace;

import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Fault;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.MessageReader;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Splits the records of one connection into messages, in both directions, like an observer with the keys that verifies
 * nothing.
 */
final class Dissector {
    private final MessageReader sent = new MessageReader();
    private final MessageReader received = new MessageReader();
    private ProtocolVersion version = ProtocolVersion.TLS_1_2;
    private @Nullable CipherSuite suite;

    /** @param content the plaintext; {@code null} if the record could not be decrypted */
    List<RecordPart> parts(boolean bySender, ContentType type, byte @Nullable [] content, int length) {
        if (content == null) {
            return List.of(new RecordPart.Undecipherable(length));
        }
        return switch (type) {
            case CHANGE_CIPHER_SPEC -> List.of(new RecordPart.ChangeCipherSpec());
            case APPLICATION_DATA -> List.of(new RecordPart.ApplicationData(content));
            case ALERT -> List.of(alert(content));
            case HANDSHAKE -> handshake(bySender ? sent : received, content);
        };
    }

    private static RecordPart alert(byte[] content) {
        try {
            return new RecordPart.AlertPart(Alert.decode(Unpooled.wrappedBuffer(content)));
        } catch (Fault fault) {
            return new RecordPart.Malformed("Alert", fault.getMessage(), content);
        }
    }

    private List<RecordPart> handshake(MessageReader messages, byte[] content) {
        var parts = new ArrayList<RecordPart>();
        messages.append(Unpooled.wrappedBuffer(content));
        try {
            for (ByteBuf next; (next = messages.next()) != null;) {
                parts.add(message(next));
            }
        } catch (Fault fault) {
            parts.add(new RecordPart.Malformed("handshake message", fault.getMessage(), content));
        }
        if (messages.midMessage()) {
            parts.add(new RecordPart.Piece("piece of a handshake message", content.length));
        }
        return parts;
    }

    /** Decodes a CertificateVerify before TLS 1.2, which is only a signature after its length. */
    private static CertificateVerify oldVerify(byte[] bytes) {
        return new CertificateVerify(ServerKeyExchange.NO_SCHEME,
                Arrays.copyOfRange(bytes, Math.min(bytes.length, HandshakeMessage.HEADER + 2), bytes.length));
    }

    private RecordPart message(ByteBuf raw) {
        var type = raw.getUnsignedByte(raw.readerIndex());
        var bytes = new byte[raw.readableBytes()];
        raw.readBytes(bytes);
        var body = Unpooled.wrappedBuffer(bytes, HandshakeMessage.HEADER, bytes.length - HandshakeMessage.HEADER);
        try {
            // A client's CertificateVerify has the same form in TLS 1.2 as in TLS 1.3.
            var message = version == ProtocolVersion.TLS_1_3
                    || type == CertificateVerify.TYPE && version == ProtocolVersion.TLS_1_2
                            ? Tls13Message.decode(type, body)
                            : type == CertificateVerify.TYPE
                                    ? oldVerify(bytes)
                                    : HandshakeMessage.decode(type, body, suite == null ? null : suite.keyExchange(),
                                            version);
            if (message instanceof ServerHello hello) {
                var chosen = ProtocolVersion.of(hello.selectedVersion());
                version = chosen == null ? ProtocolVersion.TLS_1_2 : chosen;
                suite = CipherSuite.of(hello.cipherSuite());
            }
            return new RecordPart.Handshake(message);
        } catch (Fault fault) {
            return new RecordPart.Malformed(HandshakeMessage.name(type), fault.getMessage(), bytes);
        }
    }
}
