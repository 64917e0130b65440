package dev.shakedown.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A control group with a limit on CPU time (cgroups(7)), of version 1 or 2. Only root can make one. */
record CpuLimit(Path group) implements AutoCloseable {
    private static final Path MOUNT = Path.of("/sys/fs/cgroup");
    private static final int PERIOD_MICROS = 100_000;

    /** @param share of one processor, 0 to 1; skips the test loudly where no such group can be made */
    static CpuLimit of(double share) {
        var quota = Math.round(share * PERIOD_MICROS);
        var one = MOUNT.resolve("cpu");
        try {
            if (Files.isDirectory(one)) {
                var group = Files.createTempDirectory(one, "shakedown-test-");
                Files.writeString(group.resolve("cpu.cfs_period_us"), Integer.toString(PERIOD_MICROS));
                Files.writeString(group.resolve("cpu.cfs_quota_us"), Long.toString(quota));
                return new CpuLimit(group);
            }
            Files.writeString(MOUNT.resolve("cgroup.subtree_control"), "+cpu");
            var group = Files.createTempDirectory(MOUNT, "shakedown-test-");
            Files.writeString(group.resolve("cpu.max"), quota + " " + PERIOD_MICROS);
            return new CpuLimit(group);
        } catch (IOException e) {
            var complaint = "not tested with a limit on CPU time: no control group can be made here (" + e + ")";
            System.err.println(complaint);
            return abort(complaint);
        }
    }

    /** The same command, within the limit from its beginning. */
    List<String> around(List<String> command) {
        var limited = new ArrayList<>(List.of("sh", "-c", "echo $$ >'" + group.resolve("cgroup.procs")
                + "' && exec \"$@\"", "sh"));
        limited.addAll(command);
        return limited;
    }

    /** To be called once its processes have ended. */
    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
