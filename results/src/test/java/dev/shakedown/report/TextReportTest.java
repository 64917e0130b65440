package dev.shakedown.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.Facts;
import dev.shakedown.results.Interval;
import dev.shakedown.results.Kind;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Samples;
import dev.shakedown.results.UnsentReason;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TextReportTest {
    private static final int COLUMNS = 100;
    private static final RunFacts CLOSED = Facts.of(Facts.CLOSED);

    /** Returns the report, after checks that hold for every report. */
    private static String report(RunResult result) {
        var text = TextReport.of(result);
        for (var line : text.split("\n", -1)) {
            assertTrue(line.length() <= COLUMNS, line);
            assertEquals(line.stripTrailing(), line);
        }
        assertTrue(text.endsWith(".\n"), text);
        assertFalse(text.contains("NaN") || text.contains("null") || text.contains("Infinity"), text);
        return text;
    }

    private static String report(RunFacts facts, Sample... samples) {
        return report(Facts.result(facts, samples));
    }

    private static void assertHas(String text, String... parts) {
        for (var part : parts) {
            assertTrue(text.contains(part), () -> "no \"" + part + "\" in\n" + text);
        }
    }

    /** Returns the line that starts with {@code name}, with runs of blanks as one blank. */
    private static String row(String text, String name) {
        return text.lines().filter(line -> line.startsWith(name + " ")).findFirst().orElseThrow().replaceAll(" +", " ");
    }

    private static String last(String text) {
        return text.substring(text.lastIndexOf("\n\n") + 2).replace('\n', ' ').strip();
    }

    @Test
    void aNormalRunIsAllThere() {
        var text = report(CLOSED, Samples.full(2410), Samples.resumed(620), Samples.resumed(620), Samples.resumed(620),
                Samples.declined(2410));
        assertEquals("""
                target: localhost:8443 (127.0.0.1), embedded target on jdk, shares this machine with the client
                negotiated: TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, no group: 3 (60.0 %)
                negotiated: TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, x25519: 2 (40.0 %)
                client: key-share base-point, premaster reused, verify none; epoll, 1 thread
                load: closed loop, 64 at a time, 10 s after 2 s warm-up, mix full=1 resumed=4

                latency   count   completed/s       p50        p90        p99      p99.9        max
                full          2          0.20   2.41 ms*   2.41 ms*   2.41 ms*   2.41 ms*   2.41 ms
                resumed       3          0.30    620 µs*    620 µs*    620 µs*    620 µs*    620 µs
                  * fewer than 100 samples lie beyond it, so a few handshakes may decide it.
                  completed/s counts handshakes that finished within the measured time. Latency runs from the
                  planned start, which in a closed loop is the end of the slot's previous handshake.

                phase              full p50    full p99    resumed p50    resumed p99
                begun               37.7 µs*    37.7 µs*       19.4 µs*       19.4 µs*
                connected           37.7 µs*    37.7 µs*       19.4 µs*       19.4 µs*
                helloSent           75.3 µs*    75.3 µs*       38.8 µs*       38.8 µs*
                serverHello          151 µs*     151 µs*       77.5 µs*       77.5 µs*
                serverFlightDone     301 µs*     301 µs*        155 µs*        155 µs*
                keyExchangeSent      603 µs*     603 µs*             -              -
                finished            1.21 ms*    1.21 ms*        310 µs*        310 µs*
                  * fewer than 100 samples lie beyond it, so a few handshakes may decide it.
                  A phase ends with the event it is named after, and starts where the one before it ended.

                arrivals: 5 planned = 5 completed + 0 failed + 0 timed out + 0 cancelled + 0 unsent
                resumption: 4 asked, 4 offered, 3 accepted, 1 declined, 0 priming (no session to offer); the
                            server resumed 75.0 % of those offered
                ALPN: of h2 the server chose none in 5 of 5 handshakes
                generator: CPU per handshake 200 ms, cores busy 0.10, loop lag p99 -
                server: CPU per handshake 1.00 s, cores busy 0.50, pid 4711

                Too few to compare: 2 full and 3 resumed handshakes completed, and it takes at least 100 of each
                kind.
                """, text);
    }

    @Test
    void anOpenLoopSaysItsRateAndWhereLatencyStarts() {
        var text = report(Facts.of(Facts.open(0.2, "poisson", 10.0)), Samples.full(2410), Samples.full(2410));
        assertHas(text, "load: open loop, 0.2/s poisson, 10 s after 2 s warm-up, mix full=1 resumed=4",
                "start, so it includes every delay, the generator's too.");
        assertFalse(text.contains("closed loop"), text);
        assertTrue(text.startsWith("target: "), text);
    }

    @Test
    void anotherMachineIsNamedWithWhatAllowedIt() {
        var text = report(Facts.remote(CLOSED), Samples.full(2410));
        assertHas(text, "target: tls.example:443 (192.0.2.7)\n", "authorized by: 192.0.2.0/24\n",
                "CPU per handshake -, cores busy -", ", 2 threads");
        assertFalse(text.contains("server: ") || text.contains("shares this machine"), text);
    }

    @Test
    void onlyFullHandshakesAskedFor() {
        var text = report(Facts.of(Facts.FULL_ONLY), Samples.full(2410));
        assertEquals("resumed 0 - - - - - -", row(text, "resumed"));
        assertEquals("finished 1.21 ms* 1.21 ms* - -", row(text, "finished"));
        assertHas(text, "64 at a time, 1,000 handshakes, complete on response, mix full=1 resumed=0",
                "negotiated: TLS 1.2, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, x25519\n");
        assertFalse(text.contains("resumption:"), text);
        assertEquals(
                "A full handshake took 2.41 ms at p50 (of only 1) and moved 2,140 bytes; no resumed one was asked for.",
                last(text));
    }

    @Test
    void onlyResumedHandshakesCompleted() {
        var text = report(CLOSED, Samples.resumed(620));
        assertEquals("full 0 - - - - - -", row(text, "full"));
        assertFalse(text.contains("keyExchangeSent"), "no kind had that phase");
        assertEquals("A resumed handshake took 620 µs at p50 (of only 1) and moved 512 bytes; no full one completed, so"
                + " there is nothing to compare it with.", last(text));
    }

    @Test
    void whyNothingWasResumed() {
        var took = "A full handshake took 2.41 ms at p50 (of only 1) and moved 2,140 bytes; ";
        assertEquals(
                took.replace("only 1", "only 2")
                        + "nothing was resumed, because the server declined every session that it answered (2).",
                last(report(CLOSED, Samples.declined(2410), Samples.declined(2410))));
        assertEquals(
                took + "nothing was resumed, because the server issued no session to offer, or the run was too short to"
                        + " get one.",
                last(report(CLOSED, Samples.priming(2410))));
        assertEquals(took + "the server accepted 1 session, but no resumed handshake completed.",
                last(report(CLOSED, Samples.full(2410),
                        Samples.failed(Kind.RESUMED, Resumption.ACCEPTED, "server_finished", "decrypt_error", "m"))));
        assertEquals(took + "nothing was resumed, because the server answered none of the sessions offered to it (1).",
                last(report(CLOSED, Samples.full(2410), Samples.timedOut("server_hello"))));
        assertEquals(took + "the run ended before a resumed one was due.", last(report(CLOSED, Samples.full(2410))));
    }

    private static List<Interval> seconds(long... fullAndResumedMicros) {
        return LongStream.iterate(0, i -> i < fullAndResumedMicros.length, i -> i + 2).mapToObj(i -> Facts.second(50,
                fullAndResumedMicros[(int) i], fullAndResumedMicros[(int) i + 1])).toList();
    }

    @Test
    void aResumedHandshakeTakesAShareOfAFullOne() {
        // A run that was the same in each second has an interval without width.
        assertEquals(
                "A resumed handshake takes 0.26 times as long as a full one at p50 (0.26 to 0.26 with 95 % confidence)"
                        + " and 0.24 times as many bytes (512 instead of 2,140).",
                last(report(Facts.result(CLOSED, seconds(2410, 620, 2410, 620, 2410, 620)))));
        // Medians of 2.0, 1.8 and 1.8 ms without each second: a deviation of 2/3 of ln 0.9, and Student's t is 4.303.
        var varied = seconds(2000, 1800, 2000, 2000, 2000, 2200);
        assertEquals(
                "No difference in time could be shown: a resumed handshake took 0.74 to 1.35 times as long as a full"
                        + " one at p50 (95 % confidence), and 0.24 times as many bytes (512 instead of 2,140).",
                last(report(Facts.result(CLOSED, varied))));
    }

    @Test
    void aRunThatWasUnfitSaysSoInTheSameSentence() {
        var unfit = Facts.saturated(CLOSED, "it was busy");
        var reason = "; the generator was the bottleneck in this run, which may explain that.";
        var sentence = last(report(Facts.result(unfit, seconds(2410, 620, 2410, 620, 2410, 620))));
        assertTrue(sentence.startsWith("A resumed handshake takes 0.26 ") && sentence.endsWith("2,140)" + reason),
                sentence);
        var full = last(report(unfit, Samples.full(2410)));
        assertTrue(full.endsWith("the run ended before a resumed one was due" + reason), full);
    }

    @Test
    void fewHandshakesOfAKindAreNotCompared() {
        var second = Samples.interval(Stream.concat(Stream.generate(() -> Samples.full(2000)).limit(33),
                Stream.generate(() -> Samples.resumed(500)).limit(1000)).toArray(Sample[]::new));
        assertEquals(
                "Too few to compare: 99 full and 3,000 resumed handshakes completed, and it takes at least 100 of each"
                        + " kind.",
                last(report(Facts.result(CLOSED, List.of(second, second, second)))));
    }

    /** Two seconds do not show how much a median varies, nor do results of versions that did not record it. */
    @Test
    void whatNothingIsKnownOfHasNoRatio() {
        var sentence = last(
                report(Facts.result(CLOSED, List.of(Facts.second(500, 2000, 500), Facts.second(500, 2000, 500)))));
        assertEquals(
                "Full and resumed handshakes are not compared: the confidence interval needs at least three seconds"
                        + " with handshakes of each kind.",
                sentence);
    }

    @Test
    void primingIsNotWhatResumptionIsComparedWith() {
        var second = Samples.interval(Stream.of(Samples.priming(9000), Samples.declined(9000), Samples.resumed(500))
                .flatMap(sample -> Stream.generate(() -> sample).limit(100)).toArray(Sample[]::new));
        var why = "Full and resumed handshakes are not compared: no full ones were asked for, and the 600 that"
                + " completed had"
                + " no session to offer, or theirs was declined.";
        assertEquals(why, last(report(Facts.result(CLOSED, List.of(second, second, second)))));
        var asked = Samples.interval(Samples.full(9000));
        assertFalse(
                last(report(Facts.result(CLOSED, List.of(second, second, second, asked)))).contains("not compared"));
        var plan = Facts.open(100, "constant", 10.0);
        var shape = plan.shape();
        var ending = plan.ending();
        var resumedOnly = Facts.of(new RunSetup.Plan(
                new RunSetup.Shape(shape.concurrency(), shape.ratePerSecond(), shape.arrivals(),
                        shape.durationSeconds(), shape.count(), shape.warmupSeconds(), new RunSetup.Mix(0, 1)),
                plan.connection(), plan.offer(), plan.bounds(),
                new RunSetup.Ending(ending.completeOn(), ending.requestBytes(), 0, ending.ticketTimeoutSeconds()),
                plan.pskMode(), plan.clientCertificate(), plan.prelude()));
        assertEquals(why.replace("600", "601"), last(report(Facts.result(resumedOnly,
                List.of(second, second, second, asked)))));
    }

    /** Enough samples for each quantile but the highest. */
    @Test
    void aQuantileOfManySamplesIsPlain() {
        var second = Facts.second(10_000, 2410, 620);
        var text = report(Facts.result(CLOSED, List.of(second, second, second)));
        assertEquals("full 30,000 3,000 2.41 ms 2.41 ms 2.41 ms 2.41 ms* 2.41 ms", row(text, "full"));
        assertEquals("finished 1.21 ms 1.21 ms 310 µs 310 µs", row(text, "finished"));
        assertEquals(1, text.split("fewer than 100 samples", -1).length - 1, text);
    }

    @Test
    void timesInTheFirstBucketAreNotToldApart() {
        // In a handshake of 3 µs the first marks are reached within 47 and 94 ns.
        assertEquals("connected <0.1 µs* <0.1 µs* - -", row(report(CLOSED, Samples.full(3)), "connected"));
    }

    @Test
    void nothingCompleted() {
        var text = report(CLOSED);
        assertEquals("full 0 - - - - - -", row(text, "full"));
        assertEquals("resumed 0 - - - - - -", row(text, "resumed"));
        assertFalse(text.contains("phase") || text.contains("negotiated"), text);
        assertHas(text, "generator: CPU per handshake -, cores busy 0.10", "server: CPU per handshake -, cores");
        assertEquals("No handshake completed, so there is nothing to compare.", last(text));
    }

    @Test
    void everyWayToFailIsListedWithItsCount() {
        var text = report(CLOSED, Samples.failed("connect", "connection_refused"),
                Samples.failed(Kind.FULL, Resumption.NOT_OFFERED, "server_hello", "handshake_failure",
                        "the server found nothing it accepts in what was offered: mostly no common cipher suite or"
                                + " group"),
                Samples.failed(Kind.FULL, Resumption.NOT_OFFERED, "server_hello", "handshake_failure",
                        "the server found nothing it accepts in what was offered: mostly no common cipher suite or"
                                + " group"),
                Samples.timedOut("server_hello"), Samples.cancelled(), Samples.unsent(UnsentReason.PORTS));
        assertHas(text, "arrivals: 6 planned = 0 completed + 3 failed + 1 timed out + 1 cancelled + 1 unsent\n"
                + "  failed: 2 at server_hello, received handshake_failure: the server found nothing it accepts in\n"
                + "          what was offered: mostly no common cipher suite or group\n"
                + "  failed: 1 at connect, received connection_refused: the server ended it with connection_refused\n"
                + "  timed out: 1 waiting at server_hello\n"
                + "  unsent: 1 because the generator, not the server, ran out of ports: close with close rst, or\n"
                + "          add source address with more addresses\n");
    }

    @Test
    void whatAGeneratorIsTooLateForIsItsOwnLack() {
        assertHas(report(CLOSED, Samples.unsent(UnsentReason.LATE)),
                "  unsent: 1 because the generator was later than max late allows: lower the rate, add threads\n"
                        + "          where processors are idle, or load from more machines\n");
    }

    @Test
    void whatMakesARunUnfitComesFirst() {
        var saturated = Facts.saturated(CLOSED, "its event loop was busy 99 % of the time");
        assertEquals("UNFIT: the generator was the bottleneck, because its event loop was busy 99 % of the time; these",
                report(saturated, Samples.full(2410)).lines().findFirst().orElseThrow());
        var missed = report(Facts.of(Facts.open(100, "constant", 10.0)), Samples.full(2410),
                Samples.unsent(UnsentReason.PORTS));
        assertEquals(
                "MISSED RATE: 100/s were offered, only 0.10/s achieved: of 1,000 arrivals that were due, 1 completed"
                        + " within 10 s.",
                missed.lines().limit(2).map(String::strip).collect(Collectors.joining(" ")));
        assertTrue(report(Facts.interrupted(CLOSED), Samples.full(2410), Samples.cancelled())
                .startsWith("INTERRUPTED: the run was ended after 4.2 s"));
    }

    @Test
    void whatLiesBeyondTheHandshake() {
        var text = report(Facts.of(Facts.open(100, "constant", 0.05)), Samples.early(1000, EarlyData.ACCEPTED),
                Samples.early(2000, EarlyData.RETRIED), Samples.early(2000, EarlyData.REJECTED),
                Samples.retried(500, Tickets.CAME_AFTER_REQUEST), Samples.retried(500, Tickets.MISSING))
                .replaceAll("\\s+", " ");
        assertHas(text, "retries: for 2 arrivals the server asked for another ClientHello",
                "tickets: 2 waited for, 0 came by themselves, 1 only after a request was sent, 1 never came",
                "early data: 3 offered, 1 accepted, 2 rejected, 1 of them sent again after the handshake",
                "resumed without early data 4.00 ms* / 4.00 ms*", "resumed with early data 2.00 ms* / 2.00 ms*",
                "helloRetryRequest 31.3 µs* 31.3 µs* - -");
        assertHas(report(Facts.of(Facts.FULL_ONLY), Samples.full(100)), "complete on response");
        assertHas(report(Facts.of(Facts.open(100, "constant", 0.05)), Samples.resumed(100))
                .replaceAll("\\s+", " "), "early data: 0 offered", "(none of the server's tickets allowed it)");
        var plain = report(CLOSED, Samples.full(100));
        for (var absent : List.of("retries:", "tickets:", "early data:", "first byte:", "complete on")) {
            assertFalse(plain.contains(absent), plain);
        }
    }

    @Test
    void largeFiguresStayInsideTheTerminal() {
        var result = Facts.result(CLOSED, Samples.full(2410));
        var huge = new Distribution(1_234_567_890L, 3.6e9, 3.6e9, 3.6e9, 3.6e9, 3.6e9, 3.6e9, 3.6e9,
                3.6e9);
        var kind = new RunSums.KindResult(1_234_567_890L, 12_345_678.9, huge, huge,
                result.kinds().full().phases(), 1e9, 1e9, huge);
        var sums = new RunSums(result.outcomes(), new RunSums.Kinds(kind, kind, null), result.resumption(),
                null, null,
                new RunSums.EarlyData(1_234_567_890L, 1_234_567_890L, 1_234_567_890L, 1_234_567_890L, huge),
                new RunSums.Tickets(1_234_567_890L, 1_234_567_890L, 1_234_567_890L, 1_234_567_890L),
                1_234_567_890L, 1_234_567_890L);
        report(new RunResult(result.course(), result.setup(), sums,
                new RunRows(List.of(), List.of(), List.of(), List.of(), List.of(), null, null, List.of()),
                result.generator(),
                null, null, null));
    }

    @Test
    void aCertificatesNameIsNoOrderToATerminal() {
        var words = RunWords.certificate(
                new RunRows.CertificateRow("RSA 2048", "a\u001b[2Jb", "2026-01-01T00:00:00Z", null, 1));
        assertEquals("RSA 2048 for a?[2Jb, valid until 2026-01-01", words);
    }
}
