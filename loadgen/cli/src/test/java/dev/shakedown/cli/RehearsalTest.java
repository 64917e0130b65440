package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher goes on without an archive where this fails, so that nobody would hear of it. */
@Tag("interop")
class RehearsalTest {
    @TempDir
    private Path directory;

    @Test
    void allCommandsOfItWork() {
        var run = directory.resolve("run").toString();
        assertEquals(0, CommandRun.of("run", "--count", "20", "--warmup", "0s", "--quiet", "--out", run).exitCode());
        assertDoesNotThrow(() -> Rehearsal.main(run));
    }

    @Test
    void oneThatFailsEndsIt() {
        assertThrows(IllegalStateException.class, () -> Rehearsal.main(directory.resolve("missing").toString()));
    }
}
