package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.interop.PeerOptions.Feature;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The other programs do and count what they say, and have the habits they are known for, as seen by OpenSSL's client.
 */
@Tag("interop")
class OtherProgramsTest {

    private static final PeerOptions BOTH = PeerOptions.bothVersions(ServerCertificate.RSA_2048);
    private static final String TLS12 = "-tls1_2";
    private static final String TLS13 = "-tls1_3";

    @TempDir
    private Path directory;

    @BeforeEach
    void theForeignClientIsThere() {
        Program.OPENSSL.require();
    }

    @ParameterizedTest
    @EnumSource
    void fullAndResumedHandshakesAreCounted(OtherProgram program) {
        try (var peer = program.start(BOTH)) {
            for (var version : List.of(TLS12, TLS13)) {
                assertFull(peer, request(peer, version));
                for (var n = 0; n < 2; n++) {
                    assertFull(peer, request(peer, version, "-sess_out", session()));
                    assertResumed(peer, request(peer, version, "-sess_in", session()));
                }
            }
            peer.assertCounts(6, 4);
        }
    }

    /** How many session tickets come with a full handshake of TLS 1.3, and how many with a resumed one. */
    @ParameterizedTest
    @CsvSource({"NODE, 2, 0", "LIGHTTPD, 2, 0", "H2O, 2, 0", "STUNNEL, 2, 1", "APACHE, 2, 1", "GO, 1, 1"})
    void ticketsComeWithTheKindsOfHandshakeTheyAreKnownFor(OtherProgram program, int full, int resumed) {
        for (var options : List.of(BOTH, BOTH.resumption(true, false))) {
            try (var peer = program.start(options)) {
                var first = request(peer, TLS13, "-msg", "-sess_out", session());
                assertFull(peer, first);
                assertEquals(full, tickets(first), () -> first + peer.log());
                // And again with what the resumed one brought, or else with the same session.
                for (var n = 0; n < 2; n++) {
                    var again = request(peer, TLS13, "-msg", "-sess_in", session(), "-sess_out", session());
                    assertResumed(peer, again);
                    assertEquals(resumed, tickets(again), () -> again + peer.log());
                }
                peer.assertCounts(1, 2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsResumeByIdWhereTheyAreKept(OtherProgram program) {
        try (var peer = program.start(BOTH.resumption(false, true))) {
            var first = request(peer, TLS12, "-sess_out", session());
            assertFull(peer, first);
            assertTrue(!first.contains("TLS session ticket:"), first);
            // The client writes no session that has neither ID nor ticket.
            assertEquals(program.resumesById(), Files.exists(Path.of(session())), first);
            if (program.resumesById()) {
                assertResumed(peer, request(peer, TLS12, "-sess_in", session()));
                assertResumed(peer, request(peer, TLS12, "-no_ticket", "-sess_in", session()));
            }
            peer.assertCounts(1, program.resumesById() ? 2 : 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void sessionsResumeByTicketOnly(OtherProgram program) {
        try (var peer = program.start(BOTH.resumption(true, false))) {
            var first = request(peer, TLS12, "-sess_out", session());
            assertFull(peer, first);
            assertTrue(first.contains("TLS session ticket:"), first);
            assertResumed(peer, request(peer, TLS12, "-sess_in", session()));
            assertFull(peer, request(peer, TLS12, "-no_ticket", "-sess_in", session()));
            peer.assertCounts(2, 1);
        }
    }

    /** Neither what another server gave is taken, nor what the server gave itself, where it gave anything. */
    @ParameterizedTest
    @EnumSource
    void withNeitherResumptionIsDeclined(OtherProgram program) {
        try (var generous = program.start(BOTH); var peer = program.start(BOTH.resumption(false, false))) {
            for (var version : List.of(TLS12, TLS13)) {
                assertFull(generous, request(generous, version, "-sess_out", session()));
                assertFull(peer, request(peer, version, "-sess_in", session(), "-sess_out", own()));
                assertFull(peer, request(peer, version, "-sess_in", Files.exists(Path.of(own())) ? own() : session()));
            }
            generous.assertCounts(2, 0);
            peer.assertCounts(4, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theVersionsAreThoseAskedFor(OtherProgram program) {
        try (var old = program.start(PeerOptions.of(ServerCertificate.ECDSA_P256));
                var recent = program.start(PeerOptions.tls13(ServerCertificate.ECDSA_P256))) {
            assertFull(old, request(old, TLS12));
            assertFails(old, request(old, TLS13));
            assertFull(recent, request(recent, TLS13));
            assertFails(recent, request(recent, TLS12));
            old.assertCounts(1, 0);
            recent.assertCounts(1, 0);
        }
    }

    /**
     * A server that logs handshakes counts one that is followed by no request, a server that logs requests does not.
     */
    @ParameterizedTest
    @EnumSource
    void handshakesWithoutARequestAreCountedByThoseThatLogHandshakes(OtherProgram program) {
        try (var peer = program.start(BOTH)) {
            assertFull(peer, connect(peer, TLS12));
            assertFull(peer, connect(peer, TLS13));
            assertFull(peer, request(peer, TLS12));
            peer.assertCounts(program.countsRequests() ? 1 : 3, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void failedHandshakesAreNotCountedAndDoNoHarm(OtherProgram program) throws IOException {
        try (var peer = program.start(BOTH)) {
            assertFull(peer, request(peer, TLS13, "-sess_out", session()));
            new Socket(InetAddress.getLoopbackAddress(), peer.port()).close();
            assertFails(peer, request(peer, TLS12, "-cipher", "NULL-SHA256:@SECLEVEL=0"));
            for (var version : List.of(TLS12, TLS13)) {
                rejectTheCertificate(peer, version);
            }
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                socket.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            assertResumed(peer, request(peer, TLS13, "-sess_in", session()));
            peer.assertCounts(1, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void chainsVerifyAgainstTheRootAlone(OtherProgram program) throws IOException {
        for (var certificate : ServerCertificate.values()) {
            if (!program.takes(certificate)) {
                assertThrows(IllegalArgumentException.class,
                        () -> program.start(PeerOptions.tls13(certificate)));
                continue;
            }
            var root = Files.writeString(directory.resolve("root.pem"), certificate.caPem()).toString();
            try (var peer = program.start(PeerOptions.tls13(certificate))) {
                var printed = request(peer, TLS13, "-CAfile", root, "-verify_return_error", "-verify_ip", "127.0.0.1");
                assertTrue(printed.contains("Verify return code: 0 (ok)"), () -> printed + peer.log());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientCertificateIsAskedForWhereThatCanBe(OtherProgram program) throws IOException {
        var asking = BOTH.with(Feature.CLIENT_CERTIFICATE);
        if (!program.asksForCertificates()) {
            assertThrows(IllegalArgumentException.class, () -> program.start(asking));
            return;
        }
        try (var certificate = ClientCertificate.ECDSA_P256.file(); var peer = program.start(asking)) {
            var file = certificate.path().toString();
            for (var version : List.of(TLS12, TLS13)) {
                request(peer, version);
                assertFull(peer, request(peer, version, "-cert", file, "-key", file, "-sess_out", session()));
                assertResumed(peer, request(peer, version, "-sess_in", session()));
            }
            peer.assertCounts(2, 2);
        }
    }

    /** OpenSSL forgets a kept session whose connection ended without a close_notify, and stunnel leaves it to that. */
    @ParameterizedTest
    @CsvSource({"true, 5, 0", "false, 1, 4"})
    void stunnelForgetsASessionWhoseConnectionWasReset(boolean reset, long full, long resumed) throws Exception {
        try (var peer = (StunnelPeer) OtherProgram.STUNNEL.start(BOTH.resumption(false, true))) {
            var context = SSLContext.getInstance("TLSv1.2");
            context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
            for (var n = 0; n < 5; n++) {
                try (var socket = new Socket(InetAddress.getLoopbackAddress(), peer.port())) {
                    socket.setTcpNoDelay(true);
                    var tls = (SSLSocket) context.getSocketFactory().createSocket(socket, "localhost", peer.port(),
                            false);
                    tls.startHandshake();
                    if (reset) {
                        socket.setSoLinger(true, 0);
                    } else {
                        tls.close();
                    }
                }
                peer.awaitIdle();
            }
            peer.assertCounts(full, resumed);
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAProgramHasNoSettingForIsRefused(OtherProgram program) {
        assertThrows(IllegalArgumentException.class, () -> program.start(BOTH.with(Feature.EARLY_DATA)));
    }

    /** Fails after the server has sent its whole flight: the handshake is begun by then, not finished. */
    private void rejectTheCertificate(Peer peer, String version) throws IOException {
        var other = Files.writeString(directory.resolve("other.pem"), ServerCertificate.ECDSA_P256.caPem());
        var printed = request(peer, version, "-verify_return_error", "-CAfile", other.toString());
        assertTrue(printed.contains("verify error"), () -> printed + peer.log());
    }

    private static long tickets(String printed) {
        return printed.lines().filter(line -> line.startsWith("<<<") && line.contains("NewSessionTicket")).count();
    }

    private String session() {
        return directory.resolve("session.pem").toString();
    }

    private String own() {
        return directory.resolve("own.pem").toString();
    }

    private String request(Peer peer, String... options) {
        return new OpensslClient(directory).request(peer, options);
    }

    private String connect(Peer peer, String... options) {
        return new OpensslClient(directory).connect(peer, options);
    }

    private static void assertFull(Peer peer, String printed) {
        assertTrue(printed.contains("\nNew, TLS"), () -> printed + peer.log());
    }

    private static void assertResumed(Peer peer, String printed) {
        assertTrue(printed.contains("\nReused, TLS"), () -> printed + peer.log());
    }

    private static void assertFails(Peer peer, String printed) {
        assertTrue(printed.contains("Cipher is (NONE)"), () -> printed + peer.log());
    }
}
