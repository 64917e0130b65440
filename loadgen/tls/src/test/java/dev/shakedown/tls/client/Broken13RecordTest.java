package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.RECORD_OVERFLOW;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.Script.Act;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.RecordReader;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.EndOfEarlyData;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** TLS 1.3 servers that send, at any time after their hello, what may never come, or not yet, or not unprotected. */
class Broken13RecordTest {
    private static final Kind[] KINDS = {Kind.FULL, Kind.VERIFIED, Kind.ASKED, Kind.RETRIED, Kind.RESUMED,
        Kind.RESUMED_KEY_ALONE, Kind.EARLY, Kind.EARLY_REJECTED, Kind.MIXED};

    record Row(String name, AlertDescription alert, Act<ScriptedServer13> act) {}

    /** Wrong until the end of the connection. */
    static List<Row> never() {
        return List.of(
                // RFC 8446, 5.4
                new Row("record of zeros", UNEXPECTED_MESSAGE, server -> server.raw(server.inner(new byte[100]))),
                new Row("record without a content type", UNEXPECTED_MESSAGE,
                        server -> server.raw(server.inner(new byte[0]))),
                new Row("encrypted ChangeCipherSpec", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1)),
                new Row("encrypted heartbeat", UNEXPECTED_MESSAGE,
                        server -> server.raw(server.inner(ScriptedPeer.bytes(1, 0, 0, 24)))),
                new Row("content of type 255", UNEXPECTED_MESSAGE,
                        server -> server.raw(server.inner(ScriptedPeer.bytes(1, 255)))),
                new Row("empty handshake record", UNEXPECTED_MESSAGE, server -> server.record(ContentType.HANDSHAKE)),
                new Row("handshake record of padding alone", UNEXPECTED_MESSAGE,
                        server -> server.padded(ContentType.HANDSHAKE, new byte[0], 100)),
                new Row("empty alert record", UNEXPECTED_MESSAGE, server -> server.record(ContentType.ALERT)),
                new Row("alert of one byte", DECODE_ERROR, server -> server.record(ContentType.ALERT, 2)),
                new Row("alert of three bytes", DECODE_ERROR, server -> server.record(ContentType.ALERT, 2, 40, 0)),
                new Row("alert of level 3", ILLEGAL_PARAMETER, server -> server.record(ContentType.ALERT, 3, 40)),
                // RFC 8446, 5
                new Row("ChangeCipherSpec of another value", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[1])),
                new Row("ChangeCipherSpec of two bytes", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1, 1})),
                new Row("ChangeCipherSpec in the middle of a message", UNEXPECTED_MESSAGE, server -> {
                    server.record(ContentType.HANDSHAKE, 8, 0);
                    server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1});
                }),
                // RFC 8446, 5.1
                new Row("application data in the middle of a message", UNEXPECTED_MESSAGE, server -> {
                    server.record(ContentType.HANDSHAKE, 4, 0);
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                new Row("handshake record without keys", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.HANDSHAKE, ScriptedPeer.encoded(server.extensions()))),
                new Row("application data without keys", BAD_RECORD_MAC,
                        server -> server.plain(ContentType.APPLICATION_DATA, new byte[200])),
                new Row("long alert without keys", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.ALERT, new byte[]{2, 40, 0})),
                new Row("record that looks like what it holds", UNEXPECTED_MESSAGE, server -> {
                    var record = server.next(ContentType.HANDSHAKE, ScriptedPeer.encoded(server.extensions()));
                    record[0] = (byte) ContentType.HANDSHAKE.id();
                    server.raw(record);
                }),
                new Row("record changed at its last byte", BAD_RECORD_MAC, server -> {
                    var record = server.next(ContentType.ALERT, new byte[]{1, 90});
                    record[record.length - 1] ^= 1;
                    server.raw(record);
                }),
                new Row("record changed at its first byte", BAD_RECORD_MAC, server -> {
                    var record = server.next(ContentType.ALERT, new byte[]{1, 90});
                    record[RecordReader.HEADER] ^= 1;
                    server.raw(record);
                }),
                new Row("record twice", BAD_RECORD_MAC, server -> {
                    var record = server.next(ContentType.ALERT, new byte[]{1, 90});
                    server.raw(record);
                    server.raw(record);
                }),
                new Row("record left out", BAD_RECORD_MAC, server -> {
                    server.next(ContentType.ALERT, new byte[]{1, 90});
                    server.alert(1, AlertDescription.USER_CANCELED);
                }),
                new Row("record shorter than its tag", BAD_RECORD_MAC,
                        server -> server.raw(ScriptedPeer.bytes(23, 3, 3, 0, 3, 1, 2, 3))),
                new Row("record under the client's keys", BAD_RECORD_MAC, server -> {
                    server.writeUnder(server.clientTraffic());
                    server.alert(1, AlertDescription.USER_CANCELED);
                }),
                // RFC 8446, 5.2 and 5.4
                new Row("record of 2^14 + 257 bytes", RECORD_OVERFLOW, server -> server.raw(23, 3, 3, 0x41, 1)),
                new Row("content of 2^14 + 1 bytes", RECORD_OVERFLOW, server -> server
                        .record(ContentType.APPLICATION_DATA, new byte[RecordReader.MAX_CONTENT + 1])),
                new Row("padding over the most", RECORD_OVERFLOW,
                        server -> server.padded(ContentType.HANDSHAKE, new byte[2], RecordReader.MAX_CONTENT - 1)),
                // RFC 8446, 4: its place is checked before its content and its length.
                new Row("ClientHello of 16 MB", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.HANDSHAKE, 1, 0xff, 0xff, 0xff)),
                new Row("first byte of a ClientHello", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.HANDSHAKE, 1)),
                new Row("malformed ClientHello", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.HANDSHAKE, 1, 0, 0, 1, 0)),
                new Row("malformed ServerHello", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.HANDSHAKE, 2, 0, 0, 1, 0)),
                new Row("ClientHello", UNEXPECTED_MESSAGE, server -> server.send(server.clientHello())),
                new Row("ServerHello", UNEXPECTED_MESSAGE, server -> server.send(server.hello())),
                new Row("HelloRetryRequest", UNEXPECTED_MESSAGE, server -> server.send(server.retryRequest())),
                new Row("EndOfEarlyData", UNEXPECTED_MESSAGE, server -> server.send(new EndOfEarlyData())),
                new Row("HelloRequest", UNEXPECTED_MESSAGE, server -> server.send(new HelloRequest())),
                new Row("ServerHelloDone", UNEXPECTED_MESSAGE, server -> server.send(new ServerHelloDone())),
                message("HelloVerifyRequest", 3), message("ServerKeyExchange", 12), message("ClientKeyExchange", 16),
                message("CertificateStatus", 22), message("CompressedCertificate", 25), message("message_hash", 254),
                message("message of unknown type", 99));
    }

    /** Wrong after the first record under the server's keys. */
    static List<Row> behindKeys() {
        return List.of(new Row("alert without keys", UNEXPECTED_MESSAGE,
                server -> server.plain(ContentType.ALERT, new byte[]{2, 40})));
    }

    /** Wrong until Finished. */
    static List<Row> notYet() {
        return List.of(
                new Row("application data", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.APPLICATION_DATA, 'x')),
                new Row("empty application data", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.APPLICATION_DATA)),
                new Row("ticket", UNEXPECTED_MESSAGE,
                        server -> server
                                .send(new Tls13Message.NewSessionTicket(1, 2, new byte[1], new byte[1], List.of()))),
                new Row("KeyUpdate", UNEXPECTED_MESSAGE, server -> server.send(new KeyUpdate(false))));
    }

    @TestFactory
    Stream<DynamicTest> isToldWhichRuleItBroke() {
        return tests((step, _) -> Stream.of(never(), step == Step.ENCRYPTED_EXTENSIONS ? List.<Row>of() : behindKeys(),
                step == Step.AFTERWARDS ? List.<Row>of() : notYet()).flatMap(List::stream).toList());
    }

    private static final Map<Step, Function<ScriptedServer13, HandshakeMessage>> MESSAGES = Map.of(
            Step.ENCRYPTED_EXTENSIONS, ScriptedServer13::extensions,
            Step.CERTIFICATE_REQUEST, server -> server.request,
            Step.CERTIFICATE, server -> ScriptedServer13.certificate(server.identity.chain()),
            Step.CERTIFICATE_VERIFY, server -> server.proof(server.identity, server.identity.scheme()),
            Step.FINISHED, ScriptedServer13::finished);

    /** Sends, at every step, all the messages that are due at other steps. */
    @TestFactory
    Stream<DynamicTest> noMessageComesAtAnothersPlace() {
        return tests((step, _) -> MESSAGES.keySet().stream()
                .filter(other -> other != step
                        && !(step == Step.CERTIFICATE_REQUEST && other == Step.CERTIFICATE)
                        && !(step == Step.CERTIFICATE && other == Step.CERTIFICATE_REQUEST))
                .map(other -> new Row(other.toString(), UNEXPECTED_MESSAGE,
                        server -> server.send(MESSAGES.get(other).apply(server))))
                .toList());
    }

    private interface Rows {
        List<Row> at(Step step, Kind kind);
    }

    private static Stream<DynamicTest> tests(Rows rows) {
        return Stream.of(KINDS).flatMap(kind -> kind.steps().stream().filter(step -> switch (step) {
            case HELLO_RETRY_REQUEST, SERVER_HELLO, CHANGE_CIPHER_SPEC, NEW_SESSION_TICKET -> false;
            default -> true;
        }).flatMap(step -> rows.at(step, kind).stream().map(row -> DynamicTest.dynamicTest(
                row.name + " before " + step + ", " + kind,
                () -> new Tls13Exchange(kind).exchange(before(step, row.act))
                        .assertEndedByClient(kind.stage(step), row.alert)))));
    }

    private static Row message(String name, int type) {
        return new Row(name, UNEXPECTED_MESSAGE, server -> server.record(ContentType.HANDSHAKE, type, 0, 0, 1, 0));
    }
}
