package dev.shakedown.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.shakedown.net.socket.Transport;
import dev.shakedown.server.HandshakeCounts.Completed;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Stream;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The embedded server on each engine, tested by a client on the JDK's own TLS. */
@Tag("interop")
class TlsServerTest {

    private static final int PATIENCE_MILLIS = 20_000;
    private static final String REQUEST = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n";

    static List<Engine> engines() {
        return TlsServers.engines();
    }

    static List<Arguments> resumption() {
        var rows = new ArrayList<Arguments>();
        for (var engine : engines()) {
            for (var suite : TlsServers.SUITES) {
                for (var cache : List.of(true, false)) {
                    for (var tickets : List.of(true, false)) {
                        rows.add(Arguments.of(engine, suite, cache, tickets));
                    }
                }
            }
        }
        return rows;
    }

    /** The JDK's client uses tickets if it gets them, and session IDs otherwise. */
    @ParameterizedTest(name = "{0} {1} cache {2} tickets {3}")
    @MethodSource
    void resumption(Engine engine, String suite, boolean cache, boolean tickets) throws Exception {
        try (var target = TlsServers.start(engine, cache, tickets)) {
            var client = new JdkClient(target, suite);
            for (var n = 0; n < 4; n++) {
                try (var socket = client.connect()) {
                    assertEquals(suite, socket.getSession().getCipherSuite());
                }
            }
            var resumes = cache || tickets;
            assertEquals(resumes ? 1 : 4, client.certificatesSeen());
            assertEquals(resumes ? counts12(4, 1, 3, 0) : counts12(4, 4, 0, 0), TlsServers.counts(target, 4));
        }
    }

    /** In TLS 1.3, if tickets are off, the JDK's engine sends the name of a cached session as the ticket. */
    @ParameterizedTest(name = "{0} cache {1} tickets {2}")
    @CsvSource({"BORINGSSL,true,true,true", "BORINGSSL,false,true,true", "BORINGSSL,true,false,false",
        "BORINGSSL,false,false,false", "JDK,true,true,true", "JDK,false,true,true", "JDK,true,false,true",
        "JDK,false,false,false"})
    void resumptionOfTls13(Engine engine, boolean cache, boolean tickets, boolean resumes) throws Exception {
        assumeTrue(TlsServers.engines().contains(engine) && engine.versions().contains(ProtocolVersion.TLS_1_3));
        try (var target = TlsServers.start(engine, cache, tickets)) {
            var client = new JdkClient(target, "TLS_AES_128_GCM_SHA256");
            for (var n = 0; n < 4; n++) {
                try (var socket = client.connect()) {
                    assertEquals("TLSv1.3", socket.getSession().getProtocol());
                    // The ticket arrives after the handshake and before the answer.
                    socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
                    assertAnswer(socket);
                }
            }
            assertEquals(resumes ? 1 : 4, client.certificatesSeen());
            assertEquals(new HandshakeCounts(4, new Completed(0, 0), resumes
                    ? new Completed(1, 3)
                    : new Completed(4, 0), 0), TlsServers.counts(target, 4));
        }
    }

    /** RFC 8446, 4.2.3. */
    @ParameterizedTest
    @MethodSource("engines")
    void inTls13TheSignatureSchemesDecide(Engine engine) throws Exception {
        assumeTrue(engine.versions().contains(ProtocolVersion.TLS_1_3));
        var suites = new String[]{"TLS_AES_128_GCM_SHA256"};
        try (var target = TlsServers.start(engine, true, true)) {
            assertEquals("EC", keyShown(target, suites, _ -> {}));
            // PKCS #1 for what signs the certificate itself
            assertEquals("RSA", keyShown(target, suites, offer -> offer.setSignatureSchemes(
                    new String[]{"ecdsa_secp384r1_sha384", "rsa_pss_rsae_sha256", "rsa_pkcs1_sha256"})));
        }
    }

    private static HandshakeCounts counts12(long accepted, long full, long resumed, long failed) {
        return new HandshakeCounts(accepted, new Completed(full, resumed), new Completed(0, 0), failed);
    }

    @ParameterizedTest
    @MethodSource("engines")
    void aRequestIsAnsweredWhereverItIsCut(Engine engine) throws Exception {
        try (var target = TlsServers.start(engine, true, true);
                var socket = new JdkClient(target, TlsServers.SUITES.getLast()).connect()) {
            var request = REQUEST.getBytes(StandardCharsets.US_ASCII);
            for (var cut = 0; cut <= request.length; cut++) {
                socket.getOutputStream().write(request, 0, cut);
                socket.getOutputStream().flush();
                socket.getOutputStream().write(request, cut, request.length - cut);
                socket.getOutputStream().flush();
                assertAnswer(socket);
            }
            for (var each : request) {
                socket.getOutputStream().write(each);
            }
            assertAnswer(socket);
            socket.getOutputStream().write((REQUEST + REQUEST).getBytes(StandardCharsets.US_ASCII));
            assertAnswer(socket);
            assertAnswer(socket);
        }
    }

    /** The answers exceed all buffers, so that the server has to stop reading, and resume. */
    @ParameterizedTest
    @MethodSource("engines")
    void everyRequestIsAnsweredHoweverLateItIsRead(Engine engine) throws Exception {
        var requests = 300_000;
        try (var target = TlsServers.start(engine, true, true);
                var socket = new JdkClient(target, TlsServers.SUITES.getLast()).connect()) {
            var sent = CompletableFuture.runAsync(() -> {
                try {
                    socket.getOutputStream().write("\r\n\r\n".repeat(requests).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            socket.getInputStream().skipNBytes((long) requests * ANSWER.length());
            sent.join();
            assertEquals(0, socket.getInputStream().available());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void closeNotifyIsAnswered(Engine engine) throws Exception {
        try (var target = TlsServers.start(engine, true, true);
                var socket = new JdkClient(target, TlsServers.SUITES.getLast()).connect()) {
            socket.shutdownOutput();
            // Orderly end of data; a truncated connection would be an error.
            assertEquals(-1, socket.getInputStream().read());
            assertEquals(counts12(1, 1, 0, 0), TlsServers.counts(target, 1));
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void whoeverEndsBeforeTheHandshakeIsCompleteIsCountedAsFailed(Engine engine) throws Exception {
        var hello = TlsServers.clientHello();
        var bad = List.of(new byte[0], new byte[]{0x16}, "GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                hello, truncated(hello, hello.length / 2), new byte[]{0x16, 3, 1, (byte) 0xFF, (byte) 0xFF, 1},
                new byte[]{0x16, 3, 1, 0, 4, 1, 0, 0, 0}, new byte[]{0x15, 3, 1, 0, 2, 2, 40}, new byte[20_000]);
        try (var target = TlsServers.start(engine, true, true); var halfOpen = connect(target)) {
            var client = new JdkClient(target, TlsServers.SUITES.getFirst());
            for (var bytes : bad) {
                send(target, bytes, true);
                send(target, bytes, false);
                client.connect().close();
            }
            assertEquals(counts12(3L * bad.size() + 1, 1, bad.size() - 1L, 2L * bad.size()),
                    TlsServers.counts(target, 3 * bad.size()));
            halfOpen.shutdownOutput();
            assertEquals(2L * bad.size() + 1, TlsServers.counts(target, 3 * bad.size() + 1).failed());
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void stopEndsConnectionsAndFreesThePort(Engine engine) throws Exception {
        var target = TlsServers.start(engine, true, true);
        try (var idle = connect(target);
                var socket = new JdkClient(target, TlsServers.SUITES.getFirst()).connect()) {
            var port = target.address().getPort();
            target.close();
            assertEquals(-1, readOrReset(idle));
            assertEquals(-1, readOrReset(socket));
            assertThrows(ConnectException.class, () -> new Socket(InetAddress.getLoopbackAddress(), port).close());
        }
    }

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::isAvailable);
    }

    /** Repeated, since a fault here appears in only some of the runs. */
    @ParameterizedTest
    @MethodSource("transports")
    void stopEndsConnectionsThatNeverSpoke(Transport transport) throws Exception {
        for (var round = 0; round < 20; round++) {
            var target = TlsServers.start(transport);
            try (var one = connect(target); var other = connect(target)) {
                while (target.counts().accepted() < 2) {
                    Thread.onSpinWait();
                }
                target.close();
                assertEquals(-1, readOrReset(one));
                assertEquals(-1, readOrReset(other));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("engines")
    void eachKindOfSuiteMeetsItsKindOfCertificate(Engine engine) throws Exception {
        try (var target = TlsServers.start(engine, true, true)) {
            assertEquals(2, target.authorities().size());
            for (var suite : TlsServers.SUITES) {
                assertEquals(suite.contains("ECDSA") ? "EC" : "RSA", keyShown(target, new String[]{suite}, _ -> {}));
            }
            assertNotEquals(0, target.cpuNanos());
        }
    }

    /** RFC 8422, 5.1; RFC 5246, 7.4.1.4.1. */
    @ParameterizedTest
    @MethodSource("engines")
    void aCertificateIsShownOnlyToWhoTakesIt(Engine engine) throws Exception {
        var ecdsaFirst = new String[]{TlsServers.SUITES.getLast(), TlsServers.SUITES.get(1)};
        try (var target = TlsServers.start(engine, true, true)) {
            assertEquals("EC", keyShown(target, ecdsaFirst, offer -> offer.setNamedGroups(new String[]{"secp256r1"})));
            assertEquals("RSA", keyShown(target, ecdsaFirst, offer -> offer.setNamedGroups(new String[]{"x25519"})));
            assertEquals("RSA", keyShown(target, ecdsaFirst, offer -> offer.setNamedGroups(new String[]{"secp384r1"})));
            assertEquals("RSA", keyShown(target, ecdsaFirst,
                    offer -> offer.setSignatureSchemes(new String[]{"rsa_pkcs1_sha256"})));
        }
    }

    /** BoringSSL has no CBC with SHA-2, so the certificate must not be chosen by such a suite. */
    @ParameterizedTest
    @MethodSource("engines")
    void aSuiteThatTheEngineLacksIsPassedOver(Engine engine) throws Exception {
        var cbcFirst = new String[]{"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", TlsServers.SUITES.get(1)};
        try (var target = TlsServers.start(engine, true, true)) {
            assertEquals(engine == Engine.BORINGSSL ? "RSA" : "EC", keyShown(target, cbcFirst, _ -> {}));
        }
    }

    private static String keyShown(TlsServer target, String[] suites, Consumer<SSLParameters> change) throws Exception {
        try (var socket = new JdkClient(target, suites).connect(change)) {
            return socket.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm();
        }
    }

    private static Socket connect(TlsServer target) throws IOException {
        return new Socket(target.address().getAddress(), target.address().getPort());
    }

    /** Sends the bytes and closes the connection, by a reset or in an orderly way. */
    private static void send(TlsServer target, byte[] bytes, boolean reset) throws IOException {
        try (var socket = connect(target)) {
            socket.getOutputStream().write(bytes);
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        }
    }

    private static int readOrReset(Socket socket) throws IOException {
        try {
            socket.setSoTimeout(PATIENCE_MILLIS);
            return socket.getInputStream().read();
        } catch (SocketTimeoutException stillOpen) {
            throw stillOpen;
        } catch (IOException reset) {
            return -1;
        }
    }

    private static void assertAnswer(SSLSocket socket) throws IOException {
        assertEquals(ANSWER, new String(socket.getInputStream().readNBytes(ANSWER.length()),
                StandardCharsets.US_ASCII));
    }

    private static byte[] truncated(byte[] bytes, int length) {
        assertTrue(length < bytes.length);
        return Arrays.copyOf(bytes, length);
    }
}
