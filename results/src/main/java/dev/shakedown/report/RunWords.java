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

/** The sentences of a run's report, shared by all its forms. */
public final class RunWords {
    /** Length of a date in ISO 8601. */
    private static final int DATE_LENGTH = 10;
    /** Matches versions and suites that protect nothing today. */
    private static final Pattern WEAK = Pattern.compile("SSLv3|TLSv1\\.[01]|_RC4_|_3DES_|_NULL_|_MD5");

    /** Causes of an unfit run that lie in the machine, not in the generator. */
    private static final Set<String> MACHINE = Set.of("suspended", "cpu_quota", "hypervisor", "other_work");

    /** Shorter waits for a processor are not mentioned: on any machine event loops wait a little now and then. */
    private static final double WORTH_A_WORD_SECONDS = 0.1;

    /** What is unknown about a run that did not finish. */
    public static final String OTHERS_UNKNOWN = "How many others failed, timed out or were under way is not known, nor"
            + " what was negotiated, nor what it cost.";

    /** Leads a warning that the generator or its machine may have distorted the figures. */
    static final String UNFIT = "UNFIT";
    /** Leads a warning that fewer handshakes completed than were offered. */
    static final String MISSED_RATE = "MISSED RATE";
    /** Leads a warning that somebody ended the run early. */
    static final String INTERRUPTED = "INTERRUPTED";
    private static final String MISSED_MIX = "MISSED MIX";

    private RunWords() {}

    /** A warning with a word in front that catches the eye. */
    public record Warning(String lead, String words) {
        /** Whether it says that the planned rate or mix was missed. */
        boolean isOfPlan() {
            return lead.equals(MISSED_RATE) || lead.equals(MISSED_MIX);
        }

        @Override
        public String toString() {
            return lead + ": " + words;
        }
    }

    /** Returns the reasons to doubt the figures, with advice that calls settings by {@code names}. */
    public static List<Warning> warnings(RunResult result, Setting.Names names) {
        var warnings = new ArrayList<Warning>();
        if (result.unfinished()) {
            warnings.add(new Warning("UNFINISHED", "the run was ended from outside after "
                    + Units.plain(result.measuredSeconds())
                    + " s (killed, out of memory, or power lost), or is still going on; these are the handshakes that"
                    + " it had recorded as completed by then. " + OTHERS_UNKNOWN));
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
                            + " s; this is what it had found by then."));
        }
        return warnings;
    }

    /**
     * Says that a run is unfit, and what that means.
     *
     * @param cause   as results name it; {@code null} if unknown
     * @param because the reason, as the end of a sentence; {@code null} if unknown
     */
    public static String unfit(@Nullable String cause, @Nullable String because) {
        if (because != null && isOfMachine(cause)) {
            return because + "; these figures may show that rather than what the server can do.";
        }
        return "the generator was the bottleneck" + (because == null ? "" : ", because " + because)
                + "; these figures show what the client could do, not what the server can.";
    }

    /** Whether the cause that made a run unfit, as results name it, lies in the machine and not in the generator. */
    public static boolean isOfMachine(@Nullable String cause) {
        return cause != null && MACHINE.contains(cause);
    }

    /** Says what was loaded. */
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

    /** Returns a line for each combination of version, suite and group that was negotiated. */
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

    /** Returns a version as people write it, such as {@code TLS 1.2}. */
    public static String version(String label) {
        return label.replaceFirst("^TLS ?v?", "TLS ");
    }

    /** Returns a line for each server certificate. */
    public static List<String> certificates(RunResult result) {
        return result.certificates().stream().map(RunWords::certificate).toList();
    }

    /** Describes a server certificate, in a line. */
    public static String certificate(CertificateRow row) {
        return row.key() + " for " + SetupWords.printable(row.name()) + ", valid until "
                + row.notAfter().substring(0, DATE_LENGTH)
                + (Boolean.FALSE.equals(row.bearsName())
                        ? "; it does not contain the requested name (" + Units.count(row.count(), "handshake")
                                + ")"
                        : "");
    }

    /** Says that a server supports a higher version than it was offered (RFC 8446, 4.1.3); empty if none said so. */
    public static Optional<Advice> higherVersion(RunResult result) {
        return result.higherVersion() == 0
                ? Optional.empty()
                : Optional.of(Advice.of("the server says that it supports a higher version than %s offered, in "
                        + Units.count(result.higherVersion(), "handshake"), Setting.VERSIONS));
    }

    /** Warns of negotiated versions and suites that protect nothing today; {@code null} if there are none. */
    public static @Nullable Warning weak(RunResult result) {
        return weak(result.negotiated());
    }

    /** Warns of versions and suites in these rows that protect nothing today; {@code null} if there are none. */
    public static @Nullable Warning weak(List<NegotiatedRow> negotiated) {
        var weak = negotiated.stream().flatMap(row -> Stream.of(row.version(), row.cipherSuite()))
                .filter(name -> WEAK.matcher(name).find()).distinct().toList();
        return weak.isEmpty()
                ? null
                : new Warning("WEAK",
                        String.join(", ", weak) + ": use it to learn about a server, not to protect anything");
    }

    /** Describes the client of a run. */
    public static String client(RunResult result) {
        return client(result.client()) + ", " + Units.count(result.generator().threads(), "thread");
    }

    /** Describes the client of any experiment. */
    public static String client(RunSetup.Client client) {
        return "key-share " + client.keyShare() + ", premaster " + client.premaster() + ", verify " + client.verify()
                + (client.provider() == null || client.provider().equals("jdk")
                        ? ""
                        : ", provider " + client.provider())
                + "; " + client.transport();
    }

    /** Describes the planned load, in a line. */
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

    /** Returns what the generator lacked to start arrivals. */
    public static String lacked(String reason) {
        return switch (known(reason)) {
            case SOURCE_ADDRESS -> "the source address";
            case LATE -> "time";
            case null, default -> reason.replace('_', ' ');
        };
    }

    /** Ends a sentence about unsent arrivals: why they were not sent, and what to do. */
    public static Advice unsent(String reason) {
        return (switch (known(reason)) {
            case SOURCE_ADDRESS -> Advice.words("because the source address is not one of this machine's");
            case LATE -> Advice.of("because the generator was later than %s allows", Setting.MAX_LATE);
            case MAX_IN_FLIGHT -> Advice.words("because too many were under way");
            case null, default ->
                Advice.words("because the generator, not the server, ran out of " + reason.replace('_', ' '));
        }).then(remedy(reason));
    }

    /** Returns a sentence, without its full stop, that says why no arrival could be sent. */
    public static String lack(String reason) {
        return switch (known(reason)) {
            case SOURCE_ADDRESS -> "this machine does not have the source address";
            case LATE -> "the generator was too late to begin any";
            case null, default -> "this machine ran out of " + reason;
        };
    }

    /** Says what to do about unsent arrivals, after a colon; empty if unknown. */
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

    /** Returns the reason of that name; {@code null} if only another version of the tool knows it. */
    private static @Nullable UnsentReason known(String reason) {
        return UnsentReason.of(reason).orElse(null);
    }

    /** Lists what delayed the generator, as far as it is worth mentioning; empty or starting with a comma. */
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
                    .append(Units.time(health.gcSeconds() * 1e6)).append(" in total");
        }
        if (health.stolenShare() != null && health.stolenShare() >= 0.001) {
            words.append(", ").append(Units.percent(health.stolenShare())).append(" of CPU time stolen");
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
