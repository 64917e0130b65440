package dev.shakedown.report;

import dev.shakedown.report.Screen.Need;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.KindResult;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A run on one screen: what was loaded, how long each kind of handshake took, where the time went, and in its last
 * lines whether the figures can be trusted.
 */
public final class RunScreen {
    private static final int MOST_PARTS = 4;
    private static final int MOST_FAILURES = 3;
    private static final int MOST_REASONS = 2;

    private final RunResult result;
    private final Setting.Names names;
    private final Screen screen = new Screen();

    private RunScreen(RunResult result, Setting.Names names) {
        this.result = result;
        this.names = names;
    }

    /**
     * Returns the screen, every line ending with a line feed.
     *
     * @param names by which advice calls settings
     */
    public static String of(RunResult result, Setting.Names names, FurtherReading further) {
        return new RunScreen(result, names).write(further);
    }

    /** Sums a run up in a few words. */
    public static String brief(RunResult result) {
        return Fitness.word(result) + "  p99 " + Units.time(result.kinds().full().latencyMicros().p99()) + " / "
                + Units.time(result.kinds().resumed().latencyMicros().p99()) + "  " + result.target().hostAndPort();
    }

    private String write(FurtherReading further) {
        screen.row(Need.ESSENTIAL, 2, head());
        screen.row(Need.ESSENTIAL, 2, load());
        if (RunWords.weak(result) instanceof RunWords.Warning(var lead, var words)) {
            screen.words(Need.USEFUL, 2, lead + ": ", words);
        }
        screen.gap();
        if (result.outcomes().completed() > 0) {
            kinds();
            screen.gap();
            screen.phases("full", result.kinds().full().phases());
            screen.phases("resumed", result.kinds().resumed().phases());
            parts();
        }
        RunWords.higherVersion(result).ifPresent(words -> screen.words(Need.USEFUL, 2, "versions: ", words.in(names)));
        resumption();
        costs();
        screen.gap();
        failures();
        if (!result.rows().objective().isEmpty()) {
            screen.words(Need.ESSENTIAL, 2, "objective  ", ObjectiveWords.of(result.rows().objective()));
        }
        var reasons = Fitness.reasons(result, names).stream().limit(MOST_REASONS).toList();
        for (var reason : reasons) {
            screen.words(reason.equals(reasons.getFirst()) ? Need.ESSENTIAL : Need.USEFUL, 3, "", reason);
        }
        Fitness.remedy(result, names).ifPresent(words -> screen.words(Need.ESSENTIAL, 1, "", words));
        screen.row(Need.ESSENTIAL, 2, List.of(Fitness.word(result), "page " + further.page(),
                "more: " + further.details()));
        return screen.text();
    }

    /** Says what was loaded. */
    private List<String> head() {
        var pieces = new ArrayList<>(SetupWords.loaded(result.target(), result.negotiated()));
        if (result.targets() != null) {
            pieces.add(1, "and " + Units.count(result.targets().size() - 1, "server") + " more");
        }
        var certificate = SetupWords.several(
                result.certificates().stream().map(own -> SetupWords.printable(own.key() + " " + own.name())));
        if (!certificate.isEmpty()) {
            pieces.add("cert " + certificate);
        }
        return pieces;
    }

    /** Says what load was asked for, and how the arrivals ended. */
    private List<String> load() {
        var outcomes = result.outcomes();
        var rate = Stream.of(result.kinds().full(), result.kinds().resumed()).map(KindResult::ratePerSecond)
                .filter(Objects::nonNull).mapToDouble(each -> each).sum();
        var pieces = new ArrayList<String>();
        pieces.add(result.unfinished()
                ? Units.count(outcomes.completed()) + " had completed"
                : outcomes.completed() == outcomes.planned()
                        ? "all " + Units.count(outcomes.planned()) + " completed"
                        : Units.count(outcomes.completed()) + " of " + Units.count(outcomes.planned()) + " completed");
        if (outcomes.completed() > 0) {
            pieces.set(0, pieces.getFirst() + ", " + Units.rate(rate) + "/s");
        }
        pieces.addFirst(SetupWords.asked(result.plan().shape()) + ":");
        addUnlessZero(pieces, outcomes.failed(), " failed");
        addUnlessZero(pieces, outcomes.timedOut(), " timed out");
        addUnlessZero(pieces, outcomes.cancelled(), " cancelled");
        addUnlessZero(pieces, outcomes.unsent(), " unsent");
        return pieces;
    }

    private static void addUnlessZero(List<String> pieces, long count, String what) {
        if (count > 0) {
            pieces.add(Units.count(count) + what);
        }
    }

    private void kinds() {
        var table = new TextTable();
        table.row("", "n", "p50", "p90", "p99", "p99.9", "bytes");
        kind(table, "full", result.kinds().full());
        kind(table, "resumed", result.kinds().resumed());
        screen.table(Need.ESSENTIAL, table);
        screen.words(Need.USEFUL, 3, "", FullAgainstResumed.sentence(result));
    }

    private static void kind(TextTable table, String name, KindResult kind) {
        var latency = kind.latencyMicros();
        table.row(name, Units.count(kind.completed()), Units.quantile(latency, Quantile.P50),
                Units.quantile(latency, Quantile.P90), Units.quantile(latency, Quantile.P99),
                Units.quantile(latency, Quantile.P999),
                kind.completed() == 0 || kind.bytesSent() == null || kind.bytesReceived() == null
                        ? Units.NONE
                        : Units.count(Math.round(kind.bytesSent() + kind.bytesReceived())));
    }

    /** Breaks the run down by server, name or version, where there are several. */
    private void parts() {
        if (result.targets() != null) {
            part("server", result.targets(), row -> new String[]{row.target().hostAndPort(),
                Units.count(row.outcomes().completed()),
                Units.count(row.outcomes().planned() - row.outcomes().completed()),
                Units.quantile(row.full().latencyMicros(), Quantile.P99),
                Units.quantile(row.resumed().latencyMicros(), Quantile.P99)});
        }
        if (result.names() != null) {
            part("name", result.names(), row -> new String[]{Objects.requireNonNullElse(row.name(), "none"),
                Units.count(row.outcomes().completed()),
                Units.count(row.outcomes().planned() - row.outcomes().completed()),
                Units.quantile(row.fullLatencyMicros(), Quantile.P99),
                Units.quantile(row.resumedLatencyMicros(), Quantile.P99)});
        }
        if (result.versions() != null) {
            part("version", result.versions(), row -> new String[]{row.version(), Units.count(row.completed()),
                Units.NONE, Units.quantile(row.fullLatencyMicros(), Quantile.P99),
                Units.quantile(row.resumedLatencyMicros(), Quantile.P99)});
        }
    }

    private <R> void part(String what, List<R> rows, Function<R, String[]> cells) {
        var table = new TextTable();
        table.row(what, "completed", "failed", "full p99", "resumed p99");
        rows.stream().limit(MOST_PARTS).map(cells).forEach(table::row);
        screen.table(Need.USEFUL, table);
        if (rows.size() > MOST_PARTS) {
            screen.words(Need.EXTRA, 1, "  ", "and " + Units.count(rows.size() - MOST_PARTS, what) + " more");
        }
    }

    private void resumption() {
        var resumption = result.resumption();
        if (result.outcomes().completed() > 0 && resumption.asked() > 0 || resumption.offered() > 0) {
            screen.words(Need.USEFUL, 2, "resumption      ",
                    Units.count(resumption.accepted()) + " of " + Units.count(resumption.offered(), "session")
                            + " resumed" + (resumption.offered() == 0
                                    ? ""
                                    : " (" + Units.share(resumption.accepted(), resumption.offered()) + ")")
                            + (resumption.priming() == 0
                                    ? ""
                                    : ", " + Units.count(resumption.priming()) + " had none to offer"));
        }
        SessionWords.closure(result).ifPresent(words -> screen.words(Need.EXTRA, 2, "                ",
                words.in(names)));
        var early = result.earlyData();
        if (early != null) {
            screen.words(Need.USEFUL, 1, "early data      ", Units.count(early.accepted()) + " of "
                    + Units.count(early.offered()) + " accepted"
                    + (early.timeToFirstByteMicros().count() == 0
                            ? ""
                            : ", first byte p50 " + Units.time(early.timeToFirstByteMicros().p50())));
        }
        SessionWords.offers(result).forEach(words -> screen.words(Need.EXTRA, 2, "", words));
    }

    private void costs() {
        var server = result.server();
        if (server != null) {
            screen.words(Need.USEFUL, 2, "server          ", server.withheldBecause() == null
                    ? "CPU " + Units.time(server.cpuMicrosPerHandshake()) + " per handshake, "
                            + Units.number(server.cpuCores()) + " cores, pid " + server.pid()
                    : "CPU withheld: " + server.withheldBecause());
        }
        var generator = result.generator();
        if (generator.cpuMicrosPerHandshake() != null || generator.loopLagMicros().count() > 0) {
            screen.words(Need.USEFUL, 2, "generator       ",
                    "CPU " + Units.time(generator.cpuMicrosPerHandshake()) + " per handshake, "
                            + Units.number(generator.cpuCores()) + " cores, "
                            + Units.count(generator.threads(), "thread") + ", lag p99 "
                            + Units.time(generator.loopLagMicros().p99()));
        }
    }

    private void failures() {
        var shown = result.failures().stream().limit(MOST_FAILURES).toList();
        for (var failure : shown) {
            // The first is the most frequent.
            screen.words(failure.equals(shown.getFirst()) ? Need.ESSENTIAL : Need.USEFUL, 2, "failed  ",
                    Units.count(failure.count()) + " at " + failure.stage() + ", " + failure.direction() + " "
                            + failure.cause() + (failure.meaning() == null ? "" : ": " + failure.meaning()));
        }
        var more = result.failures().size() - MOST_FAILURES;
        if (more > 0) {
            screen.words(Need.USEFUL, 1, "failed  ", "in " + Units.count(more, "other way"));
        }
        counted("timed out  ", result.timeouts(), row -> Units.count(row.count()) + " waiting at " + row.stage());
        counted("unsent  ", result.unsentReasons(),
                row -> Units.count(row.count()) + " " + RunWords.unsent(row.reason()).in(names));
        var trace = result.setup().traceCommand();
        if (trace != null && !(result.failures().isEmpty() && result.timeouts().isEmpty())) {
            screen.words(Need.USEFUL, 1, "", "To see such a handshake message by message:");
            screen.command(Need.ESSENTIAL, "  ", trace);
        }
    }

    private <R> void counted(String lead, List<R> rows, Function<R, String> words) {
        if (!rows.isEmpty()) {
            screen.words(Need.USEFUL, 2, lead, words.apply(rows.getFirst())
                    + (rows.size() == 1 ? "" : ", and for " + Units.count(rows.size() - 1, "other reason")));
        }
    }
}
