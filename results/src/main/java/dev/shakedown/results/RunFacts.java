package dev.shakedown.results;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a result says beyond what was recorded: what was asked for, of whom, and what it cost.
 *
 * @param tool       the tool and its version
 * @param setup      what was to be done, of whom, from where
 * @param window     the measured part
 * @param generator  what the generator needed
 * @param server     the server's CPU time; empty if it was not watched
 * @param rows       what came of parts of it
 * @param findings   what was found out on the way
 */
public record RunFacts(RunResult.Tool tool, RunSetup setup, Window window, Generator generator,
        Optional<ServerCpu> server, Rows rows, Findings findings) {

    /**
     * What came of parts of a run.
     *
     * @param loadPhases of each phase of the load; empty where there was one only
     * @param targets    of each server; empty where there was one only
     * @param names      of each name that was asked for; empty where there was one only
     * @param versions   of each version that was agreed on; empty where there was one only
     */
    public record Rows(List<RunResult.LoadPhase> loadPhases, List<RunResult.TargetRow> targets,
            List<RunRows.NameRow> names, List<RunRows.VersionRow> versions) {
        /** Of nothing. */
        public static final Rows NONE = new Rows(List.of(), List.of(), List.of(), List.of());
    }

    /** What is known before anything has happened. */
    public static RunFacts begun(RunResult.Tool tool, RunSetup setup, Instant startsAt, int threads) {
        return new RunFacts(tool, setup, new Window(startsAt, 0, false),
                new Generator(threads, OptionalDouble.empty(), Optional.empty(), Optional.empty()), Optional.empty(),
                Rows.NONE, Findings.NONE);
    }

    /** The same once it has happened. */
    public RunFacts ended(Window measured, Generator cost, Optional<ServerCpu> serverCost, Findings found) {
        return new RunFacts(tool, setup, measured, cost, serverCost, rows, found);
    }

    /** The same with what came of parts of it. */
    public RunFacts with(Rows parts) {
        return new RunFacts(tool, setup, window, generator, server, parts, findings);
    }

    /**
     * The measured part.
     *
     * @param startedAt       when it began
     * @param measuredSeconds how long it really was
     * @param interrupted     whether the run was ended before its plan was
     */
    public record Window(Instant startedAt, double measuredSeconds, boolean interrupted) {}

    /**
     * What the generator needed in the measured part.
     *
     * @param threads          event loops
     * @param cpuSeconds       CPU time, all threads together; empty where the platform cannot tell
     * @param saturatedBecause why it was the bottleneck, as a sentence's end; empty where it was not
     * @param health           what kept its machine from its work; empty if nobody looked
     */
    public record Generator(int threads, OptionalDouble cpuSeconds, Optional<String> saturatedBecause,
            Optional<RunResult.Health> health) {}

    /**
     * What was found out on the way.
     *
     * @param endedBecause   why the run was ended before its plan was, as a sentence's end; empty where it was not, or
     *                       by who watched it
     * @param saturatedCause the name of what made it unfit; empty where it was fit
     * @param sessions       how many sessions handshakes bring; empty where that is unknown or sets no limit
     * @param closure        what trials have shown of how the server keeps sessions; empty for nothing
     */
    public record Findings(Optional<String> endedBecause, Optional<String> saturatedCause,
            Optional<SessionYield> sessions, Optional<String> closure) {
        /** Nothing. */
        public static final Findings NONE = new Findings(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    /**
     * CPU time that a server's process and its children used in the measured window.
     *
     * @param cpuSeconds  of both
     * @param stepSeconds how exactly that could be read
     * @param forgotten   how many processes this machine began in the window, if some of the server's were seen to be
     *                    forgotten by the kernel, so that their time is missing; else 0
     * @param ended       whether the process was gone, so that the rest says nothing
     */
    public record ServerCpu(long pid, double cpuSeconds, double stepSeconds, long forgotten, boolean ended) {
        /** A figure may be wrong by this share of it. */
        private static final double TOLERATED = 0.02;
        /** From this share of the handshakes on it was a process for each of them. */
        private static final double ONE_EACH = 0.5;

        /** Read to the nanosecond. */
        public ServerCpu(long pid, double cpuSeconds) {
            this(pid, cpuSeconds, 0, 0, false);
        }

        /**
         * Why no figure may be told, as a sentence without its full stop; {@code null} if one may.
         *
         * @param handshakes completed in the window
         */
        public @Nullable String withheldBecause(long handshakes) {
            if (ended) {
                return "the process " + pid + " ended before the run did";
            }
            if (forgotten > 0 && forgotten >= ONE_EACH * handshakes) {
                return "the server starts a process for each connection and lets the kernel forget it, so that its"
                        + " children's time is missing";
            }
            if (cpuSeconds == 0 && stepSeconds == 0 && handshakes > 0) {
                return "no CPU time at all was measured, so that process " + pid + " may not be the one that serves";
            }
            return stepSeconds > TOLERATED * cpuSeconds
                    ? String.format(Locale.ROOT,
                            "too little server CPU was measured: only %.0f ms, in steps of %.0f ms",
                            1e3 * cpuSeconds, 1e3 * stepSeconds)
                    : null;
        }
    }
}
