package dev.shakedown.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.shakedown.load.CpuQuota.Groups;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** CPU limits as the kernel reports them (cgroups(7)), in files written by the test. */
class CpuQuotaTest {
    @TempDir
    private Path directory;
    private Path proc;
    private Path mount;

    @BeforeEach
    void makeFolders() throws IOException {
        proc = Files.createDirectories(directory.resolve("proc/self")).getParent();
        mount = Files.createDirectories(directory.resolve("cgroup"));
    }

    private void process(String cgroup, String mounts) throws IOException {
        Files.writeString(proc.resolve("self/cgroup"), cgroup);
        Files.writeString(proc.resolve("self/mounts"), "proc /proc proc rw 0 0\n" + mounts);
    }

    private void stat(String group, long periods, long throttled, String last) throws IOException {
        Files.writeString(Files.createDirectories(mount.resolve(group)).resolve("cpu.stat"),
                "usage_usec 17\nnr_periods " + periods + "\nnr_throttled " + throttled + "\n" + last + "\n");
    }

    private Map<Path, CpuQuota> now() {
        return Groups.of(proc).now();
    }

    @Test
    void versionTwo() throws IOException {
        process("0::/a/b\n", "cgroup2 " + mount + " cgroup2 rw,nosuid 0 0\n");
        stat("a/b", 100, 10, "throttled_usec 5000");
        var before = now();
        stat("a/b", 422, 220, "throttled_usec 9000000");
        assertEquals(Optional.of(new CpuQuota(322, 210)), CpuQuota.between(before, now()));
        assertEquals(210.0 / 322, CpuQuota.between(before, now()).orElseThrow().share());
    }

    @Test
    void versionOne() throws IOException {
        process("5:memory:/m\n3:cpu,cpuacct:/a\n", "cgroup " + mount + " cgroup rw,cpu,cpuacct 0 0\ncgroup "
                + directory + " cgroup rw,memory 0 0\n");
        stat("a", 0, 0, "throttled_time 0");
        var before = now();
        stat("a", 50, 20, "throttled_time 1");
        assertEquals(Optional.of(new CpuQuota(50, 20)), CpuQuota.between(before, now()));
    }

    /** A limit further up applies as well; the one that stopped the process most is reported. */
    @Test
    void aLimitOfAGroupAbove() throws IOException {
        process("0::/a/b/c\n", "cgroup2 " + mount + " cgroup2 rw 0 0\n");
        stat("a/b/c", 0, 0, "");
        stat("a", 0, 0, "");
        var before = now();
        stat("a/b/c", 10, 1, "");
        stat("a", 10, 9, "");
        assertEquals(Optional.of(new CpuQuota(10, 9)), CpuQuota.between(before, now()));
    }

    /** Inside a container, the path may be the host's, while the mount is the container's own group. */
    @Test
    void insideAContainer() throws IOException {
        process("0::/kubepods/pod1/box\n", "cgroup2 " + mount + " cgroup2 rw 0 0\n");
        stat("", 0, 0, "");
        var before = now();
        stat("", 10, 3, "");
        assertEquals(Optional.of(new CpuQuota(10, 3)), CpuQuota.between(before, now()));
    }

    @Test
    void whereNoLimitIsSetNothingIsTold() throws IOException {
        process("0::/a\n", "cgroup2 " + mount + " cgroup2 rw 0 0\n");
        Files.writeString(Files.createDirectories(mount.resolve("a")).resolve("cpu.stat"), "usage_usec 17\n");
        assertEquals(Optional.empty(), CpuQuota.between(now(), now()));
        stat("a", 0, 0, "");
        assertEquals(Optional.empty(), CpuQuota.between(now(), now()), "no period passed");
    }

    @Test
    void whereThereAreNoControlGroups() {
        assertEquals(Map.of(), Groups.of(directory.resolve("nowhere")).now());
    }
}
