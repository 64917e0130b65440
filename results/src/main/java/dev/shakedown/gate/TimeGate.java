package dev.shakedown.gate;

import dev.shakedown.gate.Block.Reading;
import dev.shakedown.gate.RowVerdict.Verdict;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Judges time: forks of base and head in turn, in the same job on the same machine. No clock and no process is in here.
 *
 * <p>The unit is the pair of neighbouring forks. A row fails if the head's median is slower by the threshold or more and
 * surely slower at all, and is so again with fresh forks; it passes if it is surely not slower by the threshold. Where the
 * machine moved what cannot have moved (the ruler between the sides, or one side within the blocks), nothing is judged.
 */
public final class TimeGate {
    /** What moved by this share of the threshold though it should not have is too much. */
    private static final double MOVED = 1.0 / 3;
    /** A ruler that moved by this share of what a row did explains too much of it. */
    private static final double EXPLAINS = 1.0 / 2;

    /** Runs a fork of either side. */
    public interface Forks {
        Reading run(boolean base) throws IOException;
    }

    private final int blocks;
    private final double threshold;
    private final RandomGenerator random;
    private final Consumer<String> progress;

    /**
     * Settles how.
     *
     * @param pairs     of forks, an even number
     * @param threshold share by which a row may be slower, such as 0.03
     * @param random    says which side is first in a block
     */
    public TimeGate(int pairs, double threshold, RandomGenerator random, Consumer<String> progress) {
        this.blocks = pairs / 2;
        this.threshold = Math.log1p(threshold);
        this.random = random;
        this.progress = progress;
    }

    /** Measures, judges, and measures again if anything would fail. */
    public List<RowVerdict> judge(Forks forks, String unit) throws IOException {
        var first = measure(forks, "");
        var verdicts = verdicts(first, unit);
        if (verdicts.stream().noneMatch(row -> row.verdict() == Verdict.FAIL)) {
            return verdicts;
        }
        var again = measure(forks, "confirmation, ");
        return verdicts.stream()
                .map(row -> row.verdict() == Verdict.FAIL ? confirmed(row, judge(again, row.name(), unit)) : row)
                .toList();
    }

    private List<Block> measure(Forks forks, String prefix) throws IOException {
        var measured = new ArrayList<Block>();
        for (var block = 0; block < blocks; block++) {
            var baseFirst = random.nextBoolean();
            var readings = new ArrayList<Reading>();
            for (var base : new boolean[]{baseFirst, !baseFirst, !baseFirst, baseFirst}) {
                progress.accept(prefix + "block " + (block + 1) + " of " + blocks + ": " + (base ? "base" : "head"));
                readings.add(forks.run(base));
            }
            measured.add(new Block(baseFirst, readings.get(0), readings.get(1), readings.get(2), readings.get(3)));
        }
        return measured;
    }

    private List<RowVerdict> verdicts(List<Block> measured, String unit) {
        var base = new TreeSet<String>();
        var head = new TreeSet<String>();
        for (var block : measured) {
            Stream.of(block.of(true)).forEach(reading -> base.addAll(reading.rows().keySet()));
            Stream.of(block.of(false)).forEach(reading -> head.addAll(reading.rows().keySet()));
        }
        var all = new TreeSet<>(base);
        all.addAll(head);
        return all.stream().map(row -> base.contains(row) && head.contains(row)
                ? judge(measured, row, unit)
                : new RowVerdict(row, Verdict.INCOMPARABLE, null, null, null, null, null, null, unit, 0,
                        "only the " + (base.contains(row) ? "base" : "head") + " has it"))
                .toList();
    }

    private RowVerdict judge(List<Block> measured, String row, String unit) {
        var found = SignedRank.of(pairs(measured, row));
        var because = unfit(measured, row, found.estimate());
        Verdict verdict;
        Double detectable = null;
        if (because != null) {
            verdict = Verdict.INCONCLUSIVE;
        } else if (found.estimate() >= threshold && found.lower() > 0) {
            verdict = Verdict.FAIL;
            because = "slower";
        } else if (found.upper() < threshold) {
            verdict = Verdict.PASS;
            because = found.upper() < 0 ? "faster" : "not slower by the threshold";
        } else {
            verdict = Verdict.INCONCLUSIVE;
            detectable = Math.max(threshold, found.estimate() - found.lower());
            because = Double.isInfinite(detectable)
                    ? "too few pairs for a bound"
                    : String.format(Locale.ROOT, "too noisy: %.1f %% would have been found", percent(detectable));
        }
        return new RowVerdict(row, verdict, Math.exp(found.estimate()), finite(Math.exp(found.lower())),
                finite(Math.exp(found.upper())), detectable == null ? null : finite(Math.exp(detectable)),
                median(measured, row, true), median(measured, row, false), unit, 2 * measured.size(), because);
    }

    private static Double finite(double ratio) {
        return ratio > 0 && Double.isFinite(ratio) ? ratio : null;
    }

    /** Why the machine was unfit to judge the row; {@code null} if it was not. */
    private String unfit(List<Block> measured, String row, double estimate) {
        var ruler = SignedRank.of(pairs(measured, null));
        var moved = Math.abs(ruler.estimate());
        if (isSure(ruler) && moved >= MOVED * threshold || estimate >= threshold && moved >= EXPLAINS * estimate) {
            return String.format(Locale.ROOT,
                    "the machine was unfit: the ruler, which is pure JDK code, moved by %.1f %% between the sides",
                    percent(ruler.estimate()));
        }
        var nulls = SignedRank.of(measured.stream().flatMapToDouble(block -> DoubleStream.of(block.nulls(row)))
                .toArray());
        if (isSure(nulls) && Math.abs(nulls.estimate()) >= MOVED * threshold) {
            return String.format(Locale.ROOT,
                    "the machine was unfit: the same side moved by %.1f %% within blocks", percent(nulls.estimate()));
        }
        return null;
    }

    private static boolean isSure(SignedRank found) {
        return found.lower() > 0 || found.upper() < 0;
    }

    private static double percent(double log) {
        return 100 * Math.expm1(log);
    }

    /** What failed at first must fail again. */
    private static RowVerdict confirmed(RowVerdict first, RowVerdict again) {
        var isSame = again.verdict() == Verdict.FAIL;
        return new RowVerdict(first.name(), isSame ? Verdict.FAIL : Verdict.INCONCLUSIVE, again.ratio(), again.lower(),
                again.upper(), again.detectable(), again.base(), again.head(), first.unit(),
                first.pairs() + again.pairs(),
                isSame
                        ? String.format(Locale.ROOT, "slower by %.1f %%, and again by %.1f %% with fresh forks",
                                100 * (first.ratio() - 1), 100 * (again.ratio() - 1))
                        : String.format(Locale.ROOT, "slower by %.1f %% at first, but not again: %s",
                                100 * (first.ratio() - 1), again.because()));
    }

    private static double[] pairs(List<Block> measured, String row) {
        return measured.stream().flatMapToDouble(block -> DoubleStream.of(block.pairs(row))).toArray();
    }

    private static double median(List<Block> measured, String row, boolean base) {
        var values = measured.stream().flatMap(block -> Arrays.stream(block.of(base)))
                .mapToDouble(reading -> reading.rows().get(row)).sorted().toArray();
        var middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }
}
