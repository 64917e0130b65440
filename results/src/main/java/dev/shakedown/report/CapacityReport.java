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

/** A capacity as people read it: a sentence, a table, and a picture of the curve. */
public final class CapacityReport {
    private static final int COLUMNS = 60;
    private static final int ROWS = 12;

    private CapacityReport() {}

    public static String of(CapacityResult result) {
        var weak = RunWords.weak(result.negotiated());
        return (weak == null ? "" : Paragraph.of(weak.lead() + ": ", weak.words()))
                + Paragraph.of("", sentence(result))
                + moved(result).map(moved -> Paragraph.of("", moved)).orElse("") + "\n" + table(result.steps()) + "\n"
                + curve(result.steps());
    }

    /** What was found, in one sentence or two. */
    public static String sentence(CapacityResult result) {
        var capacity = result.capacity();
        var server = result.target().hostAndPort();
        var mix = mix(capacity);
        if (capacity.ratePerSecond() == 0) {
            return nothing(result, server + " holds " + capacity.objective(), mix);
        }
        var rate = String.format(Locale.ROOT, "%,.1f handshakes/s", capacity.ratePerSecond());
        var held = server + " holds " + capacity.objective() + " up to " + rate + " (mix " + mix + ")";
        return switch (capacity.limitedBy()) {
            case "server" ->
                held + "; " + missedByServer(result).filter(step -> step.ratePerSecond() > capacity.ratePerSecond())
                        .min(Comparator.comparingDouble(Step::ratePerSecond))
                        .map(step -> String.format(Locale.ROOT, "%,.1f/s are too many: ", step.ratePerSecond()))
                        .orElse("")
                        + capacity.because() + ".";
            case Capacity.INTERRUPTED -> "INTERRUPTED: " + held + " at least: " + capacity.because() + ".";
            case Capacity.GENERATOR -> held + (isConfirmed(result)
                    ? " at least; beyond that the generator is the limit, not the server: "
                    : " at least, as far as short runs tell: ") + capacity.because() + ".";
            default -> held + " at least: " + capacity.because() + ".";
        };
    }

    /** Full against resumed, such as {@code full=1 resumed=4}. */
    public static String mix(Capacity capacity) {
        var mix = capacity.mix();
        return mix == null ? "unknown" : "full=" + mix.full() + " resumed=" + mix.resumed();
    }

    /** What moved while the search measured it, in one sentence; empty if nothing did. */
    public static Optional<String> moved(CapacityResult result) {
        return Optional.ofNullable(result.capacity().machineMoved()).map(moved -> String.format(Locale.ROOT,
                "This machine moved while it was measured: the server took %,.0f to %,.0f µs of CPU for a handshake at"
                        + " rates within %.0f %% of each other, more than the precision of %s %%; look at the answer as"
                        + " that uncertain.",
                moved.lowMicros(), moved.highMicros(), 100 * MachineDrift.ALIKE,
                Units.plain(100 * result.capacity().precision())));
    }

    private static boolean isConfirmed(CapacityResult result) {
        var steps = result.steps();
        return !steps.isEmpty() && steps.getLast().held() && steps.getLast().purpose().equals("confirm");
    }

    private static Stream<Step> missedByServer(CapacityResult result) {
        return result.steps().stream().filter(step -> !step.held() && step.tellsOfServer());
    }

    /** Short runs may have held what no longer one did. */
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
                        "%s for %s s (mix %s): %s. For %s s it held up to %,.1f handshakes/s.", what,
                        Units.plain(steps.getLast().seconds()), mix, capacity.because(), Units.plain(best.seconds()),
                        best.ratePerSecond()))
                .orElse(what + " (mix " + mix + "): " + capacity.because() + "." + tooMany(result));
    }

    /** What the server missed is known even where the generator was at fault in all other runs. */
    private static String tooMany(CapacityResult result) {
        return result.capacity().limitedBy().equals(Capacity.GENERATOR)
                ? missedByServer(result).min(Comparator.comparingDouble(Step::ratePerSecond))
                        .map(step -> String.format(Locale.ROOT, " %,.1f/s are too many: %s.", step.ratePerSecond(),
                                step.missed()))
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
                    String.format(Locale.ROOT, "%.2f %%", 100 * step.failures()),
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

    /** 99th percentile over rate, both logarithmic: {@code o} held, {@code x} missed. */
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
        var text = new StringBuilder("p99 over the rate, both logarithmic: o held, x missed\n");
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
