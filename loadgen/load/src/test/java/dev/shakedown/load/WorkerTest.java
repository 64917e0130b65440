package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.End.AfterTime;
import dev.shakedown.load.LoadPlan.CompleteOn;
import dev.shakedown.load.LoadPlan.Ending;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.net.socket.Transport;
import dev.shakedown.load.Schedule.Shape;
import dev.shakedown.load.LoadPlan.Close;
import dev.shakedown.net.Target;
import dev.shakedown.results.Kind;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Marks;
import dev.shakedown.results.Outcome;
import dev.shakedown.results.Outcome.Cancelled;
import dev.shakedown.results.Outcome.Completed;
import dev.shakedown.results.Outcome.Failed;
import dev.shakedown.results.Outcome.Failure;
import dev.shakedown.results.Outcome.Negotiated;
import dev.shakedown.results.Outcome.TimedOut;
import dev.shakedown.results.Sample;
import dev.shakedown.results.Sample.Resumption;
import dev.shakedown.results.Tally;
import dev.shakedown.results.UnsentReason;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker whose clock and connections are scripted; times in the plans are milliseconds. */
class WorkerTest {
    private static final long MILLI = 1_000_000;
    /** Not 0, to reveal that adding it was forgotten. */
    private static final long START = 77 * MILLI;

    private final List<Scripted> opened = new ArrayList<>();
    private Recorders recorders;
    private Worker worker;
    private long nowNanos;

    /** One attempt, which the test ends. */
    private final class Scripted implements Worker.Attempt {
        final Worker.Arrival arrival;
        final long openedAt = nowNanos;
        boolean over;
        long ticketOverdueAt;

        Scripted(Worker.Arrival arrival) {
            this.arrival = arrival;
        }

        void connect() {
            worker.connected(arrival);
        }

        void end(Outcome outcome) {
            over = true;
            var marks = new long[Mark.values().length];
            Arrays.fill(marks, Marks.NOT_REACHED);
            marks[Mark.PLANNED.ordinal()] = arrival.plannedNanos;
            marks[Mark.BEGUN.ordinal()] = openedAt;
            if (!(outcome instanceof Failed failed) || !failed.failure().stage().equals("connect")) {
                marks[Mark.CONNECTED.ordinal()] = openedAt;
            }
            if (outcome instanceof Completed) {
                marks[Mark.FINISHED.ordinal()] = nowNanos;
            }
            worker.ended(arrival, new Sample(outcome, arrival.asked, Resumption.NOT_OFFERED, Marks.of(marks), 1, 1),
                    nowNanos);
        }

        @Override
        public void timeOut(long now) {
            end(new TimedOut("server_hello"));
        }

        @Override
        public void ticketsGathered(long now) {
            throw new AssertionError("nothing waits for others than the first");
        }

        @Override
        public void ticketOverdue(long now) {
            ticketOverdueAt = now;
        }

        @Override
        public void cancel(long now) {
            end(new Cancelled());
        }
    }

    @Test
    void anOpenLoopStartsEachArrivalWhenItIsDueWhateverBecameOfTheOthers() {
        open(100, 50, 0, 1000);
        at(0);
        assertEquals(List.of(0L), planned());
        opened.getFirst().connect();
        assertEquals(OptionalLong.of(10 * MILLI), at(9));
        at(10);
        opened.get(1).connect();
        at(35); // late: 20 and 30 were due
        assertEquals(List.of(0L, 10L, 20L, 30L), planned());
        assertEquals(35, (opened.get(2).openedAt - START) / MILLI);
        assertEquals(4, worker.inFlight());
    }

    @Test
    void aTicketIsOverdueInItsOwnTimeUnlessTheAttemptHasEnded() {
        closed(2, new AfterTime(1000 * MILLI), 0);
        at(0);
        var waiting = opened.getFirst();
        var ending = opened.get(1);
        opened.forEach(Scripted::connect);
        at(3);
        worker.awaitTicket(waiting.arrival, waiting, nowNanos);
        worker.awaitTicket(ending.arrival, ending, nowNanos);
        ending.end(completed(Kind.FULL));
        assertEquals(OptionalLong.of(13 * MILLI), at(4));
        at(12);
        assertEquals(0, waiting.ticketOverdueAt);
        at(13);
        assertEquals(START + 13 * MILLI, waiting.ticketOverdueAt);
        assertEquals(0, ending.ticketOverdueAt);
    }

    @Test
    void aTurnStartsOnlySomeAndAsksToBeCalledAgain() {
        open(1000, 1000, 0, 10_000);
        var again = at(100);
        assertEquals(16, opened.size());
        assertTrue(again.orElseThrow() <= 100 * MILLI);
        while (at(100).orElseThrow() <= 100 * MILLI) {
            // until everything due has begun
        }
        assertEquals(101, opened.size());
    }

    @Test
    void whatIsDueBeyondTheMostInFlightIsUnsent() {
        open(100, 100, 0, 3);
        at(45);
        assertEquals(3, opened.size());
        opened.getFirst().end(completed(Kind.FULL));
        at(50);
        assertEquals(4, opened.size());
        var tally = tally();
        assertEquals(6, tally.planned());
        assertEquals(2, tally.unsentReasons().get(UnsentReason.MAX_IN_FLIGHT));
    }

    @Test
    void whatIsDueForTooLongIsUnsent() {
        begin(plan(new OpenLoop(Schedule.constant(Shape.CONSTANT, 100), 100, OptionalLong.of(30 * MILLI)),
                new AfterTime(1000 * MILLI), 0, "full=1"));
        at(0);
        at(100); // 10 … 60 are more than 30 ms late
        assertEquals(List.of(0L, 70L, 80L, 90L, 100L), planned());
        var tally = tally();
        assertEquals(11, tally.planned());
        assertEquals(6, tally.unsentReasons().get(UnsentReason.LATE));
        assertEquals(4, worker.inFlight(), "the first has had its time");
    }

    @Test
    void aSlotThatRestsIsNeverLate() {
        closed(1, new AfterTime(10_000 * MILLI), 0);
        at(0);
        opened.getFirst().end(completed(Kind.FULL));
        at(5000);
        assertEquals(List.of(0L, 0L), planned());
    }

    @ParameterizedTest
    @CsvSource({"4000, 1000", "10000, 1000", "60000, 6000"})
    void howLateIsTooLateDependsOnTheRun(long lasts, long late) {
        var open = new OpenLoop(Schedule.constant(Shape.CONSTANT, 10));
        assertEquals(late * MILLI, open.lateNanos(new AfterTime(lasts * MILLI)));
        assertEquals(late * MILLI, open.lateNanos(new AfterCount(lasts / 100)), "by its count");
    }

    /** Its timeout is 50 ms. */
    @Test
    void aRunIsOverOnceItsDurationAndTheTimeoutHaveGoneBy() {
        open(100, 100, 0, 100);
        for (var milli = 0; milli <= 80; milli += 10) {
            at(milli);
            opened.getLast().connect();
        }
        assertEquals(OptionalLong.of(130 * MILLI), at(120), "of 80; 90 began only now");
        assertEquals(10, opened.size());
        opened.getLast().connect();
        assertEquals(OptionalLong.of(150 * MILLI), at(130));
        at(149);
        assertFalse(opened.getLast().over);
        assertEquals(OptionalLong.empty(), at(150));
        assertTrue(worker.isDone());
        var tally = tally();
        assertEquals(9, tally.timedOut());
        assertEquals(1, tally.cancelled(), "the server had no 50 ms");
    }

    @Test
    void nothingBeginsOnceARunIsOver() {
        open(100, 100, 0, 100);
        at(0);
        while (at(160).isPresent()) {
            // until everything due is dealt with
        }
        assertTrue(worker.isDone());
        assertEquals(1, opened.size());
        var tally = tally();
        assertEquals(10, tally.planned());
        assertEquals(9, tally.unsentReasons().get(UnsentReason.LATE));
    }

    @Test
    void aClosedLoopKeepsItsSlotsBusyAndPlansFromTheEndBefore() {
        closed(2, new AfterTime(1000 * MILLI), 0);
        at(0);
        assertEquals(List.of(0L, 0L), planned());
        at(5);
        opened.get(1).end(completed(Kind.FULL));
        at(6); // begun late, but planned at the end of the one before
        assertEquals(List.of(0L, 0L, 5L), planned());
        assertEquals(2, worker.inFlight());
    }

    @Test
    void aSlotThatGotNoConnectionRests() {
        closed(1, new AfterTime(1000 * MILLI), 0);
        at(0);
        at(1);
        opened.getFirst()
                .end(new Failed(new Failure("connect", "received", "connection_refused", false, null, "nobody")));
        assertEquals(OptionalLong.of(11 * MILLI), at(1));
        assertEquals(1, opened.size());
        at(11);
        assertEquals(List.of(0L, 11L), planned());
    }

    @Test
    void theWarmUpIsNotRecordedAndTheMixBeginsAnewAfterIt() {
        begin(plan(new OpenLoop(Schedule.constant(Shape.CONSTANT, 100), 100, OptionalLong.empty()),
                new AfterTime(100 * MILLI), 45, "full=1,resumed=1"));
        for (var milli = 0; milli <= 200; milli += 10) {
            at(milli);
            opened.stream().filter(attempt -> !attempt.over).toList()
                    .forEach(attempt -> attempt.end(completed(attempt.arrival.asked)));
        }
        // Planned at 0 … 40 to warm up, 50 … 140 measured.
        assertEquals(15, opened.size());
        assertEquals(List.of(Kind.FULL, Kind.RESUMED, Kind.FULL, Kind.RESUMED, Kind.FULL, Kind.FULL, Kind.RESUMED),
                opened.stream().limit(7).map(attempt -> attempt.arrival.asked).toList());
        assertEquals(10, tally().planned());
        assertTrue(worker.isDone());
    }

    @Test
    void aCountEndsTheLoad() {
        closed(3, new AfterCount(7), 0);
        for (var milli = 0; milli < 20; milli++) {
            at(milli);
            opened.stream().filter(attempt -> !attempt.over).toList().forEach(each -> each.end(completed(Kind.FULL)));
        }
        assertEquals(7, opened.size());
        assertTrue(worker.isDone());
        assertEquals(7, tally().completed());
    }

    @Test
    void deadlinesComeAtTheirTime() {
        closed(2, new AfterCount(2), 0); // connect within 20 ms, all within 50 ms
        at(0);
        opened.get(0).connect();
        assertEquals(OptionalLong.of(20 * MILLI), at(1));
        at(19);
        assertFalse(opened.get(1).over);
        assertEquals(OptionalLong.of(50 * MILLI), at(20));
        assertTrue(opened.get(1).over);
        at(49);
        assertFalse(opened.get(0).over);
        at(50);
        assertTrue(opened.get(0).over);
        assertTrue(worker.isDone());
        assertEquals(2, tally().timedOut());
    }

    @Test
    void stoppingCancelsWhatIsUnderWayAndPlansNoMore() {
        open(100, 100, 0, 100);
        at(30);
        worker.stop(nowNanos);
        assertTrue(worker.isDone());
        assertEquals(OptionalLong.empty(), at(500));
        var tally = tally();
        assertEquals(4, tally.planned());
        assertEquals(4, tally.cancelled());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyPlannedArrivalEndsInExactlyOneWay(long seed) {
        var random = new SplittableRandom(seed);
        if (seed % 2 == 0) {
            open(1000, 200, 30, 20);
        } else {
            closed(10, new AfterTime(200 * MILLI), 30);
        }
        for (var milli = 0; milli < 400 && !worker.isDone(); milli++) {
            at(milli);
            for (var attempt : opened.stream().filter(each -> !each.over).toList()) {
                switch (random.nextInt(12)) {
                    case 0 -> attempt.connect();
                    case 1 -> attempt.end(completed(Kind.FULL));
                    case 2 ->
                        attempt.end(new Failed(new Failure("server_hello", "received", "reset", false, null, "reset")));
                    case 3 ->
                        attempt.end(new Failed(new Failure("connect", "received", "refused", false, null, "refused")));
                    default -> {
                        // continues, perhaps to its deadline
                    }
                }
            }
            if (milli == 210 && seed > 4) {
                worker.stop(nowNanos);
            }
        }
        assertTrue(worker.isDone());
        var tally = tally();
        assertTrue(tally.planned() > 50, "planned " + tally.planned());
        assertEquals(tally.planned(),
                tally.completed() + tally.failed() + tally.timedOut() + tally.cancelled() + tally.unsent());
        assertEquals(0, worker.inFlight());
    }

    private Worker.Attempt open(Worker.Arrival arrival, long now) {
        assertEquals(nowNanos, now);
        var attempt = new Scripted(arrival);
        opened.add(attempt);
        return attempt;
    }

    private void open(double rate, long durationMillis, long warmupMillis, int maxInFlight) {
        begin(plan(new OpenLoop(Schedule.constant(Shape.CONSTANT, rate), maxInFlight, OptionalLong.empty()),
                new AfterTime(durationMillis * MILLI), warmupMillis, "full=1"));
    }

    private void closed(int slots, End end, long warmupMillis) {
        begin(plan(new ClosedLoop(slots), end, warmupMillis, "full=1"));
    }

    private void begin(LoadPlan plan) {
        recorders = new Recorders(plan, START, List.of("TLSv1.2"));
        worker = new Worker(plan, PlannedStarts.of(plan, 0, START), plan.end().arrivals(), START, recorders,
                this::open);
    }

    private static LoadPlan plan(Pacing pacing, End end, long warmupMillis, String mix) {
        return LoadPlan.of(Target.loopback(new InetSocketAddress("127.0.0.1", 1)), null).pacing(pacing).end(end)
                .warmupNanos(warmupMillis * MILLI).mix(Mix.parse(mix)).timeouts(50 * MILLI, 20 * MILLI)
                .close(Close.RST).threads(1).transport(Transport.NIO)
                .ending(new Ending(CompleteOn.FINISHED, new byte[]{1}, new byte[0], 10 * MILLI)).build();
    }

    /** @return when the worker wants to be called again, nanoseconds from the start; empty for never */
    private OptionalLong at(long milli) {
        nowNanos = START + milli * MILLI;
        var next = worker.turn(nowNanos);
        return next.isEver() ? OptionalLong.of(next.nanos() - START) : OptionalLong.empty();
    }

    private List<Long> planned() {
        return opened.stream().map(attempt -> (attempt.arrival.plannedNanos - START) / MILLI).toList();
    }

    private Tally tally() {
        return recorders.take(0, 1).measured().phases().getFirst().tally();
    }

    private static Completed completed(Kind kind) {
        return new Completed(kind, new Negotiated("TLSv1.2", "TLS_RSA_WITH_AES_128_GCM_SHA256", null, null));
    }
}
