package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.interop.PeerOptions.Suite;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

/** The peers do and count what they say, as seen by a client that is not ours: {@code openssl s_client}. */
@Tag("interop")
class PeersTest {

    private static final PeerOptions USUAL = PeerOptions.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);

    @TempDir
    private Path directory;

    @BeforeEach
    void theForeignClientIsThere() {
        Program.OPENSSL.require();
    }

    @ParameterizedTest
    @EnumSource
    void fullHandshakesAreCounted(Program program) {
        try (var peer = program.start(USUAL)) {
            for (var n = 0; n < 3; n++) {
                assertFull(peer, connect(peer));
            }
            peer.assertCounts(3, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsResumeByIdOnly(Program program) {
        try (var peer = program.start(USUAL.resumption(false, true))) {
            assertFull(peer, connect(peer, "-sess_out", session()));
            assertResumed(peer, connect(peer, "-sess_in", session()));
            assertResumed(peer, connect(peer, "-no_ticket", "-sess_in", session()));
            peer.assertCounts(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsResumeByTicketOnly(Program program) {
        try (var peer = program.start(USUAL.resumption(true, false))) {
            var first = connect(peer, "-sess_out", session());
            assertFull(peer, first);
            assertTrue(first.contains("TLS session ticket:"), peer::log);
            assertResumed(peer, connect(peer, "-sess_in", session()));
            assertResumed(peer, connect(peer, "-sess_in", session()));
            assertFull(peer, connect(peer, "-no_ticket", "-sess_in", session()));
            peer.assertCounts(2, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withBothTheClientChooses(Program program) {
        try (var peer = program.start(USUAL)) {
            assertFull(peer, connect(peer, "-no_ticket", "-sess_out", session()));
            assertResumed(peer, connect(peer, "-no_ticket", "-sess_in", session()));
            assertFull(peer, connect(peer, "-sess_out", session()));
            assertResumed(peer, connect(peer, "-sess_in", session()));
            peer.assertCounts(2, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void withNeitherResumptionIsDeclined(Program program) {
        try (var generous = program.start(USUAL); var peer = program.start(USUAL.resumption(false, false))) {
            assertFull(generous, connect(generous, "-sess_out", session()));
            assertFull(peer, connect(peer, "-sess_in", session()));
            assertFull(peer, connect(peer, "-no_ticket", "-sess_in", session()));
            generous.assertCounts(1, 0);
            peer.assertCounts(2, 0);
        }
    }

    /** A client that resets instead of closing must not make the server forget what it has seen. */
    @ParameterizedTest
    @EnumSource
    void aFullHandshakeFollowedByAResetIsCounted(Program program) throws Exception {
        try (var peer = program.start(USUAL.resumption(false, false))) {
            assertEquals(10, fullHandshakesOfTenThatReset(peer));
            peer.assertCounts(10, 0);
        }
    }

    /** Nor a resumed one; haproxy, which may take it for a failure, is left out: see {@link HaproxyPeer}. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "HAPROXY")
    void aResumedHandshakeFollowedByAResetIsCounted(Program program) throws Exception {
        for (var tickets : List.of(true, false)) {
            try (var peer = program.start(USUAL.resumption(tickets, !tickets))) {
                assertEquals(1, fullHandshakesOfTenThatReset(peer));
                peer.assertCounts(1, 9);
            }
        }
    }

    private static int fullHandshakesOfTenThatReset(Peer peer) throws Exception {
        var certificates = new CertificateCount();
        var context = SSLContext.getInstance("TLSv1.2");
        context.init(null, new TrustManager[]{certificates}, null);
        for (var n = 0; n < 10; n++) {
            handshakeAndReset(context, peer.port());
        }
        return certificates.seen;
    }

    /** Without TCP_NODELAY the reset would discard what Nagle's algorithm holds back: the client's Finished. */
    private static void handshakeAndReset(SSLContext context, int port) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setTcpNoDelay(true);
            ((SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", port, false)).startHandshake();
            socket.setSoLinger(true, 0);
        }
    }

    /** Trusts everyone, and counts: a server that resumes shows no certificate. */
    private static final class CertificateCount implements X509TrustManager {
        private int seen;

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String keyExchange) {
            throw new AssertionError("no client is expected here");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String keyExchange) {
            seen++;
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    @ParameterizedTest
    @EnumSource
    void failedHandshakesAreNotCountedAndDoNoHarm(Program program) throws IOException {
        try (var peer = program.start(USUAL)) {
            assertFull(peer, connect(peer, "-sess_out", session()));
            new Socket(InetAddress.getLoopbackAddress(), peer.port()).close();
            assertTrue(connect(peer, "-cipher", "AES256-SHA").contains("Cipher is (NONE)"), peer::log);
            rejectTheCertificate(peer);
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertResumed(peer, connect(peer, "-sess_in", session()));
            peer.assertCounts(1, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chainsVerifyAgainstTheRootAlone(Program program) throws IOException {
        for (var certificate : ServerCertificate.values()) {
            var suite = certificate == ServerCertificate.RSA_2048
                    ? Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
                    : Suite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256;
            var root = Files.writeString(directory.resolve("root.pem"), certificate.caPem()).toString();
            try (var peer = program.start(PeerOptions.of(suite).certificate(certificate))) {
                var printed = connect(peer, "-CAfile", root, "-verify_return_error", "-verify_ip", "127.0.0.1");
                assertTrue(printed.contains("Verify return code: 0 (ok)"), () -> printed + peer.log());
                assertTrue(printed.contains(" 1 s:CN = Shakedown test intermediate " + certificate), printed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void everySuiteIsServed(Program program) {
        for (var certificate : List.of(ServerCertificate.RSA_2048, ServerCertificate.ECDSA_P256)) {
            var options = PeerOptions.of(certificate);
            try (var peer = program.start(options)) {
                for (var suite : options.suites()) {
                    var printed = connect(peer, "-cipher", suite.openssl());
                    assertFull(peer, printed);
                    assertTrue(printed.contains("Cipher is " + suite.openssl() + "\n"), () -> printed + peer.log());
                    assertEquals(suite.cbc(), encryptsThenMacs(printed), printed);
                }
                peer.assertCounts(options.suites().size(), 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void encryptThenMacCanBeTurnedOff(Program program) {
        for (var suite : List.of(Suite.TLS_RSA_WITH_AES_128_CBC_SHA,
                Suite.TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384)) {
            try (var peer = program.start(PeerOptions.of(suite).encryptThenMac(false))) {
                var printed = connect(peer, "-sess_out", session());
                assertFull(peer, printed);
                assertTrue(!encryptsThenMacs(printed), printed);
                assertResumed(peer, connect(peer, "-sess_in", session()));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGroupIsTheOneAskedFor(Program program) {
        for (var suite : List.of(Suite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
                Suite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)) {
            for (var group : Group.values()) {
                try (var peer = program.start(PeerOptions.of(suite).group(group))) {
                    var printed = connect(peer);
                    var name = switch (group) {
                        case X25519 -> "Server Temp Key: X25519,";
                        case SECP256R1 -> "Server Temp Key: ECDH, prime256v1,";
                        case SECP384R1 -> "Server Temp Key: ECDH, secp384r1,";
                    };
                    assertTrue(printed.contains(name), () -> printed + peer.log());
                }
            }
        }
    }

    @Test
    void aMissingProgramIsSkippedOnALaptopAndFailsInContinuousIntegration() {
        assertAll(Arrays.stream(Program.values()).map(program -> () -> {
            var skipped = assertThrows(TestAbortedException.class, () -> program.missing(false));
            assertTrue(skipped.getMessage().contains("install the package"));
            assertThrows(AssertionFailedError.class, () -> program.missing(true));
        }));
    }

    @Test
    void aSuiteNeedsACertificateOfItsKind() {
        assertThrows(IllegalArgumentException.class, () -> USUAL.certificate(ServerCertificate.ECDSA_P256));
    }

    /** Fails after the server has sent its whole flight: the suite is chosen by then, the handshake not finished. */
    private void rejectTheCertificate(Peer peer) {
        var printed = connect(peer, "-verify_return_error", "-CAfile", otherRoot());
        assertTrue(printed.contains("verify error"), () -> printed + peer.log());
    }

    private String otherRoot() {
        try {
            return Files.writeString(directory.resolve("other.pem"), ServerCertificate.ECDSA_P256.caPem()).toString();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private String session() {
        return directory.resolve("session.pem").toString();
    }

    private static void assertFull(Peer peer, String printed) {
        assertTrue(printed.contains("\nNew, ") && !printed.contains("Cipher is (NONE)"), () -> printed + peer.log());
    }

    private static void assertResumed(Peer peer, String printed) {
        assertTrue(printed.contains("\nReused, "), () -> printed + peer.log());
    }

    private static boolean encryptsThenMacs(String printed) {
        return printed.contains("TLS server extension \"encrypt-then-mac\"");
    }

    /** One connection in TLS 1.2, which closes as soon as the handshake is done; what the client printed. */
    private String connect(Peer peer, String... more) {
        return new OpensslClient(directory).connect(peer,
                Stream.concat(Stream.of("-tls1_2", "-tlsextdebug"), Stream.of(more)).toArray(String[]::new));
    }
}
