package dev.shakedown.report;

import dev.shakedown.results.Advice;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows.CertificateRow;
import dev.shakedown.results.RunRows.NegotiatedRow;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.Setting;
import dev.shakedown.results.UnsentReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What reports of a run say in words, whatever they look like. */
public final class RunWords {
    /** Of the date in ISO 8601. */
    private static final int DATE_LENGTH = 10;
    /** Versions and suites that protect nothing today. */
    private static final Pattern WEAK = Pattern.compile("SSLv3|TLSv1\\.[01]|_RC4_|_3DES_|_NULL_|_MD5");

    /** What makes a run unfit and is no doing of the generator's. */
    private static final Set<String> MACHINE = Set.of("suspended", "cpu_quota", "hypervisor", "other_work");

    /** Event loops wait for a processor for a moment now and then on any machine. */
    private static final double WORTH_A_WORD_SECONDS = 0.1;

    /** Of a run that did not come to its end. */
    public static final String OTHERS_UNKNOWN = "How many others failed, timed out or were under way is not known, nor"
            + " what was negotiated, nor what it cost.";

    /** Leads what says that the generator or its machine may have moved the figures. */
    static final String UNFIT = "UNFIT";
    /** Leads what says that less came about than was offered. */
    static final String MISSED_RATE = "MISSED RATE";
    /** Leads what says that somebody ended it. */
    static final String INTERRUPTED = "INTERRUPTED";
    private static final String MISSED_MIX = "MISSED MIX";

    private RunWords() {}

    /** A word that catches the eye, and what it is about. */
    public record Warning(String lead, String words) {
        /** Whether it says that rate or mix were not what was planned. */
        boolean isOfPlan() {
            return lead.equals(MISSED_RATE) || lead.equals(MISSED_MIX);
        }

        @Override
        public String toString() {
            return lead + ": " + words;
        }
    }

    /** Why one should think twice before believing the figures, for who sets things by these names. */
    public static List<Warning> warnings(RunResult result, Setting.Names names) {
        var warnings = new ArrayList<Warning>();
        if (result.unfinished()) {
            warnings.add(new Warning("UNFINISHED", "the run was ended from outside after "
                    + Units.plain(result.measuredSeconds())
                    + " s (killed, out of memory, or without power), or goes on still; these are the handshakes that it"
                    + " had written down as completed until then. " + OTHERS_UNKNOWN));
        }
        if (result.endedBecause() != null) {
            warnings.add(new Warning("STOPPED", "the run stopped after " + Units.plain(result.measuredSeconds())
                    + " s because " + result.endedBecause() + "."));
        }
        var generator = result.generator();
        if (generator.saturated()) {
            warnings.add(new Warning(UNFIT, unfit(generator.saturatedCause(), generator.saturatedBecause())));
        }
        var rate = result.rate();
        if (rate != null && rate.missed() && result.endedBecause() == null) {
            warnings.add(new Warning(MISSED_RATE,
                    Units.rate(rate.offeredPerSecond()) + "/s were offered, only "
                            + Units.rate(rate.achievedPerSecond()) + "/s achieved: of "
                            + Units.count(result.offered()) + " arrivals that were due, "
                            + Units.count(rate.achieved()) + " completed within "
                            + Units.plain(result.measuredSeconds()) + " s."));
        }
        SessionWords.priming(result).ifPresent(words -> warnings.add(new Warning(MISSED_MIX, words.in(names))));
        SessionWords.closure(result).filter(_ -> "rst".equals(result.plan().connection().close()))
                .ifPresent(words -> warnings.add(new Warning("SESSIONS LOST", words.in(names) + ".")));
        if (result.interrupted()) {
            warnings.add(new Warning(INTERRUPTED,
                    "the run was ended after " + Units.plain(result.measuredSeconds())
                            + " s; this is what it found until then."));
        }
        return warnings;
    }

    /**
     * That a run is unfit, and what that means.
     *
     * @param cause   as results name it; {@code null} if unknown
     * @param because the reason, as the end of a sentence; {@code null} if unknown
     */
    public static String unfit(@Nullable String cause, @Nullable String because) {
        if (because != null && isOfMachine(cause)) {
            return because + "; these figures may show that, and not what the server can.";
        }
        return "the generator was the bottleneck" + (because == null ? "" : ", because " + because)
                + "; these figures say what the client could do, not what the server can.";
    }

    /** Whether what made a run unfit, as results name it, is the machine's doing and not the generator's. */
    public static boolean isOfMachine(@Nullable String cause) {
        return cause != null && MACHINE.contains(cause);
    }

    /** What was loaded. */
    public static String target(RunResult result) {
        var target = result.target();
        var name = target.hostAndPort() + (result.targets() == null
                ? ""
                : " and " + (result.targets().size() - 1) + " more");
        var address = target.address() == null || target.address().equals(target.host())
                ? ""
                : " (" + target.address() + ")";
        var embedded = !target.embedded()
                ? ""
                : ", embedded target" + (target.engine() == null ? "" : " on " + target.engine())
                        + ", shares this machine with the client";
        return name + address + embedded;
    }

    /** What was agreed on, a line for each agreement. */
    public static List<String> negotiated(RunResult result) {
        var rows = result.negotiated();
        return rows.stream().map(row -> version(row.version()) + ", " + row.cipherSuite() + ", "
                + (row.group() == null ? "no group" : row.group())
                + (row.compression() == null ? "" : ", compressed by " + row.compression())
                + (rows.size() == 1
                        ? ""
                        : ": " + Units.count(row.count()) + " ("
                                + Units.share(row.count(), result.outcomes().completed()) + ")"))
                .toList();
    }

    /** Such as {@code TLS 1.2}. */
    public static String version(String label) {
        return label.replaceFirst("^TLS ?v?", "TLS ");
    }

    /** The servers' own certificates, a line for each. */
    public static List<String> certificates(RunResult result) {
        return result.certificates().stream().map(RunWords::certificate).toList();
    }

    /** A server's own certificate, in a line. */
    public static String certificate(CertificateRow row) {
        return row.key() + " for " + SetupWords.printable(row.name()) + ", in force until "
                + row.notAfter().substring(0, DATE_LENGTH)
                + (Boolean.FALSE.equals(row.bearsName())
                        ? "; it does not bear the name that was asked for (" + Units.count(row.count(), "handshake")
                                + ")"
                        : "");
    }

    /** That a server would have spoken a higher version than it was offered. */
    public static Optional<Advice> higherVersion(RunResult result) {
        return result.higherVersion() == 0
                ? Optional.empty()
                : Optional.of(Advice.of("the server says that it has a higher version than %s offered, in "
                        + Units.count(result.higherVersion(), "handshake"), Setting.VERSIONS));
    }

    /** What of that protects nothing; {@code null} if nothing is. */
    public static @Nullable Warning weak(RunResult result) {
        return weak(result.negotiated());
    }

    /** The same of what was agreed on in any other way. */
    public static @Nullable Warning weak(List<NegotiatedRow> negotiated) {
        var weak = negotiated.stream().flatMap(row -> Stream.of(row.version(), row.cipherSuite()))
                .filter(name -> WEAK.matcher(name).find()).distinct().toList();
        return weak.isEmpty()
                ? null
                : new Warning("WEAK",
                        String.join(", ", weak) + ": to be used to find out about a server, not to protect anything");
    }

    /** How the client did its part. */
    public static String client(RunResult result) {
        return client(result.client()) + ", " + Units.count(result.generator().threads(), "thread");
    }

    /** How the client of any experiment did its part. */
    public static String client(RunSetup.Client client) {
        return "key-share " + client.keyShare() + ", premaster " + client.premaster() + ", verify " + client.verify()
                + (client.provider() == null || client.provider().equals("jdk")
                        ? ""
                        : ", provider " + client.provider())
                + "; " + client.transport();
    }

    /** What was asked for, in a line. */
    public static String load(RunResult result) {
        var plan = result.plan();
        var load = new StringJoiner(", ");
        if (plan.shape().ratePerSecond() != null) {
            load.add("open loop").add(Units.plain(plan.shape().ratePerSecond()) + "/s " + plan.shape().arrivals()
                    + (result.loadPhases() == null
                            ? ""
                            : " on average in " + Units.count(result.loadPhases().size(), "phase")));
        } else {
            load.add("closed loop").add(plan.shape().concurrency() + " at a time");
        }
        load.add((plan.shape().durationSeconds() != null
                ? Units.plain(plan.shape().durationSeconds()) + " s"
                : plan.shape().count() != null ? Units.count(plan.shape().count(), "handshake") : "until interrupted")
                + (plan.shape().warmupSeconds() > 0
                        ? " after " + Units.plain(plan.shape().warmupSeconds()) + " s warm-up"
                        : ""));
        if (plan.ending().completeOn() != null && !plan.ending().completeOn().equals("finished")) {
            load.add("complete on " + plan.ending().completeOn());
        }
        return load.add("mix full=" + plan.shape().mix().full() + " resumed=" + plan.shape().mix().resumed())
                .toString();
    }

    /** What the generator could not start arrivals for want of. */
    public static String want(String reason) {
        return switch (known(reason)) {
            case SOURCE_ADDRESS -> "the source address";
            case LATE -> "time";
            case null, default -> reason;
        };
    }

    /** The end of a sentence that says so, whose fault that is, and what helps. */
    public static Advice unsent(String reason) {
        return (switch (known(reason)) {
            case SOURCE_ADDRESS -> Advice.words("for want of the source address, which is not one of this machine");
            case LATE -> Advice.of("(generator late), due longer ago than %s allows", Setting.MAX_LATE);
            case null, default ->
                Advice.words("for want of " + reason + ", which the generator ran out of, not the server");
        }).then(remedy(reason));
    }

    /** A sentence that says so. */
    public static String lack(String reason) {
        return switch (known(reason)) {
            case SOURCE_ADDRESS -> "this machine does not have the source address";
            case LATE -> "the generator was too late to begin any";
            case null, default -> "this machine ran out of " + reason;
        };
    }

    /** What helps against that want of the generator's, behind a colon; empty if unknown. */
    public static Advice remedy(String reason) {
        return switch (known(reason)) {
            case PORTS -> Advice.of(": close with %s, or add %s with more addresses",
                    Setting.CLOSE.to("rst"), Setting.SOURCE_ADDRESS);
            case SOURCES -> Advice.of(": add %s with more addresses, or allow more %s", Setting.SOURCE_ADDRESS,
                    Setting.CONNECTIONS_PER_SOURCE);
            case SOURCE_ADDRESS ->
                Advice.of(": give %s only addresses that this machine has", Setting.SOURCE_ADDRESS);
            case LATE ->
                Advice.of(": lower the rate, add %s where processors are idle, or load from more machines",
                        Setting.THREADS);
            case DESCRIPTORS -> Advice.words(": raise the limit with 'ulimit -n'");
            case MEMORY ->
                Advice.words(
                        ": give this machine, or its container, more memory, or load with fewer connections at a time");
            case MAX_IN_FLIGHT ->
                Advice.of(": the server kept more waiting than %s allows", Setting.MAX_IN_FLIGHT);
            case null -> Advice.words("");
        };
    }

    /** {@code null} for a reason of another version. */
    private static @Nullable UnsentReason known(String reason) {
        return UnsentReason.of(reason).orElse(null);
    }

    /** What is worth a word of what kept the generator from its work. */
    public static String health(RunResult.@Nullable Health health) {
        if (health == null) {
            return "";
        }
        var words = new StringBuilder();
        if (!health.workerCores().isEmpty()) {
            var busy = health.workerCores().stream().mapToDouble(share -> 100 * share).summaryStatistics();
            words.append(String.format(Locale.ROOT, ", event loop%s busy %.0f %%",
                    busy.getCount() == 1 ? "" : "s", busy.getMin()));
            if (busy.getCount() > 1) {
                words.append(String.format(Locale.ROOT, " to %.0f %%", busy.getMax()));
            }
        }
        if (health.gcCpuSeconds() != null && health.gcCpuSeconds() > 0) {
            words.append(", GC CPU ").append(Units.time(health.gcCpuSeconds() * 1e6));
        }
        if (health.gcPauses() > 0) {
            words.append(", ").append(Units.count(health.gcPauses(), "GC pause")).append(" of ")
                    .append(Units.time(health.gcSeconds() * 1e6)).append(" in all");
        }
        if (health.stolenShare() != null && health.stolenShare() >= 0.001) {
            words.append(String.format(Locale.ROOT, ", %.1f %% of CPU time stolen", 100 * health.stolenShare()));
        }
        var waited = health.waitedSeconds() == null
                ? 0
                : health.waitedSeconds().stream().mapToDouble(seconds -> seconds).max().orElse(0);
        if (waited >= WORTH_A_WORD_SECONDS) {
            words.append(", waited ").append(Units.time(waited * 1e6)).append(" for a processor");
        }
        if (health.quota() != null && health.quota().throttledPeriods() > 0) {
            words.append(", CPU limit reached in ").append(Units.count(health.quota().throttledPeriods()))
                    .append(" of ")
                    .append(Units.count(health.quota().periods())).append(" periods");
        }
        if (health.retransmits() != null && health.retransmits() > 0) {
            words.append(", ").append(Units.count(health.retransmits(), "TCP retransmit"));
        }
        return words.toString();
    }
}
