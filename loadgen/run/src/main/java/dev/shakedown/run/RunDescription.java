package dev.shakedown.run;

import com.sun.management.OperatingSystemMXBean;
import dev.shakedown.load.Closure;
import dev.shakedown.load.Load;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.load.Saturation;
import dev.shakedown.load.Schedule;
import dev.shakedown.load.process.CpuModel;
import dev.shakedown.net.Target;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.results.HostPort;
import dev.shakedown.results.RunFacts;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.RunRows;
import dev.shakedown.results.RunSetup;
import dev.shakedown.results.Summary;
import dev.shakedown.tls.client.SessionMemory;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Describes for the result what a run was asked to do, with which server, from which host. */
record RunDescription(RunPlan run) {
    /** Returns what is known before the load begins. */
    RunFacts begun() {
        var plan = run.load();
        return RunFacts.begun(Tool.described(),
                new RunSetup(asked(), target(run.target(0)), host(), clientCost(), leftOut(),
                        run.words().trace().orElse(null)),
                Instant.now().plusNanos(plan.warmupNanos()), plan.threads());
    }

    /** Returns what a result says beyond what was recorded, for a run that did not give up. */
    RunFacts facts(Load.Measured measured, Summary summary) {
        return facts(measured, summary, Optional.empty());
    }

    /**
     * Returns what a result says beyond what was recorded.
     *
     * @param summary      the sum of everything recorded in the measured part
     * @param endedBecause why the run gave up before its plan was over; empty if it did not
     */
    RunFacts facts(Load.Measured measured, Summary summary, Optional<String> endedBecause) {
        var plan = run.load();
        var saturation = Saturation.of(plan, measured, summary);
        var findings = new RunFacts.Findings(endedBecause,
                saturation.map(found -> found.cause().name().toLowerCase(Locale.ROOT)), measured.sessions(),
                measured.closure() == Closure.Finding.NOTHING
                        ? Optional.empty()
                        : Optional.of(measured.closure().name().toLowerCase(Locale.ROOT)));
        var window = new RunFacts.Window(measured.startedAt(), measured.measuredSeconds(),
                measured.interrupted() && endedBecause.isEmpty());
        var generator = new RunFacts.Generator(plan.threads(), cpu(measured), saturation.map(Saturation::because),
                Optional.of(health(measured)));
        return begun().ended(window, generator, server(measured), findings).with(
                new RunFacts.Rows(phases(measured), servers(measured), names(measured), versions(measured)));
    }

    private static OptionalDouble cpu(Load.Measured measured) {
        var seconds = measured.generatorCpuSeconds();
        return seconds < 0 ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    }

    private List<RunResult.TargetRow> servers(Load.Measured measured) {
        var rows = new ArrayList<RunResult.TargetRow>();
        for (var recorded : measured.breakdown().servers()) {
            rows.add(Summary.target(target(run.target(rows.size())), measured.measuredSeconds(), recorded));
        }
        return rows;
    }

    private List<RunSetup.LeftOut> leftOut() {
        return run.words().leftOut().stream()
                .map(each -> new RunSetup.LeftOut(target(each.target()), each.cause().label())).toList();
    }

    private List<RunRows.NameRow> names(Load.Measured measured) {
        var rows = new ArrayList<RunRows.NameRow>();
        for (var recorded : measured.breakdown().names()) {
            var number = rows.size();
            var name = run.load().destinations().stream().filter(destination -> destination.name() == number)
                    .findFirst().orElseThrow()
                    .settings().sni();
            rows.add(Summary.name(name, measured.measuredSeconds(), recorded));
        }
        return rows;
    }

    /** Returns a row for each version negotiated; none if there is only one. */
    private List<RunRows.VersionRow> versions(Load.Measured measured) {
        var rows = new ArrayList<RunRows.VersionRow>();
        var recorded = measured.breakdown().versions();
        for (var i = 0; i < recorded.size(); i++) {
            rows.add(
                    Summary.version(run.load().versions().get(i).label(), measured.measuredSeconds(), recorded.get(i)));
        }
        rows.removeIf(row -> row.completed() == 0);
        return rows.size() < 2 ? List.of() : rows;
    }

    private static String arrivals(Schedule schedule) {
        var bursts = schedule.phases().stream().mapToLong(Schedule.Phase::burst).max().orElse(1);
        return bursts == 1 ? RunPlan.label(schedule.shape()) : "in bursts of " + bursts;
    }

    private List<RunResult.LoadPhase> phases(Load.Measured measured) {
        var plan = run.load();
        if (measured.breakdown().phases().isEmpty() || !(plan.pacing() instanceof OpenLoop(var schedule, _, _))) {
            return List.of();
        }
        var rows = new ArrayList<RunResult.LoadPhase>();
        var start = 0.0;
        for (var recorded : measured.breakdown().phases()) {
            var phase = schedule.phases().get(rows.size());
            var seconds = phase.durationNanos() / 1e9;
            if (measured.interrupted()) {
                seconds = Math.min(seconds, Math.max(0, measured.measuredSeconds() - start));
            }
            rows.add(Summary.phase(phase.name(), start, seconds, phase.fromPerSecond(), phase.toPerSecond(), recorded));
            start += seconds;
        }
        return rows;
    }

    private RunSetup.Plan asked() {
        var settings = run.settings();
        var plan = run.load();
        var open = plan.pacing() instanceof OpenLoop loop ? loop : null;
        var lasts = plan.end().nanos();
        var count = plan.end().arrivals();
        var shape = new RunSetup.Shape(plan.pacing() instanceof ClosedLoop(var slots) ? slots : null,
                open == null ? null : open.schedule().meanPerSecond(), open == null ? null : arrivals(open.schedule()),
                lasts.isPresent() ? lasts.getAsLong() / 1e9 : null, count.isPresent() ? count.getAsLong() : null,
                plan.warmupNanos() / 1e9, mix(plan.mix()));
        var connection = new RunSetup.Connection(plan.timeoutNanos() / 1e9, plan.connectTimeoutNanos() / 1e9,
                RunPlan.label(plan.close()));
        var offer = new RunSetup.Offer(run.words().tls(), settings.suites().stream().map(Enum::name).toList(),
                settings.groups().stream().map(group -> group.label()).toList(), serverName(), settings.alpn(),
                settings.tickets(),
                plan.resumeUses() == SessionMemory.AS_THE_VERSION_ASKS ? null : plan.resumeUses());
        var bounds = new RunSetup.Bounds(run.words().sourceAddresses(), open == null ? null : open.maxInFlight(),
                open == null ? null : open.lateNanos(plan.end()) / 1e9);
        var ending = new RunSetup.Ending(RunPlan.label(plan.ending().completeOn()), plan.ending().request().length,
                plan.ending().earlyData().length, plan.ending().ticketTimeoutNanos() / 1e9);
        return new RunSetup.Plan(shape, connection, offer, bounds, ending, RunPlan.label(settings.pskMode()),
                settings.identity() == null ? null : settings.identity().keyAlgorithm(), prelude(plan.prelude()));
    }

    private static @Nullable String prelude(Prelude prelude) {
        var parts = new ArrayList<String>();
        if (prelude.proxy() != null) {
            parts.add("PROXY " + RunPlan.label(prelude.proxy()));
        }
        if (prelude.starttls() != null) {
            parts.add("STARTTLS " + prelude.starttls().label());
        }
        return parts.isEmpty() ? null : String.join(", ", parts);
    }

    private @Nullable String serverName() {
        return run.words().sni().orElse(run.settings().sni());
    }

    private static RunSetup.Mix mix(Mix mix) {
        return new RunSetup.Mix(mix.full(), mix.resumed());
    }

    private RunSetup.Target target(Target address) {
        var embedded = run.server() instanceof WatchedServer.Embedded(var server) ? server : null;
        return new RunSetup.Target(address.host(), address.socket().getPort(),
                HostPort.address(address.socket().getAddress()), embedded != null,
                embedded == null ? null : embedded.options().engine().label(), address.authorizedBy().orElse(null));
    }

    private RunSetup.Client clientCost() {
        var settings = run.settings();
        var plan = run.load();
        return new RunSetup.Client(RunPlan.label(settings.keyShare()),
                RunPlan.label(settings.premaster()), RunPlan.label(settings.verify()),
                RunPlan.label(run.provider()), plan.transport().label());
    }

    private Optional<RunFacts.ServerCpu> server(Load.Measured measured) {
        return measured.server().map(use -> new RunFacts.ServerCpu(
                run.server().id().orElseThrow(), use.seconds(), use.stepSeconds(), use.forgotten(), use.ended()));
    }

    private static RunResult.Health health(Load.Measured measured) {
        var health = measured.health();
        return new RunResult.Health(measured.threadShares(), health.gcSeconds(), health.gcPauses(),
                health.gcCpuSeconds(), health.stolenShare(), health.retransmits(),
                health.waitedSeconds().isEmpty() ? null : health.waitedSeconds(), health.othersSeconds(),
                health.quota().map(quota -> new RunResult.Quota(quota.periods(), quota.throttled())).orElse(null),
                health.suspensions());
    }

    private static RunSetup.Host host() {
        var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new RunSetup.Host(System.getProperty("os.name") + " " + System.getProperty("os.version"),
                System.getProperty("os.arch"), CpuModel.ofThisMachine().orElse(null), system.getAvailableProcessors(),
                system.getTotalMemorySize(), System.getProperty("java.vm.name") + " " + Runtime.version());
    }
}
