package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.ScriptedServer.hello;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.DECOMPRESSION_FAILURE;
import static dev.shakedown.tls.wire.AlertDescription.DECRYPT_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.INSUFFICIENT_SECURITY;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_EXTENSION;

import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.ServerKeyExchange;
import dev.shakedown.tls.wire.ServerHello;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers that break a rule of an old version, or one of DHE and compression; see {@link BrokenFinishedTest} too. */
class BrokenOldTest {
    record Row(String name, Kind kind, Stage stage, AlertDescription alert, Script<Step, ScriptedServer> script) {
        @Override
        public String toString() {
            return name + ", " + kind;
        }
    }

    static Stream<Row> hellos() {
        var stage = Stage.SERVER_HELLO;
        return Stream.of(
                rows("a version below", stage, PROTOCOL_VERSION, hello(h -> version(h, h.version() - 1)), Kind.TLS11,
                        Kind.TLS10, Kind.SSL3),
                rows("a version above", stage, PROTOCOL_VERSION, hello(h -> version(h, h.version() + 1)), Kind.TLS11,
                        Kind.TLS10, Kind.SSL3, Kind.SSL3_BY_ID),
                rows("TLS 1.3 by extension", stage, UNSUPPORTED_EXTENSION,
                        hello(h -> with(h, new Extension(Extension.SUPPORTED_VERSIONS, new byte[]{3, 4}))),
                        Kind.TLS11, Kind.TLS10, Kind.SSL3),
                rows("a suite that was not offered", stage, ILLEGAL_PARAMETER,
                        hello(h -> suite(h, CipherSuite.TLS_RSA_WITH_NULL_MD5)), Kind.TLS11, Kind.TLS10, Kind.SSL3),
                rows("a suite of TLS 1.3", stage, ILLEGAL_PARAMETER,
                        hello(h -> suite(h, CipherSuite.TLS_AES_128_GCM_SHA256)), Kind.TLS11, Kind.TLS10, Kind.SSL3),
                rows("compression that was not offered", stage, ILLEGAL_PARAMETER, hello(h -> compression(h, 1)),
                        Kind.TLS11, Kind.TLS10, Kind.SSL3),
                rows("compression that there is not", stage, ILLEGAL_PARAMETER, hello(h -> compression(h, 64)),
                        Kind.DEFLATED, Kind.TLS10),
                rows("extended_master_secret in SSL 3.0", stage, UNSUPPORTED_EXTENSION,
                        hello(h -> with(h, Extension.extendedMasterSecret())), Kind.SSL3, Kind.SSL3_BY_ID),
                rows("encrypt_then_mac with a stream cipher", stage, ILLEGAL_PARAMETER,
                        hello(h -> with(h, Extension.encryptThenMac())), Kind.TLS10_RC4, Kind.TLS11_NULL),
                rows("a ticket in SSL 3.0", stage, UNSUPPORTED_EXTENSION,
                        hello(h -> with(h, Extension.sessionTicket(new byte[0]))), Kind.SSL3),
                rows("a session of another suite", stage, ILLEGAL_PARAMETER,
                        hello(h -> suite(h, CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA)), Kind.TLS11_BY_ID),
                rows("a session without its extended_master_secret", stage, AlertDescription.HANDSHAKE_FAILURE,
                        hello(h -> without(h, Extension.EXTENDED_MASTER_SECRET)), Kind.TLS11_BY_ID,
                        Kind.TLS10_BY_TICKET))
                .flatMap(each -> each);
    }

    static Stream<Row> flights() {
        var exchange = Stage.SERVER_KEY_EXCHANGE;
        var done = Stage.SERVER_HELLO_DONE;
        return Stream.of(
                rows("a record of TLS 1.2", Stage.CERTIFICATE, PROTOCOL_VERSION,
                        before(Step.CERTIFICATE, server -> server.raw(22, 3, 3, 0, 1, 11)), Kind.TLS11, Kind.TLS10,
                        Kind.SSL3),
                rows("a record of SSL 3.0", Stage.CERTIFICATE, PROTOCOL_VERSION,
                        before(Step.CERTIFICATE, server -> server.raw(22, 3, 0, 0, 1, 11)), Kind.TLS11, Kind.TLS10,
                        Kind.DHE),
                rows("no key exchange", exchange, UNEXPECTED_MESSAGE, Script.without(Step.SERVER_KEY_EXCHANGE),
                        Kind.TLS11, Kind.TLS11_DHE_VERIFIED, Kind.TLS10_VERIFIED, Kind.SSL3_DHE_VERIFIED, Kind.DHE),
                rows("a key exchange too many", done, UNEXPECTED_MESSAGE, before(Step.SERVER_HELLO_DONE,
                        server -> server.send(new ServerKeyExchange.Ecdhe(29, new byte[32], -1, new byte[256]))),
                        Kind.TLS10,
                        Kind.SSL3, Kind.TLS11_NULL),
                rows("a key exchange that names its scheme", exchange, DECODE_ERROR,
                        instead(Step.SERVER_KEY_EXCHANGE, server -> {
                            var honest = server.onCurve();
                            server.send(new ServerKeyExchange.Ecdhe(honest.group(), honest.point(), 0x0403,
                                    honest.signature()));
                        }), Kind.TLS11, Kind.TLS10_VERIFIED),
                rows("a wrong signature", exchange, DECRYPT_ERROR,
                        signature(s -> changed(s, s.length - 1)), Kind.TLS11_DHE_VERIFIED, Kind.SSL3_DHE_VERIFIED),
                rows("an empty signature", exchange, DECRYPT_ERROR, signature(_ -> new byte[0]),
                        Kind.TLS11_DHE_VERIFIED, Kind.SSL3_DHE_VERIFIED),
                rows("a signature of another length", exchange, DECRYPT_ERROR, signature(s -> Arrays.copyOf(s, 255)),
                        Kind.TLS11_DHE_VERIFIED, Kind.SSL3_DHE_VERIFIED),
                rows("a small prime", exchange, INSUFFICIENT_SECURITY, numbers(new byte[]{23}, new byte[]{5},
                        new byte[]{8}), DHE),
                rows("an even prime", exchange, ILLEGAL_PARAMETER,
                        numbers(changed(ScriptedServer.PRIME, 127), new byte[]{2}, new byte[]{8}), DHE),
                rows("generator 1", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[]{1}, new byte[]{8}), DHE),
                rows("generator 0", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[0], new byte[]{8}), DHE),
                rows("public value 0", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[]{2}, new byte[1]), DHE),
                rows("public value 1", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[]{2}, new byte[]{1}), DHE),
                rows("public value p", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[]{2}, ScriptedServer.PRIME), DHE),
                rows("public value p - 1", exchange, ILLEGAL_PARAMETER,
                        numbers(ScriptedServer.PRIME, new byte[]{2}, changed(ScriptedServer.PRIME, 127)), DHE),
                rows("numbers cut short", exchange, DECODE_ERROR, instead(Step.SERVER_KEY_EXCHANGE,
                        server -> server.record(ContentType.HANDSHAKE, 12, 0, 0, 4, 0, 9, 1, 2)), DHE),
                rows("CertificateRequest as TLS 1.2 has it", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        before(Step.SERVER_HELLO_DONE, server -> server.send(new CertificateRequest(new byte[]{1},
                                new int[]{0x0401, 0x0403, 0x0804}, List.of()))),
                        Kind.TLS10, Kind.TLS11, Kind.SSL3),
                rows("CertificateRequest as TLS 1.1 has it", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        before(Step.SERVER_HELLO_DONE,
                                server -> server.send(new CertificateRequest(new byte[]{1}, null, List.of()))),
                        Kind.DHE),
                // RFC 5246, 7.4.4; RFC 2246, 7.4.4
                rows("CertificateRequest without certificate types", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        asks(new CertificateRequest(new byte[0], null, List.of())), Kind.TLS10, Kind.TLS11, Kind.SSL3),
                rows("CertificateRequest with an empty name", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        asks(new CertificateRequest(new byte[]{1}, null, List.of(new byte[1], new byte[0]))),
                        Kind.TLS10, Kind.TLS11, Kind.SSL3),
                rows("CertificateRequest without certificate types", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        asks(new CertificateRequest(new byte[0], new int[]{0x0401}, List.of())), Kind.DHE),
                rows("CertificateRequest without signature algorithms", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        asks(new CertificateRequest(new byte[]{1}, new int[0], List.of())), Kind.DHE),
                rows("CertificateRequest with an empty name", Stage.CERTIFICATE_REQUEST, DECODE_ERROR,
                        asks(new CertificateRequest(new byte[]{1}, new int[]{0x0401}, List.of(new byte[0]))),
                        Kind.DHE),
                rows("a ticket that was not promised", Stage.CHANGE_CIPHER_SPEC, UNEXPECTED_MESSAGE,
                        before(Step.CHANGE_CIPHER_SPEC, server -> server.honest(Step.NEW_SESSION_TICKET)), Kind.SSL3,
                        Kind.TLS11_BY_ID))
                .flatMap(each -> each);
    }

    static Stream<Row> ends() {
        var stage = Stage.SERVER_FINISHED;
        return Stream.of(
                rows("a Finished of TLS in SSL 3.0", stage, DECODE_ERROR, finished(f -> Arrays.copyOf(f, 12)),
                        Kind.SSL3, Kind.SSL3_RC4, Kind.SSL3_BY_ID),
                rows("a Finished of SSL 3.0 in TLS", stage, DECODE_ERROR, finished(f -> Arrays.copyOf(f, 36)),
                        Kind.TLS10, Kind.TLS11),
                rows("the client's Finished back", stage, DECRYPT_ERROR,
                        instead(Step.FINISHED, server -> server.send(server.clientsFinished())), Kind.SSL3, Kind.TLS10,
                        Kind.TLS11, Kind.DHE),
                rows("half of Finished right, MD5", stage, DECRYPT_ERROR, finished(f -> changed(f, 16)), Kind.SSL3),
                rows("half of Finished right, SHA-1", stage, DECRYPT_ERROR, finished(f -> changed(f, 15)), Kind.SSL3),
                rows("less than a block", stage, BAD_RECORD_MAC,
                        before(Step.FINISHED, server -> server.raw(22, 3, server.version & 0xff, 0, 7, 1, 2, 3, 4, 5,
                                6, 7)),
                        Kind.TLS10, Kind.SSL3, Kind.TLS11, Kind.TLS10_RC4, Kind.TLS11_NULL),
                rows("padding longer than a block in SSL 3.0", stage, BAD_RECORD_MAC,
                        before(Step.FINISHED, server -> server.raw(record(server.version, 48))), Kind.SSL3),
                rows("what cannot be decompressed", stage, DECOMPRESSION_FAILURE,
                        before(Step.FINISHED, server -> server.uncompressed(new byte[]{20, 0, 0, 12})), Kind.DEFLATED),
                rows("what becomes too long", stage, DECOMPRESSION_FAILURE,
                        before(Step.FINISHED, server -> server.record(ContentType.HANDSHAKE, new byte[20_000])),
                        Kind.DEFLATED))
                .flatMap(each -> each);
    }

    private static final Kind[] DHE = {Kind.DHE, Kind.TLS11_DHE_VERIFIED, Kind.SSL3_DHE_VERIFIED};

    @ParameterizedTest
    @MethodSource({"hellos", "flights", "ends"})
    void isToldWhichRuleItBroke(Row row) {
        new Tls12Exchange(row.kind).exchange(row.script).assertEndedByClient(row.stage, row.alert);
    }

    private static Stream<Row> rows(String name, Stage stage, AlertDescription alert,
            Script<Step, ScriptedServer> script, Kind... kinds) {
        return Arrays.stream(kinds).map(kind -> new Row(name, kind, stage, alert, script));
    }

    private static ServerHello version(ServerHello h, int version) {
        return new ServerHello(version, h.random(), h.sessionId(), h.cipherSuite(), 0, h.extensions());
    }

    private static ServerHello suite(ServerHello h, CipherSuite suite) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), suite.id(), 0, h.extensions());
    }

    private static ServerHello compression(ServerHello h, int method) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), h.cipherSuite(), method, h.extensions());
    }

    private static ServerHello with(ServerHello h, Extension more) {
        var extensions = new ArrayList<>(h.extensions());
        extensions.add(more);
        return new ServerHello(h.version(), h.random(), h.sessionId(), h.cipherSuite(), 0, extensions);
    }

    private static ServerHello without(ServerHello h, int type) {
        return new ServerHello(h.version(), h.random(), h.sessionId(), h.cipherSuite(), 0,
                h.extensions().stream().filter(extension -> extension.type() != type).toList());
    }

    private static Script<Step, ScriptedServer> signature(UnaryOperator<byte[]> change) {
        return instead(Step.SERVER_KEY_EXCHANGE, server -> {
            var honest = (ServerKeyExchange.Dhe) server.keyExchange();
            server.send(new ServerKeyExchange.Dhe(honest.prime(), honest.generator(), honest.publicValue(),
                    honest.scheme(), change.apply(honest.signature())));
        });
    }

    /** A DHE ServerKeyExchange with these numbers and a valid signature. */
    private static Script<Step, ScriptedServer> numbers(byte[] prime, byte[] generator, byte[] publicValue) {
        return instead(Step.SERVER_KEY_EXCHANGE,
                server -> server.send(server.dhSigned(prime, generator, publicValue)));
    }

    private static Script<Step, ScriptedServer> finished(UnaryOperator<byte[]> change) {
        return instead(Step.FINISHED,
                server -> server.send(new Finished(change.apply(server.finished().verifyData()))));
    }

    private static byte[] record(int version, int length) {
        var record = new byte[5 + length];
        record[0] = 22;
        record[1] = 3;
        record[2] = (byte) version;
        record[4] = (byte) length;
        return record;
    }

    private static Script<Step, ScriptedServer> asks(CertificateRequest request) {
        return before(Step.SERVER_HELLO_DONE, server -> server.send(request));
    }

    private static byte[] changed(byte[] bytes, int at) {
        var changed = bytes.clone();
        changed[at] ^= 1;
        return changed;
    }
}
