package dev.shakedown.report;

import dev.shakedown.results.Mark;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunResult.Distribution;
import dev.shakedown.results.RunResult.KindResult;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A result as text for a terminal of 100 columns. What was not measured is a dash, never a zero. */
public final class TextReport {
    /** Versions and suites that protect nothing today. */
    private static final Pattern WEAK = Pattern.compile("SSLv3|TLSv1\\.[01]|_RC4_|_3DES_|_NULL_|_MD5");

    private final RunResult result;
    private final StringBuilder text = new StringBuilder();

    private TextReport(RunResult result) {
        this.result = result;
    }

    /** The report, every line ending with a line feed. */
    public static String of(RunResult result) {
        return new TextReport(result).write();
    }

    private String write() {
        warnings();
        heading();
        text.append('\n');
        kinds();
        text.append('\n');
        phases();
        loadPhases();
        targets();
        outcomes();
        resumption();
        beyondTheHandshake();
        costs();
        text.append('\n');
        paragraph("", FullAgainstResumed.sentence(result));
        return text.toString();
    }

    private void warnings() {
        var generator = result.generator();
        if (generator.saturated()) {
            paragraph("UNFIT: ", "the generator was the bottleneck"
                    + (generator.saturatedBecause() == null ? "" : ", because " + generator.saturatedBecause())
                    + "; these figures say what the client could do, not what the server can.");
        }
        if (result.missedRate()) {
            paragraph("MISSED RATE: ",
                    "of " + Units.count(result.offered()) + " arrivals that were due, only "
                            + Units.count(result.carriedThrough()) + " ("
                            + Units.share(result.carriedThrough(), result.offered()) + ") were carried through.");
        }
        if (result.interrupted()) {
            paragraph("INTERRUPTED: ",
                    "the run was ended after " + Units.plain(result.measuredSeconds())
                            + " s; what it found until then:");
        }
    }

    private void heading() {
        var target = result.target();
        var name = target.host() + ":" + target.port() + (result.targets() == null
                ? ""
                : " and " + (result.targets().size() - 1) + " more");
        var address = target.address() == null || target.address().equals(target.host())
                ? ""
                : " (" + target.address() + ")";
        var embedded = !target.embedded()
                ? ""
                : ", embedded target" + (target.engine() == null ? "" : " on " + target.engine())
                        + ", shares this machine with the client";
        paragraph("target: ", name + address + embedded);
        if (target.authorizedBy() != null) {
            paragraph("authorized by: ", target.authorizedBy());
        }
        negotiated();
        var client = result.client();
        paragraph("client: ", "key-share " + client.keyShare() + ", premaster " + client.premaster() + ", verify "
                + client.verify() + (client.provider() == null || client.provider().equals("jdk")
                        ? ""
                        : ", provider " + client.provider())
                + "; " + client.transport() + ", "
                + Units.count(result.generator().threads(), "thread"));
        paragraph("load: ", load());
    }

    private void negotiated() {
        var rows = result.negotiated();
        for (var row : rows) {
            var agreed = row.version().replaceFirst("^TLS ?v?", "TLS ") + ", " + row.cipherSuite() + ", "
                    + (row.group() == null ? "no group" : row.group())
                    + (row.compression() == null ? "" : ", compressed by " + row.compression());
            var often = rows.size() == 1
                    ? ""
                    : ": " + Units.count(row.count()) + " ("
                            + Units.share(row.count(), result.outcomes().completed()) + ")";
            paragraph("negotiated: ", agreed + often);
        }
        var weak = rows.stream().flatMap(row -> Stream.of(row.version(), row.cipherSuite()))
                .filter(name -> WEAK.matcher(name).find()).distinct().toList();
        if (!weak.isEmpty()) {
            paragraph("WEAK: ",
                    String.join(", ", weak) + ": to be used to find out about a server, not to protect anything");
        }
    }

    private String load() {
        var plan = result.plan();
        var load = new StringJoiner(", ");
        if (plan.ratePerSecond() != null) {
            load.add("open loop").add(Units.plain(plan.ratePerSecond()) + "/s " + plan.arrivals()
                    + (result.loadPhases() == null
                            ? ""
                            : " on average in " + Units.count(result.loadPhases().size(), "phase")));
        } else {
            load.add("closed loop").add(plan.concurrency() + " at a time");
        }
        load.add((plan.durationSeconds() != null
                ? Units.plain(plan.durationSeconds()) + " s"
                : plan.count() != null ? Units.count(plan.count(), "handshake") : "until interrupted")
                + (plan.warmupSeconds() > 0 ? " after " + Units.plain(plan.warmupSeconds()) + " s warm-up" : ""));
        if (plan.completeOn() != null && !plan.completeOn().equals("finished")) {
            load.add("complete on " + plan.completeOn());
        }
        return load.add("mix full=" + plan.mix().full() + " resumed=" + plan.mix().resumed()).toString();
    }

    private void kinds() {
        var table = new TextTable();
        table.row("latency", "count", "rate/s", "p50", "p90", "p99", "p99.9", "max");
        kind(table, "full", result.kinds().full());
        kind(table, "resumed", result.kinds().resumed());
        text.append(table.text());
        paragraph("  ",
                result.plan().ratePerSecond() != null
                        ? "Latency runs from the planned start, so that it shows every delay, the generator's too."
                        : "Latency runs from the planned start, which in a closed loop is the end of the slot's previous"
                                + " handshake.");
    }

    private static void kind(TextTable table, String name, KindResult kind) {
        var latency = kind.latencyMicros();
        table.row(name, Units.count(kind.completed()),
                kind.completed() == 0 ? Units.NONE : Units.rate(kind.ratePerSecond()),
                Units.time(latency.p50()), Units.time(latency.p90()), Units.time(latency.p99()),
                Units.time(latency.p999()), Units.time(latency.max()));
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
                table.row(name, Units.time(ofFull.p50()), Units.time(ofFull.p99()), Units.time(ofResumed.p50()),
                        Units.time(ofResumed.p99()));
            }
        }
        text.append(table.text());
        paragraph("  ", "A phase ends with what it is named after, and starts where the one before it ended.");
        text.append('\n');
    }

    private void targets() {
        if (result.targets() == null) {
            return;
        }
        var table = new TextTable();
        table.row("target", "completed/s", "failed", "full p50", "full p99", "resumed p50", "resumed p99", "taken up");
        for (var row : result.targets()) {
            table.row(row.target().host() + ":" + row.target().port(), Units.rate(row.ratePerSecond()),
                    Units.count(row.outcomes().planned() - row.outcomes().completed()),
                    Units.time(row.full().latencyMicros().p50()), Units.time(row.full().latencyMicros().p99()),
                    Units.time(row.resumed().latencyMicros().p50()), Units.time(row.resumed().latencyMicros().p99()),
                    Units.share(row.resumption().accepted(), row.resumption().asked()));
        }
        text.append(table.text());
        paragraph("  ",
                "Servers take turns; failed is all that did not complete, taken up the share of sessions asked for.");
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
                    Units.count(phase.outcomes().planned() - phase.outcomes().completed()), Units.time(latency.p50()),
                    Units.time(latency.p99()), Units.time(latency.max()));
        }
        text.append(table.text());
        paragraph("  ", "An arrival counts where it was due, whenever it ended; failed is all that did not complete.");
        text.append('\n');
    }

    private void outcomes() {
        var outcomes = result.outcomes();
        paragraph("arrivals: ",
                Units.count(outcomes.planned()) + " planned = " + Units.count(outcomes.completed()) + " completed + "
                        + Units.count(outcomes.failed()) + " failed + " + Units.count(outcomes.timedOut())
                        + " timed out + " + Units.count(outcomes.cancelled()) + " cancelled + "
                        + Units.count(outcomes.unsent()) + " unsent");
        for (var failure : result.failures()) {
            paragraph("  failed: ", Units.count(failure.count()) + " at " + failure.stage() + ", "
                    + failure.direction() + " " + failure.cause()
                    + (failure.meaning() == null ? "" : ": " + failure.meaning()));
        }
        for (var timeout : result.timeouts()) {
            paragraph("  timed out: ", Units.count(timeout.count()) + " waiting at " + timeout.stage());
        }
        for (var unsent : result.unsentReasons()) {
            paragraph("  unsent: ", Units.count(unsent.count()) + " for want of " + unsent.reason()
                    + ", which the generator ran out of, not the server" + remedy(unsent.reason()));
        }
    }

    private static String remedy(String reason) {
        return switch (reason) {
            case "ports" -> ": close with --close rst, or add --source-address with more addresses";
            case "sources" -> ": add --source-address with more addresses, or allow more --connections-per-source";
            case "descriptors" -> ": raise the limit with 'ulimit -n'";
            case "max_in_flight" -> ": the server kept more waiting than --max-in-flight allows";
            default -> "";
        };
    }

    private void resumption() {
        var resumption = result.resumption();
        if (resumption.asked() == 0 && resumption.offered() == 0) {
            return;
        }
        paragraph("resumption: ",
                Units.count(resumption.asked()) + " asked, " + Units.count(resumption.offered()) + " offered, "
                        + Units.count(resumption.accepted()) + " accepted, " + Units.count(resumption.declined())
                        + " declined, " + Units.count(resumption.priming()) + " priming (no session to offer yet)");
    }

    private void beyondTheHandshake() {
        if (result.helloRetryRequests() > 0) {
            paragraph("retries: ", Units.count(result.helloRetryRequests()) + " of the arrivals were asked for another"
                    + " ClientHello, which costs a round trip (phase helloRetryRequest)");
        }
        var tickets = result.tickets();
        if (tickets != null) {
            paragraph("tickets: ", Units.count(tickets.awaited()) + " waited for, " + Units.count(tickets.came())
                    + " came by themselves, " + Units.count(tickets.afterRequest())
                    + " only after a request was sent, " + Units.count(tickets.missing()) + " never came");
        }
        var early = result.earlyData();
        if (early != null) {
            paragraph("early data: ", Units.count(early.offered()) + " offered, " + Units.count(early.accepted())
                    + " accepted, " + Units.count(early.rejected()) + " rejected, " + Units.count(early.retried())
                    + " of them sent again after the handshake"
                    + (early.offered() == 0 ? " (no ticket of the server's allowed it)" : ""));
        }
        firstBytes(early);
    }

    private void firstBytes(RunResult.EarlyData early) {
        var parts = new StringJoiner(", ");
        firstByte(parts, "full", result.kinds().full().timeToFirstByteMicros());
        firstByte(parts, early == null ? "resumed" : "resumed without early data",
                result.kinds().resumed().timeToFirstByteMicros());
        firstByte(parts, "resumed with early data", early == null ? null : early.timeToFirstByteMicros());
        if (parts.length() > 0) {
            paragraph("first byte: ", "of the answer, from the planned start, p50 / p99: " + parts);
        }
    }

    private static void firstByte(StringJoiner parts, String kind, Distribution micros) {
        if (micros != null && micros.count() > 0) {
            parts.add(kind + " " + Units.time(micros.p50()) + " / " + Units.time(micros.p99()));
        }
    }

    /** What is worth a word of what kept the generator from its work. */
    private static String health(RunResult.Health health) {
        if (health == null) {
            return "";
        }
        var words = new StringBuilder();
        if (health.gcPauses() > 0) {
            words.append(", ").append(Units.count(health.gcPauses(), "GC pause")).append(" of ")
                    .append(Units.time(health.gcSeconds() * 1e6)).append(" in all");
        }
        if (health.stolenShare() != null && health.stolenShare() >= 0.001) {
            words.append(String.format(Locale.ROOT, ", %.1f %% of CPU time stolen", 100 * health.stolenShare()));
        }
        if (health.retransmits() != null && health.retransmits() > 0) {
            words.append(", ").append(Units.count(health.retransmits(), "TCP retransmit"));
        }
        return words.toString();
    }

    private void costs() {
        var generator = result.generator();
        paragraph("generator: ",
                "CPU per handshake " + Units.time(generator.cpuMicrosPerHandshake()) + ", cores busy "
                        + Units.number(generator.cpuCores()) + ", loop lag p99 "
                        + Units.time(generator.loopLagMicros().p99()) + health(generator.health()));
        var server = result.server();
        if (server != null) {
            paragraph("server: ", "CPU per handshake " + Units.time(server.cpuMicrosPerHandshake()) + ", cores busy "
                    + Units.number(server.cpuCores()) + ", pid " + server.pid());
        }
    }

    /** Words, wrapped; what follows the first line is set in below {@code lead}. */
    private void paragraph(String lead, String words) {
        text.append(Paragraph.of(lead, words));
    }
}
