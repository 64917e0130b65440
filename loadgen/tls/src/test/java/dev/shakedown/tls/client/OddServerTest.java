package dev.shakedown.tls.client;

import static dev.shakedown.tls.client.Script.honest;
import static dev.shakedown.tls.client.Script.after;
import static dev.shakedown.tls.client.Script.before;
import static dev.shakedown.tls.client.ScriptedServer.hello;
import static dev.shakedown.tls.client.Script.instead;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.shakedown.tls.client.ClientState.Done;
import dev.shakedown.tls.client.Tls12Exchange.Kind;
import dev.shakedown.tls.client.ScriptedServer.Step;
import dev.shakedown.tls.wire.Alert;
import dev.shakedown.tls.wire.AlertDescription;
import dev.shakedown.tls.wire.ContentType;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.tls.wire.HandshakeMessage.CertificateRequest;
import dev.shakedown.tls.wire.HandshakeMessage.HelloRequest;
import dev.shakedown.tls.wire.HandshakeMessage.NewSessionTicket;
import dev.shakedown.tls.wire.ServerHello;
import dev.shakedown.tls.wire.SignatureScheme;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Servers that keep the rules, some in unusual ways; that send alerts; that close the connection. */
class OddServerTest {
    private static final byte[] HELLO_REQUEST = {0, 0, 0, 0};

    @ParameterizedTest
    @EnumSource
    void anHonestHandshakeIsDone(Kind kind) {
        var exchange = assertDone(kind, honest());
        assertEquals(kind.suite, exchange.client.suite());
        assertEquals(kind.isSsl3() ? Optional.empty() : Optional.of("h2"), exchange.client.protocol());
        assertEquals(CertificateUse.NOT_ASKED, exchange.client.certificateUse());
        // The certificate has only a common name, which does not identify a server (RFC 9525, 1.4).
        assertEquals(kind.resumes() ? Optional.empty() : Optional.of(false), exchange.client.bearsName());
        assertEquals(kind.resumes()
                ? List.of(Progress.HELLO_SENT, Progress.SERVER_HELLO, Progress.SERVER_FLIGHT_DONE, Progress.FINISHED)
                : List.of(Progress.HELLO_SENT, Progress.SERVER_HELLO, Progress.SERVER_FLIGHT_DONE,
                        Progress.KEY_EXCHANGE_SENT, Progress.FINISHED),
                exchange.progress);
    }

    @ParameterizedTest
    @EnumSource
    void oneByteARecordAndOneByteAtATime(Kind kind) {
        var exchange = new Tls12Exchange(kind);
        exchange.server.mostInRecord = 1;
        exchange.server.mostAtOnce = 1;
        exchange.exchange(honest());
        Ended.assertDone(kind.resumes(), exchange.client.state());
        assertTrue(exchange.server.clientFinished());
    }

    record Row(String name, Kind kind, Script<Step, ScriptedServer> script) {}

    static Stream<Row> tolerated() {
        return Stream.of(
                new Row("no extension answered", Kind.PLAIN, hello(h -> with(h, h.sessionId(), List.of()))),
                new Row("supported_groups answered", Kind.PLAIN,
                        hello(h -> with(h, h.sessionId(), List.of(new Extension(10, new byte[]{0, 2, 0, 29}))))),
                new Row("server_name answered", Kind.PLAIN,
                        hello(h -> with(h, h.sessionId(), List.of(new Extension(0, new byte[0]))))),
                new Row("several point formats", Kind.PLAIN,
                        hello(h -> with(h, h.sessionId(), List.of(new Extension(11, new byte[]{3, 1, 0, 2}))))),
                new Row("no session ID", Kind.RSA, hello(h -> with(h, new byte[0], h.extensions()))),
                new Row("extended_master_secret not known", Kind.VERIFIED, hello(h -> with(h, h.sessionId(),
                        h.extensions().stream().filter(extension -> extension.type() != 23).toList()))),
                new Row("certificate asked for", Kind.ECDHE_ECDSA, before(Step.SERVER_HELLO_DONE,
                        server -> server.send(new CertificateRequest(new byte[]{1, 64}, new int[]{0x0403},
                                List.of(new byte[100]))))),
                new Row("ticket withdrawn", Kind.RSA, instead(Step.NEW_SESSION_TICKET,
                        server -> server.send(new NewSessionTicket(0, new byte[0])))),
                new Row("HelloRequest in Finished's record", Kind.ECDHE_RSA,
                        instead(Step.FINISHED, server -> server.send(server.finished(), HELLO_REQUEST))),
                new Row("HelloRequest in Finished's record, resumed", Kind.BY_ID,
                        instead(Step.FINISHED, server -> server.send(server.finished(), HELLO_REQUEST))),
                new Row("application data after Finished", Kind.CHACHA, after(Step.FINISHED, server -> {
                    server.record(ContentType.APPLICATION_DATA);
                    server.record(ContentType.APPLICATION_DATA, new byte[16_384]);
                })),
                new Row("empty application data under the keys", Kind.CBC,
                        after(Step.FINISHED, server -> server.record(ContentType.APPLICATION_DATA))));
    }

    @TestFactory
    Stream<DynamicTest> oddButHonestIsDone() {
        return tolerated().map(row -> DynamicTest.dynamicTest(row.name, () -> assertDone(row.kind, row.script)));
    }

    @TestFactory
    Stream<DynamicTest> helloRequestsAndWarningsAreToleratedEverywhere() {
        return Stream.of(Kind.ECDHE_RSA, Kind.CBC, Kind.BY_TICKET, Kind.TLS11_DHE_VERIFIED, Kind.TLS10_RC4, Kind.SSL3,
                Kind.SSL3_BY_ID).flatMap(
                        kind -> kind.steps().stream()
                                .flatMap(step -> Stream.of(
                                        DynamicTest.dynamicTest("HelloRequests before " + step + ", " + kind,
                                                () -> assertDone(kind, before(step, server -> {
                                                    server.send(new HelloRequest());
                                                    server.send(new HelloRequest(), HELLO_REQUEST);
                                                }))),
                                        DynamicTest.dynamicTest("warnings before " + step + ", " + kind,
                                                () -> assertDone(kind, before(step, server -> {
                                                    for (var description : AlertDescription.values()) {
                                                        if (description != AlertDescription.CLOSE_NOTIFY) {
                                                            server.alert(Alert.WARNING, description);
                                                        }
                                                    }
                                                    server.record(ContentType.ALERT, 1, 250);
                                                }))))));
    }

    @TestFactory
    Stream<DynamicTest> alertsThatEndItAreNamedAndNotAnswered() {
        var alerts = Stream.concat(Arrays.stream(AlertDescription.values())
                .map(description -> new Alert(Alert.FATAL, description.id())),
                Stream.of(new Alert(Alert.WARNING, 0), new Alert(Alert.FATAL, 251))).toList();
        return Stream
                .of(Kind.ECDHE_RSA, Kind.RSA, Kind.BY_ID, Kind.BY_TICKET, Kind.TLS11, Kind.TLS10_BY_TICKET, Kind.SSL3,
                        Kind.SSL3_BY_ID)
                .flatMap(kind -> kind.steps().stream().filter(step -> step != Step.AFTERWARDS)
                        .map(step -> DynamicTest.dynamicTest("every alert before " + step + ", " + kind, () -> {
                            for (var alert : alerts) {
                                new Tls12Exchange(kind)
                                        .exchange(instead(step,
                                                server -> server.record(ContentType.ALERT, alert.level(),
                                                        alert.description())))
                                        .assertEndedByServer(kind.stage(step), alert.label());
                            }
                        })));
    }

    /** A server can reject the client's Finished only after the client is done. */
    @Test
    void anAlertAfterFinishedIsAFailureAndCloseNotifyIsNot() {
        new Tls12Exchange(Kind.BY_ID)
                .exchange(after(Step.FINISHED, server -> server.alert(2, AlertDescription.DECRYPT_ERROR)))
                .assertEndedByServer(Stage.POST_FINISHED, "decrypt_error");
        var closed = assertDone(Kind.RSA, after(Step.FINISHED, server -> {
            server.alert(Alert.WARNING, AlertDescription.CLOSE_NOTIFY);
            server.raw(1, 2, 3);
        }));
        assertTrue(closed.client.closedByServer());
        closed.client.closeNotify();
        assertEquals(List.of(new Alert(Alert.WARNING, 0)), closed.server.alerts());
    }

    @TestFactory
    Stream<DynamicTest> theTransportEndsBeforeAndWithinEveryMessage() {
        return Stream.of(Kind.values()).flatMap(kind -> kind.steps().stream()
                .filter(step -> step != Step.AFTERWARDS).flatMap(step -> Stream.of("connection_closed",
                        "connection_reset")
                        .map(cause -> DynamicTest.dynamicTest(cause + " before " + step + ", " + kind,
                                () -> transportEnds(kind, step, cause)))));
    }

    private static void transportEnds(Kind kind, Step step, String cause) {
        var between = new Tls12Exchange(kind);
        between.exchange(instead(step, _ -> between.client.transportEnded(cause, "gone")));
        between.assertEndedByServer(kind.stage(step), cause);
        assertEquals("gone", between.failure().meaning());

        var within = new Tls12Exchange(kind);
        within.exchange(instead(step, server -> {
            server.raw(step == Step.CHANGE_CIPHER_SPEC ? 20 : 22, 3);
            within.client.transportEnded(cause, "gone");
        }));
        within.assertEndedByServer(kind.stage(step), cause);
        assertEquals("gone, in the middle of a message", within.failure().meaning());
    }

    @ParameterizedTest
    @CsvSource({"RSA, 1", "PLAIN, 1", "BY_ID, 0", "BY_ID_FOR_TICKET, 1", "BY_TICKET, 1"})
    void gainsASessionWhereThereIsOne(Kind kind, int gained) {
        var session = assertDone(kind, honest()).gained;
        assertEquals(gained, session == null ? 0 : 1);
        if (session != null) {
            assertEquals(kind.suite, session.suite());
            assertTrue(session.extendedMasterSecret());
            if (kind.tickets()) {
                assertArrayEquals(new byte[]{5, 6, 7}, session.ticket());
                assertEquals(5 + 300_000_000_000L, session.expiresNanos());
            } else {
                assertNull(session.ticket());
                assertArrayEquals(new byte[]{1, 2, 3}, session.id());
                assertEquals(5 + 86_400_000_000_000L, session.expiresNanos());
            }
        }
    }

    /** A received session includes its secret: the next handshake with it completes, too. */
    @Test
    void aDeclinedSessionBecomesAFullHandshake() {
        var offer = new Tls12Exchange(Kind.BY_TICKET);
        var exchange = new Tls12Exchange(Kind.ECDHE_RSA, offer.memory, Kind.BY_TICKET.session()).exchange(honest());
        Ended.assertDone(false, exchange.client.state());
        assertArrayEquals(Tls12Exchange.OLD_TICKET, exchange.server.clientHello().extensions().stream()
                .filter(extension -> extension.type() == 35).findFirst().orElseThrow().data());
        assertEquals(32, exchange.server.clientHello().sessionId().length);
        assertArrayEquals(new byte[]{5, 6, 7}, exchange.gained.ticket());
    }

    @ParameterizedTest
    @CsvSource({"60000, 1", "65000, 1", "65535, 0"})
    void aTicketThatFitsNoClientHelloIsNotKept(int length, int gained) {
        var exchange = assertDone(Kind.RSA, instead(Step.NEW_SESSION_TICKET,
                server -> server.sendInParts(new NewSessionTicket(0, new byte[length]), 10_000)));
        assertEquals(gained, exchange.gained == null ? 0 : 1);
        assertEquals(gained == 0 ? List.of(UnusableTicket.TOO_LARGE) : List.of(), exchange.unusable);
        if (gained == 1) {
            var next = new Tls12Exchange(Kind.RSA, exchange.memory, exchange.gained).exchange(honest());
            Ended.assertDone(false, next.client.state());
        }
    }

    /** RFC 5246, 7.4.6; RFC 8422, 5.5: the kind of certificate counts as well as the scheme. */
    @ParameterizedTest
    @CsvSource({"RSA, 1, RSA_PKCS1_SHA256, SHOWN", "RSA, 64, RSA_PKCS1_SHA256, NONE_FITS",
        "RSA, 1, ECDSA_SECP256R1_SHA256, NONE_FITS", "ECDSA, 64, ECDSA_SECP256R1_SHA256, SHOWN",
        "ECDSA, 1, ECDSA_SECP256R1_SHA256, NONE_FITS", "ED25519, 64, ED25519, SHOWN", "ED25519, 1, ED25519, NONE_FITS"})
    void aCertificateIsPresentedIfItsKindIsAccepted(TestIdentity identity, byte type, SignatureScheme scheme,
            CertificateUse due) {
        var memory = new ClientMemory(ChangedSettings.with(Kind.RSA.settings(), identity.client()),
                SessionMemory.UNLIMITED);
        var exchange = new Tls12Exchange(Kind.RSA, memory, null).exchange(before(Step.SERVER_HELLO_DONE,
                server -> server.askForCertificate(new byte[]{type}, scheme)));
        Ended.assertDone(false, exchange.client.state());
        assertEquals(due, exchange.client.certificateUse());
    }

    @Test
    void manyMessagesThatSayNothingCostNoMemory() {
        var exchange = new Tls12Exchange(Kind.RSA);
        exchange.client.start(5);
        var records = Unpooled.buffer();
        for (var i = 0; i < 1000; i++) {
            records.writeBytes(new byte[]{21, 3, 3, 0, 2, 1, 90, 22, 3, 3, 0, 4, 0, 0, 0, 0});
        }
        exchange.client.receive(records.duplicate(), 1);
        var before = allocatedBytes();
        for (var i = 0; i < 100; i++) {
            exchange.client.receive(records.duplicate(), 1);
        }
        var each = (allocatedBytes() - before) / 200_000;
        assertTrue(each < 1_000, () -> each + " bytes a record");
        assertEquals(Stage.SERVER_HELLO, exchange.client.state().stage());
    }

    @Test
    void whatComesAfterAFailureIsNotKept() {
        var exchange = new Tls12Exchange(Kind.RSA).exchange(instead(Step.SERVER_HELLO, server -> server.raw(0xff)));
        var flood = Unpooled.wrappedBuffer(new byte[1 << 20]);
        var before = allocatedBytes();
        for (var i = 0; i < 100; i++) {
            exchange.client.receive(flood.duplicate(), 2);
        }
        var all = allocatedBytes() - before;
        assertTrue(all < 1 << 20, () -> all + " bytes for a flood of 100 MB");
    }

    private static Tls12Exchange assertDone(Kind kind, Script<Step, ScriptedServer> script) {
        var exchange = new Tls12Exchange(kind).exchange(script);
        Ended.assertDone(kind.resumes(), exchange.client.state());
        assertEquals(kind.resumes(), exchange.client.resumed());
        assertTrue(exchange.client.answered());
        assertTrue(exchange.server.clientFinished());
        assertEquals(List.of(), exchange.server.alerts());
        return exchange;
    }

    private static ServerHello with(ServerHello h, byte[] sessionId, List<Extension> extensions) {
        return new ServerHello(h.version(), h.random(), sessionId, h.cipherSuite(), 0, extensions);
    }

    private static long allocatedBytes() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
