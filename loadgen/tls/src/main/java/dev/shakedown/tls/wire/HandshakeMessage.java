package dev.shakedown.tls.wire;

import dev.shakedown.tls.wire.CipherSuite.KeyExchange;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A handshake message (RFC 5246, 7.4). {@link #encode} and {@link #decode} are inverses of each other. */
public sealed interface HandshakeMessage extends Message permits ClientHello, ServerHello,
        HandshakeMessage.HelloRequest, HandshakeMessage.NewSessionTicket, HandshakeMessage.Certificate,
        HandshakeMessage.ServerKeyExchange, HandshakeMessage.CertificateRequest, HandshakeMessage.ServerHelloDone,
        HandshakeMessage.ClientKeyExchange, HandshakeMessage.Finished, Tls13Message {

    /** The length of the header before each message's body, in bytes: type and length. */
    int HEADER = 4;

    /** Returns the type byte. */
    int type();

    /** Writes the body, without the header. */
    void encodeBody(ByteBuf out);

    /** Writes header and body. */
    default void encode(ByteBuf out) {
        out.writeByte(type());
        Vectors.write24(out, this::encodeBody);
    }

    /**
     * Decodes the message with this body, on a connection that uses TLS 1.2 or has not agreed on a version.
     *
     * @param type        the message's type byte
     * @param keyExchange the key exchange of the suite in use, which determines the format of key exchange messages;
     *                    {@code null} before a suite is agreed on
     * @throws Fault if the type is unknown, or the body is too short, too long or malformed
     */
    static HandshakeMessage decode(int type, ByteBuf body, @Nullable KeyExchange keyExchange) throws Fault {
        return decode(type, body, keyExchange, ProtocolVersion.TLS_1_2);
    }

    /** Decodes the message with this body, in any version up to TLS 1.2. */
    static HandshakeMessage decode(int type, ByteBuf body, @Nullable KeyExchange keyExchange, ProtocolVersion version)
            throws Fault {
        // Signatures name their algorithm.
        var namesSchemes = version == ProtocolVersion.TLS_1_2;
        return decodeWhole(name(type), body, () -> switch (type) {
            case HelloRequest.TYPE -> new HelloRequest();
            case ClientHello.TYPE -> ClientHello.decodeBody(body);
            case ServerHello.TYPE -> ServerHello.decodeBody(body);
            case NewSessionTicket.TYPE -> NewSessionTicket.decodeBody(body);
            case Certificate.TYPE -> Certificate.decodeBody(body);
            case ServerKeyExchange.TYPE -> ServerKeyExchange.decodeBody(body, keyExchange, namesSchemes);
            case CertificateRequest.TYPE -> CertificateRequest.decodeBody(body, namesSchemes);
            case ServerHelloDone.TYPE -> new ServerHelloDone();
            case ClientKeyExchange.TYPE -> ClientKeyExchange.decodeBody(body, keyExchange, version);
            case Finished.TYPE -> new Finished(Vectors.bytes(body, body.readableBytes()));
            default -> throw new Fault(Violation.MESSAGE_TYPE_UNKNOWN, type);
        });
    }

    /** Decodes a body, which must end where the message does. */
    interface Decoder {
        HandshakeMessage decode() throws Fault;
    }

    /** Returns what {@code decoder} reads, which must be exactly the whole of {@code body}. */
    static HandshakeMessage decodeWhole(String name, ByteBuf body, Decoder decoder) throws Fault {
        try {
            var decoded = decoder.decode();
            if (body.isReadable()) {
                throw new Fault(Violation.MESSAGE_TOO_LONG, name, body.readableBytes());
            }
            return decoded;
        } catch (IndexOutOfBoundsException _) {
            throw new Fault(Violation.MESSAGE_CUT_SHORT, name);
        }
    }

    /** Returns the RFCs' name of a message type, or its number. */
    static String name(int type) {
        return switch (type) {
            case HelloRequest.TYPE -> "HelloRequest";
            case ClientHello.TYPE -> "ClientHello";
            case ServerHello.TYPE -> "ServerHello";
            case NewSessionTicket.TYPE -> "NewSessionTicket";
            case Certificate.TYPE -> "Certificate";
            case ServerKeyExchange.TYPE -> "ServerKeyExchange";
            case CertificateRequest.TYPE -> "CertificateRequest";
            case ServerHelloDone.TYPE -> "ServerHelloDone";
            case ClientKeyExchange.TYPE -> "ClientKeyExchange";
            case Finished.TYPE -> "Finished";
            default -> "handshake message " + type;
        };
    }

    /** The HelloRequest: the server asks for a new handshake (RFC 5246, 7.4.1.1). */
    record HelloRequest() implements HandshakeMessage {
        public static final int TYPE = 0;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {}
    }

    /**
     * The NewSessionTicket: a ticket to resume the session with (RFC 5077, 3.3).
     *
     * @param lifetimeSeconds a hint; 0 if the server does not specify one
     * @param ticket          opaque; empty if the server issues none after all
     */
    record NewSessionTicket(long lifetimeSeconds, byte[] ticket) implements HandshakeMessage {
        public static final int TYPE = 4;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            out.writeInt((int) lifetimeSeconds);
            Vectors.write16(out, ticket);
        }

        private static NewSessionTicket decodeBody(ByteBuf in) {
            return new NewSessionTicket(in.readUnsignedInt(), Vectors.read16(in));
        }
    }

    /**
     * The Certificate message: a chain of DER certificates, the sender's own first (RFC 5246, 7.4.2); a client may send
     * none.
     */
    record Certificate(List<byte[]> chain) implements HandshakeMessage {
        public static final int TYPE = 11;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            Vectors.write24(out, list -> {
                for (var certificate : chain) {
                    Vectors.write24(list, entry -> entry.writeBytes(certificate));
                }
            });
        }

        private static Certificate decodeBody(ByteBuf in) throws Fault {
            var list = Vectors.slice24(in);
            var chain = new ArrayList<byte[]>(4);
            while (list.isReadable()) {
                var certificate = Vectors.read24(list);
                if (certificate.length == 0) {
                    throw new Fault(Violation.CERTIFICATE_ENTRY_EMPTY);
                }
                chain.add(certificate);
            }
            return new Certificate(chain);
        }
    }

    /** The ServerKeyExchange: the server's ephemeral public value, signed (RFC 5246, 7.4.3). */
    sealed interface ServerKeyExchange extends HandshakeMessage {
        int TYPE = 12;
        /** No scheme is named, because the key determines the algorithm (RFC 4346, 7.4.3). */
        int NO_SCHEME = -1;

        /** Returns the number of the signature algorithm; {@link #NO_SCHEME} before TLS 1.2. */
        int scheme();

        /** Returns the signature over both randoms and {@link #signedParams}. */
        byte[] signature();

        /** Writes what the signature covers after the two randoms. */
        void signedParams(ByteBuf out);

        @Override
        default int type() {
            return TYPE;
        }

        @Override
        default String label() {
            return "ServerKeyExchange";
        }

        @Override
        default void encodeBody(ByteBuf out) {
            signedParams(out);
            if (scheme() != NO_SCHEME) {
                out.writeShort(scheme());
            }
            Vectors.write16(out, signature());
        }

        private static ServerKeyExchange decodeBody(ByteBuf in, @Nullable KeyExchange keyExchange, boolean namesScheme)
                throws Fault {
            return switch (keyExchange) {
                case ECDHE -> Ecdhe.decodeBody(in, namesScheme);
                case DHE -> Dhe.decodeBody(in, namesScheme);
                case null, default -> throw new Fault(Violation.SERVER_KEY_EXCHANGE_NOT_DUE);
            };
        }

        /**
         * ServerKeyExchange on an elliptic curve (RFC 8422, 5.4).
         *
         * @param group     the number of the named group
         * @param point     the public value
         */
        record Ecdhe(int group, byte[] point, int scheme, byte[] signature) implements ServerKeyExchange {
            private static final int NAMED_CURVE = 3;

            @Override
            public void signedParams(ByteBuf out) {
                out.writeByte(NAMED_CURVE).writeShort(group);
                Vectors.write8(out, point);
            }

            private static Ecdhe decodeBody(ByteBuf in, boolean namesScheme) throws Fault {
                var curveType = in.readUnsignedByte();
                if (curveType != NAMED_CURVE) {
                    throw new Fault(Violation.CURVE_TYPE_NOT_NAMED, curveType);
                }
                return new Ecdhe(in.readUnsignedShort(), Vectors.read8(in),
                        namesScheme ? in.readUnsignedShort() : NO_SCHEME, Vectors.read16(in));
            }
        }

        /**
         * ServerKeyExchange in a finite-field group of the server's choice. Numbers are unsigned and big-endian.
         *
         * @param prime       the group's modulus
         * @param publicValue the generator to the power of the server's secret
         */
        record Dhe(byte[] prime, byte[] generator, byte[] publicValue, int scheme, byte[] signature)
                implements
                    ServerKeyExchange {
            @Override
            public void signedParams(ByteBuf out) {
                Vectors.write16(out, prime);
                Vectors.write16(out, generator);
                Vectors.write16(out, publicValue);
            }

            private static Dhe decodeBody(ByteBuf in, boolean namesScheme) {
                return new Dhe(Vectors.read16(in), Vectors.read16(in), Vectors.read16(in),
                        namesScheme ? in.readUnsignedShort() : NO_SCHEME, Vectors.read16(in));
            }
        }
    }

    /**
     * The CertificateRequest: the server asks for a certificate (RFC 5246, 7.4.4).
     *
     * @param certificateTypes    ClientCertificateType bytes
     * @param signatureAlgorithms numbers of {@link SignatureScheme}; {@code null} before TLS 1.2
     * @param authorities         DER distinguished names, may be empty
     */
    record CertificateRequest(byte[] certificateTypes, int @Nullable [] signatureAlgorithms, List<byte[]> authorities)
            implements
                HandshakeMessage {
        public static final int TYPE = 13;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            Vectors.write8(out, certificateTypes);
            if (signatureAlgorithms != null) {
                Vectors.write16(out, list -> {
                    for (var algorithm : signatureAlgorithms) {
                        list.writeShort(algorithm);
                    }
                });
            }
            Vectors.write16(out, list -> authorities.forEach(name -> Vectors.write16(list, name)));
        }

        private static CertificateRequest decodeBody(ByteBuf in, boolean namesSchemes) throws Fault {
            var types = Vectors.read8(in);
            var algorithms = namesSchemes ? Vectors.numbers(Vectors.slice16(in)) : null;
            var names = Vectors.slice16(in);
            var authorities = new ArrayList<byte[]>();
            while (names.isReadable()) {
                var name = Vectors.read16(names);
                requireContent(name.length, "an authority's name");
                authorities.add(name);
            }
            requireContent(types.length, "its certificate_types");
            if (algorithms != null) {
                requireContent(algorithms.length, "its supported_signature_algorithms");
            }
            return new CertificateRequest(types, algorithms, authorities);
        }

        private static void requireContent(int length, String what) throws Fault {
            if (length == 0) {
                throw new Fault(Violation.CERTIFICATE_REQUEST_EMPTY, what);
            }
        }
    }

    /** The ServerHelloDone, which ends the server's first flight (RFC 5246, 7.4.5). */
    record ServerHelloDone() implements HandshakeMessage {
        public static final int TYPE = 14;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {}
    }

    /**
     * The ClientKeyExchange: the client's half of the key exchange (RFC 5246, 7.4.7).
     *
     * @param value   for RSA the encrypted premaster secret, otherwise the client's public value
     * @param version the version in use: SSL 3.0 has no length before an encrypted premaster secret (RFC 6101, 5.6.7.1)
     */
    record ClientKeyExchange(KeyExchange keyExchange, byte[] value, ProtocolVersion version)
            implements
                HandshakeMessage {
        public static final int TYPE = 16;

        /** Creates the message as encoded since TLS 1.0. */
        public ClientKeyExchange(KeyExchange keyExchange, byte[] value) {
            this(keyExchange, value, ProtocolVersion.TLS_1_2);
        }

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            switch (keyExchange) {
                case RSA, DHE -> {
                    if (isBare(keyExchange, version)) {
                        out.writeBytes(value);
                    } else {
                        Vectors.write16(out, value);
                    }
                }
                case ECDHE -> Vectors.write8(out, value);
            }
        }

        private static boolean isBare(KeyExchange keyExchange, ProtocolVersion version) {
            return keyExchange == KeyExchange.RSA && version == ProtocolVersion.SSL_3_0;
        }

        private static ClientKeyExchange decodeBody(ByteBuf in, @Nullable KeyExchange keyExchange,
                ProtocolVersion version)
                throws Fault {
            return switch (keyExchange) {
                case RSA, DHE -> new ClientKeyExchange(keyExchange, isBare(keyExchange, version)
                        ? Vectors.bytes(in, in.readableBytes())
                        : Vectors.read16(in), version);
                case ECDHE -> new ClientKeyExchange(keyExchange, Vectors.read8(in), version);
                case null -> throw new Fault(Violation.CLIENT_KEY_EXCHANGE_BEFORE_SUITE);
            };
        }
    }

    /** The Finished: the sender's MAC over all earlier messages of the handshake (RFC 5246, 7.4.9). */
    record Finished(byte[] verifyData) implements HandshakeMessage {
        public static final int TYPE = 20;

        @Override
        public int type() {
            return TYPE;
        }

        @Override
        public void encodeBody(ByteBuf out) {
            out.writeBytes(verifyData);
        }
    }
}
