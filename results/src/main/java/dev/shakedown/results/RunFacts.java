package dev.shakedown.results;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a result says beyond what was recorded: what was asked for, of whom, and what it cost.
 *
 * @param tool                the tool and its version
 * @param startedAt           when the measured part began
 * @param measuredSeconds     how long the measured window really was
 * @param interrupted         whether the run was ended before its plan was
 * @param plan                what was asked for
 * @param target              what was loaded
 * @param host                where the generator ran
 * @param client              how the client did its part
 * @param threads             event loops of the generator
 * @param generatorCpuSeconds CPU time that the generator used in the measured window, all threads together; negative
 *                            where the platform cannot tell
 * @param saturatedBecause    why the generator was the bottleneck, as a sentence's end; {@code null} where it was not
 * @param server              the server's CPU time, {@code null} if it was not watched
 * @param health              what kept the generator's machine from its work; {@code null} if nobody looked
 * @param loadPhases          what came of each phase of the load; {@code null} where there was one only
 * @param targets             what came of each server; {@code null} where there was one only
 * @param findings            what was found out on the way
 */
public record RunFacts(RunResult.Tool tool, Instant startedAt, double measuredSeconds, boolean interrupted,
        RunResult.Plan plan, RunResult.Target target, RunResult.Host host, RunResult.Client client, int threads,
        double generatorCpuSeconds, String saturatedBecause, ServerCpu server,
        RunResult.Health health, List<RunResult.LoadPhase> loadPhases, List<RunResult.TargetRow> targets,
        Findings findings) {

    /** Of a load with one phase. */
    public RunFacts(RunResult.Tool tool, Instant startedAt, double measuredSeconds, boolean interrupted,
            RunResult.Plan plan, RunResult.Target target, RunResult.Host host, RunResult.Client client, int threads,
            double generatorCpuSeconds, String saturatedBecause, ServerCpu server) {
        this(tool, startedAt, measuredSeconds, interrupted, plan, target, host, client, threads, generatorCpuSeconds,
                saturatedBecause, server, null, null, null, Findings.NONE);
    }

    /**
     * What was found out on the way.
     *
     * @param endedBecause   why the run was ended before its plan was, as a sentence's end; empty where it was not, or by
     *                       who watched it
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
        public String withheldBecause(long handshakes) {
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
