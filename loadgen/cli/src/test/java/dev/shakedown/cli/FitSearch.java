package dev.shakedown.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.report.CapacityReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoublePredicate;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A search whose generator was not at fault.
 *
 * @param run what the command said
 * @param out its result directory
 */
record FitSearch(CommandRun run, Path out) {
    /** How often a search is repeated that reports its own generator as the limit. */
    private static final int TRIES = 3;

    /**
     * Searches, and again where the generator was at fault; where that stays so, the test ends without a verdict. It
     * was at fault, too, where some of its runs say so and the answer is not the one expected.
     *
     * @param expected tells by its rate whether an answer is
     * @param search   makes a search with the result directory that it is given
     */
    static FitSearch of(Path directory, DoublePredicate expected, Function<Path, CommandRun> search)
            throws IOException {
        for (var tries = 1;; tries++) {
            var out = directory.resolve("out" + tries);
            var run = search.apply(out);
            var unfit = unfit(run, out, expected);
            if (unfit.isEmpty()) {
                return new FitSearch(run, out);
            }
            if (tries == TRIES) {
                abort("not judged: this machine was busy: " + unfit.get());
            }
        }
    }

    /** What a search found of which the generator was the limit, or what led it astray. */
    private static Optional<String> unfit(CommandRun run, Path out, DoublePredicate expected) throws IOException {
        var file = out.resolve("capacity.json");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return CapacityResult.read(file).stream().flatMap(result -> {
            var found = result.capacity();
            if (run.exitCode() == 3 && found.limitedBy().equals(Capacity.GENERATOR)) {
                return Stream.of(CapacityReport.sentence(result));
            }
            return expected.test(found.ratePerSecond())
                    ? Stream.empty()
                    : result.steps().stream().map(Step::unfitBecause).filter(Objects::nonNull);
        }).findFirst();
    }
}
