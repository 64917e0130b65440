package dev.shakedown.load.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.load.process.CpuReading.ProcessCpu;
import dev.shakedown.load.process.ProcessEntry.Id;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CpuReadingTest {
    private static final Id SERVER = new Id(10, 100);
    private static final Id CHILD = new Id(11, 110);
    private static final Id GRANDCHILD = new Id(12, 120);
    private static final long MILLI = 1_000_000;

    private static ProcessCpu part(Id parent, long millis, long childTicks, long childFaults) {
        return new ProcessCpu(parent, millis * MILLI, false, childTicks, childFaults, 0, false);
    }

    private static ProcessCpu ignoring(long minorFaults, long childFaults) {
        return new ProcessCpu(null, 0, false, 0, childFaults, minorFaults, true);
    }

    private static CpuReading reading(Map<Id, ProcessCpu> parts) {
        return new CpuReading(true, parts, 0, 0);
    }

    private static CpuReading begun(long begun, ProcessCpu server) {
        return new CpuReading(true, Map.of(SERVER, server), begun, 0);
    }

    @Test
    void nanosecondsAreExact() {
        assertEquals(new CpuUse(3e-9, 0, 0, false), CpuReading.exact(5).since(CpuReading.exact(2)));
    }

    @Test
    void aChildCountsFromItsBeginning() {
        var before = reading(Map.of(SERVER, part(null, 5, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 7, 0, 0), CHILD, part(SERVER, 40, 0, 0)));
        assertEquals(new CpuUse(0.042, 0, 0, false), after.since(before));
    }

    @Test
    void whatAChildHadUsedBeforeIsTakenOffWhatItsParentTookOver() {
        var before = reading(Map.of(SERVER, part(null, 0, 0, 0), CHILD, part(SERVER, 100, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 1, 13, 500)));
        assertEquals(new CpuUse(0.031, 0.01, 0, false), after.since(before));
    }

    /** 9.9 ms are added to the parent as 0 ticks. */
    @Test
    void ticksThatAreCutOffNeverMakeItNegative() {
        var before = reading(Map.of(SERVER, part(null, 0, 0, 0), CHILD, part(SERVER, 9, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 0, 0, 80)));
        assertEquals(new CpuUse(0, 0.01, 0, false), after.since(before));
    }

    /** The time of a grandchild that was waited for is added to its parent's, and then to the server's. */
    @Test
    void whatGoesOverTwiceCountsOnce() {
        var before = reading(Map.of(SERVER, part(null, 0, 0, 0), CHILD, part(SERVER, 20, 0, 0), GRANDCHILD,
                part(CHILD, 30, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 0, 6, 90)));
        assertEquals(new CpuUse(0.01, 0.01, 0, false), after.since(before));
    }

    @Test
    void whatNobodyTookOverIsNotTakenOff() {
        var before = reading(Map.of(SERVER, part(null, 3, 0, 0), CHILD, part(SERVER, 100, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 8, 0, 0)));
        assertEquals(new CpuUse(0.005, 0, 0, false), after.since(before));
    }

    @Test
    void eachThatIsReadInTicksIsAStep() {
        var coarse = new ProcessCpu(null, 0, true, 0, 0, 0, false);
        var before = reading(Map.of(SERVER, coarse, CHILD, part(SERVER, 0, 0, 0)));
        var after = reading(Map.of(SERVER, part(null, 50, 1, 80), CHILD, coarse));
        assertEquals(0.03, after.since(before).stepSeconds());
    }

    /** A process that ignores its children, and has about one page fault for each process that the machine started. */
    @Test
    void childrenAreForgottenWhereEachLeavesATrace() {
        assertEquals(100, begun(1100, ignoring(230, 0)).since(begun(1000, ignoring(30, 0))).forgotten());
        assertEquals(0, begun(1100, ignoring(40, 0)).since(begun(1000, ignoring(30, 0))).forgotten());
        assertEquals(0, begun(1100, ignoring(230, 9)).since(begun(1000, ignoring(30, 0))).forgotten());
        assertEquals(0, begun(1100, part(null, 1, 0, 0)).since(begun(1000, part(null, 1, 0, 0))).forgotten());
        assertEquals(100, new CpuReading(true, Map.of(), 1100, 3).since(new CpuReading(true, Map.of(), 1000, 2))
                .forgotten());
    }

    @Test
    void withoutTheProcessThereIsNothing() {
        var gone = new CpuReading(false, Map.of(), 0, 0);
        assertEquals(CpuUse.ENDED, gone.since(CpuReading.exact(1)));
        assertEquals(CpuUse.ENDED, CpuReading.exact(1).since(gone));
    }
}
