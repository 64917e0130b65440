package dev.shakedown.experiment;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.RunRows.ObjectiveTerm;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a server must hold, such as {@code p99<20ms,failures<0.1%}: latencies of all handshakes from their planned
 * start, and the share of those that did not complete.
 *
 * @param text  as given
 * @param terms all must hold
 */
public record Objective(String text, List<Term> terms) {
    /**
     * One condition of an objective.
     *
     * @param name      {@code failures}, or a figure of the latency, such as {@code p99}
     * @param limit     microseconds; for failures a share, 0 to 1
     * @param inclusive whether a value equal to the limit holds
     */
    public record Term(String name, double limit, boolean inclusive) {
        private @Nullable String missed(double failures, Distribution micros) {
            var judged = judge(failures, micros);
            if (judged.held()) {
                return null;
            }
            if (name.equals(FAILURES)) {
                return threeDigits(100 * failures) + " % failed";
            }
            return judged.measured() == null
                    ? "nothing completed"
                    : name + " " + threeDigits(judged.measured() / 1e3) + " ms";
        }

        private ObjectiveTerm judge(double failures, Distribution micros) {
            var measured = name.equals(FAILURES) ? (Double) failures : latency(name).apply(micros);
            return new ObjectiveTerm(name, limit, measured,
                    measured != null && (measured < limit || inclusive && measured == limit));
        }
    }

    private static final double PATIENCE = 10;
    private static final long LEAST_PATIENCE_NANOS = 1_000_000_000;
    private static final String FAILURES = "failures";
    private static final Pattern LATENCY = Pattern
            .compile("(p50|p90|p95|p99|p99\\.9|mean|max)<(=?)(\\d{1,9}(?:\\.\\d{1,6})?)(us|µs|ms|s)");
    private static final Pattern SHARE = Pattern.compile("failures<(=?)(\\d{1,3}(?:\\.\\d{1,9})?)%");

    /**
     * Parses an objective.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    public static Objective parse(String text) {
        var terms = new ArrayList<Term>();
        for (var part : text.replace(" ", "").split(",", -1)) {
            var latency = LATENCY.matcher(part);
            var share = SHARE.matcher(part);
            if (latency.matches()) {
                var micros = Double.parseDouble(latency.group(3)) * switch (latency.group(4)) {
                    case "s" -> 1e6;
                    case "ms" -> 1e3;
                    default -> 1;
                };
                terms.add(new Term(latency.group(1), micros, !latency.group(2).isEmpty()));
            } else if (share.matches() && Double.parseDouble(share.group(2)) <= 100) {
                terms.add(new Term(FAILURES, Double.parseDouble(share.group(2)) / 100, !share.group(1).isEmpty()));
            } else {
                throw new IllegalArgumentException(
                        "'" + part + "' is not an objective; write, for example, p99<20ms, p99.9<1s, max<50ms"
                                + " or failures<0.1%, with commas between several");
            }
        }
        if (terms.stream().anyMatch(term -> term.limit == 0 && !term.inclusive)) {
            throw new IllegalArgumentException("'" + text + "' cannot be held: something would have to be below 0");
        }
        return new Objective(text, terms);
    }

    /**
     * Describes the first condition that did not hold, with the measured value; {@code null} if all held.
     *
     * @param failures share of arrivals that did not complete, 0 to 1
     * @param micros   latency of those that did
     */
    @Nullable
    String missed(double failures, Distribution micros) {
        return terms.stream().map(term -> term.missed(failures, micros)).filter(Objects::nonNull).findFirst()
                .orElse(null);
    }

    /**
     * Judges each condition.
     *
     * @param failures share of arrivals that did not complete, 0 to 1
     * @param micros   latency of those that did
     */
    public List<ObjectiveTerm> judge(double failures, Distribution micros) {
        return terms.stream().map(term -> term.judge(failures, micros)).toList();
    }

    /** Whether the objective limits failures. */
    boolean limitsFailures() {
        return terms.stream().anyMatch(term -> term.name.equals(FAILURES));
    }

    /**
     * Returns after how long a handshake is not worth waiting for, nanoseconds: ten times the longest latency allowed,
     * at least a second.
     */
    public long patienceNanos() {
        return terms.stream().filter(term -> !term.name.equals(FAILURES)).mapToDouble(Term::limit).max().stream()
                .mapToLong(micros -> Math.max(LEAST_PATIENCE_NANOS, (long) (PATIENCE * micros * 1e3))).findFirst()
                .orElse(Long.MAX_VALUE);
    }

    /** Returns a figure rounded to three significant digits, such as {@code 0.123}, {@code 31.2} or {@code 1230}. */
    static String threeDigits(double value) {
        return new BigDecimal(value).round(new MathContext(3)).toPlainString();
    }

    private static Function<Distribution, @Nullable Double> latency(String name) {
        return switch (name) {
            case "p50" -> Distribution::p50;
            case "p90" -> Distribution::p90;
            case "p95" -> Distribution::p95;
            case "p99" -> Distribution::p99;
            case "p99.9" -> Distribution::p999;
            case "mean" -> Distribution::mean;
            default -> Distribution::max;
        };
    }
}
