package dev.shakedown.trace;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.shakedown.tls.crypto.X509;
import dev.shakedown.tls.wire.ClientHello;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ClientKeyExchange;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.Printable;
import dev.shakedown.tls.wire.ProtocolVersion;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/** Converts messages to named fields, for text and for JSON. */
final class Fields {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private Fields() {}

    static ObjectNode of(RecordPart part) {
        var fields = NODES.objectNode();
        switch (part) {
            case RecordPart.Handshake handshake -> message(handshake.message(), fields);
            case RecordPart.Malformed malformed -> {
                fields.put("malformed", malformed.fault());
                hex(fields, "bytes", malformed.bytes());
            }
            case RecordPart.Piece piece -> fields.put("bytes", piece.bytes());
            case RecordPart.ChangeCipherSpec _ -> {
                // its single byte means nothing
            }
            case RecordPart.AlertPart alert -> fields.put("level", alert.alert().level() == 1 ? "warning" : "fatal")
                    .put("description", alert.alert().label());
            case RecordPart.ApplicationData data -> hex(fields, "bytes", data.bytes());
            case RecordPart.Undecipherable undecipherable -> fields.put("bytes", undecipherable.bytes());
        }
        return (ObjectNode) printable(fields);
    }

    /** Makes all text safe for a terminal, since names and protocols come from the peer. */
    private static JsonNode printable(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                object.properties().forEach(field -> field.setValue(printable(field.getValue())));
                yield object;
            }
            case ArrayNode array -> {
                for (var i = 0; i < array.size(); i++) {
                    array.set(i, printable(array.get(i)));
                }
                yield array;
            }
            case TextNode text -> NODES.textNode(Printable.of(text.textValue()));
            default -> node;
        };
    }

    private static void message(HandshakeMessage message, ObjectNode fields) {
        switch (message) {
            case ClientHello hello -> {
                hello(fields, hello.version(), hello.random(), hello.sessionId());
                names(fields, "cipherSuites", IntStream.of(hello.cipherSuites()).mapToObj(IanaNames::suite));
                names(fields, "compressionMethods", bytes(hello.compressionMethods()).mapToObj(IanaNames::compression));
                extensions(fields, hello.extensions(), Extensions.Sender.CLIENT);
            }
            case ServerHello hello -> {
                if (hello.isRetryRequest()) {
                    fields.put("helloRetryRequest", true);
                }
                hello(fields, hello.version(), hello.random(), hello.sessionId());
                fields.put("cipherSuite", IanaNames.suite(hello.cipherSuite()));
                fields.put("compressionMethod", IanaNames.compression(hello.compressionMethod()));
                extensions(fields, hello.extensions(),
                        hello.isRetryRequest() ? Extensions.Sender.RETRYING_SERVER : Extensions.Sender.SERVER);
            }
            case EncryptedExtensions encrypted ->
                extensions(fields, encrypted.extensions(), Extensions.Sender.SERVER);
            case HandshakeMessage.Certificate certificate -> chain(fields, certificate.chain());
            case Tls13Message.Certificate certificate -> chain(fields, certificate.chain());
            case ServerKeyExchange.Ecdhe keyExchange -> {
                fields.put("group", IanaNames.group(keyExchange.group()));
                hex(fields, "publicValue", keyExchange.point());
                scheme(fields, keyExchange.scheme());
                fields.put("signatureBytes", keyExchange.signature().length);
            }
            case ServerKeyExchange.Dhe keyExchange -> {
                fields.put("primeBits", new BigInteger(1, keyExchange.prime()).bitLength());
                hex(fields, "generator", keyExchange.generator());
                hex(fields, "publicValue", keyExchange.publicValue());
                scheme(fields, keyExchange.scheme());
                fields.put("signatureBytes", keyExchange.signature().length);
            }
            case CertificateRequest request -> {
                names(fields, "certificateTypes",
                        bytes(request.certificateTypes()).mapToObj(IanaNames::certificateType));
                if (request.signatureAlgorithms() != null) {
                    names(fields, "signatureAlgorithms",
                            IntStream.of(request.signatureAlgorithms()).mapToObj(IanaNames::scheme));
                }
                names(fields, "authorities", request.authorities().stream().map(Fields::authority));
            }
            case Tls13Message.CertificateRequest request ->
                extensions(fields, request.extensions(), Extensions.Sender.CLIENT);
            case ClientKeyExchange keyExchange -> {
                fields.put("keyExchange", keyExchange.keyExchange().name());
                hex(fields, switch (keyExchange.keyExchange()) {
                    case RSA -> "encryptedPremaster";
                    case ECDHE, DHE -> "publicValue";
                }, keyExchange.value());
            }
            case CertificateVerify verify -> {
                scheme(fields, verify.scheme());
                fields.put("signatureBytes", verify.signature().length);
            }
            case Finished finished -> hex(fields, "verifyData", finished.verifyData());
            case NewSessionTicket ticket -> fields.put("lifetimeSeconds", ticket.lifetimeSeconds())
                    .put("ticketBytes", ticket.ticket().length);
            case Tls13Message.NewSessionTicket ticket -> {
                fields.put("lifetimeSeconds", ticket.lifetimeSeconds()).put("ticketBytes", ticket.ticket().length);
                extensions(fields, ticket.extensions(), Extensions.Sender.SERVER);
            }
            case KeyUpdate update -> fields.put("updateRequested", update.requested());
            case ServerHelloDone _,HelloRequest _,EndOfEarlyData _ -> {
                // empty
            }
        }
    }

    /** Adds the signature scheme. Before TLS 1.2 there is none: the certificate's key determines it. */
    private static void scheme(ObjectNode fields, int scheme) {
        if (scheme != ServerKeyExchange.NO_SCHEME) {
            fields.put("signatureAlgorithm", IanaNames.scheme(scheme));
        }
    }

    private static void hello(ObjectNode fields, int version, byte[] random, byte[] sessionId) {
        fields.put("version", ProtocolVersion.describe(version));
        hex(fields, "random", random);
        hex(fields, "sessionId", sessionId);
    }

    private static void extensions(ObjectNode fields, List<Extension> extensions, Extensions.Sender sender) {
        var array = fields.putArray("extensions");
        extensions.forEach(extension -> {
            var one = array.addObject().put("name", IanaNames.extension(extension.type()));
            var value = Extensions.value(extension, sender);
            if (value != null) {
                one.set("value", value);
            }
        });
    }

    private static void chain(ObjectNode fields, List<byte[]> chain) {
        var array = fields.putArray("certificates");
        chain.forEach(certificate -> certificate(array.addObject(), certificate));
    }

    private static void certificate(ObjectNode fields, byte[] encoded) {
        try {
            var parsed = X509.read(encoded);
            fields.put("subject", parsed.getSubjectX500Principal().getName());
            fields.put("issuer", parsed.getIssuerX500Principal().getName());
            fields.put("key", X509.describe(parsed.getPublicKey()));
            fields.put("signatureAlgorithm", parsed.getSigAlgName());
            fields.put("notBefore", parsed.getNotBefore().toInstant().toString());
            fields.put("notAfter", parsed.getNotAfter().toInstant().toString());
            var names = parsed.getSubjectAlternativeNames();
            if (names != null) {
                names(fields, "names", names.stream().map(name -> String.valueOf(name.get(1))));
            }
        } catch (GeneralSecurityException e) {
            fields.put("malformed", e.getMessage());
            hex(fields, "bytes", encoded);
        }
    }

    private static String authority(byte[] name) {
        try {
            return new X500Principal(name).getName();
        } catch (IllegalArgumentException _) {
            return "malformed name " + new Hex(name).hex();
        }
    }

    static IntStream bytes(byte[] values) {
        return IntStream.range(0, values.length).map(i -> values[i] & 0xff);
    }

    private static void hex(ObjectNode fields, String name, byte[] bytes) {
        fields.putPOJO(name, new Hex(bytes));
    }

    private static void names(ObjectNode fields, String name, Stream<String> names) {
        fields.set(name, array(names));
    }

    static ArrayNode array(Stream<String> names) {
        var array = NODES.arrayNode();
        names.forEach(array::add);
        return array;
    }
}
