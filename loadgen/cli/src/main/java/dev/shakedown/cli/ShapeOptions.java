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

/** When handshakes begin, of which kind they are, and when the load ends. */
final class ShapeOptions {
    static final String DEFAULT_MIX = "full=1,resumed=1";
    private static final int DEFAULT_CONCURRENCY = 16;
    private static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);
    static final String PLAN = "--plan";
    private static final String BURSTS = "bursts";
    private static final long MOST_COUNT = 1_000_000_000_000L;

    @Option(names = "--concurrency", paramLabel = "N", //
            description = "Closed loop: keep N handshakes under way; each one that ends makes room for the next"
                    + " (default: " + DEFAULT_CONCURRENCY
                    + ").")
    private @Nullable Integer concurrency;

    @Option(names = "--rate", paramLabel = "R", //
            description = "Open loop: begin R handshakes per second, each when it is due, whatever becomes of the"
                    + " others.")
    private @Nullable Rate rate;

    @Option(names = "--ramp", paramLabel = "FROM:TO:TIME", //
            description = "Open loop: change the rate in a straight line from one value to another, such as"
                    + " 100:2000:60s.")
    private @Nullable String ramp;

    @Option(names = "--steps", paramLabel = "R1,R2,...:TIME", //
            description = "Open loop: hold one rate after another, each for the given time, such as 100,200,400:10s.")
    private @Nullable String steps;

    @Option(names = "--burst", paramLabel = "N:EVERY", //
            description = "Open loop: begin N handshakes at once, again and again, such as 500:1s.")
    private @Nullable String burst;

    @Option(names = "--plan", paramLabel = "FILE", //
            description = "Open loop: read the phases of the load from a YAML or JSON file (see Load shapes in"
                    + " loadgen/README.md); a run with phases leaves the plan that repeats it as plan.yaml in its"
                    + " results.")
    @Nullable
    Path plan;

    @Option(names = "--arrivals", paramLabel = "SHAPE", //
            description = "Open loop: space arrivals evenly (constant) or at random (poisson) (default: constant).")
    private Schedule.@Nullable Shape arrivals;

    @Option(names = "--duration", paramLabel = "TIME", //
            description = "Measure for this long after the warm-up (default: 10s).")
    private @Nullable Duration duration;

    @Option(names = "--count", paramLabel = "N", //
            description = "Measure N handshakes after the warm-up, instead of for a --duration.")
    private @Nullable Long count;

    @Option(names = "--mix", paramLabel = "WEIGHTS", //
            description = "Ask for full and resumed handshakes in this ratio, such as 20/80 (default: " + DEFAULT_MIX
                    + ").")
    Mix mix = Mix.parse(DEFAULT_MIX);

    /** Returns the options of an experiment, which chooses rates and lengths itself. */
    static ShapeOptions of(Mix mix) {
        var options = new ShapeOptions();
        options.mix = mix;
        return options;
    }

    /**
     * Checks that the options go together.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    void check() {
        var shapes = shapes();
        if (shapes.size() > 1) {
            throw new IllegalArgumentException(String.join(" and ", shapes) + " cannot be used together: a load either"
                    + " waits for answers or follows one plan");
        }
        if (count != null && duration != null) {
            throw new IllegalArgumentException("--count and --duration cannot be used together: one of them"
                    + " ends the load");
        }
        if (arrivals != null && !openLoop()) {
            throw new IllegalArgumentException("--arrivals is for open loops; add --rate");
        }
        if (duration != null && (ramp != null || steps != null || plan != null)) {
            throw new IllegalArgumentException("--duration cannot be used with " + shapes.getFirst()
                    + ", which sets its own length");
        }
        checkRate(rate);
        LoadOptions.atLeastOne("--concurrency", concurrency);
        LoadOptions.atLeastOne("--count", count);
        LoadOptions.atMost("--count", count, MOST_COUNT);
        LoadOptions.positive("--duration", duration);
    }

    /** @throws IllegalArgumentException if the rate is 0 */
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

    /**
     * Returns the pacing that these options ask for.
     *
     * @param open makes an open loop with its limits from a schedule
     */
    Pacing pacing(Function<Schedule, Pacing> open) {
        return openLoop()
                ? open.apply(schedule())
                : new ClosedLoop(concurrency == null ? DEFAULT_CONCURRENCY : concurrency);
    }

    /** Returns when the measured part ends. */
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

    /** Returns the schedule of an open loop. */
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

    /** Returns the plan that these options describe; only for an open loop that ends by time. */
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
