package dev.shakedown.results;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a result besides what was recorded: the setup, the measured window, and what the run cost.
 *
 * @param tool       the tool and its version
 * @param setup      the plan, the target and the client
 * @param window     the measured window
 * @param generator  what the generator used
 * @param server     the server's CPU time; empty if it was not watched
 * @param rows       results of parts of the run
 * @param findings   what was found out during the run
 */
public record RunFacts(RunResult.Tool tool, RunSetup setup, Window window, Generator generator,
        Optional<ServerCpu> server, Rows rows, Findings findings) {

    /**
     * Results of parts of a run.
     *
     * @param loadPhases of each phase of the load; empty where there was only one
     * @param targets    of each server; empty where there was only one
     * @param names      of each requested name; empty where there was only one
     * @param versions   of each negotiated version; empty where there was only one
     */
    public record Rows(List<RunResult.LoadPhase> loadPhases, List<RunResult.TargetRow> targets,
            List<RunRows.NameRow> names, List<RunRows.VersionRow> versions) {
        /** No parts. */
        public static final Rows NONE = new Rows(List.of(), List.of(), List.of(), List.of());
    }

    /** Returns what is known before anything has happened. */
    public static RunFacts begun(RunResult.Tool tool, RunSetup setup, Instant startsAt, int threads) {
        return new RunFacts(tool, setup, new Window(startsAt, 0, false),
                new Generator(threads, OptionalDouble.empty(), Optional.empty(), Optional.empty()), Optional.empty(),
                Rows.NONE, Findings.NONE);
    }

    /** Returns these facts once the run has ended. */
    public RunFacts ended(Window measured, Generator cost, Optional<ServerCpu> serverCost, Findings found) {
        return new RunFacts(tool, setup, measured, cost, serverCost, rows, found);
    }

    /** Returns these facts with the results of parts of the run. */
    public RunFacts with(Rows parts) {
        return new RunFacts(tool, setup, window, generator, server, parts, findings);
    }

    /**
     * The measured window.
     *
     * @param startedAt       when it began
     * @param measuredSeconds how long it really was
     * @param interrupted     whether the run was ended before its plan
     */
    public record Window(Instant startedAt, double measuredSeconds, boolean interrupted) {}

    /**
     * What the generator used in the measured window.
     *
     * @param threads          event loops
     * @param cpuSeconds       CPU time, all threads together; empty where the platform cannot tell
     * @param saturatedBecause why it was the bottleneck, as the end of a sentence; empty where it was not
     * @param health           what may have delayed it; empty if that was not watched
     */
    public record Generator(int threads, OptionalDouble cpuSeconds, Optional<String> saturatedBecause,
            Optional<RunResult.Health> health) {}

    /**
     * What was found out during a run.
     *
     * @param endedBecause   why the run ended itself before its plan, as the end of a sentence; empty where it did not
     * @param saturatedCause the name of what made the run unfit; empty where it was fit
     * @param sessions       how many sessions the server issues; empty where that is unknown or sets no limit
     * @param closure        what trials have shown about how the server keeps sessions; empty for nothing
     */
    public record Findings(Optional<String> endedBecause, Optional<String> saturatedCause,
            Optional<SessionYield> sessions, Optional<String> closure) {
        /** No findings. */
        public static final Findings NONE = new Findings(Optional.empty(), Optional.empty(), Optional.empty(),
                Optional.empty());
    }

    /**
     * CPU time that a server's process and its children used in the measured window.
     *
     * @param cpuSeconds  of the process and its children together
     * @param stepSeconds the resolution of that time
     * @param forgotten   how many processes this machine started in the window, if the kernel was seen to forget some
     *                    of the server's, whose time is then missing; else 0
     * @param ended       whether the process was gone, so that the other figures say nothing
     */
    public record ServerCpu(long pid, double cpuSeconds, double stepSeconds, long forgotten, boolean ended) {
        /** The error of a figure that is tolerated, as a share of it. */
        private static final double TOLERATED = 0.02;
        /** From this share of the handshakes on, forgotten processes count as one for each handshake. */
        private static final double ONE_EACH = 0.5;

        /** Makes a CPU time that was read to the nanosecond. */
        public ServerCpu(long pid, double cpuSeconds) {
            this(pid, cpuSeconds, 0, 0, false);
        }

        /**
         * Says why the figures have to be withheld, as a sentence without its full stop; {@code null} if they need not.
         *
         * @param handshakes completed in the window
         */
        public @Nullable String withheldBecause(long handshakes) {
            if (ended) {
                return "the process " + pid + " ended before the run did";
            }
            if (forgotten > 0 && forgotten >= ONE_EACH * handshakes) {
                return "the server starts a process for each connection and lets the kernel forget it, so its"
                        + " children's time is missing";
            }
            if (cpuSeconds == 0 && stepSeconds == 0 && handshakes > 0) {
                return "no CPU time at all was measured, so process " + pid + " may not be the one that serves";
            }
            return stepSeconds > TOLERATED * cpuSeconds
                    ? String.format(Locale.ROOT,
                            "too little server CPU was measured: only %.0f ms, in steps of %.0f ms",
                            1e3 * cpuSeconds, 1e3 * stepSeconds)
                    : null;
        }
    }
}
