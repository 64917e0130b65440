package dev.shakedown.gate;

import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.results.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.statistics.distribution.BetaDistribution;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts of the gate where the truth was known. Each trial is a line of a file, so that a selftest can be stopped and
 * continued, but only with the same settings, since trials with others are not comparable.
 */
public final class Selftest {
    /** The file of trials. */
    public static final String TRIALS = "trials.jsonl";

    private static final double HALF_OF_5_PERCENT = 0.025;

    private final Path file;
    private final List<Trial> trials = new ArrayList<>();
    private final String settings;
    private final String machine;

    /** The verdict on one row. */
    public record Decision(String row, Verdict verdict, @Nullable Double ratio, int pairs, String because) {}

    /**
     * One trial.
     *
     * @param kind     the truth, such as {@code same code} or {@code twice 5 %}
     * @param number   within its kind, from 0
     * @param settings of the gate
     * @param machine  on which it ran
     */
    public record Trial(String kind, int number, double seconds, String settings, String machine,
            List<Decision> decisions) {}

    /**
     * The verdicts of all trials of a kind.
     *
     * @param pairs of forks per decision, on average
     * @param low   lower end of the 95 % interval of the share that failed (Clopper and Pearson)
     * @param high  upper end likewise
     */
    public record Rate(String kind, int trials, long decisions, Map<Verdict, Long> verdicts, double pairs, double low,
            double high) {
        public long failed() {
            return verdicts.getOrDefault(Verdict.FAIL, 0L);
        }

        public double share() {
            return decisions == 0 ? 0 : (double) failed() / decisions;
        }
    }

    /**
     * Continues with the trials that a directory already has.
     *
     * @throws IOException with a message for people if those were made with other settings
     */
    public Selftest(Path directory, String settings, String machine) throws IOException {
        file = Files.createDirectories(directory).resolve(TRIALS);
        this.settings = settings;
        this.machine = machine;
        if (Files.exists(file)) {
            for (var line : Files.readAllLines(file)) {
                trials.add(Json.PLAIN.readValue(line, Trial.class));
            }
        }
        for (var trial : trials) {
            if (!trial.settings.equals(settings)) {
                throw new IOException(
                        file + " has trials with other settings (" + trial.settings + "; these are " + settings
                                + "): give another directory, or remove it");
            }
        }
    }

    /** Returns the machines of all trials so far, in order. */
    public List<String> machines() {
        return trials.stream().map(Trial::machine).distinct().toList();
    }

    public boolean has(String kind, int number) {
        return trials.stream().anyMatch(trial -> trial.kind.equals(kind) && trial.number == number);
    }

    /** Stores the verdicts of a trial. */
    public void add(String kind, int number, double seconds, List<RowVerdict> rows) throws IOException {
        var trial = new Trial(kind, number, seconds, settings, machine, rows.stream()
                .map(row -> new Decision(row.name(), row.verdict(), row.ratio(), row.pairs(), row.because())).toList());
        trials.add(trial);
        Files.writeString(file, Json.PLAIN.writeValueAsString(trial) + "\n", StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    public Rate rate(String kind) {
        var verdicts = new EnumMap<Verdict, Long>(Verdict.class);
        var count = 0;
        var pairs = 0.0;
        for (var trial : trials) {
            if (trial.kind.equals(kind)) {
                count++;
                for (var decision : trial.decisions) {
                    verdicts.merge(decision.verdict, 1L, Long::sum);
                    pairs += decision.pairs;
                }
            }
        }
        var all = verdicts.values().stream().mapToLong(each -> each).sum();
        var failed = verdicts.getOrDefault(Verdict.FAIL, 0L);
        return new Rate(kind, count, all, verdicts, all == 0 ? 0 : pairs / all,
                failed == 0
                        ? 0
                        : BetaDistribution.of(failed, all - failed + 1.0)
                                .inverseCumulativeProbability(HALF_OF_5_PERCENT),
                failed == all
                        ? 1
                        : BetaDistribution.of(failed + 1.0, all - failed)
                                .inverseCumulativeProbability(1 - HALF_OF_5_PERCENT));
    }
}
