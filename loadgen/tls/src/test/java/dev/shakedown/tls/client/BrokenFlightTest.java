package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.ScriptedServer.hello;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.Script.without;
import static dev.shakedown.tls.wire.AlertDescription.BAD_CERTIFICATE;
import static dev.shakedown.tls.wire.AlertDescription.CERTIFICATE_EXPIRED;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.DECRYPT_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.INTERNAL_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNKNOWN_CA;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_CERTIFICATE;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break a rule after a valid ServerHello. */
class BrokenFlightTest {
    private static final CertificateRequest REQUEST = new CertificateRequest(new byte[]{1}, new int[]{0x0401},
            List.of());

    record Row(String name, Kind kind, Stage stage, AlertDescription alert, Script<Step, ScriptedServer> script) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> certificates() {
        var stage = Stage.CERTIFICATE;
        return Stream.of(
                row("Certificate skipped, ECDHE", Kind.ECDHE_RSA, stage, UNEXPECTED_MESSAGE,
                        without(Step.CERTIFICATE)),
                row("Certificate skipped, RSA", Kind.RSA, stage, UNEXPECTED_MESSAGE, without(Step.CERTIFICATE)),
                row("ServerHello twice", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        after(Step.SERVER_HELLO, server -> server.send(server.hello()))),
                row("resumed session that was not offered", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        instead(Step.CERTIFICATE, server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1))),
                row("ticket instead of a certificate", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        instead(Step.CERTIFICATE, server -> server.honest(Step.NEW_SESSION_TICKET))),
                row("empty chain", Kind.ECDHE_RSA, stage, DECODE_ERROR, chain(List.of())),
                row("empty certificate", Kind.ECDHE_RSA, stage, DECODE_ERROR, chain(List.of(new byte[0]))),
                row("garbage for a certificate", Kind.RSA, stage, BAD_CERTIFICATE, chain(List.of(new byte[300]))),
                row("garbage for a certificate, verified", Kind.VERIFIED, stage, BAD_CERTIFICATE,
                        chain(List.of("-----BEGIN".getBytes(US_ASCII)))),
                row("certificate cut short", Kind.RSA, stage, BAD_CERTIFICATE,
                        chain(List.of(Arrays.copyOf(TestIdentity.RSA.chain().getFirst(), 200)))),
                row("EC certificate for RSA key exchange", Kind.RSA, stage, UNSUPPORTED_CERTIFICATE,
                        chain(TestIdentity.ECDSA.chain())),
                row("EC certificate for RSA key exchange, verified", Kind.VERIFIED_RSA, stage,
                        UNSUPPORTED_CERTIFICATE, chain(TestIdentity.ECDSA.chain())),
                row("unknown authority", Kind.VERIFIED, stage, UNKNOWN_CA, chain(TestIdentity.UNKNOWN.chain())),
                row("expired certificate", Kind.VERIFIED, stage, CERTIFICATE_EXPIRED,
                        chain(TestIdentity.EXPIRED.chain())),
                row("certificate of tomorrow", Kind.VERIFIED, stage, CERTIFICATE_EXPIRED,
                        chain(TestIdentity.NOT_YET_VALID.chain())),
                row("certificate signed wrongly", Kind.VERIFIED, stage, BAD_CERTIFICATE, chain(signedWrongly())),
                row("record of TLS 1.1 after ServerHello", Kind.RSA, stage, PROTOCOL_VERSION,
                        before(Step.CERTIFICATE, server -> server.raw(22, 3, 2, 0, 1, 11))),
                row("record of TLS 1.0 in the middle of Certificate", Kind.RSA, stage, PROTOCOL_VERSION,
                        instead(Step.CERTIFICATE, server -> {
                            server.record(ContentType.HANDSHAKE, 11, 0, 0);
                            server.raw(22, 3, 1, 0, 1, 9);
                        })),
                row("Certificate of 2^20 + 1 bytes", Kind.RSA, stage, INTERNAL_ERROR, instead(Step.CERTIFICATE,
                        server -> server.record(ContentType.HANDSHAKE, 11, 16, 0, 1))),
                row("application data after ServerHello", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        after(Step.SERVER_HELLO, server -> server.record(ContentType.APPLICATION_DATA, 'x'))));
    }

    static Stream<Row> keyExchanges() {
        var stage = Stage.SERVER_KEY_EXCHANGE;
        return Stream.of(
                row("ServerKeyExchange skipped", Kind.ECDHE_ECDSA, stage, UNEXPECTED_MESSAGE,
                        without(Step.SERVER_KEY_EXCHANGE)),
                row("Certificate twice", Kind.ECDHE_RSA, stage, UNEXPECTED_MESSAGE,
                        after(Step.CERTIFICATE, server -> server.honest(Step.CERTIFICATE))),
                row("CertificateRequest before ServerKeyExchange", Kind.ECDHE_RSA, stage, UNEXPECTED_MESSAGE,
                        after(Step.CERTIFICATE, server -> server.send(REQUEST))),
                row("group that was not offered", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(24, new byte[97], k.scheme(), k.signature()))),
                row("unknown group", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(999, k.point(), k.scheme(), k.signature()))),
                row("curve described at length", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER, instead(
                        Step.SERVER_KEY_EXCHANGE, server -> server.record(ContentType.HANDSHAKE, 12, 0, 0, 2, 1, 0))),
                row("signature scheme that was not offered", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), 0x0603, k.signature()))),
                row("ECDSA signature in an RSA suite", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), 0x0403, k.signature()))),
                row("RSA signature in an ECDSA suite", Kind.ECDHE_ECDSA, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), 0x0804, k.signature()))),
                row("Ed25519 signature of a P-256 key", Kind.VERIFIED, stage, ILLEGAL_PARAMETER,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), 0x0807, k.signature()))),
                row("RSA certificate in an ECDSA suite", Kind.VERIFIED, stage, ILLEGAL_PARAMETER,
                        chain(TestIdentity.RSA.chain())),
                row("signature of another key", Kind.VERIFIED, stage, DECRYPT_ERROR, instead(Step.SERVER_KEY_EXCHANGE,
                        server -> server.send(server.signed(TestIdentity.UNKNOWN, NamedGroup.SECP256R1,
                                server.onCurve().point())))),
                row("signature over another point", Kind.VERIFIED, stage, DECRYPT_ERROR, key(
                        k -> new ServerKeyExchange.Ecdhe(k.group(), tampered(k.point(), 9), k.scheme(),
                                k.signature()))),
                row("signature with another hash", Kind.VERIFIED, stage, DECRYPT_ERROR,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), 0x0503, k.signature()))),
                row("empty signature", Kind.VERIFIED, stage, DECRYPT_ERROR,
                        key(k -> new ServerKeyExchange.Ecdhe(k.group(), k.point(), k.scheme(), new byte[0]))),
                row("empty point", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER, point(NamedGroup.X25519, new byte[0])),
                row("point of zeros", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        point(NamedGroup.X25519, new byte[32])),
                row("point of another group", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        point(NamedGroup.X25519, new byte[65])),
                row("compressed point", Kind.ECDHE_RSA, stage, ILLEGAL_PARAMETER,
                        point(NamedGroup.SECP256R1, Arrays.copyOf(new byte[]{2, 1}, 33))),
                row("point that is not on the curve", Kind.VERIFIED, stage, ILLEGAL_PARAMETER,
                        point(NamedGroup.SECP256R1, Arrays.copyOf(new byte[]{4, 1, 2, 3}, 65))));
    }

    static Stream<Row> flightEnds() {
        var stage = Stage.SERVER_HELLO_DONE;
        return Stream.of(
                row("ServerKeyExchange for RSA key exchange", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        before(Step.SERVER_HELLO_DONE,
                                server -> server.send(new ServerKeyExchange.Ecdhe(29, new byte[32],
                                        0x0401, new byte[256])))),
                row("ServerKeyExchange twice", Kind.ECDHE_RSA, stage, UNEXPECTED_MESSAGE,
                        before(Step.SERVER_HELLO_DONE, server -> server.send(server.keyExchange()))),
                row("CertificateRequest twice", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        before(Step.SERVER_HELLO_DONE,
                                server -> server.send(REQUEST, ScriptedServer.encoded(REQUEST)))),
                // RFC 5246, 7.3: the server waits for the client's answer.
                row("first byte of a message after ServerHelloDone", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        instead(Step.SERVER_HELLO_DONE,
                                server -> server.send(new ServerHelloDone(), new byte[]{4}))),
                row("ticket after ServerHelloDone", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        instead(Step.SERVER_HELLO_DONE, server -> server.send(new ServerHelloDone(),
                                ScriptedServer.encoded(new NewSessionTicket(1, new byte[1]))))),
                row("malformed ClientHello before ServerHelloDone", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        before(Step.SERVER_HELLO_DONE,
                                server -> server.record(ContentType.HANDSHAKE, 1, 0, 0, 1, 0))),
                row("CertificateRequest cut short", Kind.RSA, Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        before(Step.SERVER_HELLO_DONE,
                                server -> server.record(ContentType.HANDSHAKE, 13, 0, 0, 2, 5, 1))),
                row("ServerHelloDone with content", Kind.RSA, stage, DECODE_ERROR, instead(Step.SERVER_HELLO_DONE,
                        server -> server.record(ContentType.HANDSHAKE, 14, 0, 0, 1, 0))),
                row("ChangeCipherSpec before ServerHelloDone", Kind.ECDHE_ECDSA, stage, UNEXPECTED_MESSAGE,
                        before(Step.SERVER_HELLO_DONE, server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1))),
                row("ChangeCipherSpec in the middle of ServerHelloDone", Kind.RSA, stage, UNEXPECTED_MESSAGE,
                        instead(Step.SERVER_HELLO_DONE, server -> {
                            server.record(ContentType.HANDSHAKE, 14, 0);
                            server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                        })));
    }

    static Stream<Row> tickets() {
        return Stream.of(
                row("promised ticket missing", Kind.RSA, Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        without(Step.NEW_SESSION_TICKET)),
                row("promised ticket missing, resumed", Kind.BY_TICKET, Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        without(Step.NEW_SESSION_TICKET)),
                row("ticket without a promise", Kind.PLAIN, Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        before(Step.CHANGE_CIPHER_SPEC, server -> server.honest(Step.NEW_SESSION_TICKET))),
                row("ticket without a promise, resumed", Kind.BY_ID, Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        before(Step.CHANGE_CIPHER_SPEC, server -> server.honest(Step.NEW_SESSION_TICKET))),
                row("two tickets", Kind.RSA, Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        after(Step.NEW_SESSION_TICKET, server -> server.honest(Step.NEW_SESSION_TICKET))),
                row("ticket cut short", Kind.RSA, Stage.CHANGE_CIPHER_SPEC, DECODE_ERROR,
                        instead(Step.NEW_SESSION_TICKET,
                                server -> server.record(ContentType.HANDSHAKE, 4, 0, 0, 6, 0, 0, 0, 0, 0, 1))),
                row("ticket under the keys, late", Kind.RSA, Stage.SERVER_FINISHED, UNEXPECTED_MESSAGE,
                        after(Step.CHANGE_CIPHER_SPEC, server -> server.honest(Step.NEW_SESSION_TICKET))),
                row("Certificate after resumption by ID", Kind.BY_ID, Stage.CHANGE_CIPHER_SPEC,
                        UNEXPECTED_MESSAGE, after(Step.SERVER_HELLO, server -> server.honest(Step.CERTIFICATE))),
                row("Certificate after resumption by ticket", Kind.BY_TICKET, Stage.CHANGE_CIPHER_SPEC,
                        UNEXPECTED_MESSAGE, after(Step.SERVER_HELLO, server -> server.honest(Step.CERTIFICATE))),
                row("neither resumption nor a certificate", Kind.BY_ID, Stage.CERTIFICATE, UNEXPECTED_MESSAGE,
                        hello(h -> new ServerHello(h.version(), h.random(), new byte[32], h.cipherSuite(), 0,
                                h.extensions()))));
    }

    static Stream<Row> changes() {
        var stage = Stage.CHANGE_CIPHER_SPEC;
        return Stream.of(
                row("ChangeCipherSpec missing", Kind.PLAIN, stage, UNEXPECTED_MESSAGE,
                        instead(Step.CHANGE_CIPHER_SPEC, server -> server.send(server.finished()))),
                row("ChangeCipherSpec missing, resumed", Kind.BY_ID, stage, UNEXPECTED_MESSAGE,
                        instead(Step.CHANGE_CIPHER_SPEC, server -> server.send(server.finished()))),
                row("ChangeCipherSpec of another value", Kind.PLAIN, stage, DECODE_ERROR,
                        instead(Step.CHANGE_CIPHER_SPEC, server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 0))),
                row("ChangeCipherSpec of two bytes", Kind.PLAIN, stage, DECODE_ERROR, instead(Step.CHANGE_CIPHER_SPEC,
                        server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1, 1))),
                row("ChangeCipherSpec in the middle of a message", Kind.BY_ID, stage, UNEXPECTED_MESSAGE,
                        instead(Step.CHANGE_CIPHER_SPEC, server -> {
                            server.record(ContentType.HANDSHAKE, 20);
                            server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                        })),
                row("ServerHelloDone twice", Kind.PLAIN, stage, UNEXPECTED_MESSAGE,
                        after(Step.SERVER_HELLO_DONE, server -> server.send(new ServerHelloDone()))),
                row("application data before ChangeCipherSpec", Kind.BY_ID, stage, UNEXPECTED_MESSAGE,
                        before(Step.CHANGE_CIPHER_SPEC, server -> server.record(ContentType.APPLICATION_DATA, 'x'))));
    }

    @ParameterizedTest
    @MethodSource({"certificates", "keyExchanges", "flightEnds", "tickets", "changes"})
    void isToldWhichRuleItBroke(Row row) {
        new Tls12Exchange(row.kind).exchange(row.script).assertEndedByClient(row.stage, row.alert);
    }

    /** A certificate altered at any byte ends in a fault. */
    @Test
    void aCertificateChangedAtAnyByteIsRefused() {
        var leaf = TestIdentity.ECDSA.chain().getFirst();
        for (var at = 0; at < leaf.length; at++) {
            var changed = leaf.clone();
            changed[at] ^= (byte) 0x80;
            var failure = new Tls12Exchange(Kind.VERIFIED).exchange(chain(List.of(changed))).failure();
            assertEquals(Stage.CERTIFICATE, failure.stage());
            assertTrue(failure.sent());
        }
    }

    private static Row row(String name, Kind kind, Stage stage, AlertDescription alert,
            Script<Step, ScriptedServer> script) {
        return new Row(name, kind, stage, alert, script);
    }

    private static Script<Step, ScriptedServer> chain(List<byte[]> chain) {
        return instead(Step.CERTIFICATE, server -> server.send(new Certificate(chain)));
    }

    private static Script<Step, ScriptedServer> key(UnaryOperator<ServerKeyExchange.Ecdhe> change) {
        return instead(Step.SERVER_KEY_EXCHANGE, server -> server.send(change.apply(server.onCurve())));
    }

    /** A ServerKeyExchange with this point and a valid signature. */
    private static Script<Step, ScriptedServer> point(NamedGroup group, byte[] point) {
        return instead(Step.SERVER_KEY_EXCHANGE,
                server -> server.send(server.signed(server.identity(), group, point)));
    }

    private static List<byte[]> signedWrongly() {
        var leaf = TestIdentity.ECDSA.chain().getFirst();
        return List.of(tampered(leaf, leaf.length - 3));
    }

    private static byte[] tampered(byte[] bytes, int at) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
