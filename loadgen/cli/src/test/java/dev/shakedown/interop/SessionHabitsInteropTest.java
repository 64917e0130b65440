package dev.shakedown.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.cli.CommandRun;
import dev.shakedown.interop.PeerOptions.Feature;
import dev.shakedown.report.TextReport;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.AlpnOffer;
import dev.shakedown.results.RunSums.CertificateOffer;
import dev.shakedown.results.RunSums.NameOffer;
import dev.shakedown.results.RunSums.ProtocolRow;
import dev.shakedown.results.RunSums.Resumption;
import dev.shakedown.results.RunSums.UnusableRow;
import dev.shakedown.tls.client.ScriptedService.Course;
import dev.shakedown.tls.client.ScriptedService;
import dev.shakedown.tls.client.ScriptedTls;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Servers that give sessions in other ways than those that most tests are made with: what we count is what they logged,
 * and what we say of them is what they do.
 */
@Tag("interop")
@Timeout(120)
class SessionHabitsInteropTest {
    private static final PeerOptions BOTH = PeerOptions.bothVersions(ServerCertificate.ECDSA_P256);
    /** A short wait, so that the first resumed handshake that brings no ticket does not hold a test up. */
    private static final String TLS13 = "--tls 1.3 --concurrency 1 --close notify --ticket-timeout 500ms ";

    @TempDir
    private Path directory;

    /**
     * So much of each kind as the mix asks for, where the server gives enough for it; and the server counts the same.
     */
    @ParameterizedTest
    @CsvSource({"NODE, 1, 1, 2, 0", "NODE, 1, 2, 2, 0", "LIGHTTPD, 1, 1, 2, 0", "LIGHTTPD, 1, 2, 2, 0",
        "H2O, 1, 1, 2, 0",
        "H2O, 1, 2, 2, 0", "STUNNEL, 1, 4, 2, 1", "APACHE, 1, 4, 2, 1", "GO, 1, 4, 1, 1"})
    void sessionsAreWaitedForWhereTheyComeFrom(OtherProgram program, int full, int resumed, int perFull,
            int perResumed) {
        try (var peer = program.start(BOTH)) {
            var run = run(peer, program, TLS13 + "--count 60 --mix full=" + full + ",resumed=" + resumed);
            var all = 60 / (full + resumed);
            run.assertCompleted(all * full, all * resumed);
            assertEquals(new Resumption(all * resumed, all * resumed, all * resumed, 0, 0), run.result().resumption());
            var sessions = run.result().sessions();
            assertEquals(List.of(perFull, perResumed, 1),
                    List.of(sessions.perFull(), sessions.perResumed(), sessions.uses()));
            assertFalse(TextReport.of(run.result()).contains("MISSED MIX"), () -> TextReport.of(run.result()));
            peer.assertCounts(all * full, all * resumed);
        }
    }

    /** Four of five cannot be resumed where two sessions come with a full handshake only: two of three can, and are. */
    @ParameterizedTest
    @EnumSource(names = {"NODE", "LIGHTTPD", "H2O"})
    void aMixThatNeedsMoreSessionsThanComeIsToldSo(OtherProgram program) {
        try (var peer = program.start(BOTH)) {
            var strict = run(peer, program, TLS13 + "--count 90 --mix full=1,resumed=4 --strict");
            assertEquals(3, strict.exitCode(), strict::toString);
            assertTrue(strict.err().startsWith("shakedown: --strict: "), strict::err);
            var result = strict.result();
            assertEquals(new Resumption(72, 60, 60, 0, 12), result.resumption());
            assertEquals(0.667, result.sessions().mostShare());
            var text = TextReport.of(result).replaceAll("\\s+", " ");
            assertTrue(text
                    .contains("MISSED MIX: 12 of 72 handshakes that were to resume had no session to offer and were"
                            + " done in full (priming): the server issues 2 sessions per full handshake and none per"
                            + " resumed one, and each is offered once: at most 2 of 3 handshakes can be resumed, but"
                            + " the mix asks for 4 of 5;"
                            + " offer each 2 times with resume uses 2, or ask for mix full=1,resumed=2."),
                    text);
            peer.assertCounts(30, 60);
            // As advised.
            run(peer, program, TLS13 + "--count 90 --mix full=1,resumed=4 --resume-uses 2").assertCompleted(18,
                    72);
            peer.assertCounts(48, 132);
        }
    }

    /** It resumed every session that was offered to it, whatever was not offered. */
    @Test
    void primingIsNotTheServersFault() {
        try (var peer = OtherProgram.NODE.start(BOTH)) {
            run(peer, OtherProgram.NODE, TLS13 + "--count 60 --mix full=1,resumed=4 --require-resumed 1")
                    .assertCompleted(20, 40);
            peer.assertCounts(20, 40);
        }
    }

    /** Go sends its ticket in one flight with its Finished: an answer has to show that it took ours. */
    @ParameterizedTest
    @CsvSource({"ticket", "finished"})
    void aTicketBeforeOurFinishedProvesNothing(String completeOn) {
        try (var peer = OtherProgram.GO.start(PeerOptions.tls13(ServerCertificate.ECDSA_P256))) {
            var run = run(peer, OtherProgram.GO,
                    TLS13 + "--count 20 --mix full=1,resumed=1 --complete-on " + completeOn)
                    .assertCompleted(10, 10);
            var result = run.result();
            assertEquals(20, result.sessions().ticketsBeforeFinished());
            for (var kind : List.of(result.kinds().full(), result.kinds().resumed())) {
                assertNull(kind.phases().get("ticket"), run::toString);
                assertEquals(completeOn.equals("ticket") ? 10 : 0,
                        kind.timeToFirstByteMicros() == null ? 0 : kind.timeToFirstByteMicros().count(), run::toString);
            }
            peer.assertCounts(10, 10);
        }
    }

    @Test
    void aTraceShowsRecordsInTheOrderOfTime() {
        try (var peer = OtherProgram.GO.start(PeerOptions.tls13(ServerCertificate.ECDSA_P256))) {
            var trace = CommandRun.of("trace", "127.0.0.1:" + peer.port(), "--tls", "1.3", "--resume");
            assertEquals(0, trace.exitCode(), trace::toString);
            assertTrue(trace.out().contains("NewSessionTicket"), trace::out);
            var shown = trace.out().lines().filter(line -> line.matches("\\d+ \\d+ .*[CS]>[CS].*")).toList();
            assertTrue(shown.size() > 10, trace::out);
            assertEquals(List.of(), shown.stream().filter(line -> line.contains("(-")).toList());
            // As many numbers as records on either connection.
            assertEquals(shown.size(), shown.stream().map(line -> line.replaceAll("^(\\d+ \\d+) .*", "$1")).distinct()
                    .count(), trace::out);
        }
    }

    /** OpenSSL forgets a session whose connection is reset, and stunnel leaves it to that. */
    @Test
    void sessionsKeptUnderAnIdEndInGoodOrderUnlessToldOtherwise() {
        try (var peer = OtherProgram.STUNNEL
                .start(PeerOptions.of(ServerCertificate.ECDSA_P256).resumption(false, true))) {
            // With time between them, so that it has stored a session when the next handshake offers it.
            var options = "--tls 1.2 --no-tickets --rate 50 --mix resumed=1 --count ";
            var full = 0L;
            var resumed = 0L;
            for (var close : List.of("", " --close notify")) {
                var run = LoadRun.against(peer.port(), options + "30" + close);
                assertEquals(30, run.result().outcomes().completed(), run::toString);
                assertEquals(0, run.result().resumption().declined(), run::toString);
                full += run.result().kinds().full().completed();
                resumed += run.result().kinds().resumed().completed();
                peer.assertCounts(full, resumed);
            }
            // How soon stunnel notices a reset is chance; with time between connections it declines most sessions.
            var reset = LoadRun.against(peer.port(), options + "100 --close rst");
            var resumption = reset.result().resumption();
            assertEquals(100, reset.result().outcomes().completed(), reset::toString);
            peer.assertCounts(full + reset.result().kinds().full().completed(),
                    resumed + reset.result().kinds().resumed().completed());
            if (resumption.declined() > 2 * resumption.accepted()) {
                assertEquals("reset_forgets", reset.result().sessions().closure(), reset::toString);
                assertTrue(TextReport.of(reset.result()).contains("SESSIONS LOST: "), reset::toString);
            }
        }
    }

    /** In a warm-up trials show whether a reset does harm, so that nothing measured is lost by them. */
    @ParameterizedTest
    @CsvSource({"STUNNEL, reset_forgets", "APACHE, "})
    void trialsInTheWarmupLoseNothingMeasured(OtherProgram program, String found) throws IOException {
        try (var peer = program.start(PeerOptions.of(ServerCertificate.ECDSA_P256).resumption(false, true))) {
            var out = directory.resolve("out");
            var run = CommandRun
                    .of(("run 127.0.0.1:" + peer.port() + " --tls 1.2 --no-tickets --rate 50 --mix resumed=1"
                            + " --count 50 --warmup 2s --quiet --out " + out
                            + (program.countsRequests() ? " --complete-on response" : "")).split(" "));
            assertEquals(0, run.exitCode(), run::toString);
            var result = RunResult.read(out);
            assertEquals(new Resumption(50, 50, 50, 0, 0), result.resumption(), run::toString);
            assertEquals(found, result.sessions() == null ? null : result.sessions().closure(), run::toString);
        }
    }

    /** Nobody judges a client certificate in a resumed handshake, so that none of them waits for a proof. */
    @Test
    void resumedHandshakesWithAClientCertificateHoldNoSlot() throws IOException {
        try (var peer = OtherProgram.NODE.start(BOTH.with(Feature.CLIENT_CERTIFICATE));
                var certificate = ClientCertificate.ECDSA_P256.file()) {
            var run = run(peer, OtherProgram.NODE, "--tls 1.3 --concurrency 1 --close notify --count 60 --mix"
                    + " full=1,resumed=1 --ticket-timeout 2s --client-cert " + certificate.path());
            run.assertCompleted(30, 30);
            assertEquals(new CertificateOffer(30, 0, 0), run.result().offers().clientCertificate());
            var resumed = run.result().kinds().resumed();
            assertNull(resumed.timeToFirstByteMicros(), "nothing was asked for that nobody wanted");
            // Only the first of them was waited on, for 2 s; thirty would have taken a minute.
            assertEquals(1, run.result().tickets().missing(), run::toString);
            peer.assertCounts(30, 30);
        }
    }

    @Test
    void whatTheServerDidNotTakeNoticeOfIsTold() throws IOException {
        try (var peer = OtherProgram.STUNNEL.start(BOTH); var certificate = ClientCertificate.ECDSA_P256.file()) {
            for (var tls : List.of("1.2", "1.3")) {
                var run = run(peer, OtherProgram.STUNNEL,
                        "--tls " + tls + " --concurrency 1 --close notify --count 10 --mix"
                                + " full=1 --complete-on finished --alpn no/such --sni other.example --client-cert "
                                + certificate.path())
                        .assertCompleted(10, 0);
                var offers = run.result().offers();
                assertEquals(new CertificateOffer(0, 10, 0), offers.clientCertificate());
                assertEquals(new NameOffer(0, 10), offers.serverName());
                assertEquals(new AlpnOffer(List.of(), 10), offers.alpn());
                var text = TextReport.of(run.result()).replaceAll("\\s+", " ");
                for (var said : List.of("client certificate: the server never asked for it in 10 of 10 full handshakes",
                        "ALPN: of no/such the server chose none in 10 of 10 handshakes",
                        "does not contain the requested name (other.example) in 10 of 10 full handshakes")) {
                    assertTrue(text.contains(said), text);
                }
            }
        }
    }

    @Test
    void whatTheServerTookNoticeOfIsCounted() {
        try (var peer = Program.NGINX.start(BOTH)) {
            var run = LoadRun.against(peer.port(), "--tls 1.3 --concurrency 1 --count 10 --mix full=1 --sni localhost");
            assertEquals(new NameOffer(10, 0), run.assertCompleted(10, 0).result().offers().serverName());
        }
        try (var peer = OtherProgram.H2O.start(BOTH)) {
            var run = run(peer, OtherProgram.H2O, TLS13 + "--count 10 --mix full=1,resumed=1 --alpn http/1.1");
            var alpn = run.result().offers().alpn();
            assertEquals(10, alpn.chosen().stream().mapToLong(ProtocolRow::count).sum() + alpn.notChosen(),
                    run::toString);
        }
    }

    /** A ticket that is to be discarded at once shows that the server took our Finished, and is of no other use. */
    @Test
    void ticketsOfNoUseAreCountedWithTheirReason() throws IOException {
        var service = new ScriptedService(ScriptedTls.TLS13, 0, 0);
        try (var server = new ScriptedServer(socket -> service.serve(socket, () -> Course.BY_THE_BOOK))) {
            var run = LoadRun
                    .against(server.port(), TLS13 + "--count 20 --mix full=1,resumed=1 --complete-on ticket"
                            + " --alpn h2,http/1.1 --sni localhost --group x25519,secp256r1")
                    .assertCompleted(20, 0);
            assertEquals(new Resumption(10, 0, 0, 0, 10), run.result().resumption());
            assertEquals(List.of(new UnusableRow("no_lifetime", 20)), run.result().sessions().unusableTickets());
            assertEquals(0, run.result().sessions().perFull());
            var text = TextReport.of(run.result()).replaceAll("\\s+", " ");
            assertTrue(text.contains("20 tickets could not be offered later: their lifetime is 0"), text);
            assertTrue(text
                    .contains("MISSED MIX: 10 of 10 handshakes that were to resume had no session to offer and were"
                            + " done in full (priming): the server issues no session that could be offered to it"),
                    text);
        }
    }

    /** Its log may be of requests. */
    private static LoadRun run(Peer peer, OtherProgram program, String options) {
        return LoadRun.against(peer.port(), options + (program.countsRequests() ? " --complete-on response" : ""));
    }
}
