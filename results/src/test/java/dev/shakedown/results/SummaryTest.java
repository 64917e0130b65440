package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SummaryTest {
    @Test
    void figuresAreMicrosecondsRatesAndMeans() {
        var recorder = new Recorder();
        recorder.windowEnds(Samples.finishedNanos(80));
        for (var micros = 1; micros <= 100; micros++) {
            recorder.planned();
            recorder.record(Samples.full(micros));
        }
        recorder.loopLag(250_000);
        var summary = new Summary();
        summary.add(recorder.take(0, 1000));
        var result = summary.result(Facts.of(Facts.FULL_ONLY));

        var full = result.kinds().full();
        assertEquals(100, full.completed());
        assertEquals(8.0, full.ratePerSecond(), "80 finished inside the 10 s");
        assertEquals(100, full.latencyMicros().count());
        assertEquals(50.5, full.latencyMicros().mean(), 0.1);
        assertEquals(1, full.latencyMicros().min(), 0.1);
        assertEquals(50, full.latencyMicros().p50(), 0.1);
        assertEquals(90, full.latencyMicros().p90(), 0.1);
        assertEquals(99, full.latencyMicros().p99(), 0.1);
        assertEquals(100, full.latencyMicros().p999(), 0.1);
        assertEquals(100, full.latencyMicros().max(), 0.1);
        assertEquals(300, full.bytesSent());
        assertEquals(1840, full.bytesReceived());
        assertEquals(List.of("begun", "connected", "helloSent", "serverHello", "serverFlightDone", "keyExchangeSent",
                "finished"), new ArrayList<>(full.phases().keySet()));
        assertEquals(250, result.generator().loopLagMicros().max(), 0.3);
        assertEquals(1_000_000.0 / 80, result.generator().cpuMicrosPerHandshake());
        assertEquals(0.1, result.generator().cpuCores());
        assertEquals(5_000_000.0 / 80, result.server().cpuMicrosPerHandshake());
        assertEquals(0.5, result.server().cpuCores());
    }

    @Test
    void whatWasNotMeasuredIsAbsentAndNeverZero() {
        var result = Facts.result(Facts.remote(Facts.of(Facts.CLOSED)));
        assertEquals(Distribution.EMPTY, result.kinds().full().latencyMicros());
        assertTrue(result.kinds().full().phases().isEmpty());
        assertNull(result.kinds().full().bytesSent());
        assertNull(result.generator().cpuCores());
        assertNull(result.server());
        assertNull(Facts.result(Facts.of(Facts.CLOSED)).server().cpuMicrosPerHandshake());
    }

    @Test
    void whatWasSeenTooCoarselyOfTheServerIsWithheld() {
        assertNull(withheld(new RunFacts.ServerCpu(4711, 0.5, 0.01, 0, false)));
        assertEquals("too little server CPU was measured: only 490 ms, in steps of 10 ms",
                withheld(new RunFacts.ServerCpu(4711, 0.49, 0.01, 0, false)));
        assertEquals("too little server CPU was measured: only 0 ms, in steps of 10 ms",
                withheld(new RunFacts.ServerCpu(4711, 0, 0.01, 0, false)));
        assertNull(withheld(new RunFacts.ServerCpu(4711, 1e-6, 0, 0, false)));
        assertEquals("no CPU time at all was measured, so process 4711 may not be the one that serves",
                withheld(new RunFacts.ServerCpu(4711, 0)));
        assertEquals("the process 4711 ended before the run did",
                withheld(new RunFacts.ServerCpu(4711, 0, 0, 0, true)));
    }

    /** With two handshakes: one new process may be a coincidence for three handshakes, but not for two. */
    @Test
    void whereChildrenAreForgottenTheServersCostIsWithheld() {
        assertEquals("the server starts a process for each connection and lets the kernel forget it, so its"
                + " children's time is missing", withheld(new RunFacts.ServerCpu(4711, 5, 0, 1, false)));
        assertNull(new RunFacts.ServerCpu(4711, 5, 0, 1, false).withheldBecause(3));
    }

    /** Where CPU time is missing, there is no figure. */
    private static String withheld(RunFacts.ServerCpu cpu) {
        var facts = Facts.of(Facts.CLOSED);
        var server = Facts.result(Facts.server(facts, cpu), Samples.full(2410), Samples.full(2410)).server();
        assertEquals(server.withheldBecause() == null, server.cpuMicrosPerHandshake() != null);
        assertEquals(server.withheldBecause() == null, server.cpuCores() != null);
        return server.withheldBecause();
    }

    @Test
    void failuresOfAllWorkersAreMergedTheMostFrequentFirstAndSumExactly() {
        var summary = new Summary();
        summary.add(
                Samples.interval(Samples.failed("server_hello", "handshake_failure"), Samples.failed("connect", "b"),
                        Samples.failed("connect", "a"), Samples.timedOut("certificate"),
                        Samples.unsent(UnsentReason.PORTS)));
        summary.add(Samples.interval(Samples.failed("server_hello", "handshake_failure"), Samples.timedOut("connect"),
                Samples.timedOut("connect"), Samples.unsent(UnsentReason.DESCRIPTORS),
                Samples.unsent(UnsentReason.DESCRIPTORS)));
        var result = summary.result(Facts.of(Facts.CLOSED));
        assertEquals(List.of(
                new RunRows.FailureRow("server_hello", "received", "handshake_failure", "handshake_failure", null,
                        null, 2,
                        "the server ended it with handshake_failure"),
                new RunRows.FailureRow("connect", "received", "a", "a", null, null, 1, "the server ended it with a"),
                new RunRows.FailureRow("connect", "received", "b", "b", null, null, 1, "the server ended it with b")),
                result.failures());
        assertEquals(result.outcomes().failed(),
                result.failures().stream().mapToLong(RunRows.FailureRow::count).sum());
        assertEquals(List.of(new RunRows.TimeoutRow("connect", 2), new RunRows.TimeoutRow("certificate", 1)),
                result.timeouts());
        assertEquals(List.of(new RunRows.UnsentRow("descriptors", 2), new RunRows.UnsentRow("ports", 1)),
                result.unsentReasons());
    }

    @Test
    void theLiveLineShowsTheTickAndCountsFailuresOfTheWholeRun() {
        var summary = new Summary();
        var earlier = Samples.interval(Samples.full(90_000), Samples.failed("connect", "x"), Samples.timedOut("y"));
        summary.add(earlier);
        var recorder = new Recorder();
        recorder.record(Samples.full(3000));
        recorder.record(Samples.resumed(1000));
        recorder.record(Samples.resumed(1000));
        var tick = recorder.take(1000, 1500);
        summary.add(tick);
        var live = summary.live(tick);
        assertEquals(6, live.completedPerSecond());
        assertEquals(1, live.failed());
        assertEquals(1, live.timedOut());
        assertEquals(1000, live.p50Micros(), 1);
        assertEquals(3000, live.p99Micros(), 3);
        assertEquals(3000, live.fullP99Micros(), 3);
        assertEquals(1000, live.resumedP99Micros(), 1);
        assertEquals(6, live.ended());
    }

    @Test
    void aTickInWhichNothingCompletedHasNoLatency() {
        var tick = new Recorder().take(1000, 1000);
        var live = new Summary().live(tick);
        assertEquals(0, live.completedPerSecond());
        assertNull(live.p50Micros());
        assertNull(live.p99Micros());
        assertNull(live.fullP99Micros());
    }

    @Test
    void anOpenLoopMissesItsRateWhenItCarriesThroughLessThanItOffered() {
        var ninetyNine = samples(99, Samples.unsent(UnsentReason.PORTS));
        var ninetyEight = samples(98, Samples.unsent(UnsentReason.PORTS), Samples.unsent(UnsentReason.PORTS));
        assertFalse(Facts.result(Facts.of(Facts.open(10, "constant", 10.0)), ninetyNine).missedRate());
        assertTrue(Facts.result(Facts.of(Facts.open(10, "constant", 10.0)), ninetyEight).missedRate());
        assertTrue(Facts.result(Facts.of(Facts.open(10, "poisson", 10.0)), ninetyEight).missedRate());
        assertFalse(Facts.result(Facts.of(Facts.CLOSED), ninetyEight).missedRate(), "a closed loop has no rate");
    }

    @Test
    void aConstantRateIsHeldToWhatItShouldHavePlannedAndARandomOneToWhatItDid() {
        var half = samples(50);
        assertTrue(Facts.result(Facts.of(Facts.open(10, "constant", 10.0)), half).missedRate());
        assertFalse(Facts.result(Facts.of(Facts.open(10, "poisson", 10.0)), half).missedRate());
        var interrupted = Facts.interrupted(Facts.of(Facts.open(10, "constant", 10.0)));
        assertFalse(Facts.result(interrupted, samples(50, Samples.cancelled())).missedRate());
    }

    /** 10/s for 10 s: handshakes after the window do not count, except those that latency alone explains. */
    @ParameterizedTest
    @CsvSource({"97, 1, 3, 1, true", "98, 1, 2, 1, false", "50, 1, 50, 5000, true", "97, 300, 3, 300, false",
        "95, 250, 5, 250, true", "100, 1, 0, 1, false"})
    void whatCompletesLateIsNotAchieved(int inTime, int inTimeMillis, int late, int lateMillis, boolean missed) {
        var recorder = new Recorder();
        recorder.windowEnds(Long.MAX_VALUE);
        record(recorder, inTime, inTimeMillis);
        recorder.windowEnds(0);
        record(recorder, late, lateMillis);
        var summary = new Summary();
        summary.add(recorder.take(0, 1));
        var result = summary.result(Facts.of(Facts.open(10, "constant", 10.0)));
        assertEquals(100, result.carriedThrough());
        assertEquals(new RunResult.Rate(10, inTime / 10.0, inTime, missed), result.rate());
        var json = result.toJson();
        assertTrue(json.contains("\"missed\" : " + missed) && json.contains("\"achievedPerSecond\" : " + inTime / 10.0),
                json);
        assertFalse(summary.result(Facts.of(Facts.open(10, "in bursts of 50", 10.0))).missedRate(),
                "the last burst may come at the end");
    }

    private static void record(Recorder recorder, int times, int millis) {
        for (var i = 0; i < times; i++) {
            recorder.planned();
            recorder.record(Samples.full(1000L * millis));
        }
    }

    @Test
    void aCountAtARateShouldNotTakeLonger() {
        var plan = Facts.open(10, "constant", null);
        assertFalse(Facts.result(Facts.of(plan), samples(99)).missedRate(), "in ten seconds");
        assertTrue(Facts.result(Facts.of(plan), samples(90)).missedRate());
        assertEquals(9, Facts.result(Facts.of(plan), samples(90)).rate().achievedPerSecond());
        assertNull(Facts.result(Facts.of(Facts.CLOSED), samples(90)).rate());
    }

    @Test
    void failuresAreNotAchieved() {
        var plan = Facts.of(Facts.open(10, "poisson", 10.0));
        assertFalse(Facts.result(plan, samples(99, Samples.failed("connect", "x"))).missedRate());
        assertTrue(Facts.result(plan, samples(97, Samples.failed("connect", "x"), Samples.timedOut("y"))).missedRate());
    }

    private static Sample[] samples(int completed, Sample... others) {
        var samples = new ArrayList<Sample>();
        for (var i = 0; i < completed; i++) {
            samples.add(Samples.full(1000));
        }
        samples.addAll(List.of(others));
        return samples.toArray(Sample[]::new);
    }
}
