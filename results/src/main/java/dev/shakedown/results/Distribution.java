package dev.shakedown.results;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A histogram's figures, to three digits; all but {@code count} are {@code null} where it is empty. */
public record Distribution(long count, @Nullable Double mean, @Nullable Double min, @Nullable Double p50,
        @Nullable Double p90, @Nullable Double p95, @Nullable Double p99,
        @Nullable Double p999, @Nullable Double max) {
    public static final Distribution EMPTY = new Distribution(0, null, null, null, null, null, null, null,
            null);

    /** Shorter times are all in the first bucket of the histograms, and cannot be told apart. */
    public static final double LEAST_MICROS = 0.1;

    /** Returns the names of the quantiles beyond which so few samples lie that a few handshakes decide them. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public List<String> fewBeyond() {
        return Quantile.fewBeyond(count).stream().map(Quantile::jsonName).toList();
    }
}
