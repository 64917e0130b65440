package dev.shakedown.load.process;

import java.nio.file.Path;
import java.util.Optional;

/** The model of this machine's processors. */
public final class CpuModel {
    private static final Path CPUS = Path.of("/proc/cpuinfo");

    private CpuModel() {}

    /** Returns Linux's name of the first processor; empty if unknown. */
    public static Optional<String> ofThisMachine() {
        return read(CPUS);
    }

    /** @param cpus {@code /proc/cpuinfo}, or a file in its place */
    static Optional<String> read(Path cpus) {
        return ProcFile.line(cpus, "model name").map(line -> line.substring(line.indexOf(':') + 1).strip());
    }
}
