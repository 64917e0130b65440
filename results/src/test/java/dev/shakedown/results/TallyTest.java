package dev.shakedown.results;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Sample.EarlyData;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Sample.Tickets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
    @Test
    void everyPlannedArrivalEndsInExactlyOneWay() {
        var random = new Random(1);
        var recorder = new Recorder();
        var summary = new Summary();
        var planned = 10_000;
        for (var i = 0; i < planned; i++) {
            recorder.planned();
            recorder.record(anyOf(random));
            if (random.nextInt(500) == 0) {
                summary.add(recorder.take(0, 1));
            }
        }
        summary.add(recorder.take(0, 1));
        var tally = summary.tally();
        assertEquals(planned, tally.planned());
        assertEquals(planned, tally.ended());
        assertEquals(tally.completed() + tally.failed() + tally.timedOut() + tally.cancelled() + tally.unsent(),
                tally.ended());
        assertEquals(tally.failed(), sum(tally.failures()));
        assertEquals(tally.timedOut(), sum(tally.timeouts()));
        assertEquals(tally.unsent(), sum(tally.unsentReasons()));
        assertEquals(tally.completed(), sum(tally.negotiated()));
        assertEquals(planned, tally.asked(Kind.FULL) + tally.asked(Kind.RESUMED));
    }

    private static Sample anyOf(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Samples.full(1000);
            case 1 -> Samples.resumed(500);
            case 2 -> Samples.declined(1000);
            case 3 -> Samples.failed("server_hello", "handshake_failure");
            case 4 -> Samples.failed("connect", "connection_refused");
            case 5 -> Samples.timedOut("server_hello");
            case 6 -> Samples.cancelled();
            default -> Samples.unsent(UnsentReason.PORTS);
        };
    }

    @Test
    void mergingAddsEveryCount() {
        Sample[] samples = {Samples.full(1), Samples.resumed(1), Samples.declined(1), Samples.priming(1),
            Samples.failed("connect", "x"), Samples.timedOut("server_hello"), Samples.cancelled(),
            Samples.unsent(UnsentReason.PORTS), Samples.early(1, EarlyData.ACCEPTED),
            Samples.early(1, EarlyData.REJECTED),
            Samples.early(1, EarlyData.RETRIED), Samples.early(1, EarlyData.UNANSWERED),
            Samples.retried(1, Tickets.CAME),
            Samples.retried(1, Tickets.CAME_AFTER_REQUEST), Samples.retried(1, Tickets.MISSING)};
        var doubled = Samples.interval(samples).tally();
        doubled.add(Samples.interval(samples).tally());
        assertEquals(counts(Samples.interval(samples).tally()).stream().map(count -> 2 * count).toList(),
                counts(doubled));
        assertFalse(counts(doubled).contains(0L), "a count of zero would show nothing");
    }

    private static List<Long> counts(Tally tally) {
        var counts = new ArrayList<>(List.of(tally.planned(), tally.failed(), tally.timedOut(), tally.cancelled(),
                tally.unsent(), tally.ended(), tally.offered(), tally.accepted(), tally.declined(), tally.priming(),
                sum(tally.failures()), sum(tally.timeouts()), sum(tally.unsentReasons()), sum(tally.negotiated())));
        counts.add(tally.helloRetryRequests());
        for (var fate : EarlyData.values()) {
            counts.add(tally.earlyData(fate));
        }
        for (var fate : Tickets.values()) {
            counts.add(tally.tickets(fate));
        }
        for (var kind : Kind.values()) {
            counts.addAll(List.of(tally.asked(kind), tally.completed(kind), tally.completedInWindow(kind),
                    tally.bytesSent(kind), tally.bytesReceived(kind)));
        }
        return counts;
    }

    @Test
    void planningIsCountedApartFromOutcomesSoThatALostArrivalShows() {
        var recorder = new Recorder();
        recorder.planned();
        recorder.planned();
        recorder.record(Samples.full(1));
        var tally = recorder.take(0, 1).tally();
        assertEquals(2, tally.planned());
        assertEquals(1, tally.ended());
    }

    @Test
    void resumptionIsJudgedByTheAnswerNotByTheWish() {
        var tally = Samples.interval(Samples.full(1), Samples.resumed(1), Samples.resumed(1), Samples.declined(1),
                Samples.priming(1), Samples.timedOut("server_hello"),
                Samples.failed(Kind.RESUMED, Resumption.ACCEPTED, "server_finished", "decrypt_error", ""),
                Samples.failed(Kind.RESUMED, Resumption.DECLINED, "certificate", "bad_certificate", ""),
                Samples.failed(Kind.RESUMED, Resumption.NOT_OFFERED, "server_hello", "internal_error", ""),
                Samples.unsent(UnsentReason.PORTS), Samples.cancelled()).tally();
        assertEquals(10, tally.asked(Kind.RESUMED));
        assertEquals(3, tally.accepted(), "one of them failed later");
        assertEquals(2, tally.declined(), "one of them failed later");
        assertEquals(6, tally.offered(), "one was not answered");
        assertEquals(2, tally.priming(), "what never began primed nothing");
        assertEquals(3, tally.completed(Kind.FULL), "the declined one is a full handshake");
        assertEquals(2, tally.completed(Kind.RESUMED));
    }

    @Test
    void bytesAreThoseOfCompletedHandshakes() {
        var tally = Samples
                .interval(Samples.full(1), Samples.full(1), Samples.resumed(1), Samples.failed("connect", "x"))
                .tally();
        assertEquals(600, tally.bytesSent(Kind.FULL));
        assertEquals(3680, tally.bytesReceived(Kind.FULL));
        assertEquals(312, tally.bytesSent(Kind.RESUMED));
        assertEquals(200, tally.bytesReceived(Kind.RESUMED));
    }

    @Test
    void failuresAreToldApartByStageDirectionCauseAndMeaning() {
        var tally = Samples
                .interval(Samples.failed("a", "x"), Samples.failed("b", "x"), Samples.failed("a", "y"),
                        Samples.failed("a", "x"))
                .tally();
        assertEquals(3, tally.failures().size());
        assertEquals(2,
                tally.failures().get(new Failure("a", "received", "x", true, null, "the server ended it with x")));
    }

    @Test
    void aServerThatAlwaysFailsInOtherWordsFillsNoMemory() {
        var tally = new Tally();
        var failures = 3 * Tally.MAX_DISTINCT_FAILURES;
        for (var part = 0; part < 3; part++) {
            var samples = new Sample[failures / 3];
            for (var i = 0; i < samples.length; i++) {
                samples[i] = Samples.failed(Kind.FULL, Resumption.NOT_OFFERED, "server_hello", "decode_error",
                        "part " + part + " number " + i);
            }
            tally.add(Samples.interval(samples).tally());
        }
        assertTrue(tally.failures().size() <= Tally.MAX_DISTINCT_FAILURES + 1, "" + tally.failures().size());
        assertEquals(failures, tally.failed());
        assertEquals(failures, sum(tally.failures()));
        assertEquals(failures - Tally.MAX_DISTINCT_FAILURES, tally.failures()
                .get(new Failure("server_hello", "received", "decode_error", true, null, Tally.MANY_MEANINGS)));
    }

    private static long sum(Map<?, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
