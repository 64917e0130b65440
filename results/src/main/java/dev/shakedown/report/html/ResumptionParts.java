package dev.shakedown.report.html;

import dev.shakedown.report.SessionWords;
import dev.shakedown.report.Units;
import dev.shakedown.report.html.Chart.Axis;
import dev.shakedown.report.html.Chart.Form;
import dev.shakedown.report.html.Chart.Row;
import dev.shakedown.report.html.Chart.Scale;
import dev.shakedown.report.html.Chart.Unit;
import dev.shakedown.report.html.Page.Part;
import dev.shakedown.report.html.Page.Table;
import dev.shakedown.results.Distribution;
import dev.shakedown.results.Quantile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunSums;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outcomes of resumption and of what goes with it: tickets, early data, retries, and the first byte of an answer.
 */
final class ResumptionParts {
    private ResumptionParts() {}

    static List<Part> of(RunResult result, Setting.Names names) {
        var parts = new ArrayList<Part>();
        if (result.resumption().asked() > 0 || result.resumption().offered() > 0) {
            parts.add(resumption(result.resumption()));
        }
        var rows = new ArrayList<List<String>>();
        var early = result.earlyData();
        if (early != null) {
            row(rows, "early data offered", early.offered(), "with the ClientHello (RFC 8446, 2.3)");
            row(rows, "early data accepted", early.accepted(), "the server accepted it");
            row(rows, "early data rejected", early.rejected(), "the server did not");
            row(rows, "early data sent again", early.retried(), "rejected, then sent after the handshake");
        }
        var tickets = result.tickets();
        if (tickets != null) {
            row(rows, "tickets waited for", tickets.awaited(), "connections kept open after their handshake");
            row(rows, "tickets that came", tickets.came(), "by themselves");
            row(rows, "tickets after a request", tickets.afterRequest(), "only once a request was sent");
            row(rows, "tickets missing", tickets.missing(), "never came");
        }
        if (result.helloRetryRequests() > 0) {
            row(rows, "HelloRetryRequests", result.helloRetryRequests(),
                    "asked for another ClientHello, which costs a round trip");
        }
        if (!rows.isEmpty()) {
            parts.add(new Table("Early data, tickets and retries.", List.of("what", "arrivals", "meaning"), rows));
        }
        var advice = Stream.concat(SessionWords.closure(result).stream(), SessionWords.tickets(result).stream());
        var found = Stream.concat(advice.map(words -> words.in(names)), SessionWords.offers(result).stream())
                .map(List::of).toList();
        if (!found.isEmpty()) {
            parts.add(new Table("Remarks.", List.of("what"), found));
        }
        var firstBytes = new ArrayList<List<String>>();
        firstByte(firstBytes, "full", result.kinds().full().timeToFirstByteMicros());
        firstByte(firstBytes, early == null ? "resumed" : "resumed, without early data",
                result.kinds().resumed().timeToFirstByteMicros());
        firstByte(firstBytes, "resumed, with early data", early == null ? null : early.timeToFirstByteMicros());
        if (!firstBytes.isEmpty()) {
            parts.add(new Table("The first byte of an answer, from the planned start.",
                    List.of("kind", "count", "p50", "p90", "p99", "max"), firstBytes));
        }
        return parts;
    }

    private static void row(List<List<String>> rows, String name, long count, String meaning) {
        rows.add(List.of(name, Units.count(count), meaning));
    }

    private static void firstByte(List<List<String>> rows, String kind, @Nullable Distribution micros) {
        if (micros != null && micros.count() > 0) {
            rows.add(List.of(kind, Units.count(micros.count()), Units.quantile(micros, Quantile.P50),
                    Units.quantile(micros, Quantile.P90), Units.quantile(micros, Quantile.P99),
                    Units.time(micros.max())));
        }
    }

    private static Part resumption(RunSums.Resumption resumption) {
        return new Chart("resumption", "Outcomes of resumption",
                "Accepted: the wire shows a resumed handshake. Declined: a full handshake instead. Priming: no session"
                        + " to offer yet.",
                Form.BARS, new Axis("outcome", Scale.NAMES, Unit.NUMBER),
                new Axis("arrivals", Scale.LINEAR, Unit.NUMBER),
                List.of("arrivals"),
                List.of(bar("asked", resumption.asked()), bar("offered", resumption.offered()),
                        bar("accepted", resumption.accepted()), bar("declined", resumption.declined()),
                        bar("priming", resumption.priming())));
    }

    private static Row bar(String name, long count) {
        return Row.of(name, List.of((double) count));
    }
}
