package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.interop.PeerOptions.Group;
import dev.shakedown.tls.wire.Extension;
import dev.shakedown.trace.ChoosyServer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Early data with the servers that take it: accepted is what the server itself read, rejected what had to be sent
 * again.
 */
@Tag("interop")
class EarlyDataInteropTest {

    private static final PeerOptions EARLY = PeerOptions.tls13(ServerCertificate.ECDSA_P256).with(Feature.EARLY_DATA);
    /** Of 32 resumed, one in five goes without early data. */
    private static final String MIX = "--tls 1.3 --concurrency 1 --count 40 --mix full=1,resumed=4 --early-data 200 ";

    /** It does not answer, so that a connection ends when it has given its ticket. */
    @Test
    void openssl() {
        try (var peer = Program.OPENSSL.start(EARLY)) {
            var run = LoadRun.against(peer.port(), MIX + "--complete-on ticket").assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertEquals(26, run.result().earlyData().offered());
            assertFates(run, 0);
            assertEquals(lines(peer, "Early data received:"), run.result().earlyData().accepted());
        }
    }

    /** It neither answers early data nor logs it, and takes none under tickets older than its last ten seconds. */
    @Test
    void gnutls() {
        try (var peer = Program.GNUTLS.start(EARLY)) {
            var run = LoadRun.against(peer.port(), MIX + "--complete-on ticket --close notify").assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertEquals(26, run.result().earlyData().offered());
            assertFates(run, 0);
        }
    }

    @Test
    void nginx() {
        try (var peer = NginxHttpPeer.start(EARLY, false)) {
            var run = LoadRun.against(peer.port(), MIX).assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertEquals(26, run.result().earlyData().offered());
            assertFates(run, 0);
            assertEquals(peer.earlyRequests(), run.result().earlyData().accepted());
            assertAnswered(run);
        }
    }

    /** It answers, but has no word for it afterwards: {@code ssl_fc_has_early} is false in its log. */
    @Test
    void haproxy() {
        try (var peer = Program.HAPROXY.start(EARLY)) {
            var run = LoadRun.against(peer.port(), MIX + "--close notify").assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertEquals(26, run.result().earlyData().offered());
            assertFates(run, 0);
            assertAnswered(run);
        }
    }

    /** Each second server knows the ticket, but takes no early data. */
    @Test
    void whatIsRejectedIsSentAgain() {
        try (var peer = NginxHttpPeer.start(EARLY, true)) {
            var run = LoadRun.against(peer.port(), MIX).assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            var earlyData = run.result().earlyData();
            assertTrue(earlyData.accepted() > 0 && earlyData.rejected() > 0, run::toString);
            assertFates(run, earlyData.rejected());
            assertEquals(peer.earlyRequests(), earlyData.accepted());
            assertAnswered(run);
        }
    }

    @Test
    void aTraceSendsThemToo() {
        try (var peer = NginxHttpPeer.start(EARLY, false)) {
            var run = CommandRun.of("trace", "127.0.0.1:" + peer.port(), "--resume", "--tls", "1.3", "--early-data",
                    "100");
            assertEquals(0, run.exitCode(), run::toString);
            assertTrue(run.out().contains("completed: resumed TLSv1.3 handshake"), run::out);
            assertTrue(run.out().contains(", early data accepted"), run::out);
        }
        try (var peer = NginxHttpPeer.start(PeerOptions.tls13(ServerCertificate.RSA_2048), false)) {
            var run = CommandRun.of("trace", "127.0.0.1:" + peer.port(), "--resume", "--tls", "1.3", "--early-data",
                    "100");
            assertTrue(run.err().contains("so none was sent"), run::toString);
        }
    }

    /** What stands before it bears the session, but ends who sends early data with it. */
    @Test
    void whoRefusesEarlyDataDoesNotRefuseTheSession() throws Exception {
        try (var peer = Program.OPENSSL.start(EARLY); var before = new ChoosyServer(visit -> {
            if (visit.has(Extension.EARLY_DATA)) {
                visit.reset();
            } else {
                visit.serve();
            }
        }, peer.port())) {
            var run = CommandRun.of("trace", "127.0.0.1:" + before.port(), "--resume", "--tls", "1.3", "--early-data",
                    "100", "--format", "json");
            assertEquals(1, run.exitCode(), run::toString);
            var verdict = new JsonMapper().readTree(run.out()).at("/connections/1/verdict");
            assertEquals("the server rejects early data: with the same session but without it, the handshake continues",
                    verdict.get("cause").asText(), verdict::toString);
            assertTrue(verdict.get("advice").asText().endsWith("or no --early-data"), verdict::toString);
            assertEquals(2, verdict.get("probes").asInt());
        }
    }

    /** A server that asks for another ClientHello cannot take early data, but it does take the session. */
    @Test
    void aHelloRetryRequestRejects() {
        try (var peer = NginxHttpPeer.start(EARLY.group(Group.SECP384R1), false)) {
            var run = LoadRun.against(peer.port(), MIX).assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertFates(run, run.result().earlyData().offered());
            assertEquals(40, run.result().helloRetryRequests());
            assertEquals(0, peer.earlyRequests());
            assertAnswered(run);
        }
    }

    /** Tickets say how much may be sent: nothing is offered to a server that takes none. */
    @Test
    void nothingIsOfferedThatTheTicketDoesNotAllow() {
        try (var peer = NginxHttpPeer.start(PeerOptions.tls13(ServerCertificate.RSA_2048), false)) {
            var run = LoadRun.against(peer.port(), MIX).assertCompleted(8, 32);
            peer.assertCounts(8, 32);
            assertEquals(0, run.result().earlyData() == null ? 0 : run.result().earlyData().offered());
        }
    }

    private static void assertFates(LoadRun run, long rejected) {
        var earlyData = run.result().earlyData();
        assertEquals(rejected, earlyData.rejected(), run::toString);
        assertEquals(rejected, earlyData.retried(), run::toString);
        assertEquals(earlyData.offered(), earlyData.accepted() + rejected, run::toString);
    }

    /** Every connection got its answer, and those to early data are counted apart. */
    private static void assertAnswered(LoadRun run) {
        var result = run.result();
        var early = result.earlyData().timeToFirstByteMicros().count();
        assertEquals(result.earlyData().accepted(), early, run::toString);
        assertEquals(8, result.kinds().full().timeToFirstByteMicros().count());
        var late = result.kinds().resumed().timeToFirstByteMicros();
        assertEquals(32, early + (late == null ? 0 : late.count()), run::toString);
    }

    private static long lines(Peer peer, String start) {
        return peer.completeLines().stream().filter(line -> line.startsWith(start)).count();
    }
}
