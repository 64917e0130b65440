package dev.shakedown.gate;

import dev.shakedown.comparison.RowVerdict;
import dev.shakedown.gate.Block.Reading;
import dev.shakedown.comparison.RowVerdict.Verdict;
import dev.shakedown.report.Units;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.apache.commons.statistics.descriptive.Median;
import org.jspecify.annotations.Nullable;

/**
 * Judges time: forks of base and head in turn, in the same job on the same machine. No clock and no process is in here.
 *
 * <p>The unit is the pair of neighbouring forks. A row fails if the head is slower by the threshold or more and
 * surely (99 %) slower at all, and is so again with fresh forks; it passes if it is surely not slower by the threshold.
 * The gate looks after every block, once there are enough to see whether the machine moved, and stops as soon as all
 * rows are judged; since who looks often finds more by chance, a row fails before the last block only by a bound of
 * 99.9 % (Haybittle 1971, Peto 1976). Where the machine moved what cannot have moved (the ruler between the sides, or
 * one side within the blocks), nothing is judged.
 */
public final class TimeGate {
    /** What moved by this share of the threshold though it should not have is too much. */
    private static final double MOVED = 1.0 / 3;
    /** A ruler that moved by this share of what a row did explains too much of it. */
    private static final double EXPLAINS = 1.0 / 2;
    /** Before the last block. */
    private static final double EARLY_ALPHA = 0.001;
    /**
     * So much more in the slower half of the ruler's rounds than in the quicker quarter: somebody else has a part of
     * the machine.
     */
    private static final double CROWDED = Math.log(1.1);
    /** One side within the blocks is judged for base, head and both together, so each may err a third as often. */
    private static final double SAME_ALPHA = SignedRank.ALPHA / 3;
    /** The first look is after so many blocks: of fewer, none could show that both sides moved within them. */
    private static final int FIRST_LOOK = 5;

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
     * @param pairs     of forks at most, an even number
     * @param threshold share by which a row may be slower, such as 0.03
     * @param random    says which side is first in a block
     */
    public TimeGate(int pairs, double threshold, RandomGenerator random, Consumer<String> progress) {
        this.blocks = pairs / 2;
        this.threshold = Math.log1p(threshold);
        this.random = random;
        this.progress = progress;
    }

    /**
     * Measures until every row is judged, and measures again if any would fail.
     *
     * @param unit of a row
     */
    public List<RowVerdict> judge(Forks forks, UnaryOperator<String> unit) throws IOException {
        var first = measure(forks, unit, "");
        if (first.stream().noneMatch(row -> row.verdict() == Verdict.FAIL)) {
            return first;
        }
        var again = measure(forks, unit, "confirmation, ");
        return first.stream().map(row -> row.verdict() == Verdict.FAIL ? confirmed(row, again) : row).toList();
    }

    private List<RowVerdict> measure(Forks forks, UnaryOperator<String> unit, String prefix) throws IOException {
        var measured = new ArrayList<Block>();
        var begun = System.nanoTime();
        while (true) {
            var baseFirst = random.nextBoolean();
            var readings = new ArrayList<Reading>();
            for (var base : new boolean[]{baseFirst, !baseFirst, !baseFirst, baseFirst}) {
                progress.accept(left(System.nanoTime() - begun, measured.size()) + prefix + "block "
                        + (measured.size() + 1) + " of at most " + blocks + ": " + (base ? "base" : "head"));
                readings.add(forks.run(base));
            }
            measured.add(new Block(baseFirst, readings.get(0), readings.get(1), readings.get(2), readings.get(3)));
            var isLast = measured.size() >= blocks;
            if (isLast || measured.size() >= FIRST_LOOK) {
                var found = verdicts(measured, unit, isLast ? SignedRank.ALPHA : EARLY_ALPHA);
                if (isLast || found.stream().noneMatch(row -> row.verdict() == Verdict.INCONCLUSIVE)) {
                    return found;
                }
            }
        }
    }

    /** How long the others take, if those that are done tell. */
    private String left(long nanos, int done) {
        return done == 0 ? "" : "at most " + Units.wait(nanos / 1e9 / done * (blocks - done)) + " left, ";
    }

    /** @param alpha the chance that what fails is not slower */
    private List<RowVerdict> verdicts(List<Block> measured, UnaryOperator<String> unit, double alpha) {
        var rows = new TreeSet<String>();
        readings(measured).forEach(reading -> rows.addAll(reading.rows().keySet()));
        return rows.stream().map(row -> {
            var lacking = readings(measured).filter(reading -> !reading.rows().containsKey(row)).count();
            return lacking == 0
                    ? judge(measured, row, unit.apply(row), alpha)
                    : RowVerdict.incomparable(row, unit.apply(row),
                            "missing in " + lacking + " of " + 4 * measured.size() + " forks");
        }).toList();
    }

    private static Stream<Reading> readings(List<Block> measured) {
        return measured.stream()
                .flatMap(block -> Stream.of(block.first(), block.second(), block.third(), block.fourth()));
    }

    private RowVerdict judge(List<Block> measured, String row, String unit, double alpha) {
        var pairs = pairs(measured, reading -> reading.of(row));
        var found = SignedRank.of(pairs);
        var detectable = Math.max(threshold, found.estimate() - found.lower());
        var because = unfit(measured, row, found.estimate());
        var verdict = Verdict.INCONCLUSIVE;
        if (because != null) {
            because = "the machine was unfit: " + because;
        } else if (found.estimate() >= threshold && SignedRank.of(pairs, alpha).lower() > 0) {
            verdict = Verdict.FAIL;
            because = "slower";
        } else if (found.upper() < threshold) {
            verdict = Verdict.PASS;
            because = found.upper() < 0 ? "faster" : "not slower by the threshold";
        } else {
            because = Double.isInfinite(detectable)
                    ? "too few pairs for a bound"
                    : String.format(Locale.ROOT, "too noisy: %.1f %% would have been found", percent(detectable));
        }
        return new RowVerdict(row, verdict, Math.exp(found.estimate()), finite(Math.exp(found.lower())),
                finite(Math.exp(found.upper())),
                verdict == Verdict.INCONCLUSIVE ? finite(Math.exp(detectable)) : null, median(measured, row, true),
                median(measured, row, false), unit, 2 * measured.size(), because);
    }

    private static @Nullable Double finite(double ratio) {
        return ratio > 0 && Double.isFinite(ratio) ? ratio : null;
    }

    /** Why the machine was unfit to judge the row; {@code null} if it was not. */
    private @Nullable String unfit(List<Block> measured, String row, double estimate) {
        var crowd = SignedRank.of(pairs(measured, reading -> reading.ruler().crowd()));
        if (isMoved(crowd, CROWDED)) {
            return String.format(Locale.ROOT,
                    "beside the %s somebody else used the processors: the ruler's slower rounds moved by %.0f %%",
                    crowd.estimate() > 0 ? "head" : "base", Math.abs(percent(crowd.estimate())));
        }
        var ruler = SignedRank.of(pairs(measured, reading -> reading.ruler().nanos()));
        if (isMoved(ruler, MOVED * threshold) || estimate >= threshold && ruler.estimate() >= EXPLAINS * estimate) {
            return String.format(Locale.ROOT, "the ruler, which is pure JDK code, moved by %.1f %% between the sides",
                    percent(ruler.estimate()));
        }
        var base = same(measured, true, row);
        var head = same(measured, false, row);
        for (var differences : List.of(base, head,
                DoubleStream.concat(Arrays.stream(base), Arrays.stream(head)).toArray())) {
            var same = SignedRank.of(differences, SAME_ALPHA);
            if (isMoved(same, MOVED * threshold)) {
                return String.format(Locale.ROOT, "%s moved by %.1f %% within blocks",
                        differences == base
                                ? "the base itself"
                                : differences == head ? "the head itself" : "either side",
                        percent(same.estimate()));
            }
        }
        return null;
    }

    private static double[] same(List<Block> measured, boolean base, String row) {
        return measured.stream().mapToDouble(block -> block.same(base, row)).toArray();
    }

    private static boolean isMoved(SignedRank found, double least) {
        return (found.lower() > 0 || found.upper() < 0) && Math.abs(found.estimate()) >= least;
    }

    private static double percent(double log) {
        return 100 * Math.expm1(log);
    }

    /** What failed at first must fail again. */
    private static RowVerdict confirmed(RowVerdict first, List<RowVerdict> rows) {
        var again = rows.stream().filter(row -> row.name().equals(first.name())).findFirst()
                .orElseGet(() -> RowVerdict.incomparable(first.name(), first.unit(), "missing"));
        var isSame = again.verdict() == Verdict.FAIL;
        var slower = String.format(Locale.ROOT, "slower by %.1f %%", percentSlower(first));
        return new RowVerdict(first.name(), isSame ? Verdict.FAIL : Verdict.INCONCLUSIVE, again.ratio(), again.lower(),
                again.upper(), again.detectable(), again.base(), again.head(), first.unit(),
                first.pairs() + again.pairs(),
                slower + (isSame
                        ? String.format(Locale.ROOT, ", and again by %.1f %% with fresh forks",
                                percentSlower(again))
                        : " at first, but not again: " + again.because()));
    }

    /** Of a row that failed, which has a ratio. */
    private static double percentSlower(RowVerdict failed) {
        return 100 * (Objects.requireNonNull(failed.ratio()) - 1);
    }

    private static double[] pairs(List<Block> measured, ToDoubleFunction<Reading> figure) {
        return measured.stream().flatMapToDouble(block -> DoubleStream.of(block.pairs(figure))).toArray();
    }

    private static double median(List<Block> measured, String row, boolean base) {
        return Median.withDefaults().evaluate(measured.stream().flatMap(block -> Arrays.stream(block.of(base)))
                .mapToDouble(reading -> reading.of(row)).toArray());
    }
}
