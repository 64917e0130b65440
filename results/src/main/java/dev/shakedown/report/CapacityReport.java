package dev.shakedown.report;

import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CapacityResult.Capacity;
import dev.shakedown.experiment.CapacityResult.Step;
import dev.shakedown.experiment.MachineDrift;
import dev.shakedown.results.Quantile;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** A capacity as text: a sentence, a table, and a plot of the curve. */
public final class CapacityReport {
    private static final int COLUMNS = 60;
    private static final int ROWS = 12;

    private CapacityReport() {}

    public static String of(CapacityResult result) {
        var weak = RunWords.weak(result.negotiated());
        return (weak == null ? "" : Paragraph.of(weak.lead() + ": ", weak.words()))
                + Paragraph.of("", sentence(result))
                + drift(result).map(drift -> Paragraph.of("", drift)).orElse("") + "\n" + table(result.steps()) + "\n"
                + curve(result.steps());
    }

    /** Says what was found, in one or two sentences. */
    public static String sentence(CapacityResult result) {
        var capacity = result.capacity();
        var server = result.target().hostAndPort();
        var mix = mix(capacity);
        if (capacity.ratePerSecond() == 0) {
            return nothing(result, server + " holds " + capacity.objective(), mix);
        }
        var holds = server + " holds " + capacity.objective() + " up to ";
        var rate = Units.rate(capacity.ratePerSecond()) + " handshakes/s (mix " + mix + ")";
        var atLeast = holds + "at least " + rate;
        return switch (capacity.limitedBy()) {
            case "server" -> holds + rate + "; "
                    + missedByServer(result).filter(step -> step.ratePerSecond() > capacity.ratePerSecond())
                            .min(Comparator.comparingDouble(Step::ratePerSecond))
                            .map(step -> Units.rate(step.ratePerSecond()) + "/s is too much: ")
                            .orElse("")
                    + capacity.because() + ".";
            case Capacity.INTERRUPTED -> "INTERRUPTED: " + atLeast + ": " + capacity.because() + ".";
            case Capacity.GENERATOR -> atLeast + (isConfirmed(result)
                    ? "; beyond that the generator is the limit, not the server: "
                    : ", judging by short runs: ") + capacity.because() + ".";
            default -> atLeast + ": " + capacity.because() + ".";
        };
    }

    /** Returns the mix of full and resumed handshakes, such as {@code full=1 resumed=4}. */
    public static String mix(Capacity capacity) {
        var mix = capacity.mix();
        return mix == null ? "unknown" : "full=" + mix.full() + " resumed=" + mix.resumed();
    }

    /** Says how far the server's CPU time drifted during the search, in one sentence; empty if it did not. */
    public static Optional<String> drift(CapacityResult result) {
        return Optional.ofNullable(result.capacity().machineMoved()).map(drift -> String.format(Locale.ROOT,
                "This machine changed speed during the search: the server took %,.0f to %,.0f µs of CPU per handshake"
                        + " at rates within %.0f %% of each other. That spread exceeds the precision of %s %%; the"
                        + " answer is as uncertain.",
                drift.lowMicros(), drift.highMicros(), 100 * MachineDrift.ALIKE,
                Units.plain(100 * result.capacity().precision())));
    }

    private static boolean isConfirmed(CapacityResult result) {
        var steps = result.steps();
        return !steps.isEmpty() && steps.getLast().held() && steps.getLast().purpose().equals("confirm");
    }

    private static Stream<Step> missedByServer(CapacityResult result) {
        return result.steps().stream().filter(step -> !step.held() && step.tellsOfServer());
    }

    /** Says that no confirmed rate held; short runs may have held what no longer run did. */
    private static String nothing(CapacityResult result, String holds, String mix) {
        var capacity = result.capacity();
        var steps = result.steps();
        var what = switch (capacity.limitedBy()) {
            case Capacity.INTERRUPTED -> "INTERRUPTED: " + holds + " at no rate so far";
            case Capacity.GENERATOR -> "It is not known whether " + holds + " at any rate";
            default -> holds + " at no rate that was tried";
        };
        return steps.stream().filter(Step::held).max(Comparator.comparingDouble(Step::ratePerSecond))
                .map(best -> String.format(Locale.ROOT,
                        "%s for %s s (mix %s): %s. For %s s it held up to %s handshakes/s.", what,
                        Units.plain(steps.getLast().seconds()), mix, capacity.because(), Units.plain(best.seconds()),
                        Units.rate(best.ratePerSecond())))
                .orElse(what + " (mix " + mix + "): " + capacity.because() + "." + tooMany(result));
    }

    /** Says which rate the server missed, which is known even where the generator was at fault in all other runs. */
    private static String tooMany(CapacityResult result) {
        return result.capacity().limitedBy().equals(Capacity.GENERATOR)
                ? missedByServer(result).min(Comparator.comparingDouble(Step::ratePerSecond))
                        .map(step -> " " + Units.rate(step.ratePerSecond()) + "/s is too much: " + step.missed() + ".")
                        .orElse("")
                : "";
    }

    private static String table(List<Step> steps) {
        var table = new TextTable();
        table.row("offered/s", "", "held", "completed/s", "p50", "p99", "failures", "server CPU", "");
        for (var step : steps) {
            table.row(Units.rate(step.ratePerSecond()), step.purpose(), step.held() ? "yes" : "no",
                    Units.rate(step.achievedPerSecond()), Units.quantile(step.latencyMicros(), Quantile.P50),
                    Units.quantile(step.latencyMicros(), Quantile.P99),
                    Units.percent(step.failures()),
                    step.serverCpuCores() == null ? Units.NONE : Units.number(step.serverCpuCores()) + " cores",
                    step.unfitBecause() != null ? "unfit" : "");
        }
        return table.text() + steps.stream().map(Step::serverCpuWithheldBecause).filter(Objects::nonNull).findFirst()
                .map(because -> Paragraph.of("", "Server CPU is withheld where there is a dash: " + because + "."))
                .orElse("");
    }

    private record Point(double ratePerSecond, double p99Micros, boolean held) {
        static Stream<Point> of(Step step) {
            var p99 = step.latencyMicros().p99();
            return p99 == null ? Stream.of() : Stream.of(new Point(step.ratePerSecond(), p99, step.held()));
        }
    }

    /** Plots the 99th percentile against the rate, both on logarithmic scales: {@code o} held, {@code x} missed. */
    private static String curve(List<Step> steps) {
        var points = steps.stream().flatMap(Point::of).sorted(Comparator.comparingDouble(Point::ratePerSecond))
                .toList();
        if (points.size() < 2 || points.getFirst().ratePerSecond() == points.getLast().ratePerSecond()) {
            return "";
        }
        var lowest = points.stream().mapToDouble(Point::p99Micros).min().orElseThrow();
        var highest = Math.max(1.1 * lowest,
                points.stream().mapToDouble(Point::p99Micros).max().orElseThrow());
        var grid = new char[ROWS][COLUMNS];
        for (var row : grid) {
            Arrays.fill(row, ' ');
        }
        for (var point : points) {
            var column = place(point.ratePerSecond(), points.getFirst().ratePerSecond(),
                    points.getLast().ratePerSecond(),
                    COLUMNS);
            var row = ROWS - 1 - place(point.p99Micros(), lowest, highest, ROWS);
            grid[row][column] = point.held() ? 'o' : 'x';
        }
        var text = new StringBuilder("p99 against the rate, both on logarithmic scales: o held, x missed\n");
        for (var row = 0; row < ROWS; row++) {
            var label = row == 0 ? Units.time(highest) : row == ROWS - 1 ? Units.time(lowest) : "";
            text.append(String.format("%9s |%s", label, new String(grid[row]).stripTrailing())).append('\n');
        }
        var from = Units.rate(points.getFirst().ratePerSecond());
        var to = Units.rate(points.getLast().ratePerSecond()) + "/s";
        return text.append(" ".repeat(10)).append('+').append("-".repeat(COLUMNS)).append('\n').append(" ".repeat(11))
                .append(from).append(" ".repeat(Math.max(1, COLUMNS - from.length() - to.length()))).append(to)
                .append('\n').toString();
    }

    private static int place(double value, double from, double to, int places) {
        return (int) Math.round(Math.log(value / from) / Math.log(to / from) * (places - 1));
    }
}
