package dev.shakedown.cli;

import dev.shakedown.load.End.AfterCount;
import dev.shakedown.load.End.AfterEither;
import dev.shakedown.load.End.AfterTime;
import dev.shakedown.load.End;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing;
import dev.shakedown.load.Schedule;
import dev.shakedown.run.LoadShapes;
import dev.shakedown.run.PlanFile.Entry;
import dev.shakedown.run.PlanFile;
import dev.shakedown.run.value.Rate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When handshakes begin, of which kind they are to be, and when that ends. */
final class ShapeOptions {
    static final String DEFAULT_MIX = "full=1,resumed=1";
    private static final int DEFAULT_CONCURRENCY = 16;
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);
    static final String PLAN = "--plan";
    private static final String BURSTS = "bursts";
    private static final long MOST_COUNT = 1_000_000_000_000L;

    @Option(names = "--concurrency", paramLabel = "N", //
            description = "Closed loop: N handshakes at a time, each begun when the one before it has ended"
                    + " (default: " + DEFAULT_CONCURRENCY + ").")
    private @Nullable Integer concurrency;

    @Option(names = "--rate", paramLabel = "R", //
            description = "Open loop: R handshakes a second, each begun when it is due, whatever became of others.")
    private @Nullable Rate rate;

    @Option(names = "--ramp", paramLabel = "FROM:TO:TIME", //
            description = "Open loop: from one rate to another in a straight line, as 100:2000:60s.")
    private @Nullable String ramp;

    @Option(names = "--steps", paramLabel = "R1,R2,...:TIME", //
            description = "Open loop: one rate behind the other, each for that long, as 100,200,400:10s.")
    private @Nullable String steps;

    @Option(names = "--burst", paramLabel = "N:EVERY", //
            description = "Open loop: N at once, again and again, as 500:1s.")
    private @Nullable String burst;

    @Option(names = "--plan", paramLabel = "FILE", //
            description = "Open loop: phases from a YAML or JSON file; see loadgen/README.md, Load shapes. Each run"
                    + " with phases leaves the plan that repeats it as plan.yaml in its results.")
    @Nullable
    Path plan;

    @Option(names = "--arrivals", paramLabel = "SHAPE", //
            description = "Open loop: constant or poisson arrivals (default: constant).")
    private Schedule.@Nullable Shape arrivals;

    @Option(names = "--duration", paramLabel = "TIME", //
            description = "How long to load after the warm-up (default: 10s).")
    private @Nullable Duration duration;

    @Option(names = "--count", paramLabel = "N", //
            description = "How many handshakes to do after the warm-up, instead of --duration.")
    private @Nullable Long count;

    @Option(names = "--mix", paramLabel = "WEIGHTS", //
            description = "Full against resumed handshakes to ask for, also as in 20/80 (default: " + DEFAULT_MIX
                    + ").")
    Mix mix = Mix.parse(DEFAULT_MIX);

    /** Those of an experiment, which chooses rates and lengths itself. */
    static ShapeOptions of(Mix mix) {
        var options = new ShapeOptions();
        options.mix = mix;
        return options;
    }

    /**
     * Looks at them all, since each reads as if it stood alone.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    void check() {
        var shapes = shapes();
        if (shapes.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", shapes) + " exclude each other: a load either waits"
                    + " for answers, or goes by one plan");
        }
        if (count != null && duration != null) {
            throw new IllegalArgumentException("--count and --duration exclude each other: one of them ends the load");
        }
        if (arrivals != null && !openLoop()) {
            throw new IllegalArgumentException("--arrivals shapes an open loop; give its --rate");
        }
        if (duration != null && (ramp != null || steps != null || plan != null)) {
            throw new IllegalArgumentException("--duration cannot go with " + shapes.getFirst()
                    + ", which says itself how long it takes");
        }
        checkRate(rate);
        LoadOptions.atLeastOne("--concurrency", concurrency);
        LoadOptions.atLeastOne("--count", count);
        LoadOptions.atMost("--count", count, MOST_COUNT);
        LoadOptions.positive("--duration", duration);
    }

    /** @throws IllegalArgumentException if it is none */
    static void checkRate(@Nullable Rate rate) {
        if (rate != null && rate.perSecond() == 0) {
            throw new IllegalArgumentException("--rate must be " + Rate.RANGE + ", but is " + rate);
        }
    }

    private List<String> shapes() {
        return Stream.of(concurrency == null ? null : "--concurrency", rate == null ? null : "--rate",
                ramp == null ? null : "--ramp", steps == null ? null : "--steps", burst == null ? null : "--burst",
                plan == null ? null : "--plan").filter(Objects::nonNull).toList();
    }

    private boolean openLoop() {
        return concurrency == null && !shapes().isEmpty();
    }

    /** @param open makes of a schedule an open loop, with its limits */
    Pacing pacing(Function<Schedule, Pacing> open) {
        return openLoop()
                ? open.apply(schedule())
                : new ClosedLoop(concurrency == null ? DEFAULT_CONCURRENCY : concurrency);
    }

    /** When the measured part ends. */
    End end() {
        var ends = openLoop() ? schedule().durationNanos() : Schedule.ENDLESS;
        if (ends != Schedule.ENDLESS) {
            var time = new AfterTime(ends);
            return count == null ? time : new AfterEither(new AfterCount(count), time);
        }
        return count == null ? new AfterTime(duration().toNanos()) : new AfterCount(count);
    }

    private Duration duration() {
        return duration == null ? DEFAULT_DURATION : duration;
    }

    /** What is due when in an open loop. */
    private Schedule schedule() {
        var shape = arrivals == null ? Schedule.Shape.CONSTANT : arrivals;
        if (rate != null) {
            return Schedule.constant(shape, rate.perSecond());
        }
        if (burst != null && count != null) {
            var bursts = ShapeTexts.burst(burst);
            return new Schedule(shape, List.of(LoadShapes.burst(BURSTS, bursts.count(),
                    LoadShapes.nanos("--burst", bursts.every()), Schedule.ENDLESS)));
        }
        return planFile().schedule(PLAN, arrivals);
    }

    /** The plan that does as they say; for an open loop that has an end other than a count. */
    PlanFile planFile() {
        if (plan != null) {
            var read = PlanFile.read(PLAN, plan);
            return arrivals == null ? read : read.with(arrivals);
        }
        var length = LoadShapes.text(duration().toNanos());
        return new PlanFile(arrivals, Map.of(),
                ramp != null
                        ? ShapeTexts.ramp(ramp)
                        : steps != null
                                ? ShapeTexts.steps(steps)
                                : List.of(burst != null
                                        ? new Entry(BURSTS, length, null, null, ShapeTexts.burst(burst))
                                        : new Entry("constant", length, rate, null, null)));
    }
}
