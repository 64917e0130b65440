package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.ScriptedServer.hello;
import static dev.shakedown.tls.client.ServerHellos.compression;
import static dev.shakedown.tls.client.ServerHellos.replaced;
import static dev.shakedown.tls.client.ServerHellos.sessionId;
import static dev.shakedown.tls.client.ServerHellos.suite;
import static dev.shakedown.tls.client.ServerHellos.version;
import static dev.shakedown.tls.client.ServerHellos.with;
import static dev.shakedown.tls.client.ServerHellos.without;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.HANDSHAKE_FAILURE;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.RECORD_OVERFLOW;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_EXTENSION;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.Certificate;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.ServerHello;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Servers whose first answer breaks a rule. Each row ends at the stage server_hello. */
class BrokenHelloTest {
    record Row(String name, Kind kind, Script<Step, ScriptedServer> script, AlertDescription alert) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Row> hellos() {
        return Stream.of(
                row("SSLv3 chosen", PROTOCOL_VERSION, hello(h -> version(h, 0x0300))),
                row("TLS 1.0 chosen", PROTOCOL_VERSION, hello(h -> version(h, 0x0301))),
                row("TLS 1.1 chosen", PROTOCOL_VERSION, hello(h -> version(h, 0x0302))),
                row("TLS 1.3 chosen", PROTOCOL_VERSION, hello(h -> version(h, 0x0304))),
                row("suite that was not offered", ILLEGAL_PARAMETER,
                        hello(h -> suite(h, CipherSuite.TLS_RSA_WITH_AES_256_CBC_SHA.id()))),
                row("suite of TLS 1.3", ILLEGAL_PARAMETER, hello(h -> suite(h, 0x1301))),
                row("unknown suite", ILLEGAL_PARAMETER, hello(h -> suite(h, 0xfafa))),
                row("compression", ILLEGAL_PARAMETER, hello(h -> compression(h, 1))),
                row("session ID of 33 bytes", DECODE_ERROR, hello(h -> sessionId(h, new byte[33]))));
    }

    static Stream<Row> extensions() {
        return Stream.of(
                row("extension twice", ILLEGAL_PARAMETER, hello(h -> with(h, Extension.extendedMasterSecret()))),
                row("unknown extension", UNSUPPORTED_EXTENSION, answer(0x1234, "")),
                row("supported_versions that was not offered", UNSUPPORTED_EXTENSION, answer(43, "0304")),
                row("ticket that was not asked for", Kind.PLAIN, UNSUPPORTED_EXTENSION,
                        answer(Extension.SESSION_TICKET, "")),
                row("encrypt_then_mac that was not offered", Kind.PLAIN, UNSUPPORTED_EXTENSION,
                        answer(Extension.ENCRYPT_THEN_MAC, "")),
                row("encrypt_then_mac with an AEAD suite", ILLEGAL_PARAMETER,
                        answer(Extension.ENCRYPT_THEN_MAC, "")),
                row("encrypt_then_mac not empty", Kind.CBC, DECODE_ERROR, answer(Extension.ENCRYPT_THEN_MAC, "00")),
                row("extended_master_secret not empty", DECODE_ERROR, answer(Extension.EXTENDED_MASTER_SECRET, "00")),
                row("session_ticket not empty", DECODE_ERROR, answer(Extension.SESSION_TICKET, "00")),
                row("server_name not empty", DECODE_ERROR, answer(Extension.SERVER_NAME, "00")),
                row("signature_algorithms from a server", ILLEGAL_PARAMETER,
                        answer(Extension.SIGNATURE_ALGORITHMS, "00020401")),
                row("renegotiation_info of another handshake", HANDSHAKE_FAILURE,
                        answer(Extension.RENEGOTIATION_INFO, "0155")),
                row("renegotiation_info without a length", DECODE_ERROR, answer(Extension.RENEGOTIATION_INFO, "")),
                row("renegotiation_info with a wrong length", DECODE_ERROR,
                        answer(Extension.RENEGOTIATION_INFO, "0500")),
                row("ec_point_formats without uncompressed", ILLEGAL_PARAMETER,
                        answer(Extension.EC_POINT_FORMATS, "020102")),
                row("ec_point_formats without a format", ILLEGAL_PARAMETER, answer(Extension.EC_POINT_FORMATS, "00")),
                row("ec_point_formats without a length", DECODE_ERROR, answer(Extension.EC_POINT_FORMATS, "")),
                row("ec_point_formats with a wrong length", DECODE_ERROR,
                        answer(Extension.EC_POINT_FORMATS, "0200")),
                row("ALPN that was not offered", ILLEGAL_PARAMETER, answer(Extension.ALPN, "0003026833")),
                row("ALPN of two protocols", DECODE_ERROR, answer(Extension.ALPN, "0006026832026832")),
                row("ALPN of no protocol", DECODE_ERROR, answer(Extension.ALPN, "0000")));
    }

    static Stream<Row> resumptions() {
        return Stream.of(
                row("session resumed with another suite", Kind.BY_ID, ILLEGAL_PARAMETER,
                        hello(h -> suite(h, CipherSuite.TLS_RSA_WITH_AES_128_CBC_SHA.id()))),
                row("session resumed with another compression", Kind.BY_ID, ILLEGAL_PARAMETER,
                        hello(h -> compression(h, 1))),
                row("session with extended_master_secret resumed without", Kind.BY_TICKET, HANDSHAKE_FAILURE,
                        hello(h -> without(h, Extension.EXTENDED_MASTER_SECRET))),
                row("session without extended_master_secret resumed with it", Kind.BY_OLD_ID, HANDSHAKE_FAILURE,
                        hello(h -> with(h, Extension.extendedMasterSecret()))));
    }

    static Stream<Row> otherMessages() {
        return Stream.of(
                row("Certificate first", UNEXPECTED_MESSAGE,
                        first(server -> server.send(new Certificate(server.identity().chain())))),
                row("ServerHelloDone first", UNEXPECTED_MESSAGE, first(server -> server.send(new ServerHelloDone()))),
                row("Finished first", UNEXPECTED_MESSAGE,
                        first(server -> server.send(new Finished(new byte[12])))),
                row("the ClientHello sent back", UNEXPECTED_MESSAGE,
                        first(server -> server.send(server.clientHello()))),
                row("ServerKeyExchange first", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE, 12, 0, 0, 4, 3, 0, 29, 0))),
                row("message of unknown type", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE, 99, 0, 0, 1, 0))),
                row("HelloRequest with content", DECODE_ERROR,
                        first(server -> server.record(ContentType.HANDSHAKE, 0, 0, 0, 1, 0))),
                row("ServerHello cut short", DECODE_ERROR,
                        first(server -> server.record(ContentType.HANDSHAKE, 2, 0, 0, 3, 3, 3, 0))),
                row("ServerHello with a byte too many", DECODE_ERROR, first(BrokenHelloTest::longHello)),
                row("malformed ClientHello", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE, 1, 0, 0, 1, 0))),
                row("Certificate of 16 MB", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE, 11, 0xff, 0xff, 0xff))),
                row("message of 16 MB", ILLEGAL_PARAMETER,
                        first(server -> server.record(ContentType.HANDSHAKE, 2, 0xff, 0xff, 0xff))),
                row("ChangeCipherSpec first", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1))),
                row("ChangeCipherSpec in the middle of ServerHello", UNEXPECTED_MESSAGE, first(server -> {
                    server.record(ContentType.HANDSHAKE, 2, 0, 0);
                    server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                })),
                row("ChangeCipherSpec of another value", DECODE_ERROR,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 2))),
                row("application data first", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.APPLICATION_DATA, 'h', 'i'))),
                row("empty application data first", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.APPLICATION_DATA))));
    }

    static Stream<Row> records() {
        return Stream.of(
                row("record of 2^14 + 1 bytes", RECORD_OVERFLOW, first(server -> server.raw(22, 3, 3, 0x40, 1))),
                row("record of 65,535 bytes", RECORD_OVERFLOW, first(server -> server.raw(22, 3, 3, 0xff, 0xff))),
                row("record of version 2", PROTOCOL_VERSION, first(server -> server.raw(22, 2, 0, 0, 4))),
                row("record of version 4", PROTOCOL_VERSION, first(server -> server.raw(22, 4, 0, 0, 4))),
                row("empty handshake record", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE))),
                row("empty alert record", UNEXPECTED_MESSAGE, first(server -> server.record(ContentType.ALERT))),
                row("empty ChangeCipherSpec record", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC))),
                row("alert of one byte", DECODE_ERROR, first(server -> server.record(ContentType.ALERT, 2))),
                row("alert of three bytes", DECODE_ERROR, first(server -> server.record(ContentType.ALERT, 2, 40, 0))),
                row("alert of level 3", ILLEGAL_PARAMETER, first(server -> server.record(ContentType.ALERT, 3, 40))),
                row("heartbeat record", UNEXPECTED_MESSAGE, first(server -> server.raw(24, 3, 3, 0, 3, 1, 0, 0))),
                row("SSLv2", UNEXPECTED_MESSAGE, first(server -> server.raw(0x80, 0x0b, 0x04, 0, 0, 0, 0))),
                row("HTTP", UNEXPECTED_MESSAGE, says("HTTP/1.1 400 Bad Request\r\n\r\n")),
                row("SMTP", UNEXPECTED_MESSAGE, says("220 mail.example ESMTP\r\n")),
                row("SSH", UNEXPECTED_MESSAGE, says("SSH-2.0-OpenSSH_9.2\r\n")),
                row("HTML", UNEXPECTED_MESSAGE, says("<html>")),
                row("zero bytes", UNEXPECTED_MESSAGE, first(server -> server.raw(new byte[50]))));
    }

    @ParameterizedTest
    @MethodSource({"hellos", "extensions", "resumptions", "otherMessages", "records"})
    void isToldWhichRuleItBroke(Row row) {
        new Tls12Exchange(row.kind).exchange(row.script).assertEndedByClient(Stage.SERVER_HELLO, row.alert);
    }

    private static Row row(String name, AlertDescription alert, Script<Step, ScriptedServer> script) {
        return new Row(name, Kind.ECDHE_RSA, script, alert);
    }

    private static Row row(String name, Kind kind, AlertDescription alert, Script<Step, ScriptedServer> script) {
        return new Row(name, kind, script, alert);
    }

    private static Script<Step, ScriptedServer> first(Script.Act<ScriptedServer> act) {
        return instead(Step.SERVER_HELLO, act);
    }

    private static Script<Step, ScriptedServer> says(String text) {
        return first(server -> server.raw(text.getBytes(US_ASCII)));
    }

    /** An honest ServerHello, but with this content in this extension. */
    private static Script<Step, ScriptedServer> answer(int extension, String hex) {
        return hello(h -> replaced(h, new Extension(extension, HexFormat.of().parseHex(hex))));
    }

    private static void longHello(ScriptedServer server) {
        var encoded = ScriptedServer.encoded(server.hello());
        var longer = Arrays.copyOf(encoded, encoded.length + 1);
        longer[3]++;
        server.record(ContentType.HANDSHAKE, longer);
    }
}
