package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.ScriptedServer13.CHOSEN_VERSION;
import static dev.shakedown.tls.client.ScriptedServer13.COOKIE;
import static dev.shakedown.tls.client.ScriptedServer13.group;
import static dev.shakedown.tls.client.ScriptedServer13.hello;
import static dev.shakedown.tls.client.ScriptedServer13.share;
import static dev.shakedown.tls.client.ServerHellos.compression;
import static dev.shakedown.tls.client.ServerHellos.extensions;
import static dev.shakedown.tls.client.ServerHellos.random;
import static dev.shakedown.tls.client.ServerHellos.replaced;
import static dev.shakedown.tls.client.ServerHellos.sessionId;
import static dev.shakedown.tls.client.ServerHellos.suite;
import static dev.shakedown.tls.client.ServerHellos.version;
import static dev.shakedown.tls.client.ServerHellos.with;
import static dev.shakedown.tls.client.ServerHellos.without;
import static dev.shakedown.tls.wire.AlertDescription.DECODE_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.ILLEGAL_PARAMETER;
import static dev.shakedown.tls.wire.AlertDescription.INTERNAL_ERROR;
import static dev.shakedown.tls.wire.AlertDescription.MISSING_EXTENSION;
import static dev.shakedown.tls.wire.AlertDescription.PROTOCOL_VERSION;
import static dev.shakedown.tls.wire.AlertDescription.RECORD_OVERFLOW;
import static dev.shakedown.tls.wire.AlertDescription.UNEXPECTED_MESSAGE;
import static dev.shakedown.tls.wire.AlertDescription.UNSUPPORTED_EXTENSION;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.shakedown.tls.client.ClientSettings.KeyShareMode;
import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.Finished;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.ServerHelloDone;
import dev.shakedown.tls.wire.NamedGroup;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.Tls13Message.KeyUpdate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** TLS 1.3 servers whose HelloRetryRequest or ServerHello breaks a rule. */
class Broken13HelloTest {
    private static final int TLS12_SUITE = CipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.id();
    /** The ServerHello is the first message, or follows a request, with a session, early data, or TLS 1.2 on offer. */
    private static final Kind[] ALL = {Kind.FULL, Kind.RETRIED, Kind.RESUMED, Kind.RESUMED_RETRIED, Kind.EARLY,
        Kind.EARLY_RETRIED, Kind.MIXED};
    private static final Kind[] RETRYING = {Kind.RETRIED, Kind.RETRIED_COOKIE, Kind.RESUMED_RETRIED,
        Kind.EARLY_RETRIED};

    record Row(String name, Kind kind, AlertDescription alert, Script<Step, ScriptedServer13> script) {
        @Override
        public String toString() {
            return name + ", " + kind;
        }
    }

    static Stream<Row> hellos() {
        return Stream.of(
                rows("session ID not echoed", ILLEGAL_PARAMETER, hello(h -> sessionId(h, new byte[0])), ALL),
                rows("another session ID", ILLEGAL_PARAMETER, hello(h -> sessionId(h, new byte[32])), ALL),
                rows("session ID of 33 bytes", DECODE_ERROR, hello(h -> sessionId(h, new byte[33])), ALL),
                rows("suite that was not offered", ILLEGAL_PARAMETER, hello(h -> suite(h, 0x1304)), ALL),
                rows("suite of TLS 1.2", ILLEGAL_PARAMETER, hello(h -> suite(h, TLS12_SUITE)), ALL),
                rows("compression", ILLEGAL_PARAMETER, hello(h -> compression(h, 1)), ALL),
                // RFC 8446, 4.2.1
                rows("TLS 1.2 in supported_versions", ILLEGAL_PARAMETER, hello(h -> chosen(h, 0x0303)), ALL),
                rows("TLS 1.1 in supported_versions", ILLEGAL_PARAMETER, hello(h -> chosen(h, 0x0302)), ALL),
                rows("a version of later in supported_versions", ILLEGAL_PARAMETER, hello(h -> chosen(h, 0x0305)),
                        ALL),
                rows("a draft in supported_versions", ILLEGAL_PARAMETER, hello(h -> chosen(h, 0x7f1c)), ALL),
                rows("supported_versions cut short", DECODE_ERROR, answer(Extension.SUPPORTED_VERSIONS, "03"), ALL),
                rows("supported_versions as a client's", DECODE_ERROR,
                        answer(Extension.SUPPORTED_VERSIONS, "020304"), ALL),
                rows("no supported_versions", PROTOCOL_VERSION,
                        hello(h -> without(h, Extension.SUPPORTED_VERSIONS)), Kind.FULL, Kind.RESUMED, Kind.EARLY),
                // RFC 8446, 4.1.4: the version of the HelloRetryRequest is final.
                rows("no supported_versions any more", ILLEGAL_PARAMETER,
                        hello(h -> without(h, Extension.SUPPORTED_VERSIONS)), RETRYING),
                rows("a suite of TLS 1.3 in TLS 1.2", ILLEGAL_PARAMETER,
                        hello(h -> without(h, Extension.SUPPORTED_VERSIONS)), Kind.MIXED),
                rows("a key share in TLS 1.2", ILLEGAL_PARAMETER,
                        hello(h -> suite(without(h, Extension.SUPPORTED_VERSIONS), TLS12_SUITE)), Kind.MIXED),
                rows("TLS 1.1", PROTOCOL_VERSION,
                        hello(h -> version(without(h, Extension.SUPPORTED_VERSIONS), 0x0302)), Kind.FULL, Kind.MIXED),
                rows("TLS 1.2 that says it supports TLS 1.3", ILLEGAL_PARAMETER, downgraded(0x0303, 1), Kind.FULL,
                        Kind.RESUMED, Kind.RETRIED, Kind.EARLY, Kind.MIXED),
                rows("TLS 1.2 with the sentinel of TLS 1.1", ILLEGAL_PARAMETER, downgraded(0x0303, 0), Kind.FULL,
                        Kind.MIXED),
                rows("TLS 1.1 that says it supports TLS 1.3", ILLEGAL_PARAMETER, downgraded(0x0302, 0), Kind.FULL,
                        Kind.MIXED))
                .flatMap(each -> each);
    }

    static Stream<Row> extensions13() {
        return Stream.of(
                rows("extension twice", ILLEGAL_PARAMETER, hello(h -> with(h, CHOSEN_VERSION)), ALL),
                rows("unknown extension", UNSUPPORTED_EXTENSION, answer(0x1234, ""), ALL),
                rows("ALPN", ILLEGAL_PARAMETER, answer(Extension.ALPN, "0003026832"), ALL),
                rows("server_name", ILLEGAL_PARAMETER, answer(Extension.SERVER_NAME, ""), ALL),
                rows("supported_groups", ILLEGAL_PARAMETER, answer(Extension.SUPPORTED_GROUPS, "0002001d"), ALL),
                rows("psk_key_exchange_modes", ILLEGAL_PARAMETER, answer(Extension.PSK_KEY_EXCHANGE_MODES, "0101"),
                        ALL),
                rows("early_data", ILLEGAL_PARAMETER, answer(Extension.EARLY_DATA, ""), Kind.EARLY),
                rows("early_data that was not offered", UNSUPPORTED_EXTENSION, answer(Extension.EARLY_DATA, ""),
                        Kind.FULL, Kind.RESUMED, Kind.EARLY_RETRIED),
                rows("cookie", UNSUPPORTED_EXTENSION, hello(h -> with(h, COOKIE)), Kind.FULL, Kind.RETRIED),
                rows("the cookie sent back", ILLEGAL_PARAMETER, hello(h -> with(h, COOKIE)), Kind.RETRIED_COOKIE,
                        Kind.RESUMED_RETRIED),
                rows("extended_master_secret", UNSUPPORTED_EXTENSION, answer(Extension.EXTENDED_MASTER_SECRET, ""),
                        Kind.FULL),
                rows("extended_master_secret of TLS 1.2", ILLEGAL_PARAMETER,
                        answer(Extension.EXTENDED_MASTER_SECRET, ""), Kind.MIXED),
                rows("renegotiation_info of TLS 1.2", ILLEGAL_PARAMETER, answer(Extension.RENEGOTIATION_INFO, "00"),
                        Kind.MIXED))
                .flatMap(each -> each);
    }

    static Stream<Row> shares() {
        return Stream.of(
                rows("no key share", MISSING_EXTENSION, hello(h -> without(h, Extension.KEY_SHARE)), Kind.FULL,
                        Kind.RETRIED, Kind.MIXED, Kind.VERIFIED),
                rows("neither session nor key share", MISSING_EXTENSION, hello(h -> extensions(h,
                        List.of(CHOSEN_VERSION))), Kind.RESUMED, Kind.RESUMED_KEY_ALONE, Kind.DECLINED, Kind.EARLY),
                // RFC 8446, 4.2.11
                rows("the session's key alone", ILLEGAL_PARAMETER, hello(h -> without(h, Extension.KEY_SHARE)),
                        Kind.RESUMED, Kind.RESUMED_RETRIED, Kind.EARLY),
                rows("a key share to the key alone", ILLEGAL_PARAMETER,
                        instead(Step.SERVER_HELLO, server -> server.hello(with(server.hello(), server.keyShare()))),
                        Kind.RESUMED_KEY_ALONE),
                rows("share of a group not shared", ILLEGAL_PARAMETER, share13(NamedGroup.SECP256R1.id(), 65),
                        Kind.FULL, Kind.RESUMED, Kind.RETRIED_COOKIE),
                rows("share of the first group", ILLEGAL_PARAMETER, share13(NamedGroup.X25519.id(), 32), Kind.RETRIED,
                        Kind.RESUMED_RETRIED, Kind.EARLY_RETRIED),
                rows("share of a group not offered", ILLEGAL_PARAMETER, share13(NamedGroup.SECP384R1.id(), 97), ALL),
                rows("share in an unknown group", ILLEGAL_PARAMETER, share13(999, 32), ALL),
                rows("share as in a HelloRetryRequest", DECODE_ERROR, answer(Extension.KEY_SHARE, "001d"), ALL),
                rows("share cut short", DECODE_ERROR, answer(Extension.KEY_SHARE, "001d002001"), ALL),
                rows("share with an extra byte", DECODE_ERROR, hello(h -> {
                    var honest = h.extension(Extension.KEY_SHARE).data();
                    return replaced(h, new Extension(Extension.KEY_SHARE, Arrays.copyOf(honest, honest.length + 1)));
                }), ALL)).flatMap(each -> each);
    }

    static Stream<Row> sessions() {
        return Stream.of(
                rows("resumed session that was not offered", UNSUPPORTED_EXTENSION,
                        answer(Extension.PRE_SHARED_KEY, "0000"), Kind.FULL, Kind.RETRIED, Kind.MIXED),
                rows("session resumed by index 1", ILLEGAL_PARAMETER, answer(Extension.PRE_SHARED_KEY, "0001"),
                        Kind.RESUMED, Kind.RESUMED_KEY_ALONE, Kind.RESUMED_RETRIED, Kind.EARLY, Kind.DECLINED),
                rows("session resumed by index 65,535", ILLEGAL_PARAMETER, answer(Extension.PRE_SHARED_KEY, "ffff"),
                        Kind.RESUMED, Kind.EARLY),
                rows("session resumed by half an index", DECODE_ERROR, answer(Extension.PRE_SHARED_KEY, "00"),
                        Kind.RESUMED, Kind.EARLY),
                rows("session resumed under another hash", ILLEGAL_PARAMETER, hello(h -> suite(h, 0x1302)),
                        Kind.RESUMED, Kind.EARLY),
                rows("session resumed under another hash", ILLEGAL_PARAMETER, hello(h -> suite(h, 0x1301)),
                        Kind.RESUMED_KEY_ALONE))
                .flatMap(each -> each);
    }

    static Stream<Row> afterRequests() {
        return Stream.of(
                rows("another suite than before", ILLEGAL_PARAMETER, hello(h -> suite(h, 0x1303)), RETRYING),
                rows("second HelloRetryRequest", UNEXPECTED_MESSAGE,
                        first(server -> server.send(server.retryRequest())), RETRYING),
                rows("second HelloRetryRequest with another wish", UNEXPECTED_MESSAGE, first(server -> server
                        .send(replaced(server.retryRequest(), group(NamedGroup.X25519.id())))), RETRYING))
                .flatMap(each -> each);
    }

    static Stream<Row> otherMessages() {
        return Stream.of(
                rows("ServerHelloDone first", UNEXPECTED_MESSAGE, first(server -> server.send(new ServerHelloDone())),
                        ALL),
                rows("EncryptedExtensions first", UNEXPECTED_MESSAGE,
                        first(server -> server.send(server.extensions())), ALL),
                rows("Certificate first", UNEXPECTED_MESSAGE, first(
                        server -> server.record(ContentType.HANDSHAKE, 11, 0, 0, 3, 0, 0, 0)), ALL),
                rows("Finished first", UNEXPECTED_MESSAGE, first(server -> server.send(new Finished(new byte[32]))),
                        ALL),
                rows("KeyUpdate first", UNEXPECTED_MESSAGE, first(server -> server.send(new KeyUpdate(true))), ALL),
                rows("the ClientHello sent back", UNEXPECTED_MESSAGE,
                        first(server -> server.send(server.clientHello())), ALL),
                rows("HelloRequest", UNEXPECTED_MESSAGE, first(server -> server.send(new HelloRequest())), Kind.FULL,
                        Kind.RETRIED, Kind.RESUMED, Kind.EARLY, Kind.EARLY_RETRIED),
                rows("ServerHello cut short", DECODE_ERROR,
                        first(server -> server.record(ContentType.HANDSHAKE, 2, 0, 0, 3, 3, 3, 0)), ALL),
                rows("message of 16 MB", ILLEGAL_PARAMETER,
                        first(server -> server.record(ContentType.HANDSHAKE, 2, 0xff, 0xff, 0xff)), ALL),
                rows("alert of level 3", ILLEGAL_PARAMETER, first(server -> server.record(ContentType.ALERT, 3, 40)),
                        ALL),
                rows("application data first", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.APPLICATION_DATA, 'h', 'i')), ALL),
                // RFC 8446, 5: only the one byte 1 is ignored.
                rows("ChangeCipherSpec of another value", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 2)), ALL),
                rows("ChangeCipherSpec of two bytes", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC, 1, 1)), ALL),
                rows("empty ChangeCipherSpec", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.CHANGE_CIPHER_SPEC)), ALL),
                // RFC 8446, 5.1: records of other types must not interrupt a message.
                rows("ChangeCipherSpec in the middle of ServerHello", UNEXPECTED_MESSAGE, first(server -> {
                    server.record(ContentType.HANDSHAKE, 2, 0, 0);
                    server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                }), ALL),
                rows("empty handshake record", UNEXPECTED_MESSAGE,
                        first(server -> server.record(ContentType.HANDSHAKE)), ALL),
                rows("record of 2^14 + 1 bytes", RECORD_OVERFLOW, first(server -> server.raw(22, 3, 3, 0x40, 1)), ALL),
                rows("record of version 2", PROTOCOL_VERSION, first(server -> server.raw(22, 2, 0, 0, 4)), ALL),
                rows("heartbeat record", UNEXPECTED_MESSAGE, first(server -> server.raw(24, 3, 3, 0, 3, 1, 0, 0)),
                        ALL),
                // RFC 8446, 5.1: keys change after ServerHello.
                rows("a byte after ServerHello in its record", UNEXPECTED_MESSAGE, more(new byte[]{8}), ALL),
                rows("EncryptedExtensions in ServerHello's record", UNEXPECTED_MESSAGE,
                        more(new byte[]{8, 0, 0, 2, 0, 0}), ALL))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource({"hellos", "extensions13", "shares", "sessions", "afterRequests", "otherMessages"})
    void isToldWhichRuleItsServerHelloBroke(Row row) {
        new Tls13Exchange(row.kind).exchange(row.script).assertEndedByClient(row.kind.stage(Step.SERVER_HELLO),
                row.alert);
    }

    static Stream<Row> requests() {
        return Stream.of(
                rows("group that was not offered", ILLEGAL_PARAMETER,
                        request(h -> replaced(h, group(NamedGroup.SECP384R1.id()))), RETRYING),
                rows("unknown group", ILLEGAL_PARAMETER, request(h -> replaced(h, group(999))), RETRYING),
                rows("group that it already has", ILLEGAL_PARAMETER,
                        request(h -> replaced(h, group(NamedGroup.X25519.id()))), RETRYING),
                rows("nothing asked for", ILLEGAL_PARAMETER, request(h -> extensions(h, List.of(CHOSEN_VERSION))),
                        RETRYING),
                rows("key share as in a ServerHello", DECODE_ERROR,
                        request(h -> replaced(h, share(NamedGroup.SECP256R1.id(), new byte[65]))), RETRYING),
                rows("key share cut short", DECODE_ERROR,
                        request(h -> replaced(h, new Extension(Extension.KEY_SHARE, new byte[1]))), RETRYING),
                rows("no supported_versions", ILLEGAL_PARAMETER,
                        request(h -> without(h, Extension.SUPPORTED_VERSIONS)), RETRYING),
                rows("TLS 1.2 in supported_versions", ILLEGAL_PARAMETER, request(h -> chosen(h, 0x0303)), RETRYING),
                rows("a version of later in supported_versions", ILLEGAL_PARAMETER, request(h -> chosen(h, 0x0305)),
                        RETRYING),
                rows("session ID not echoed", ILLEGAL_PARAMETER, request(h -> sessionId(h, new byte[0])), RETRYING),
                rows("suite that was not offered", ILLEGAL_PARAMETER, request(h -> suite(h, 0x1304)), RETRYING),
                rows("suite of TLS 1.2", ILLEGAL_PARAMETER, request(h -> suite(h, TLS12_SUITE)), RETRYING),
                rows("compression", ILLEGAL_PARAMETER, request(h -> compression(h, 1)), RETRYING),
                rows("extension twice", ILLEGAL_PARAMETER, request(h -> with(h, CHOSEN_VERSION)), RETRYING),
                rows("unknown extension", UNSUPPORTED_EXTENSION,
                        request(h -> with(h, new Extension(0x1234, new byte[0]))), RETRYING),
                rows("ALPN", ILLEGAL_PARAMETER, request(h -> with(h, Extension.alpn(List.of("h2")))), RETRYING),
                rows("pre_shared_key", ILLEGAL_PARAMETER,
                        request(h -> with(h, new Extension(Extension.PRE_SHARED_KEY, new byte[2]))),
                        Kind.RESUMED_RETRIED, Kind.EARLY_RETRIED),
                rows("pre_shared_key that was not offered", UNSUPPORTED_EXTENSION,
                        request(h -> with(h, new Extension(Extension.PRE_SHARED_KEY, new byte[2]))), Kind.RETRIED),
                // RFC 8446, 5.1: the keys may change with the client's answer, and the server waits for it.
                rows("first byte of a message after it", UNEXPECTED_MESSAGE, instead(Step.HELLO_RETRY_REQUEST,
                        server -> server.record(ContentType.HANDSHAKE, ScriptedPeer.joined(
                                ScriptedPeer.encoded(server.retryRequest()), new byte[]{2}))),
                        RETRYING),
                rows("empty cookie", DECODE_ERROR, cookie("0000"), RETRYING),
                rows("cookie without a length", DECODE_ERROR, cookie(""), RETRYING),
                rows("cookie cut short", DECODE_ERROR, cookie("000201"), RETRYING),
                rows("cookie with an extra byte", DECODE_ERROR, cookie("00010203"), RETRYING),
                rows("cookie that leaves no room", INTERNAL_ERROR, instead(Step.HELLO_RETRY_REQUEST,
                        server -> server.sendInParts(replaced(server.retryRequest(), new Extension(Extension.COOKIE,
                                Arrays.copyOf(new byte[]{0x40, 1}, 2 + 0x4001))), 16_384)),
                        RETRYING),
                rows("cut short", DECODE_ERROR, instead(Step.HELLO_RETRY_REQUEST, server -> {
                    var cut = Arrays.copyOf(ScriptedPeer.encoded(server.retryRequest()), 42);
                    cut[3] = 38;
                    server.record(ContentType.HANDSHAKE, cut);
                }), RETRYING)).flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("requests")
    void isToldWhichRuleItsHelloRetryRequestBroke(Row row) {
        new Tls13Exchange(row.kind).exchange(row.script).assertEndedByClient(Stage.SERVER_HELLO, row.alert);
    }

    /** A base-point share refuses only what a value itself shows; RFC 7748, 6.1: a result of zeros is refused. */
    @ParameterizedTest
    @CsvSource({"X25519, BASE_POINT, 00, 31", "X25519, BASE_POINT, 00, 32", "X25519, BASE_POINT, 09, 33",
        "X25519, FRESH, 00, 32", "X25519, FRESH, 01, 32", "X25519, REUSED, 01, 32",
        "X25519, FRESH, ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f, 32",
        "SECP256R1, BASE_POINT, 04, 64", "SECP256R1, BASE_POINT, 02, 33", "SECP256R1, BASE_POINT, 02, 65",
        "SECP256R1, BASE_POINT, 00, 1", "SECP256R1, FRESH, 040102, 65", "SECP384R1, FRESH, 040102, 97",
        "SECP384R1, BASE_POINT, 04, 65", "X25519MLKEM768, BASE_POINT, 01, 1119", "X25519MLKEM768, BASE_POINT, 01, 32",
        "X25519MLKEM768, BASE_POINT, 01, 1120", "X25519MLKEM768, FRESH, 01, 1120"})
    void aShareThatIsInvalidInItsGroupIsRefused(NamedGroup group, KeyShareMode mode, String hex, int length) {
        var settings = ChangedSettings.with(ChangedSettings.groups(Kind.FULL.settings(), group), mode);
        new Tls13Exchange(Kind.FULL, settings, null)
                .exchange(hello(h -> replaced(h,
                        share(group.id(), Arrays.copyOf(HexFormat.of().parseHex(hex), length)))))
                .assertEndedByClient(Stage.SERVER_HELLO, ILLEGAL_PARAMETER);
    }

    /** RFC 8446, D.3: early data was sent to a server that used TLS 1.3 before. */
    @Test
    void noTls12AfterEarlyData() {
        new Tls13Exchange(Kind.EARLY, Kind.MIXED.settings(), Kind.EARLY.session())
                .exchange(hello(h -> suite(extensions(h, List.of()), TLS12_SUITE)))
                .assertEndedByClient(Stage.SERVER_HELLO, PROTOCOL_VERSION);
    }

    private static Stream<Row> rows(String name, AlertDescription alert, Script<Step, ScriptedServer13> script,
            Kind... kinds) {
        return Arrays.stream(kinds).map(kind -> new Row(name, kind, alert, script));
    }

    private static Script<Step, ScriptedServer13> first(Script.Act<ScriptedServer13> act) {
        return instead(Step.SERVER_HELLO, act);
    }

    /** An honest ServerHello with more bytes after it in its record. */
    private static Script<Step, ScriptedServer13> more(byte[] more) {
        return first(server -> server.hello(server.hello(),
                content -> server.record(ContentType.HANDSHAKE, ScriptedPeer.joined(content, more))));
    }

    private static Script<Step, ScriptedServer13> request(UnaryOperator<ServerHello> change) {
        return instead(Step.HELLO_RETRY_REQUEST, server -> server.send(change.apply(server.retryRequest())));
    }

    private static Script<Step, ScriptedServer13> cookie(String hex) {
        return request(h -> replaced(h, new Extension(Extension.COOKIE, HexFormat.of().parseHex(hex))));
    }

    private static Script<Step, ScriptedServer13> share13(int group, int length) {
        return hello(h -> replaced(h, share(group, new byte[length])));
    }

    /** An honest ServerHello, but with this content in this extension. */
    private static Script<Step, ScriptedServer13> answer(int extension, String hex) {
        return hello(h -> replaced(h, new Extension(extension, HexFormat.of().parseHex(hex))));
    }

    private static ServerHello chosen(ServerHello h, int version) {
        return replaced(h, new Extension(Extension.SUPPORTED_VERSIONS,
                ScriptedPeer.bytes(version >> 8, version)));
    }

    /** A ServerHello of an older version whose random ends as RFC 8446, 4.1.3, says. */
    private static Script<Step, ScriptedServer13> downgraded(int version, int last) {
        var random = Arrays.copyOf(("x".repeat(24) + "DOWNGRD").getBytes(US_ASCII), 32);
        random[31] = (byte) last;
        return hello(h -> version(random(suite(extensions(h, List.of()), TLS12_SUITE), random), version));
    }
}
