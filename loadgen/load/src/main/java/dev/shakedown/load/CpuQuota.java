package dev.shakedown.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a CPU limit throttled this process: the limit of its control group, or of a group above (Linux, cgroups(7),
 * versions 1 and 2), such as a container's.
 *
 * @param periods   periods of the limit in which the group had something to run
 * @param throttled those in which the group used up its share and was stopped until the next period
 */
public record CpuQuota(long periods, long throttled) {
    private static final Path PROC = Path.of("/proc");
    private static final String STAT = "cpu.stat";

    /** The statistics files of each group that may limit this process. */
    static final class Groups {
        private final List<Path> files;

        private Groups(List<Path> files) {
            this.files = files;
        }

        /** Returns the groups of this process; none if there are no control groups. */
        static Groups ofThisProcess() {
            return of(PROC);
        }

        /** @param proc {@code /proc}, or a directory in its place */
        static Groups of(Path proc) {
            try {
                var memberships = Files.readAllLines(proc.resolve("self/cgroup"));
                var files = new ArrayList<Path>();
                for (var mount : Files.readAllLines(proc.resolve("self/mounts"))) {
                    // proc(5): device, where, type, options
                    var fields = mount.split(" ");
                    var unified = fields[2].equals("cgroup2");
                    if (unified || fields[2].equals("cgroup") && List.of(fields[3].split(",")).contains("cpu")) {
                        files.addAll(upwards(Path.of(fields[1]), group(memberships, unified)));
                    }
                }
                return new Groups(List.copyOf(files));
            } catch (IOException | RuntimeException _) {
                return new Groups(List.of());
            }
        }

        /** Returns the path of this process's group in one hierarchy. */
        private static String group(List<String> memberships, boolean unified) {
            for (var membership : memberships) {
                // number, controllers, path; version 2 has number 0 and names no controllers
                var fields = membership.split(":", 3);
                if (unified ? fields[0].equals("0") : List.of(fields[1].split(",")).contains("cpu")) {
                    return fields[2];
                }
            }
            return "/";
        }

        /**
         * Returns the statistics files of a group and of those above, whose limits apply as well. A path that does not
         * exist below the mount is as seen from outside the container.
         */
        private static List<Path> upwards(Path mount, String group) {
            var inside = mount.resolve(group.substring(1)).normalize();
            var files = new ArrayList<Path>();
            for (var at = Files.isDirectory(inside) ? inside : mount; at != null && at.startsWith(mount); at = at
                    .getParent()) {
                if (Files.isReadable(at.resolve(STAT))) {
                    files.add(at.resolve(STAT));
                }
            }
            return files;
        }

        /** Returns what each group has counted so far. */
        Map<Path, CpuQuota> now() {
            var counts = new HashMap<Path, CpuQuota>();
            for (var file : files) {
                read(file).ifPresent(count -> counts.put(file, count));
            }
            return counts;
        }

        private static Optional<CpuQuota> read(Path file) {
            try {
                var values = new HashMap<String, Long>();
                for (var line : Files.readAllLines(file)) {
                    var fields = line.split(" ");
                    if (fields.length == 2) {
                        values.put(fields[0], Long.valueOf(fields[1]));
                    }
                }
                var periods = values.get("nr_periods");
                var throttled = values.get("nr_throttled");
                return periods == null || throttled == null
                        ? Optional.empty()
                        : Optional.of(new CpuQuota(periods, throttled));
            } catch (IOException | RuntimeException _) {
                return Optional.empty();
            }
        }
    }

    /** Returns the quota of the group that was throttled most between two readings; empty if no group has a limit. */
    static Optional<CpuQuota> between(Map<Path, CpuQuota> before, Map<Path, CpuQuota> after) {
        return after.entrySet().stream()
                .flatMap(entry -> Stream.ofNullable(before.get(entry.getKey())).map(entry.getValue()::since))
                .filter(passed -> passed.periods > 0).max((one, other) -> Long.compare(one.throttled, other.throttled));
    }

    private CpuQuota since(CpuQuota before) {
        return new CpuQuota(periods - before.periods, throttled - before.throttled);
    }

    /** Returns the share of periods, 0 to 1, in which the group was stopped. */
    double share() {
        return (double) throttled / periods;
    }
}
