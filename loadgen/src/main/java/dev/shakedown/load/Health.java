package dev.shakedown.load;

import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What may keep a generator from its work without being its work, since some beginning. Each is {@code null} where the
 * platform does not tell.
 *
 * @param gcSeconds   time of the garbage collector's pauses
 * @param gcPauses    how many those were
 * @param cpuSeconds  time of all processors together, used or idle
 * @param stolen      time that the hypervisor kept processors from us, seconds
 * @param retransmits TCP segments that this machine sent again, whoever's they were
 */
public record Health(double gcSeconds, long gcPauses, Double cpuSeconds, Double stolen, Long retransmits) {
    /** USER_HZ, which is 100 wherever Linux runs (proc(5)). */
    private static final double TICKS_PER_SECOND = 100;
    private static final int STEAL = 7;

    /** Until now. */
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
        return new Health(millis / 1e3, pauses, all, stolen, retransmittedSegments());
    }

    /** From {@code before} until this. */
    Health since(Health before) {
        return new Health(gcSeconds - before.gcSeconds, gcPauses - before.gcPauses,
                cpuSeconds == null || before.cpuSeconds == null ? null : cpuSeconds - before.cpuSeconds,
                stolen == null || before.stolen == null ? null : stolen - before.stolen,
                retransmits == null || before.retransmits == null ? null : retransmits - before.retransmits);
    }

    /** The share of processor time that the hypervisor kept from us, 0 to 1; {@code null} if unknown. */
    public Double stolenShare() {
        return stolen == null || cpuSeconds == null || cpuSeconds <= 0 ? null : stolen / cpuSeconds;
    }

    /** The file has a line of names before the line of values. */
    private static Long retransmittedSegments() {
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
        try (var lines = Files.lines(Path.of(file))) {
            return lines.filter(line -> line.startsWith(beginning)).findFirst()
                    .map(line -> List.of(line.substring(beginning.length()).strip().split(" +"))).orElse(List.of());
        } catch (IOException _) {
            return List.of();
        }
    }
}
