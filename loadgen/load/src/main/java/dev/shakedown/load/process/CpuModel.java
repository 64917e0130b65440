package dev.shakedown.load.process;

import java.nio.file.Path;
import java.util.Optional;

/** What this machine's processors are. */
public final class CpuModel {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private CpuModel() {}

    /** As Linux names the first of them; empty where nobody tells. */
    public static Optional<String> ofThisMachine() {
        return read(CPUS);
    }

    /** @param cpus {@code /proc/cpuinfo}, or what stands for it */
    static Optional<String> read(Path cpus) {
        return ProcFile.line(cpus, "model name").map(line -> line.substring(line.indexOf(':') + 1).strip());
    }
}
