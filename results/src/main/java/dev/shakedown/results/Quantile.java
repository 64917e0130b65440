package dev.shakedown.results;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The quantiles in results, from the lowest to the highest. */
public enum Quantile {
    P50("p50", 50, Distribution::p50),
    P90("p90", 90, Distribution::p90), //
    P95("p95", 95, Distribution::p95), //
    P99("p99", 99, Distribution::p99),
    P999("p99.9", 99.9, Distribution::p999);

    /** The number of samples that must lie beyond a quantile, so that a few handshakes do not decide it. */
    public static final int BEYOND = 100;

    private final String label;
    private final double percentile;
    private final Function<Distribution, @Nullable Double> micros;

    Quantile(String label, double percentile, Function<Distribution, @Nullable Double> micros) {
        this.label = label;
        this.percentile = percentile;
        this.micros = micros;
    }

    /** Returns the name as people write it: {@code p99.9}. */
    public String label() {
        return label;
    }

    /** Returns the name in JSON: {@code p999}. */
    public String jsonName() {
        return label.replace(".", "");
    }

    /** Returns the percentage of values that lie within it, 0 to 100. */
    public double percentile() {
        return percentile;
    }

    /** Returns its value in a distribution, microseconds; {@code null} where that is empty. */
    public @Nullable Double micros(Distribution distribution) {
        return micros.apply(distribution);
    }

    /** Whether at least {@value #BEYOND} of this number of samples lie beyond it. */
    public boolean isSupportedBy(long samples) {
        // Rounded, since 1 - 0.9 is less than a tenth.
        return Math.round(samples * (100 - percentile) * 1e6) >= Math.round(BEYOND * 100 * 1e6);
    }

    /** Returns the quantiles beyond which fewer than {@value #BEYOND} of the samples lie; none if there are none. */
    static List<Quantile> fewBeyond(long samples) {
        return samples == 0
                ? List.of()
                : Arrays.stream(values()).filter(quantile -> !quantile.isSupportedBy(samples)).toList();
    }
}
