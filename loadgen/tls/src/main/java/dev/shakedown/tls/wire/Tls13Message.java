package dev.shakedown.tls.wire;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A handshake message that only TLS 1.3 has, or has in another format (RFC 8446, 4). Hellos and Finished are the same
 * in every version.
 */
public sealed interface Tls13Message extends HandshakeMessage {
    /**
     * Decodes the message with this body, on a TLS 1.3 connection.
     *
     * @param type the message's type byte
     * @throws Fault if TLS 1.3 has no such message, or the body is too short, too long or malformed
     */
    static HandshakeMessage decode(int type, ByteBuf body) throws Fault {
        return HandshakeMessage.decodeWhole(label(type), body, () -> switch (type) {
            case ClientHello.TYPE -> ClientHello.decodeBody(body);
            case ServerHello.TYPE -> ServerHello.decodeBody(body);
            case NewSessionTicket.TYPE -> NewSessionTicket.decodeBody(body);
            case EndOfEarlyData.TYPE -> new EndOfEarlyData();
            case EncryptedExtensions.TYPE -> EncryptedExtensions.decodeBody(body);
            case Certificate.TYPE -> Certificate.decodeBody(body);
            case CertificateRequest.TYPE -> CertificateRequest.decodeBody(body);
            case CertificateVerify.TYPE -> CertificateVerify.decodeBody(body);
            case Finished.TYPE -> new Finished(Vectors.bytes(body, body.readableBytes()));
            case KeyUpdate.TYPE -> KeyUpdate.decodeBody(body);
            default -> throw new Fault(Violation.MESSAGE_NOT_OF_TLS13, label(type));
        });
    }

    /** Returns the RFCs' name of a message type, or its number. */
    static String label(int type) {
        return switch (type) {
            case EndOfEarlyData.TYPE -> "EndOfEarlyData";
            case EncryptedExtensions.TYPE -> "EncryptedExtensions";
            case CertificateVerify.TYPE -> "CertificateVerify";
            case KeyUpdate.TYPE -> "KeyUpdate";
            default -> HandshakeMessage.name(type);
        };
    }

    @Override
    default String label() {
        return label(type());
    }

    /** The EncryptedExtensions: the server's choices that no key depends on (RFC 8446, 4.3.1). */
    record EncryptedExtensions(List<Extension> extensions) implements Tls13Message {
        public static final int TYPE = 8;

        /** Returns the extension of this type, or {@code null}. */
        public @Nullable Extension extension(int type) {
            return Extension.of(extensions, type);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            Extension.encodeBlock(out, extensions);
        }

        private static EncryptedExtensions decodeBody(ByteBuf in) throws Fault {
            return new EncryptedExtensions(Extension.decodeBlock(in, "EncryptedExtensions"));
        }
    }

    /**
     * The NewSessionTicket: a ticket to resume the session with (RFC 8446, 4.6.1).
     *
     * @param lifetimeSeconds at most a week; 0 to discard the ticket at once
     * @param ageAdd          32 bits that obfuscate the ticket's age
     * @param nonce           makes the keys of one connection's tickets different
     * @param ticket          opaque, not empty
     */
    record NewSessionTicket(long lifetimeSeconds, int ageAdd, byte[] nonce, byte[] ticket, List<Extension> extensions)
            implements
                Tls13Message {
        public static final int TYPE = HandshakeMessage.NewSessionTicket.TYPE;

        /** Returns the extension of this type, or {@code null}. */
        public @Nullable Extension extension(int type) {
            return Extension.of(extensions, type);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            out.writeInt((int) lifetimeSeconds).writeInt(ageAdd);
            Vectors.write8(out, nonce);
            Vectors.write16(out, ticket);
            Extension.encodeBlock(out, extensions);
        }

        private static NewSessionTicket decodeBody(ByteBuf in) throws Fault {
            var decoded = new NewSessionTicket(in.readUnsignedInt(), in.readInt(), Vectors.read8(in),
                    Vectors.read16(in),
                    Extension.decodeBlock(in, "NewSessionTicket"));
            if (decoded.ticket.length == 0) {
                throw new Fault(Violation.TICKET_EMPTY);
            }
            return decoded;
        }
    }

    /** The EndOfEarlyData, which ends the client's early data (RFC 8446, 4.5). */
    record EndOfEarlyData() implements Tls13Message {
        public static final int TYPE = 5;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {}
    }

    /**
     * The Certificate message: a chain of DER certificates, the sender's own first (RFC 8446, 4.4.2); a client may send
     * none.
     *
     * @param context the context of the CertificateRequest that it answers; empty from a server
     */
    record Certificate(byte[] context, List<Entry> entries) implements Tls13Message {
        public static final int TYPE = HandshakeMessage.Certificate.TYPE;

        /** One certificate with its extensions. */
        public record Entry(byte[] certificate, List<Extension> extensions) {}

        @Override
        public int type() {
            return TYPE;
        }

        /** Returns the certificates without their extensions. */
        public List<byte[]> chain() {
            return entries.stream().map(Entry::certificate).toList();
        }

        @Override
        public void encodeBody(ByteBuf out) {
            Vectors.write8(out, context);
            Vectors.write24(out, list -> {
                for (var entry : entries) {
                    Vectors.write24(list, certificate -> certificate.writeBytes(entry.certificate));
                    Extension.encodeBlock(list, entry.extensions);
                }
            });
        }

        private static Certificate decodeBody(ByteBuf in) throws Fault {
            var context = Vectors.read8(in);
            var list = Vectors.slice24(in);
            var entries = new ArrayList<Entry>(4);
            while (list.isReadable()) {
                var certificate = Vectors.read24(list);
                if (certificate.length == 0) {
                    throw new Fault(Violation.CERTIFICATE_ENTRY_EMPTY);
                }
                entries.add(new Entry(certificate, Extension.decodeBlock(list, "Certificate")));
            }
            return new Certificate(context, entries);
        }
    }

    /**
     * The CertificateRequest: the server asks for a certificate (RFC 8446, 4.3.2).
     *
     * @param context    what the client's Certificate must repeat; empty during the handshake
     * @param extensions includes signature_algorithms
     */
    record CertificateRequest(byte[] context, List<Extension> extensions) implements Tls13Message {
        public static final int TYPE = HandshakeMessage.CertificateRequest.TYPE;

        /** Returns the extension of this type, or {@code null}. */
        public @Nullable Extension extension(int type) {
            return Extension.of(extensions, type);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            Vectors.write8(out, context);
            Extension.encodeBlock(out, extensions);
        }

        private static CertificateRequest decodeBody(ByteBuf in) throws Fault {
            return new CertificateRequest(Vectors.read8(in), Extension.decodeBlock(in, "CertificateRequest"));
        }
    }

    /**
     * The CertificateVerify: proves that the sender has the key of its certificate (RFC 8446, 4.4.3).
     *
     * @param scheme    the number of the signature algorithm; {@link ServerKeyExchange#NO_SCHEME} before TLS 1.2, where
     *                  the message is otherwise the same
     * @param signature the signature over the handshake so far
     */
    record CertificateVerify(int scheme, byte[] signature) implements Tls13Message {
        public static final int TYPE = 15;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            if (scheme != ServerKeyExchange.NO_SCHEME) {
                out.writeShort(scheme);
            }
            Vectors.write16(out, signature);
        }

        private static CertificateVerify decodeBody(ByteBuf in) {
            return new CertificateVerify(in.readUnsignedShort(), Vectors.read16(in));
        }
    }

    /**
     * The KeyUpdate: the sender changes the keys that it writes with (RFC 8446, 4.6.3).
     *
     * @param requested whether the receiver must do the same
     */
    record KeyUpdate(boolean requested) implements Tls13Message {
        public static final int TYPE = 24;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            out.writeByte(requested ? 1 : 0);
        }

        private static KeyUpdate decodeBody(ByteBuf in) throws Fault {
            var requested = in.readUnsignedByte();
            if (requested > 1) {
                throw new Fault(Violation.KEY_UPDATE_VALUE, requested);
            }
            return new KeyUpdate(requested == 1);
        }
    }
}
