package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.wire.AlertDescription.BAD_RECORD_MAC;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.Script.Act;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** TLS 1.3 servers that break a rule once the handshake is complete. */
class Broken13PostHandshakeTest {
    private static final Kind[] KINDS = {Kind.FULL, Kind.VERIFIED, Kind.ASKED, Kind.RESUMED, Kind.EARLY, Kind.MIXED};

    record Row(String name, AlertDescription alert, Act<ScriptedServer13> act) {}

    static Stream<Row> rows() {
        return Stream.of(
                // RFC 8446, 5
                new Row("ChangeCipherSpec", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1})),
                new Row("alert without keys", UNEXPECTED_MESSAGE,
                        server -> server.plain(ContentType.ALERT, new byte[]{2, 40})),
                new Row("application data under the handshake's keys", BAD_RECORD_MAC, server -> {
                    server.writeUnder(server.serverTraffic());
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                new Row("application data still under the handshake's keys", BAD_RECORD_MAC, server -> {
                    server.keepHandshakeKeys();
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                new Row("ticket still under the handshake's keys", BAD_RECORD_MAC, server -> {
                    server.keepHandshakeKeys();
                    server.send(server.ticket());
                }),
                new Row("alert under the handshake's keys after application data", BAD_RECORD_MAC, server -> {
                    server.record(ContentType.APPLICATION_DATA, 'x');
                    server.keepHandshakeKeys();
                    server.record(ContentType.ALERT, 2, 40);
                }),
                // RFC 8446, 4.6.3
                new Row("KeyUpdate of another value", ILLEGAL_PARAMETER,
                        server -> server.record(ContentType.HANDSHAKE, 24, 0, 0, 1, 2)),
                new Row("empty KeyUpdate", DECODE_ERROR,
                        server -> server.record(ContentType.HANDSHAKE, 24, 0, 0, 0)),
                new Row("KeyUpdate of two bytes", DECODE_ERROR,
                        server -> server.record(ContentType.HANDSHAKE, 24, 0, 0, 2, 0, 0)),
                new Row("more after KeyUpdate in its record", UNEXPECTED_MESSAGE,
                        server -> server.send(new KeyUpdate(false), new byte[]{4})),
                new Row("two KeyUpdates in a record", UNEXPECTED_MESSAGE,
                        server -> server.send(new KeyUpdate(false), ScriptedPeer.encoded(new KeyUpdate(false)))),
                new Row("old keys after KeyUpdate", BAD_RECORD_MAC, server -> {
                    server.send(new KeyUpdate(false));
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                new Row("old keys after KeyUpdate, requested", BAD_RECORD_MAC, server -> {
                    server.send(new KeyUpdate(true));
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                new Row("new keys without KeyUpdate", BAD_RECORD_MAC, server -> {
                    server.writeUnder(server.serverApplication().updated(server.primitives));
                    server.record(ContentType.APPLICATION_DATA, 'x');
                }),
                // RFC 8446, 4.6.2: the client has not offered to answer it.
                new Row("CertificateRequest", UNEXPECTED_MESSAGE, server -> server
                        .send(ScriptedServer13.request(new byte[]{1}, SignatureScheme.ED25519))),
                new Row("malformed CertificateRequest", UNEXPECTED_MESSAGE,
                        server -> server.record(ContentType.HANDSHAKE, 13, 0, 0, 1, 9)),
                // RFC 8446, 4.6.1
                new Row("empty ticket", DECODE_ERROR,
                        server -> server
                                .send(new Tls13Message.NewSessionTicket(1, 2, new byte[1], new byte[0], List.of()))),
                new Row("ticket cut short", DECODE_ERROR, server -> server.record(ContentType.HANDSHAKE, 4, 0, 0, 13,
                        0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 9, 5, 6)),
                new Row("ticket without extensions' length", DECODE_ERROR,
                        server -> server.record(ContentType.HANDSHAKE, 4, 0, 0, 12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 1,
                                5)),
                new Row("ticket with a byte too many", DECODE_ERROR, server -> server.record(ContentType.HANDSHAKE, 4,
                        0, 0, 15, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 1, 5, 0, 0, 0)),
                new Row("ticket of TLS 1.2", DECODE_ERROR, server -> server.record(ContentType.HANDSHAKE, 4, 0, 0, 7,
                        0, 0, 0, 1, 0, 1, 5)),
                new Row("ticket with an extension twice", ILLEGAL_PARAMETER, server -> server.send(
                        server.ticket(7200, List.of(new Extension(99, new byte[0]), new Extension(99, new byte[1]))))),
                // RFC 8446, 4.2
                new Row("ticket with key_share", ILLEGAL_PARAMETER, server -> server
                        .send(server.ticket(7200, List.of(new Extension(Extension.KEY_SHARE, new byte[2]))))),
                new Row("ticket with ALPN", ILLEGAL_PARAMETER, server -> server
                        .send(server.ticket(7200, List.of(Extension.alpn(List.of("h2")))))),
                new Row("ticket to be discarded with padding", ILLEGAL_PARAMETER, server -> server
                        .send(server.ticket(0, List.of(new Extension(21, new byte[2]))))),
                new Row("ticket with malformed early_data", DECODE_ERROR, server -> server
                        .send(server.ticket(7200, List.of(new Extension(Extension.EARLY_DATA, new byte[3]))))),
                new Row("ticket with empty early_data", DECODE_ERROR, server -> server
                        .send(server.ticket(7200, List.of(Extension.earlyData())))));
    }

    @TestFactory
    Stream<DynamicTest> isToldWhichRuleItBroke() {
        return rows().flatMap(row -> Stream.of(KINDS).map(kind -> DynamicTest.dynamicTest(row.name + ", " + kind,
                () -> new Tls13Exchange(kind).exchange(before(Step.AFTERWARDS, row.act))
                        .assertEndedByClient(Stage.POST_FINISHED, row.alert))));
    }
}
