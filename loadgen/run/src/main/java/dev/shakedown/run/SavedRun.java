package dev.shakedown.run;

import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.WholeFile;
import dev.shakedown.trace.FailureTraces;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.HdrHistogram.Histogram;

/**
 * The result of a run whose seconds are already in a result directory.
 *
 * @param result    the result
 * @param file      the directory
 * @param latencies latencies and service times of each kind
 * @param lost      why the run ended early because its seconds could no longer be written; empty if they all were
 * @param failures  traces of handshakes that failed
 */
public record SavedRun(RunResult result, ResultFile file, List<Histogram> latencies, Optional<IOException> lost,
        FailureTraces failures) {
    /**
     * Writes run.json, the percentiles of latencies, and traces of failed handshakes under failures/.
     *
     * @throws IOException with a message for people that names the first file that could not be written
     */
    public void finish() throws IOException {
        try {
            file.finish(result);
        } catch (IOException e) {
            // The first failure says more.
            throw lost.orElse(e);
        }
        if (lost.isPresent()) {
            throw lost.get();
        }
        file.percentiles(latencies);
        writeFailures();
    }

    /** Writes one file for each row of the result's failures and then of its timeouts, in order. */
    private void writeFailures() throws IOException {
        var number = 0;
        for (var row : result.failures()) {
            failures.write(traceFile(++number), row,
                    row.count() + " failed at " + row.stage() + ", " + row.cause() + " " + row.direction() + ": "
                            + row.meaning());
        }
        for (var row : result.timeouts()) {
            failures.writeTimeout(traceFile(++number), row.stage(), row.count() + " timed out at " + row.stage());
        }
    }

    private Path traceFile(int number) throws IOException {
        var directory = file.directory().resolve("failures");
        try {
            return Files.createDirectories(directory).resolve(String.format(Locale.ROOT, "%02d.txt", number));
        } catch (IOException e) {
            throw WholeFile.failed(directory, e);
        }
    }
}
