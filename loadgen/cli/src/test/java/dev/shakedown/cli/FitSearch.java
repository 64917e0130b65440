package dev.shakedown.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.report.CapacityReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/**
 * A search whose generator was not at fault.
 *
 * @param run what the command said
 * @param out its result directory
 */
record FitSearch(CommandRun run, Path out) {
    /** How often a search is made of which its own generator says that it was at fault. */
    private static final int TRIES = 3;

    /**
     * Searches, and again where the generator was at fault; where that stays so, the test ends without a verdict.
     *
     * @param search makes a search with the result directory that it is given
     */
    static FitSearch of(Path directory, Function<Path, CommandRun> search) throws IOException {
        for (var tries = 1;; tries++) {
            var out = directory.resolve("out" + tries);
            var run = search.apply(out);
            var unfit = unfit(run, out);
            if (unfit.isEmpty()) {
                return new FitSearch(run, out);
            }
            if (tries == TRIES) {
                abort("not judged: this machine was busy: " + unfit.get());
            }
        }
    }

    /** What a search found of which the generator was the limit. */
    private static Optional<String> unfit(CommandRun run, Path out) throws IOException {
        var file = out.resolve("capacity.json");
        return run.exitCode() != 3 || !Files.exists(file)
                ? Optional.empty()
                : CapacityResult.read(file).stream()
                        .filter(result -> result.capacity().limitedBy().equals(Capacity.GENERATOR))
                        .map(CapacityReport::sentence).findFirst();
    }
}
