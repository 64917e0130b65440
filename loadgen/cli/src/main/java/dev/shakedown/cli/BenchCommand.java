package dev.shakedown.cli;

import dev.shakedown.run.CannotRunException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/**
 * The command {@code shakedown bench} as the other commands' help lists it. The benchmarks lie in a jar of their own,
 * which the launcher builds and starts instead of this one.
 */
@Command(name = "bench", header = "Measure the handshake's crypto paths, and whole handshakes in memory.")
final class BenchCommand implements Callable<Integer> {
    @Unmatched
    @SuppressWarnings("unused")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        throw new CannotRunException(
                "the benchmarks are in a jar of their own: 'scripts/shakedown bench' builds and runs"
                        + " it");
    }
}
