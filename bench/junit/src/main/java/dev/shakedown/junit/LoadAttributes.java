package dev.shakedown.junit;

import dev.shakedown.experiment.Objective;
import dev.shakedown.load.Destination;
import dev.shakedown.load.End;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Mix;
import dev.shakedown.load.Pacing;
import dev.shakedown.load.Schedule;
import dev.shakedown.net.Target;
import dev.shakedown.run.RunPlan;
import dev.shakedown.run.DefaultClient;
import dev.shakedown.run.value.Durations;
import dev.shakedown.run.value.Rate;
import dev.shakedown.run.value.Versions;
import dev.shakedown.tls.client.ClientSettings;
import dev.shakedown.tls.wire.ProtocolVersion;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.function.Supplier;

/** Turns the attributes of {@link TlsLoad} into a plan. */
final class LoadAttributes {
    private LoadAttributes() {}

    /**
     * Returns the plan of the run that the attributes ask for.
     *
     * @throws IllegalArgumentException with a sentence for people that begins with the attribute that is wrong
     */
    static RunPlan plan(TlsLoad asked, Loaded loaded) {
        var versions = of("tls", () -> Versions.parse(asked.tls())).all().toArray(ProtocolVersion[]::new);
        var destinations = new ArrayList<Destination>();
        for (var target : loaded.targets()) {
            destinations.add(new Destination(target, client(asked, target, versions), destinations.size()));
        }
        var load = LoadPlan.of(destinations).pacing(pacing(asked)).mix(of("resumed", () -> mix(asked.resumed())))
                .end(new End.AfterTime(of("duration", () -> duration(asked.duration())).toNanos()))
                .warmupNanos(of("warmup", () -> Durations.parse(asked.warmup())).toNanos()).build();
        var plan = RunPlan.of(load, loaded.watched());
        return asked.objective().isEmpty()
                ? plan
                : plan.judgedBy(of("objective", () -> Objective.parse(asked.objective())));
    }

    private static ClientSettings client(TlsLoad asked, Target target, ProtocolVersion[] versions) {
        var usual = DefaultClient.of(target, versions);
        return asked.serverName().isEmpty()
                ? usual
                : usual.withSni(of("serverName", () -> name(asked.serverName())));
    }

    private static Pacing pacing(TlsLoad asked) {
        if (asked.rate() != 0 == (asked.connections() != 0)) {
            throw new IllegalArgumentException("give either a rate or connections, such as rate = 200");
        }
        return asked.rate() != 0
                ? new Pacing.OpenLoop(Schedule.constant(Schedule.Shape.CONSTANT, of("rate", () -> rate(asked.rate()))))
                : new Pacing.ClosedLoop(of("connections", () -> connections(asked.connections())));
    }

    private static double rate(double perSecond) {
        if (!Double.isFinite(perSecond)) {
            throw new IllegalArgumentException(perSecond + " is not a rate; write a number " + Rate.RANGE);
        }
        return Rate.parse(BigDecimal.valueOf(perSecond).toPlainString()).perSecond();
    }

    private static int connections(int number) {
        if (number < 1) {
            throw new IllegalArgumentException(number + " is too small; write at least 1");
        }
        return number;
    }

    private static Mix mix(double resumed) {
        if (!(resumed >= 0 && resumed <= 1)) {
            throw new IllegalArgumentException(resumed + " is not a share; write a number from 0 to 1");
        }
        var percent = (int) Math.round(100 * resumed);
        return new Mix(100 - percent, percent);
    }

    private static Duration duration(String text) {
        var duration = Durations.parse(text);
        if (duration.isZero()) {
            throw new IllegalArgumentException("'" + text + "' is too short; write such as 10s");
        }
        return duration;
    }

    private static String name(String text) {
        if (!text.matches("[A-Za-z0-9_.-]{1,254}[A-Za-z0-9_-]")) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a host name in ASCII; write one such as www.example.org");
        }
        return text;
    }

    private static <T> T of(String attribute, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(attribute + ": " + e.getMessage(), e);
        }
    }
}
