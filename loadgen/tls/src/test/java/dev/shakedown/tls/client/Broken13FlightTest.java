package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.ScriptedServer13.certificate;
import static dev.shakedown.tls.client.ScriptedServer13.request;
import static dev.shakedown.tls.wire.AlertDescription.BAD_CERTIFICATE;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.CERTIFICATE_EXPIRED;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.DECRYPT_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.INTERNAL_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.MISSING_EXTENSION;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNKNOWN_CA;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_EXTENSION;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.crypto.HandshakeSignature;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS 1.3 servers that break a rule after a valid ServerHello, up to Finished. */
class Broken13FlightTest {
    private static final Kind[] ALL = {Kind.FULL, Kind.VERIFIED, Kind.ASKED, Kind.RETRIED, Kind.RESUMED,
        Kind.RESUMED_KEY_ALONE, Kind.RESUMED_RETRIED, Kind.DECLINED, Kind.EARLY, Kind.EARLY_REJECTED,
        Kind.EARLY_RETRIED, Kind.MIXED};
    private static final Kind[] PROVEN = {Kind.FULL, Kind.VERIFIED, Kind.ASKED, Kind.RETRIED, Kind.DECLINED,
        Kind.MIXED};
    private static final Kind[] RESUMED = {Kind.RESUMED, Kind.RESUMED_KEY_ALONE, Kind.RESUMED_RETRIED, Kind.EARLY,
        Kind.EARLY_REJECTED};

    record Row(String name, Kind kind, Stage stage, AlertDescription alert, Script<Step, ScriptedServer13> script) {
        @Override
        public String toString() {
            return name + ", " + kind;
        }
    }

    static Stream<Row> extensions() {
        var stage = Stage.ENCRYPTED_EXTENSIONS;
        return Stream.of(
                rows("extension twice", stage, ILLEGAL_PARAMETER, with(Extension.ALPN, "0003026832"), ALL),
                rows("unknown extension", stage, UNSUPPORTED_EXTENSION, with(0x1234, ""), ALL),
                rows("max_fragment_length that was not offered", stage, UNSUPPORTED_EXTENSION, with(1, "01"), ALL),
                rows("key_share", stage, ILLEGAL_PARAMETER, with(Extension.KEY_SHARE, "001d"), ALL),
                rows("supported_versions", stage, ILLEGAL_PARAMETER, with(Extension.SUPPORTED_VERSIONS, "0304"), ALL),
                rows("signature_algorithms", stage, ILLEGAL_PARAMETER,
                        with(Extension.SIGNATURE_ALGORITHMS, "00020403"), ALL),
                rows("psk_key_exchange_modes", stage, ILLEGAL_PARAMETER,
                        with(Extension.PSK_KEY_EXCHANGE_MODES, "0101"), ALL),
                rows("pre_shared_key", stage, ILLEGAL_PARAMETER, with(Extension.PRE_SHARED_KEY, "0000"), RESUMED),
                rows("pre_shared_key that was not offered", stage, UNSUPPORTED_EXTENSION,
                        with(Extension.PRE_SHARED_KEY, "0000"), Kind.FULL, Kind.MIXED),
                rows("cookie", stage, UNSUPPORTED_EXTENSION, with(Extension.COOKIE, "000101"), Kind.FULL, Kind.RESUMED),
                rows("the cookie sent back", stage, ILLEGAL_PARAMETER, with(Extension.COOKIE, "000101"),
                        Kind.RETRIED_COOKIE, Kind.RESUMED_RETRIED),
                rows("extended_master_secret of TLS 1.2", stage, ILLEGAL_PARAMETER,
                        with(Extension.EXTENDED_MASTER_SECRET, ""), Kind.MIXED),
                rows("session_ticket of TLS 1.2", stage, ILLEGAL_PARAMETER, with(Extension.SESSION_TICKET, ""),
                        Kind.MIXED),
                // RFC 8446, 4.2.7
                rows("supported_groups without groups", stage, DECODE_ERROR, with(Extension.SUPPORTED_GROUPS, "0000"),
                        ALL),
                rows("supported_groups without a length", stage, DECODE_ERROR, with(Extension.SUPPORTED_GROUPS, ""),
                        ALL),
                rows("half a group", stage, DECODE_ERROR, with(Extension.SUPPORTED_GROUPS, "0003001d00"), ALL),
                rows("supported_groups cut short", stage, DECODE_ERROR, with(Extension.SUPPORTED_GROUPS, "0004001d"),
                        ALL),
                rows("supported_groups with an extra byte", stage, DECODE_ERROR,
                        with(Extension.SUPPORTED_GROUPS, "0002001d00"), ALL),
                rows("server_name not empty", stage, DECODE_ERROR, with(Extension.SERVER_NAME, "00"), ALL),
                rows("ALPN that was not offered", stage, ILLEGAL_PARAMETER, alone(Extension.ALPN, "0003026833"), ALL),
                rows("ALPN of two protocols", stage, DECODE_ERROR, alone(Extension.ALPN, "0006026832026832"), ALL),
                rows("ALPN of no protocol", stage, DECODE_ERROR, alone(Extension.ALPN, "0000"), ALL),
                rows("without a length", stage, DECODE_ERROR, instead(Step.ENCRYPTED_EXTENSIONS,
                        server -> server.record(ContentType.HANDSHAKE, 8, 0, 0, 0)), ALL),
                rows("extension cut short", stage, DECODE_ERROR, instead(Step.ENCRYPTED_EXTENSIONS,
                        server -> server.record(ContentType.HANDSHAKE, 8, 0, 0, 4, 0, 2, 0, 10)), ALL),
                rows("byte too many", stage, DECODE_ERROR, instead(Step.ENCRYPTED_EXTENSIONS,
                        server -> server.record(ContentType.HANDSHAKE, 8, 0, 0, 3, 0, 0, 0)), ALL))
                .flatMap(each -> each);
    }

    static Stream<Row> earlyData() {
        var stage = Stage.ENCRYPTED_EXTENSIONS;
        return Stream.of(
                rows("early data taken that was not offered", stage, UNSUPPORTED_EXTENSION,
                        with(Extension.EARLY_DATA, ""), Kind.FULL, Kind.RESUMED, Kind.DECLINED, Kind.MIXED),
                // RFC 8446, 4.1.2: the second ClientHello no longer announces it.
                rows("early data accepted after a HelloRetryRequest", stage, UNSUPPORTED_EXTENSION,
                        with(Extension.EARLY_DATA, ""), Kind.EARLY_RETRIED),
                rows("early_data not empty", stage, DECODE_ERROR, with(Extension.EARLY_DATA, "00000001"),
                        Kind.EARLY_REJECTED),
                // RFC 8446, 4.2.10
                rows("early data accepted without its session", stage, ILLEGAL_PARAMETER,
                        before(Step.SERVER_HELLO, server -> server.takesSession = false), Kind.EARLY),
                rows("early data taken with another protocol", stage, ILLEGAL_PARAMETER,
                        instead(Step.ENCRYPTED_EXTENSIONS, server -> server.extensions(new EncryptedExtensions(
                                List.of(Extension.alpn(List.of("http/1.1")), Extension.earlyData())))),
                        Kind.EARLY),
                rows("early data accepted without a protocol", stage, ILLEGAL_PARAMETER,
                        instead(Step.ENCRYPTED_EXTENSIONS, server -> server
                                .extensions(new EncryptedExtensions(List.of(Extension.earlyData())))),
                        Kind.EARLY),
                rows("early data taken with another suite", stage, ILLEGAL_PARAMETER, before(Step.SERVER_HELLO,
                        server -> server.suite = CipherSuite.TLS_CHACHA20_POLY1305_SHA256), Kind.EARLY))
                .flatMap(each -> each);
    }

    static Stream<Row> requests() {
        var stage = Stage.CERTIFICATE;
        var request = Stage.CERTIFICATE_REQUEST;
        return Stream.of(
                rows("two CertificateRequests", stage, UNEXPECTED_MESSAGE, before(Step.CERTIFICATE, server -> {
                    server.send(server.request);
                    server.send(server.request);
                }), PROVEN),
                rows("CertificateRequest after Certificate", stage, UNEXPECTED_MESSAGE,
                        after(Step.CERTIFICATE, server -> server.send(server.request)), PROVEN),
                rows("CertificateRequest with a context", request, ILLEGAL_PARAMETER,
                        requested(request(new byte[]{1}, SignatureScheme.ED25519)), PROVEN),
                rows("CertificateRequest without signature_algorithms", request, MISSING_EXTENSION,
                        requested(new Tls13Message.CertificateRequest(new byte[0], List.of())), PROVEN),
                rows("CertificateRequest with an extension twice", request, ILLEGAL_PARAMETER,
                        requested(new Tls13Message.CertificateRequest(new byte[0],
                                List.of(signatureAlgorithms("00020403"),
                                        signatureAlgorithms("00020403")))),
                        PROVEN),
                // RFC 8446, 4.2
                requestedWith(Extension.KEY_SHARE), requestedWith(Extension.SERVER_NAME),
                requestedWith(Extension.SUPPORTED_VERSIONS), requestedWith(Extension.ALPN), requestedWith(21),
                requestedWith(Extension.EARLY_DATA), requestedWith(Extension.SESSION_TICKET),
                rows("no scheme", request, DECODE_ERROR, schemes("0000"), PROVEN),
                rows("half a scheme", request, DECODE_ERROR, schemes("0003040308"), PROVEN),
                rows("schemes cut short", request, DECODE_ERROR, schemes("00040403"), PROVEN),
                rows("schemes with an extra byte", request, DECODE_ERROR, schemes("0002040300"), PROVEN),
                rows("CertificateRequest of TLS 1.2", request, DECODE_ERROR, before(Step.CERTIFICATE, server -> server
                        .send(new CertificateRequest(new byte[]{1, 64}, new int[]{0x0403}, List.of()))), Kind.FULL,
                        Kind.VERIFIED),
                // RFC 8446, 4.3.2
                rows("CertificateRequest after a session", Stage.SERVER_FINISHED, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.send(server.request)), RESUMED))
                .flatMap(each -> each);
    }

    static Stream<Row> certificates() {
        var stage = Stage.CERTIFICATE;
        var leaf = TestIdentity.ECDSA.chain().getFirst();
        return Stream.of(
                // RFC 8446, 4.4.2.4
                rows("empty Certificate", stage, DECODE_ERROR, chain(List.of()), PROVEN),
                rows("empty certificate in it", stage, DECODE_ERROR, chain(List.of(leaf, new byte[0])), PROVEN),
                rows("Certificate with a context", stage, ILLEGAL_PARAMETER, sends(new Tls13Message.Certificate(
                        new byte[]{1}, certificate(List.of(leaf)).entries())), PROVEN),
                rows("extension of a certificate that was not offered", stage, UNSUPPORTED_EXTENSION,
                        sends(new Tls13Message.Certificate(new byte[0],
                                List.of(new Tls13Message.Certificate.Entry(leaf,
                                        List.of(new Extension(5, new byte[]{1, 0, 0, 0})))))),
                        PROVEN),
                rows("extension of a second certificate", stage, UNSUPPORTED_EXTENSION,
                        sends(new Tls13Message.Certificate(new byte[0],
                                List.of(new Tls13Message.Certificate.Entry(leaf, List.of()),
                                        new Tls13Message.Certificate.Entry(leaf,
                                                List.of(new Extension(18, new byte[2])))))),
                        PROVEN),
                rows("Certificate of TLS 1.2", stage, DECODE_ERROR, instead(Step.CERTIFICATE,
                        server -> server.send(new Certificate(List.of(leaf)))), PROVEN),
                rows("Certificate of 2^20 + 1 bytes", stage, INTERNAL_ERROR, instead(Step.CERTIFICATE,
                        server -> server.record(ContentType.HANDSHAKE, 11, 16, 0, 1)), PROVEN),
                rows("garbage for a certificate", stage, BAD_CERTIFICATE, chain(List.of(new byte[300])),
                        Kind.VERIFIED),
                rows("certificate cut short", stage, BAD_CERTIFICATE, chain(List.of(Arrays.copyOf(leaf, 200))),
                        Kind.VERIFIED),
                rows("unknown authority", stage, UNKNOWN_CA, chain(TestIdentity.UNKNOWN.chain()), Kind.VERIFIED),
                rows("expired certificate", stage, CERTIFICATE_EXPIRED, chain(TestIdentity.EXPIRED.chain()),
                        Kind.VERIFIED),
                rows("certificate of tomorrow", stage, CERTIFICATE_EXPIRED, chain(TestIdentity.NOT_YET_VALID.chain()),
                        Kind.VERIFIED),
                rows("certificate signed wrongly", stage, BAD_CERTIFICATE,
                        chain(List.of(tampered(leaf, leaf.length - 3))), Kind.VERIFIED),
                rows("Certificate after a session", Stage.SERVER_FINISHED, UNEXPECTED_MESSAGE,
                        before(Step.FINISHED, server -> server.send(certificate(List.of(leaf)))), RESUMED))
                .flatMap(each -> each);
    }

    static Stream<Row> proofs() {
        var stage = Stage.CERTIFICATE;
        return Stream.of(
                rows("no proof", stage, UNEXPECTED_MESSAGE, Script.without(Step.CERTIFICATE_VERIFY), PROVEN),
                rows("scheme that was not offered", stage, ILLEGAL_PARAMETER, scheme(0x0603), PROVEN),
                rows("scheme for another kind of RSA key", stage, ILLEGAL_PARAMETER, scheme(0x0809), PROVEN),
                // RFC 8446, 4.4.3
                rows("PKCS #1 v1.5", stage, ILLEGAL_PARAMETER, scheme(0x0401), PROVEN),
                rows("PKCS #1 v1.5 with an RSA key", stage, ILLEGAL_PARAMETER, instead(Step.CERTIFICATE, server -> {
                    server.identity = TestIdentity.RSA;
                    server.honest(Step.CERTIFICATE);
                    server.send(server.proof(TestIdentity.RSA, SignatureScheme.RSA_PKCS1_SHA256));
                }), PROVEN),
                rows("SHA-1", stage, ILLEGAL_PARAMETER, scheme(0x0203), PROVEN),
                rows("PKCS #1 v1.5 and SHA-1", stage, ILLEGAL_PARAMETER, scheme(0x0201), PROVEN),
                rows("proof cut short", stage, DECODE_ERROR, instead(Step.CERTIFICATE_VERIFY,
                        server -> server.record(ContentType.HANDSHAKE, 15, 0, 0, 5, 4, 3, 0, 2, 1)), PROVEN),
                rows("proof with a byte too many", stage, DECODE_ERROR, instead(Step.CERTIFICATE_VERIFY,
                        server -> server.record(ContentType.HANDSHAKE, 15, 0, 0, 6, 4, 3, 0, 1, 1, 1)), PROVEN),
                rows("scheme of an RSA key", stage, ILLEGAL_PARAMETER, scheme(0x0804), Kind.VERIFIED),
                rows("scheme of an Ed25519 key", stage, ILLEGAL_PARAMETER, scheme(0x0807), Kind.VERIFIED),
                // RFC 8446, 4.2.3: in TLS 1.3 the scheme specifies the curve.
                rows("scheme of a key on P-384", stage, ILLEGAL_PARAMETER, instead(Step.CERTIFICATE_VERIFY,
                        server -> server.send(
                                server.proof(TestIdentity.ECDSA, SignatureScheme.ECDSA_SECP384R1_SHA384))),
                        Kind.VERIFIED),
                rows("proof by another key", stage, DECRYPT_ERROR, instead(Step.CERTIFICATE_VERIFY, server -> server
                        .send(server.proof(TestIdentity.UNKNOWN, SignatureScheme.ECDSA_SECP256R1_SHA256))),
                        Kind.VERIFIED),
                rows("proof as a client's", stage, DECRYPT_ERROR, signed(hash -> HandshakeSignature
                        .content(HandshakeSignature.CLIENT_CONTEXT, hash)), Kind.VERIFIED),
                rows("proof of the hash alone", stage, DECRYPT_ERROR, signed(hash -> hash), Kind.VERIFIED),
                rows("proof of another handshake", stage, DECRYPT_ERROR, signed(hash -> HandshakeSignature
                        .content(HandshakeSignature.SERVER_CONTEXT, tampered(hash, 0))), Kind.VERIFIED),
                rows("empty proof", stage, DECRYPT_ERROR, proof(p -> new CertificateVerify(p.scheme(), new byte[0])),
                        Kind.VERIFIED),
                rows("changed proof", stage, DECRYPT_ERROR,
                        proof(p -> new CertificateVerify(p.scheme(), tampered(p.signature(), 40))), Kind.VERIFIED),
                rows("proof twice", Stage.SERVER_FINISHED, UNEXPECTED_MESSAGE, after(Step.CERTIFICATE_VERIFY,
                        server -> server.send(server.proof(server.identity, server.identity.scheme()))), PROVEN))
                .flatMap(each -> each);
    }

    static Stream<Row> finished() {
        var stage = Stage.SERVER_FINISHED;
        return Stream.of(
                rows("wrong Finished", stage, DECRYPT_ERROR, finished(f -> tampered(f, 0)), ALL),
                rows("wrong end of Finished", stage, DECRYPT_ERROR, finished(f -> tampered(f, f.length - 1)), ALL),
                rows("Finished of TLS 1.2's length", stage, DECODE_ERROR, finished(f -> Arrays.copyOf(f, 12)), ALL),
                rows("Finished a byte too short", stage, DECODE_ERROR,
                        finished(f -> Arrays.copyOf(f, f.length - 1)), ALL),
                rows("Finished a byte too long", stage, DECODE_ERROR,
                        finished(f -> Arrays.copyOf(f, f.length + 1)), ALL),
                rows("empty Finished", stage, DECODE_ERROR, finished(_ -> new byte[0]), ALL),
                rows("the client's Finished", stage, DECRYPT_ERROR, instead(Step.FINISHED,
                        server -> server.send(new Finished(server.clientTraffic()
                                .finished(server.primitives, server.transcript.hash())))),
                        ALL),
                rows("Finished over another handshake", stage, DECRYPT_ERROR, instead(Step.FINISHED,
                        server -> server.send(new Finished(server.serverTraffic().finished(server.primitives,
                                new byte[server.suite.prfHash().length()])))),
                        ALL),
                rows("Finished under the keys that follow it", stage, BAD_RECORD_MAC, instead(Step.FINISHED,
                        server -> server.finish(content -> {
                            server.writeUnder(server.serverApplication());
                            server.record(ContentType.HANDSHAKE, content);
                        })), ALL),
                // RFC 8446, 5.1: keys change after Finished.
                rows("a byte after Finished in its record", stage, UNEXPECTED_MESSAGE, finishedWith(new byte[1]),
                        ALL),
                rows("KeyUpdate in Finished's record", stage, UNEXPECTED_MESSAGE,
                        finishedWith(new byte[]{24, 0, 0, 1, 0}), ALL))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource({"extensions", "earlyData", "requests", "certificates", "proofs", "finished"})
    void isToldWhichRuleItBroke(Row row) {
        new Tls13Exchange(row.kind).exchange(row.script).assertEndedByClient(row.stage, row.alert);
    }

    private static Stream<Row> rows(String name, Stage stage, AlertDescription alert,
            Script<Step, ScriptedServer13> script, Kind... kinds) {
        return Arrays.stream(kinds).map(kind -> new Row(name, kind, stage, alert, script));
    }

    /** A CertificateRequest with an extension that belongs elsewhere. */
    private static Stream<Row> requestedWith(int type) {
        return rows("CertificateRequest with extension " + type, Stage.CERTIFICATE_REQUEST, ILLEGAL_PARAMETER,
                requested(new Tls13Message.CertificateRequest(new byte[0],
                        List.of(signatureAlgorithms("00020403"), new Extension(type, new byte[0])))),
                PROVEN);
    }

    /** The honest extensions and one more. */
    private static Script<Step, ScriptedServer13> with(int type, String hex) {
        return instead(Step.ENCRYPTED_EXTENSIONS, server -> {
            var extensions = new ArrayList<>(server.extensions().extensions());
            extensions.add(extension(type, hex));
            server.extensions(new EncryptedExtensions(extensions));
        });
    }

    private static Script<Step, ScriptedServer13> alone(int type, String hex) {
        return instead(Step.ENCRYPTED_EXTENSIONS,
                server -> server.extensions(new EncryptedExtensions(List.of(extension(type, hex)))));
    }

    private static Script<Step, ScriptedServer13> requested(Tls13Message.CertificateRequest request) {
        return (step, server) -> {
            if (step == Step.CERTIFICATE) {
                server.send(request);
            }
            if (step != Step.CERTIFICATE_REQUEST) {
                server.honest(step);
            }
        };
    }

    private static Script<Step, ScriptedServer13> schemes(String hex) {
        return requested(new Tls13Message.CertificateRequest(new byte[0], List.of(signatureAlgorithms(hex))));
    }

    private static Script<Step, ScriptedServer13> sends(Tls13Message.Certificate certificate) {
        return instead(Step.CERTIFICATE, server -> server.send(certificate));
    }

    private static Script<Step, ScriptedServer13> chain(List<byte[]> chain) {
        return sends(certificate(chain));
    }

    private static Script<Step, ScriptedServer13> proof(UnaryOperator<CertificateVerify> change) {
        return instead(Step.CERTIFICATE_VERIFY,
                server -> server.send(change.apply(server.proof(server.identity, server.identity.scheme()))));
    }

    private static Script<Step, ScriptedServer13> scheme(int id) {
        return proof(p -> new CertificateVerify(id, p.signature()));
    }

    /** A CertificateVerify over what {@code content} returns for the transcript hash. */
    private static Script<Step, ScriptedServer13> signed(UnaryOperator<byte[]> content) {
        return instead(Step.CERTIFICATE_VERIFY,
                server -> server.send(new CertificateVerify(SignatureScheme.ECDSA_SECP256R1_SHA256.id(),
                        TestIdentity.ECDSA.sign(SignatureScheme.ECDSA_SECP256R1_SHA256,
                                content.apply(server.transcript.hash())))));
    }

    private static Script<Step, ScriptedServer13> finished(UnaryOperator<byte[]> change) {
        return instead(Step.FINISHED,
                server -> server.send(new Finished(change.apply(server.finished().verifyData()))));
    }

    private static Script<Step, ScriptedServer13> finishedWith(byte[] more) {
        return instead(Step.FINISHED, server -> server.finish(
                content -> server.record(ContentType.HANDSHAKE, ScriptedPeer.joined(content, more))));
    }

    private static Extension signatureAlgorithms(String hex) {
        return extension(Extension.SIGNATURE_ALGORITHMS, hex);
    }

    private static Extension extension(int type, String hex) {
        return new Extension(type, HexFormat.of().parseHex(hex));
    }

    private static byte[] tampered(byte[] bytes, int at) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
