package dev.shakedown.load;

import com.sun.management.OperatingSystemMXBean;
import dev.shakedown.load.process.ProcFile;
import dev.shakedown.results.RunResult;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What may have kept the generator from its work during a period. Values are {@code null} where the platform does not
 * provide them.
 *
 * @param gcSeconds     total duration of garbage collection pauses
 * @param gcPauses      number of those pauses
 * @param gcCpuSeconds  CPU time of the garbage collector's threads, including concurrent ones
 * @param cpuSeconds    time of all processors together, busy or idle
 * @param stolen        processor time that the hypervisor withheld (steal time), seconds
 * @param retransmits   TCP segments retransmitted by this machine, for any process
 * @param othersSeconds CPU time of all other processes on this machine
 * @param waitedSeconds how long each event loop was ready to run but had no processor; empty where the platform does
 *                      not tell
 * @param quota         how far a CPU limit throttled this process; empty if it has none
 * @param suspensions   times in which the whole process was suspended
 */
public record Health(double gcSeconds, long gcPauses, @Nullable Double gcCpuSeconds, @Nullable Double cpuSeconds,
        @Nullable Double stolen,
        @Nullable Long retransmits, @Nullable Double othersSeconds, List<Double> waitedSeconds,
        Optional<CpuQuota> quota,
        List<RunResult.Suspension> suspensions) {
    /** USER_HZ, which is 100 wherever Linux runs (proc(5)). */
    private static final double TICKS_PER_SECOND = 100;
    private static final int IDLE = 3;
    private static final int IO_WAIT = 4;
    private static final int STEAL = 7;
    /**
     * Names of HotSpot's garbage collector threads; the serial collector runs in the VM thread, which does little else.
     */
    private static final Pattern GC_THREAD = Pattern.compile("(VM Thread|GC Thread|G1 |Z[A-Z]|Shenandoah).*");

    /** Creates a value without what is known of single threads and processes. */
    public Health(double gcSeconds, long gcPauses, @Nullable Double gcCpuSeconds, @Nullable Double cpuSeconds,
            @Nullable Double stolen,
            @Nullable Long retransmits) {
        this(gcSeconds, gcPauses, gcCpuSeconds, cpuSeconds, stolen, retransmits, null, List.of(), Optional.empty(),
                List.of());
    }

    /** Returns the totals up to now, without what has to be observed over time. */
    static Health now() {
        var collectors = ManagementFactory.getGarbageCollectorMXBeans();
        var millis = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionTime).filter(time -> time > 0)
                .sum();
        var pauses = collectors.stream().mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .filter(count -> count > 0)
                .sum();
        Double all = null;
        Double stolen = null;
        var fields = line("/proc/stat", "cpu ");
        if (fields.size() > STEAL) {
            // user nice system idle iowait irq softirq steal; guests are in user and nice already
            all = fields.subList(0, STEAL + 1).stream().mapToLong(Long::parseLong).sum() / TICKS_PER_SECOND;
            stolen = Long.parseLong(fields.get(STEAL)) / TICKS_PER_SECOND;
        }
        return new Health(millis / 1e3, pauses, gcThreadSeconds(), all, stolen, retransmittedSegments(), others(fields),
                List.of(), Optional.empty(), List.of());
    }

    /** Returns the CPU time of all other processes on this machine up to now, in seconds; {@code null} if unknown. */
    static @Nullable Double others() {
        return others(line("/proc/stat", "cpu "));
    }

    private static @Nullable Double others(List<String> fields) {
        return fields.size() <= STEAL
                ? null
                : (fields.subList(0, STEAL).stream().mapToLong(Long::parseLong).sum()
                        - Long.parseLong(fields.get(IDLE)) - Long.parseLong(fields.get(IO_WAIT))) / TICKS_PER_SECOND
                        - ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** Returns the difference from {@code before} to this. */
    Health since(Health before) {
        return new Health(gcSeconds - before.gcSeconds, gcPauses - before.gcPauses,
                difference(gcCpuSeconds, before.gcCpuSeconds),
                difference(cpuSeconds, before.cpuSeconds),
                difference(stolen, before.stolen),
                retransmits == null || before.retransmits == null ? null : retransmits - before.retransmits,
                difference(othersSeconds, before.othersSeconds), waitedSeconds, quota, suspensions);
    }

    /** Returns a copy with what has been observed over time. */
    Health with(List<Double> waits, Optional<CpuQuota> limit, List<RunResult.Suspension> standstills) {
        return new Health(gcSeconds, gcPauses, gcCpuSeconds, cpuSeconds, stolen, retransmits, othersSeconds, waits,
                limit, standstills);
    }

    /** Returns the longest of {@link #waitedSeconds}; 0 if none is known. */
    public double longestWaitSeconds() {
        return waitedSeconds.stream().mapToDouble(seconds -> seconds).max().orElse(0);
    }

    private static @Nullable Double difference(@Nullable Double now, @Nullable Double before) {
        return now == null || before == null ? null : now - before;
    }

    /**
     * Returns the CPU time of the collector's threads, in seconds. JDK 25 does not provide it, but Linux does, by
     * thread name.
     */
    private static @Nullable Double gcThreadSeconds() {
        try (var threads = Files.list(Path.of("/proc/self/task"))) {
            return threads.filter(thread -> GC_THREAD.matcher(text(thread.resolve("comm"))).matches())
                    .mapToDouble(thread -> nanos(text(thread.resolve("schedstat"))) / 1e9).boxed()
                    .reduce(Double::sum).orElse(null);
        } catch (IOException _) {
            return null;
        }
    }

    /** Returns the CPU time in a schedstat line, its first number. */
    private static long nanos(String schedstat) {
        return schedstat.isEmpty() ? 0 : Long.parseLong(schedstat.split(" ")[0]);
    }

    /** Returns the content of a file; empty if the thread has ended. */
    private static String text(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException _) {
            return "";
        }
    }

    /** Returns the share of processor time that the hypervisor withheld, 0 to 1; {@code null} if unknown. */
    public @Nullable Double stolenShare() {
        return stolen == null || cpuSeconds == null || cpuSeconds <= 0 ? null : stolen / cpuSeconds;
    }

    /** Reads the number of retransmitted segments; the file has a line of names before the line of values. */
    private static @Nullable Long retransmittedSegments() {
        try {
            var lines = Files.readAllLines(Path.of("/proc/net/snmp")).stream().filter(line -> line.startsWith("Tcp:"))
                    .map(line -> List.of(line.split(" "))).toList();
            var at = lines.isEmpty() ? -1 : lines.getFirst().indexOf("RetransSegs");
            return at < 0 ? null : Long.valueOf(lines.get(1).get(at));
        } catch (IOException _) {
            return null;
        }
    }

    private static List<String> line(String file, String beginning) {
        return ProcFile.line(Path.of(file), beginning).map(line -> List.of(line.split(" +"))).orElse(List.of());
    }
}
