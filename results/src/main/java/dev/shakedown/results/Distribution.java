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

    /** Any shorter time is in the histograms' first bucket: it cannot be told from any other such time. */
    public static final double LEAST_MICROS = 0.1;

    /** The names of those quantiles beyond which too few samples lie to be more than a few handshakes' doing. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public List<String> fewBeyond() {
        return Quantile.fewBeyond(count).stream().map(Quantile::jsonName).toList();
    }
}
