package dev.shakedown.run;

import dev.shakedown.load.FailureObserver;
import dev.shakedown.load.Lateness;
import dev.shakedown.load.Load;
import dev.shakedown.load.Ports;
import dev.shakedown.report.SessionWords;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.Interval;
import dev.shakedown.results.ResultFile;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import dev.shakedown.results.Summary;
import dev.shakedown.tls.client.HandshakeFailure;
import dev.shakedown.tls.client.Stage;
import dev.shakedown.tls.client.HandshakeObserver;
import dev.shakedown.trace.FailureTraces;
import dev.shakedown.trace.Meaning;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Loads a server as a plan says and returns the result. An instance runs once; any thread may call {@link #stop}.
 */
public final class Run {
    /** Is told of a run's progress, on the thread that called {@link Run#run}. */
    public interface Listener {
        /** Ignores everything. */
        Listener NONE = _ -> {};

        /** Takes the progress of about a second; also called once at the end. */
        void second(Second second);

        /** Takes a sentence that the user should know before the result is there. */
        default void say(String sentence) {
            // the result says it as well
        }
    }

    /**
     * What a second brought.
     *
     * @param interval    what was recorded of arrivals that count in the result
     * @param live        figures of the run so far; during the warm-up, those of the warm-up
     * @param warmingUp   whether no arrival that counts in the result was due yet
     * @param inFlight    handshakes under way
     * @param secondsLeft time until no more arrivals are planned; negative if a count ends the load
     * @param late        a clause that says that the generator was late; empty if it was not
     */
    public record Second(Interval interval, Summary.Live live, boolean warmingUp, int inFlight, double secondsLeft,
            Optional<String> late) {}

    private final RunPlan plan;
    private final Load load;
    private final Summary summary = new Summary();
    private final FailureTraces failures = new FailureTraces();

    /**
     * Prepares a run.
     *
     * @throws CannotRunException if it can be foreseen that this machine lacks ports or file descriptors for the load
     */
    public Run(RunPlan plan) {
        Descriptors.shortage(plan.load()).ifPresent(lack -> {
            throw new CannotRunException("the load " + lack);
        });
        Ports.shortage(plan.load()).ifPresent(lack -> {
            throw new CannotRunException(lack.in(plan.words().names()));
        });
        this.plan = plan;
        DoubleSupplier embedded = plan.server() instanceof WatchedServer.Embedded server
                ? server.cpuSeconds()
                : Load.NOTHING_EMBEDDED;
        this.load = new Load(plan.load(), plan.server().cpu(), embedded,
                watch(failures, plan.words().names()));
    }

    /** Ends the load now: handshakes under way are cancelled, and what was measured becomes the result. */
    public void stop() {
        load.stop();
    }

    /**
     * Runs the load and returns the result, without writing any file.
     *
     * @throws IOException if the generator failed
     */
    public RunResult run() throws IOException {
        return run(Listener.NONE);
    }

    /** Runs as {@link #run()} does, and tells a listener of the progress. */
    public RunResult run(Listener listener) throws IOException {
        return run(new Recording(Optional.empty(), listener));
    }

    /**
     * Runs the load and writes each second to a result directory as it ends.
     *
     * @throws IOException if the generator failed, or the directory cannot be written to
     */
    public SavedRun run(ResultFile file, Listener listener) throws IOException {
        file.begin(summary.result(new RunDescription(plan).begun()));
        var recording = new Recording(Optional.of(file), listener);
        return new SavedRun(run(recording), file, summary.latencies(), recording.lost, failures);
    }

    private RunResult run(Recording recording) throws IOException {
        var measured = load.run(recording);
        var result = summary.result(new RunDescription(plan).facts(measured, summary,
                recording.gaveUp ? Optional.of(unreachable()) : Optional.empty()));
        return plan.objective()
                .map(wanted -> result.judged(wanted.judge(result.outcomes().failureShare(), summary.latencyMicros())))
                .orElse(result);
    }

    private static FailureObserver watch(FailureTraces traces, Setting.Names names) {
        return new FailureObserver() {
            @Override
            public @Nullable HandshakeObserver next(int inFlight) {
                return traces.next(inFlight);
            }

            @Override
            public HandshakeFailure worded(HandshakeFailure failure) {
                return failure.inWords(Meaning.of(failure).in(names));
            }

            @Override
            public void failed(HandshakeFailure failure, @Nullable HandshakeObserver observer) {
                traces.failed(failure, observer);
            }

            @Override
            public void timedOut(Stage stage, @Nullable HandshakeObserver observer) {
                traces.timedOut(stage, observer);
            }
        };
    }

    /** Says why the run gave up: no connection was made. */
    private String unreachable() {
        var tally = summary.tally();
        var refused = tally.failures().entrySet().stream()
                .filter(entry -> entry.getKey().cause().equals("connection_refused")).mapToLong(Map.Entry::getValue)
                .sum();
        var servers = plan.load().targets();
        var where = servers.size() == 1
                ? HostPort.of(servers.getFirst().socket())
                : "any of the " + servers.size() + " servers";
        return refused == tally.failed()
                ? String.format(Locale.ROOT, "nothing listens at %s (%,d of %,d connections were refused)", where,
                        refused, tally.failed())
                : String.format(Locale.ROOT, "no connection to %s could be made (%,d of %,d failed)", where,
                        tally.failed(), tally.ended() - tally.cancelled());
    }

    /** Takes each second to the result, the directory and the listener. */
    private final class Recording implements Load.Watcher {
        private final Optional<ResultFile> file;
        private final Listener listener;
        private final Summary warmups = new Summary();
        private final Lateness lateness = new Lateness();
        private boolean toldOfSessions;
        /** Whether the load was stopped because no server accepts connections. */
        private boolean gaveUp;
        /** Why seconds could no longer be written, which stopped the load. */
        private Optional<IOException> lost = Optional.empty();

        Recording(Optional<ResultFile> file, Listener listener) {
            this.file = file;
            this.listener = listener;
        }

        @Override
        public void second(Interval interval, Interval warmup, int inFlight, double secondsLeft) {
            keep(interval);
            summary.add(interval);
            var warmingUp = summary.tally().planned() == 0;
            if (warmingUp) {
                file.ifPresent(kept -> kept.rehearse(warmup));
                warmups.add(warmup);
            }
            listener.second(new Second(interval, warmingUp ? warmups.live(warmup) : summary.live(interval), warmingUp,
                    inFlight, secondsLeft, lateness.look(warmingUp ? warmup : interval)));
            if (!toldOfSessions) {
                var mix = plan.load().mix();
                load.sessions().flatMap(sessions -> SessionWords.shortage(sessions, mix.full(), mix.resumed()))
                        .ifPresent(words -> {
                            toldOfSessions = true;
                            listener.say(words.in(plan.words().names()));
                        });
            }
            if (!gaveUp && noServerAccepts()) {
                gaveUp = true;
                load.stop();
            }
        }

        /** What was measured before the disk was full is a result nevertheless. */
        private void keep(Interval interval) {
            if (file.isPresent() && lost.isEmpty()) {
                try {
                    file.get().append(interval);
                } catch (IOException e) {
                    lost = Optional.of(e);
                    load.stop();
                }
            }
        }

        /** Whether so far every handshake with every server has failed to connect, so that going on is useless. */
        private boolean noServerAccepts() {
            var servers = load.servers().isEmpty()
                    ? List.of(summary.tally())
                    : load.servers().stream().map(Interval::tally).toList();
            return servers.stream().allMatch(tally -> tally.completed() == 0 && tally.failed() > 0
                    && tally.failures().keySet().stream().allMatch(failure -> failure.stage().equals("connect")));
        }
    }
}
