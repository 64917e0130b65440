package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.Script.honest;
import static dev.shakedown.tls.client.Script.instead;
import static dev.shakedown.tls.client.Script.without;
import static dev.shakedown.tls.client.ScriptedServer13.hello;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.tls.client.Tls13Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer13.Step;
import dev.shakedown.tls.wire.CipherSuite;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage;
import dev.shakedown.tls.wire.SignatureScheme;
import dev.shakedown.tls.wire.Tls13Message;
import dev.shakedown.tls.wire.Tls13Message.CertificateVerify;
import dev.shakedown.tls.wire.Tls13Message.EncryptedExtensions;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS 1.3 servers that keep the rules, some in unusual ways. */
class Odd13ServerTest {
    @ParameterizedTest
    @EnumSource
    void anHonestHandshakeIsDone(Kind kind) {
        var exchange = new Tls13Exchange(kind).exchange(honest()).assertDone();
        var due = new ArrayList<>(List.of(Progress.HELLO_SENT));
        if (kind.retries()) {
            due.add(Progress.HELLO_RETRY_REQUEST);
        }
        due.addAll(List.of(Progress.SERVER_HELLO, Progress.SERVER_FLIGHT_DONE, Progress.FINISHED, Progress.TICKET));
        assertEquals(due, exchange.progress);
        assertEquals(1, exchange.gained.size());
        exchange.assertUsable();
    }

    // Framing on the wire

    @ParameterizedTest
    @EnumSource
    void aByteAtATime(Kind kind) {
        var exchange = new Tls13Exchange(kind);
        exchange.server.mostAtOnce = 1;
        exchange.exchange(honest()).assertDone().assertUsable();
    }

    /** From ServerHello to Finished. */
    @ParameterizedTest
    @EnumSource
    void allAtOnce(Kind kind) {
        new Tls13Exchange(kind).exchange((step, server) -> {
            if (step == Step.SERVER_HELLO) {
                server.hold();
            }
            server.honest(step);
            if (step == Step.FINISHED) {
                server.raw(server.held());
            }
        }).assertDone().assertUsable();
    }

    @ParameterizedTest
    @EnumSource
    void paddedRecords(Kind kind) {
        for (var padding : new int[]{1, 300, 15_000}) {
            var exchange = new Tls13Exchange(kind);
            exchange.server.padding = padding;
            exchange.exchange(honest()).assertDone().assertUsable();
        }
    }

    @ParameterizedTest
    @EnumSource
    void paddingUpToTheMost(Kind kind) {
        var exchange = new Tls13Exchange(kind)
                .exchange(before(Step.AFTERWARDS, server -> server.padded(ContentType.APPLICATION_DATA, new byte[1],
                        16_383)))
                .assertDone();
        exchange.server.padded(ContentType.APPLICATION_DATA, new byte[16_384], 0);
        exchange.server.padded(ContentType.APPLICATION_DATA, new byte[0], 16_384);
        exchange.assertUsable();
    }

    @ParameterizedTest
    @EnumSource(value = Kind.class, names = {"FULL", "VERIFIED", "ASKED", "RESUMED", "RETRIED", "MIXED"})
    void recordsOfOneByteAndOneForAll(Kind kind) {
        var hello = Script.<Step, ScriptedServer13>instead(Step.SERVER_HELLO,
                server -> server.hello(server.hello(), content -> server.inParts(content, 1)));
        new Tls13Exchange(kind).exchange(hello).assertDone().assertUsable();
        new Tls13Exchange(kind).exchange(inOne((server, flight) -> server.inParts(flight, 1))).assertDone()
                .assertUsable();
        new Tls13Exchange(kind).exchange(inOne((server, flight) -> server.inParts(flight, 16_384))).assertDone()
                .assertUsable();
    }

    /** Sends everything between ServerHello and Finished in one piece. */
    private static Script<Step, ScriptedServer13> inOne(BiConsumer<ScriptedServer13, byte[]> way) {
        var flight = Unpooled.buffer();
        return (step, server) -> {
            switch (step) {
                case ENCRYPTED_EXTENSIONS -> gather(server, server.extensions(), flight);
                case CERTIFICATE_REQUEST -> gather(server, server.request, flight);
                case CERTIFICATE -> gather(server, ScriptedServer13.certificate(server.identity.chain()), flight);
                case CERTIFICATE_VERIFY ->
                    gather(server, server.proof(server.identity, server.identity.scheme()), flight);
                case FINISHED -> server.finish(
                        finished -> way.accept(server, ByteBufUtil.getBytes(flight.writeBytes(finished))));
                default -> server.honest(step);
            }
        };
    }

    private static void gather(ScriptedServer13 server, HandshakeMessage message, ByteBuf flight) {
        var encoded = ScriptedPeer.encoded(message);
        server.transcript.add(Unpooled.wrappedBuffer(encoded));
        flight.writeBytes(encoded);
    }

    /** RFC 8446, D.4: a client ignores them up to Finished, whether it asked for them or not. */
    @TestFactory
    Stream<DynamicTest> changeCipherSpecsMeanNothing() {
        return Stream.of(Kind.values()).flatMap(kind -> Stream.concat(
                Stream.of(
                        DynamicTest.dynamicTest("none, " + kind,
                                () -> new Tls13Exchange(kind).exchange((step, server) -> {
                                    switch (step) {
                                        case CHANGE_CIPHER_SPEC -> {
                                            // left out
                                        }
                                        case HELLO_RETRY_REQUEST -> server.retry(server.retryRequest());
                                        default -> server.honest(step);
                                    }
                                }).assertDone().assertUsable())),
                kind.steps().stream().filter(step -> step.compareTo(Step.FINISHED) <= 0)
                        .map(step -> DynamicTest.dynamicTest("two before " + step + ", " + kind,
                                () -> new Tls13Exchange(kind).exchange(before(step, server -> {
                                    server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1});
                                    server.plain(ContentType.CHANGE_CIPHER_SPEC, new byte[]{1});
                                })).assertDone().assertUsable()))));
    }

    // Content

    record Row(String name, Kind kind, Script<Step, ScriptedServer13> script) {
        @Override
        public String toString() {
            return name + ", " + kind;
        }
    }

    static Stream<Row> tolerated() {
        return Stream.of(
                rows("no extension", extensions(), Kind.FULL, Kind.RESUMED),
                rows("server_name", extensions(new Extension(Extension.SERVER_NAME, new byte[0])), Kind.FULL,
                        Kind.RESUMED, Kind.MIXED),
                rows("supported_groups", extensions(new Extension(Extension.SUPPORTED_GROUPS,
                        new byte[]{0, 4, 0, 29, 0, 24})), Kind.FULL, Kind.RESUMED),
                rows("the other protocol", extensions(Extension.alpn(List.of("http/1.1"))), Kind.FULL, Kind.RESUMED),
                // RFC 8446, 5.1
                rows("records of no version of TLS", before(Step.SERVER_HELLO,
                        server -> server.protectedVersion = 0x7f1c), Kind.FULL, Kind.VERIFIED, Kind.RETRIED,
                        Kind.RESUMED, Kind.EARLY, Kind.MIXED),
                rows("records of TLS 1.0", before(Step.SERVER_HELLO,
                        server -> server.protectedVersion = 0x0301), Kind.FULL, Kind.MIXED),
                // RFC 8446, 4.2.1
                rows("legacy_version of TLS 1.1", hello(h -> ServerHellos.version(h, 0x0302)), Kind.FULL, Kind.RETRIED,
                        Kind.RESUMED, Kind.EARLY, Kind.MIXED),
                rows("legacy_version of TLS 1.3", hello(h -> ServerHellos.version(h, 0x0304)), Kind.FULL, Kind.MIXED),
                rows("legacy_version of TLS 1.3 in a HelloRetryRequest", instead(Step.HELLO_RETRY_REQUEST, server -> {
                    server.retry(ServerHellos.version(server.retryRequest(), 0x0304));
                    server.record(ContentType.CHANGE_CIPHER_SPEC, 1);
                }), Kind.RETRIED),
                // RFC 8446, 4.6.1
                rows("unknown extensions in a ticket", instead(Step.NEW_SESSION_TICKET, server -> server
                        .send(server.ticket(7200, List.of(new Extension(0x1234, new byte[3]))))), Kind.FULL),
                // RFC 8446, 4.2.11: only the hash must be the session's.
                rows("another suite of the session's hash", before(Step.SERVER_HELLO,
                        server -> server.suite = CipherSuite.TLS_CHACHA20_POLY1305_SHA256), Kind.RESUMED),
                rows("another suite of the session's hash, from the request on", before(Step.HELLO_RETRY_REQUEST,
                        server -> server.suite = CipherSuite.TLS_CHACHA20_POLY1305_SHA256), Kind.RESUMED_RETRIED),
                // RFC 8446, 4.1.3: has no meaning in TLS 1.3.
                rows("random that ends as one of TLS 1.2", hello(h -> ServerHellos.random(h,
                        ("x".repeat(24) + "DOWNGRD\1").getBytes(US_ASCII))), Kind.FULL, Kind.MIXED),
                rows("extensions the other way round", hello(h -> ServerHellos.extensions(h,
                        h.extensions().reversed())), Kind.FULL, Kind.RESUMED, Kind.RETRIED),
                rows("chain of several", instead(Step.CERTIFICATE, server -> server.send(ScriptedServer13
                        .certificate(List.of(TestIdentity.ECDSA.chain().getFirst(), TestIdentity.root())))),
                        Kind.FULL, Kind.VERIFIED),
                rows("chain over many records", instead(Step.CERTIFICATE, server -> server.sendInParts(
                        ScriptedServer13.certificate(Collections.nCopies(5, new byte[20_000])), 16_384)), Kind.FULL),
                // What is not verified is not parsed.
                rows("garbage for a certificate", instead(Step.CERTIFICATE,
                        server -> server.send(ScriptedServer13.certificate(List.of(new byte[9])))), Kind.FULL),
                rows("garbage for a proof", instead(Step.CERTIFICATE_VERIFY, server -> server.send(
                        new CertificateVerify(SignatureScheme.ED25519.id(), new byte[9]))), Kind.FULL),
                rows("unknown extensions in CertificateRequest", before(Step.CERTIFICATE_REQUEST,
                        server -> server.request = new Tls13Message.CertificateRequest(new byte[0],
                                List.of(new Extension(0x1234, new byte[3]), server.request.extensions().getFirst(),
                                        new Extension(47, new byte[]{0, 3, 0, 1, 1})))),
                        Kind.ASKED),
                rows("no ticket", without(Step.NEW_SESSION_TICKET), Kind.FULL, Kind.RESUMED),
                rows("empty application data", before(Step.AFTERWARDS, server -> {
                    server.record(ContentType.APPLICATION_DATA);
                    server.record(ContentType.APPLICATION_DATA);
                }), Kind.FULL, Kind.RESUMED))
                .flatMap(each -> each);
    }

    @ParameterizedTest
    @MethodSource("tolerated")
    void oddButHonestIsDone(Row row) {
        new Tls13Exchange(row.kind).exchange(row.script).assertDone().assertUsable();
    }

    private static Stream<Row> rows(String name, Script<Step, ScriptedServer13> script, Kind... kinds) {
        return Arrays.stream(kinds).map(kind -> new Row(name, kind, script));
    }

    private static Script<Step, ScriptedServer13> extensions(Extension... extensions) {
        return instead(Step.ENCRYPTED_EXTENSIONS,
                server -> server.extensions(new EncryptedExtensions(List.of(extensions))));
    }

    // Key updates

    @ParameterizedTest
    @CsvSource({"FULL, 0, 1", "FULL, 1, 0", "VERIFIED, 3, 2", "ASKED, 2, 2", "RESUMED, 0, 3", "EARLY, 1, 1",
        "MIXED, 2, 0"})
    void keysAreUpdatedOnBothSidesWhereThatIsRequested(Kind kind, int quiet, int requested) {
        var exchange = new Tls13Exchange(kind).exchange(honest()).assertDone();
        exchange.assertUsable();
        for (var i = 0; i < quiet; i++) {
            exchange.server.updateKeys(false);
            exchange.assertUsable();
        }
        for (var i = 0; i < requested; i++) {
            exchange.server.updateKeys(true);
            exchange.assertUsable();
        }
        var said = new ArrayList<>(kind.said());
        said.addAll(Collections.nCopies(1 + quiet, "data"));
        IntStream.range(0, requested).forEach(_ -> said.addAll(List.of("KeyUpdate", "data")));
        assertEquals(said, exchange.server.received());
        exchange.server.updateKeys(true);
        exchange.server.send(exchange.server.ticket());
        assertEquals(2, exchange.gained.size());
        Ended.assertDone(kind.resumes(), exchange.client.state());
    }

    /** RFC 8446, 4.6.3: a client that has sent nothing in between answers once, before its next data. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void requestsForNewKeysInARowGetOneAnswer(int requests) {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(honest()).assertDone();
        for (var i = 0; i < requests; i++) {
            exchange.server.updateKeys(true);
            exchange.server.updateKeys(false);
        }
        assertEquals(Kind.FULL.said(), exchange.server.received());
        exchange.assertUsable();
        exchange.assertUsable();
        var said = new ArrayList<>(Kind.FULL.said());
        said.addAll(List.of("KeyUpdate", "data", "data"));
        assertEquals(said, exchange.server.received());
    }

    @Test
    void dataGoesOnBetweenKeyUpdatesAndTickets() {
        var exchange = new Tls13Exchange(Kind.FULL).exchange(honest()).assertDone();
        var server = exchange.server;
        server.hold();
        for (var i = 0; i < 20; i++) {
            server.record(ContentType.APPLICATION_DATA, new byte[800 * i]);
            server.updateKeys(i % 3 == 0);
            server.sendInParts(server.ticket(), 7);
        }
        server.raw(server.held());
        assertEquals(21, exchange.gained.size());
        exchange.assertUsable();
        assertEquals(1, server.received().stream().filter("KeyUpdate"::equals).count());
    }

    @Test
    void earlyDataIsNeverMoreThanTheTicketAllows() {
        var exchange = new Tls13Exchange(Kind.RESUMED);
        exchange.client.start(Tls13Exchange.NOW, new byte[Tls13Exchange.EARLY_DATA.length + 1]);
        exchange.goThrough(Kind.RESUMED.steps(), honest());
        exchange.assertDone();
        assertArrayEquals(new byte[0], exchange.server.earlyData());
    }
}
