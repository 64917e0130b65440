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
 * How a limit on this process's CPU time held it up: that of its control group, or of one above it (Linux, cgroups(7),
 * version 1 and 2). A container with a CPU limit has one.
 *
 * @param periods   of the limit that passed with something to run
 * @param throttled of those, the processes of the group had used up their share and stood still until the next
 */
public record CpuQuota(long periods, long throttled) {
    private static final Path PROC = Path.of("/proc");
    private static final String STAT = "cpu.stat";

    /** The statistics of each group that may limit this process. */
    static final class Groups {
        private final List<Path> files;

        private Groups(List<Path> files) {
            this.files = files;
        }

        /** Those of this process; none where there are no control groups. */
        static Groups ofThisProcess() {
            return of(PROC);
        }

        /** @param proc where the kernel tells of processes, or what stands for it */
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

        /** The path of the group of one hierarchy that this process is in. */
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
         * A limit of a group above holds as well. A path that is not below the mount is seen from outside a container.
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

        /** What each has counted so far. */
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

    /** What the group that held it up the most did between two looks; empty where none has a limit. */
    static Optional<CpuQuota> between(Map<Path, CpuQuota> before, Map<Path, CpuQuota> after) {
        return after.entrySet().stream()
                .flatMap(entry -> Stream.ofNullable(before.get(entry.getKey())).map(entry.getValue()::since))
                .filter(passed -> passed.periods > 0).max((one, other) -> Long.compare(one.throttled, other.throttled));
    }

    private CpuQuota since(CpuQuota before) {
        return new CpuQuota(periods - before.periods, throttled - before.throttled);
    }

    /** The share of periods, 0 to 1, in which it stood still. */
    double share() {
        return (double) throttled / periods;
    }
}
