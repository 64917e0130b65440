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
 * Judges time by alternating forks of base and head, in the same job on the same machine. It starts no process itself.
 *
 * <p>The unit is the pair of neighbouring forks. A row fails if the head is slower by the threshold or more and, with
 * 99 % confidence, slower at all, and is so again with fresh forks; it passes if with 99 % confidence it is not slower
 * by the threshold. The gate judges after every block, once there are enough to see whether the machine changed, and
 * stops as soon as all rows are judged. Since repeated looks find more by chance, a row fails before the last block
 * only by a bound of 99.9 % (Haybittle 1971, Peto 1976). Where something changed that should be constant (the ruler
 * between the sides, or one side within the blocks), nothing is judged.
 */
public final class TimeGate {
    /** The tolerated change of what should be constant, as a share of the threshold. */
    private static final double MOVED = 1.0 / 3;
    /** A ruler that changed by this share of the row's change explains too much of it. */
    private static final double EXPLAINS = 1.0 / 2;
    /** The chance that a bound is wrong before the last block. */
    private static final double EARLY_ALPHA = 0.001;
    /** A difference of {@linkplain Ruler#crowd crowds} from which another process counts as using the machine. */
    private static final double CROWDED = Math.log(1.1);
    /** Changes within the blocks are tested for base, head and both together, so each may err a third as often. */
    private static final double SAME_ALPHA = SignedRank.ALPHA / 3;
    /** Blocks before the first look: fewer could not show that both sides changed within them. */
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
     * Makes a gate.
     *
     * @param pairs     of forks at most, an even number
     * @param threshold share by which a row may be slower, such as 0.03
     * @param random    decides which side is first in a block
     * @param progress  takes a line before each fork
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

    /** Estimates how long the remaining blocks take, from those that are done. */
    private String left(long nanos, int done) {
        return done == 0 ? "" : "at most " + Units.wait(nanos / 1e9 / done * (blocks - done)) + " left, ";
    }

    /** @param alpha the chance that a failing row is not slower */
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
                    : String.format(Locale.ROOT, "too noisy: only %.1f %% or more would have been detected",
                            percent(detectable));
        }
        return new RowVerdict(row, verdict, Math.exp(found.estimate()), finite(Math.exp(found.lower())),
                finite(Math.exp(found.upper())),
                verdict == Verdict.INCONCLUSIVE ? finite(Math.exp(detectable)) : null, median(measured, row, true),
                median(measured, row, false), unit, 2 * measured.size(), because);
    }

    private static @Nullable Double finite(double ratio) {
        return ratio > 0 && Double.isFinite(ratio) ? ratio : null;
    }

    /** Says why the machine was unfit to judge the row; {@code null} if it was fit. */
    private @Nullable String unfit(List<Block> measured, String row, double estimate) {
        var crowd = SignedRank.of(pairs(measured, reading -> reading.ruler().crowd()));
        if (isMoved(crowd, CROWDED)) {
            return String.format(Locale.ROOT,
                    "another process used the processors beside the %s: the ruler's slower rounds changed by %.0f %%",
                    crowd.estimate() > 0 ? "head" : "base", Math.abs(percent(crowd.estimate())));
        }
        var ruler = SignedRank.of(pairs(measured, reading -> reading.ruler().nanos()));
        if (isMoved(ruler, MOVED * threshold) || estimate >= threshold && ruler.estimate() >= EXPLAINS * estimate) {
            return String.format(Locale.ROOT, "the ruler, which is pure JDK code, changed by %.1f %% between the sides",
                    percent(ruler.estimate()));
        }
        var base = same(measured, true, row);
        var head = same(measured, false, row);
        for (var differences : List.of(base, head,
                DoubleStream.concat(Arrays.stream(base), Arrays.stream(head)).toArray())) {
            var same = SignedRank.of(differences, SAME_ALPHA);
            if (isMoved(same, MOVED * threshold)) {
                return String.format(Locale.ROOT, "%s changed by %.1f %% within blocks",
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

    /** Returns the verdict on a row that failed at first, and must fail again. */
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

    /** Returns by how many percent a failed row, which has a ratio, is slower. */
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
