package dev.shakedown.results;

import dev.shakedown.results.RunFacts.Generator;
import dev.shakedown.results.RunFacts.Window;
import dev.shakedown.results.RunSetup.Bounds;
import dev.shakedown.results.RunSetup.Connection;
import dev.shakedown.results.RunSetup.Ending;
import dev.shakedown.results.RunSetup.Offer;
import dev.shakedown.results.RunSetup.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** The facts of test runs besides their samples. */
public final class Facts {
    private static final Connection RESET = new Connection(10, 3, "rst");
    private static final Bounds NO_BOUNDS = new Bounds(List.of(), null, null);

    public static final RunSetup.Plan CLOSED = new RunSetup.Plan(
            new Shape(64, null, null, 10.0, null, 2, new RunSetup.Mix(1, 4)), RESET,
            new Offer("1.2", List.of("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), List.of("x25519"), "localhost",
                    List.of("h2"), true, null),
            NO_BOUNDS, new Ending("finished", 40, 0, 1), "dhe-ke", null, null);
    public static final RunSetup.Plan FULL_ONLY = new RunSetup.Plan(
            new Shape(64, null, null, null, 1000L, 0, new RunSetup.Mix(1, 0)), new Connection(10, 3, "notify"),
            new Offer("1.2", List.of(), List.of(), null, List.of(), false, null), NO_BOUNDS,
            new Ending("response", 40, 0, 1), "dhe-ke", null, null);

    private Facts() {}

    public static RunSetup.Plan open(double ratePerSecond, String arrivals, Double durationSeconds) {
        return new RunSetup.Plan(
                new Shape(null, ratePerSecond, arrivals, durationSeconds, null, 2, new RunSetup.Mix(1, 4)), RESET,
                new Offer("1.2", List.of(), List.of(), null, List.of(), true, 3),
                new Bounds(List.of("127.0.0.2"), 1000, 1.0), new Ending("finished", 40, 100, 1), "dhe-ke", "RSA", null);
    }

    /** Ten seconds, in which the generator used 1 s of CPU time and the server 5 s. */
    public static RunFacts of(RunSetup.Plan plan) {
        var setup = new RunSetup(plan, new RunSetup.Target("localhost", 8443, "127.0.0.1", true, "jdk", null),
                new RunSetup.Host("Linux", "amd64", "A CPU", 2, 8L << 30, "25"),
                new RunSetup.Client("base-point", "reused", "none", "jdk", "epoll"));
        var begun = RunFacts.begun(new RunResult.Tool("shakedown", "0.1.0", "1234567",
                "2026-01-01T00:00:00Z", "25", "4.2.18.Final", List.of("epoll", "nio"), List.of("jdk")), setup,
                Instant.parse("2026-01-02T03:04:05Z"), 1);
        return with(begun, 10, false, 1, null, new RunFacts.ServerCpu(4711, 5));
    }

    public static RunFacts interrupted(RunFacts facts) {
        return facts.ended(new Window(facts.window().startedAt(), 4.2, true), facts.generator(), facts.server(),
                facts.findings());
    }

    public static RunFacts saturated(RunFacts facts, String because) {
        var generator = facts.generator();
        return facts.ended(facts.window(), new Generator(generator.threads(), generator.cpuSeconds(),
                Optional.ofNullable(because), generator.health()), facts.server(), facts.findings());
    }

    public static RunFacts server(RunFacts facts, double cpuSeconds) {
        return server(facts, new RunFacts.ServerCpu(4711, cpuSeconds));
    }

    public static RunFacts server(RunFacts facts, RunFacts.ServerCpu cpu) {
        return facts.ended(facts.window(), facts.generator(), Optional.of(cpu), facts.findings());
    }

    public static RunFacts found(RunFacts facts, RunFacts.Findings findings) {
        return facts.ended(facts.window(), facts.generator(), facts.server(), findings);
    }

    /** Returns facts of a run against another machine, without CPU times. */
    public static RunFacts remote(RunFacts facts) {
        var setup = new RunSetup(facts.setup().plan(),
                new RunSetup.Target("tls.example", 443, "192.0.2.7", false, null, "192.0.2.0/24"),
                facts.setup().host(), facts.setup().client());
        return RunFacts.begun(facts.tool(), setup, facts.window().startedAt(), 2).ended(facts.window(),
                new Generator(2, OptionalDouble.empty(), Optional.empty(), Optional.empty()), Optional.empty(),
                facts.findings());
    }

    /** Returns facts with these costs. */
    public static RunFacts with(RunFacts facts, double seconds, boolean interrupted, double generatorCpuSeconds,
            String saturatedBecause, RunFacts.ServerCpu server) {
        return facts.ended(new Window(facts.window().startedAt(), seconds, interrupted),
                new Generator(1, OptionalDouble.of(generatorCpuSeconds), Optional.ofNullable(saturatedBecause),
                        Optional.empty()),
                Optional.ofNullable(server), facts.findings());
    }

    /** Returns the result of a run with these consecutive intervals. */
    public static RunResult result(RunFacts facts, List<Interval> intervals) {
        var summary = new Summary();
        intervals.forEach(summary::add);
        return summary.result(facts);
    }

    /** Returns a second of a run with this number of handshakes of each kind, all of a kind equally long. */
    public static Interval second(int each, long fullMicros, long resumedMicros) {
        var samples = new ArrayList<>(Collections.nCopies(each, Samples.full(fullMicros)));
        samples.addAll(Collections.nCopies(each, Samples.resumed(resumedMicros)));
        return Samples.interval(samples.toArray(Sample[]::new));
    }

    public static RunResult result(RunFacts facts, Sample... samples) {
        var summary = new Summary();
        summary.add(Samples.interval(samples));
        return summary.result(facts);
    }
}
