package dev.shakedown.report;

import dev.shakedown.results.Distribution;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.Mark;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums.KindResult;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.Setting;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A run's result as text for a terminal of 100 columns. What was not measured is a dash, never a zero. */
public final class TextReport {
    private final RunResult result;
    private final Setting.Names names;
    private final StringBuilder text = new StringBuilder();

    private TextReport(RunResult result, Setting.Names names) {
        this.result = result;
        this.names = names;
    }

    /** Returns the report, every line ending with a line feed, with advice in the settings' own names. */
    public static String of(RunResult result) {
        return of(result, Setting.Names.OWN);
    }

    /** Returns the report, every line ending with a line feed, with advice that calls settings by {@code names}. */
    public static String of(RunResult result, Setting.Names names) {
        return new TextReport(result, names).write();
    }

    private String write() {
        RunWords.warnings(result, names).forEach(warning -> paragraph(warning.lead() + ": ", warning.words()));
        heading();
        text.append('\n');
        kinds();
        text.append('\n');
        phases();
        if (result.unfinished()) {
            figures("generator: ", "loop lag p99 "
                    + Units.quantile(result.generator().loopLagMicros(), Quantile.P99));
            return text.toString();
        }
        loadPhases();
        targets();
        text.append(RowTables.of(result));
        outcomes();
        resumption();
        beyondTheHandshake();
        SessionWords.offers(result).forEach(words -> paragraph("", words));
        costs();
        text.append('\n');
        paragraph("", FullAgainstResumed.sentence(result));
        return text.toString();
    }

    private void heading() {
        paragraph("target: ", RunWords.target(result));
        if (result.target().authorizedBy() != null) {
            paragraph("authorized by: ", result.target().authorizedBy());
        }
        RunWords.negotiated(result).forEach(agreed -> paragraph("negotiated: ", agreed));
        var weak = RunWords.weak(result);
        if (weak != null) {
            paragraph(weak.lead() + ": ", weak.words());
        }
        RunWords.certificates(result).forEach(certificate -> paragraph("certificate: ", certificate));
        RunWords.higherVersion(result).ifPresent(words -> paragraph("versions: ", words.in(names)));
        result.setup().leftOut()
                .forEach(each -> paragraph("left out: ",
                        HostPort.of(Objects.requireNonNullElse(each.target().address(), each.target().host()),
                                each.target().port()) + ", " + each.cause().replace('_', ' ')));
        paragraph("client: ", RunWords.client(result));
        paragraph("load: ", RunWords.load(result));
    }

    private void kinds() {
        var table = new TextTable();
        table.row("latency", "count", "completed/s", "p50", "p90", "p99", "p99.9", "max");
        kind(table, "full", result.kinds().full());
        kind(table, "resumed", result.kinds().resumed());
        text.append(table.text());
        paragraph("  ", "completed/s counts handshakes that finished within the measured time. "
                + (result.plan().shape().ratePerSecond() != null
                        ? "Latency runs from the planned start, so it includes every delay, the generator's too."
                        : "Latency runs from the planned start, which in a closed loop is the end of the slot's"
                                + " previous"
                                + " handshake."));
    }

    private static void kind(TextTable table, String name, KindResult kind) {
        var latency = kind.latencyMicros();
        table.row(name, Units.count(kind.completed()),
                kind.completed() == 0 ? Units.NONE : Units.rate(kind.ratePerSecond()),
                Units.quantile(latency, Quantile.P50), Units.quantile(latency, Quantile.P90),
                Units.quantile(latency, Quantile.P99), Units.quantile(latency, Quantile.P999),
                Units.time(latency.max()));
    }

    private void phases() {
        var full = result.kinds().full().phases();
        var resumed = result.kinds().resumed().phases();
        if (full.isEmpty() && resumed.isEmpty()) {
            return;
        }
        var table = new TextTable();
        table.row("phase", "full p50", "full p99", "resumed p50", "resumed p99");
        for (var mark : Mark.values()) {
            var name = mark.label();
            if (full.containsKey(name) || resumed.containsKey(name)) {
                var ofFull = full.getOrDefault(name, Distribution.EMPTY);
                var ofResumed = resumed.getOrDefault(name, Distribution.EMPTY);
                table.row(name, Units.quantile(ofFull, Quantile.P50), Units.quantile(ofFull, Quantile.P99),
                        Units.quantile(ofResumed, Quantile.P50), Units.quantile(ofResumed, Quantile.P99));
            }
        }
        text.append(table.text());
        paragraph("  ", "A phase ends with the event it is named after, and starts where the one before it ended.");
        text.append('\n');
    }

    private void targets() {
        if (result.targets() == null) {
            return;
        }
        var table = new TextTable();
        table.row("target", "completed/s", "failed", "full p50", "full p99", "resumed p50", "resumed p99", "accepted");
        for (var row : result.targets()) {
            table.row(row.target().hostAndPort(), Units.rate(row.ratePerSecond()),
                    Units.count(row.outcomes().planned() - row.outcomes().completed()),
                    Units.quantile(row.full().latencyMicros(), Quantile.P50),
                    Units.quantile(row.full().latencyMicros(), Quantile.P99),
                    Units.quantile(row.resumed().latencyMicros(), Quantile.P50),
                    Units.quantile(row.resumed().latencyMicros(), Quantile.P99),
                    Units.share(row.resumption().accepted(), row.resumption().offered()));
        }
        text.append(table.text());
        paragraph("  ",
                "Servers take turns; failed counts all that did not complete, accepted is the share of offered sessions"
                        + " that were resumed.");
        text.append('\n');
    }

    private void loadPhases() {
        if (result.loadPhases() == null) {
            return;
        }
        var table = new TextTable();
        table.row("load phase", "offered/s", "completed/s", "failed", "p50", "p99", "max");
        for (var phase : result.loadPhases()) {
            var latency = phase.latencyMicros();
            table.row(phase.name(), Units.plain(phase.fromPerSecond()) + (phase.fromPerSecond() == phase.toPerSecond()
                    ? ""
                    : "-" + Units.plain(phase.toPerSecond())), Units.rate(phase.ratePerSecond()),
                    Units.count(phase.outcomes().planned() - phase.outcomes().completed()),
                    Units.quantile(latency, Quantile.P50), Units.quantile(latency, Quantile.P99),
                    Units.time(latency.max()));
        }
        text.append(table.text());
        paragraph("  ",
                "An arrival counts in the phase in which it was due; failed counts all that did not complete.");
        text.append('\n');
    }

    private void outcomes() {
        var outcomes = result.outcomes();
        paragraph("arrivals: ",
                Units.count(outcomes.planned()) + " planned = " + Units.count(outcomes.completed()) + " completed + "
                        + Units.count(outcomes.failed()) + " failed + " + Units.count(outcomes.timedOut())
                        + " timed out + " + Units.count(outcomes.cancelled()) + " cancelled + "
                        + Units.count(outcomes.unsent()) + " unsent");
        var failures = FailureRows.of(result.failures());
        for (var failure : failures.first()) {
            paragraph("  failed: ", Units.count(failure.count()) + " at " + failure.stage() + ", "
                    + failure.direction() + " " + failure.cause()
                    + (failure.meaning() == null ? "" : ": " + failure.meaning()));
        }
        failures.rest().ifPresent(words -> paragraph("  failed: ", words));
        for (var timeout : result.timeouts()) {
            paragraph("  timed out: ", Units.count(timeout.count()) + " waiting at " + timeout.stage());
        }
        for (var unsent : result.unsentReasons()) {
            paragraph("  unsent: ", Units.count(unsent.count()) + " " + RunWords.unsent(unsent.reason()).in(names));
        }
    }

    private void resumption() {
        var resumption = result.resumption();
        if (resumption.asked() == 0 && resumption.offered() == 0) {
            return;
        }
        paragraph("resumption: ",
                Units.count(resumption.asked()) + " asked, " + Units.count(resumption.offered()) + " offered, "
                        + Units.count(resumption.accepted()) + " accepted, " + Units.count(resumption.declined())
                        + " declined, " + Units.count(resumption.priming()) + " priming (no session to offer)"
                        + (resumption.offered() == 0
                                ? ""
                                : "; the server resumed " + Units.share(resumption.accepted(), resumption.offered())
                                        + " of those offered"));
        SessionWords.closure(result).ifPresent(words -> paragraph("  sessions: ", words.in(names)));
    }

    private void beyondTheHandshake() {
        if (result.helloRetryRequests() > 0) {
            paragraph("retries: ", "for " + Units.count(result.helloRetryRequests(), "arrival") + " the server asked"
                    + " for another ClientHello, which costs a round trip (phase helloRetryRequest)");
        }
        var tickets = result.tickets();
        if (tickets != null) {
            paragraph("tickets: ", Units.count(tickets.awaited()) + " waited for, " + Units.count(tickets.came())
                    + " came by themselves, " + Units.count(tickets.afterRequest())
                    + " only after a request was sent, " + Units.count(tickets.missing()) + " never came");
        }
        SessionWords.tickets(result).forEach(words -> paragraph("  tickets: ", words.in(names)));
        var early = result.earlyData();
        if (early != null) {
            paragraph("early data: ", Units.count(early.offered()) + " offered, " + Units.count(early.accepted())
                    + " accepted, " + Units.count(early.rejected()) + " rejected, " + Units.count(early.retried())
                    + " of them sent again after the handshake"
                    + (early.offered() == 0 ? " (none of the server's tickets allowed it)" : ""));
        }
        firstBytes(early);
    }

    private void firstBytes(RunSums.@Nullable EarlyData early) {
        var parts = new StringJoiner(", ");
        firstByte(parts, "full", result.kinds().full().timeToFirstByteMicros());
        firstByte(parts, early == null ? "resumed" : "resumed without early data",
                result.kinds().resumed().timeToFirstByteMicros());
        firstByte(parts, "resumed with early data", early == null ? null : early.timeToFirstByteMicros());
        if (parts.length() > 0) {
            figures("first byte: ", "of the answer, from the planned start, p50 / p99: " + parts);
        }
    }

    private static void firstByte(StringJoiner parts, String kind, @Nullable Distribution micros) {
        if (micros != null && micros.count() > 0) {
            parts.add(kind + " " + Units.quantile(micros, Quantile.P50) + " / "
                    + Units.quantile(micros, Quantile.P99));
        }
    }

    private void costs() {
        var generator = result.generator();
        figures("generator: ",
                "CPU per handshake " + Units.time(generator.cpuMicrosPerHandshake()) + ", cores busy "
                        + Units.number(generator.cpuCores()) + ", loop lag p99 "
                        + Units.quantile(generator.loopLagMicros(), Quantile.P99)
                        + RunWords.health(generator.health()));
        var server = result.server();
        if (server != null) {
            paragraph("server: ", "CPU per handshake " + Units.time(server.cpuMicrosPerHandshake()) + ", cores busy "
                    + Units.number(server.cpuCores()) + ", pid " + server.pid()
                    + (server.withheldBecause() == null ? "" : "; withheld: " + server.withheldBecause() + "."));
        }
    }

    /** Adds a paragraph, and the footnotes of its figures unless they stand above. */
    private void figures(String lead, String words) {
        paragraph(lead, words);
        for (var note : Footnote.of(List.of(words))) {
            var lines = Paragraph.of("  ", note);
            text.append(text.indexOf(lines) < 0 ? lines : "");
        }
    }

    /** Adds words, wrapped, with lines after the first indented by the length of {@code lead}. */
    private void paragraph(String lead, String words) {
        text.append(Paragraph.of(lead, words));
    }
}
