package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.target.Target;
import dev.shakedown.target.TargetOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When {@code cost} takes its figures for no good. */
@Timeout(60)
class CostCommandTest {
    @TempDir
    private Path directory;

    /** Twice as many as the server carries, and one at a time: most of what is due is never begun. */
    @ParameterizedTest
    @CsvSource({"--strict, 3", "--quiet, 0"})
    void anUnfitResultIsAnAnswerUnlessOneIsStrict(String option, int exitCode) throws IOException {
        var options = TargetOptions.defaults().withWorkers(Duration.ofMillis(20).toNanos(), 1);
        try (var target = Target.start(options)) {
            var run = CommandRun.of("cost", TargetAddress.text(target.address()), "--rate", "100", "--max-in-flight",
                    "1",
                    "--groups", "1", "--block", "500ms", "--warmup", "0s", "--out", directory.resolve("out").toString(),
                    option);
            assertEquals(exitCode, run.exitCode(), run::toString);
            assertTrue(run.out().startsWith("UNFIT: "), run::out);
            assertEquals(exitCode == 3, run.err().contains("--strict: the generator may have moved the figures"),
                    run::err);
        }
    }
}
