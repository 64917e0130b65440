package dev.shakedown.load.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the model from the kernel's list of processors, if it names one. */
class CpuModelTest {
    @TempDir
    private Path directory;

    @Test
    void theFirstProcessorsModel() throws IOException {
        assertEquals(Optional.of("Some CPU @ 2.00GHz: fast"), of("processor\t: 0\nmodel\t\t: 85\n"
                + "model name\t: Some CPU @ 2.00GHz: fast\nprocessor\t: 1\nmodel name\t: Another\n"));
        assertEquals(Optional.empty(), of("processor\t: 0\nBogoMIPS\t: 50.00\n"));
        assertEquals(Optional.empty(), CpuModel.read(directory.resolve("none")));
    }

    private Optional<String> of(String cpus) throws IOException {
        return CpuModel.read(Files.writeString(directory.resolve("cpuinfo"), cpus));
    }
}
