package dev.shakedown.cli;

import dev.shakedown.load.Destination;
import dev.shakedown.load.LoadPlan;
import dev.shakedown.load.Pacing.ClosedLoop;
import dev.shakedown.load.Pacing.OpenLoop;
import dev.shakedown.net.prelude.Prelude;
import dev.shakedown.run.value.Share;
import dev.shakedown.tls.client.SessionMemory;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the generator makes its load, whatever the shape of that: its warm-up, its event loops and its limits. */
final class LoadOptions {
    private static final int MOST_THREADS = 1024;

    @Option(names = "--warmup", paramLabel = "TIME", //
            defaultValue = "2s", //
            description = "Load for this long before measuring; the results leave it out (default: ${DEFAULT-VALUE}).")
    Duration warmup;

    @Option(names = "--resume-uses", paramLabel = "N", //
            description = "Offer each session at most N times (default: any number of times up to TLS 1.2; once in"
                    + " TLS 1.3, as RFC 8446 recommends).")
    @Nullable
    Integer resumeUses;

    @Option(names = "--max-in-flight", paramLabel = "N", defaultValue = "10000", //
            description = "Open loop: count arrivals as unsent while N handshakes are under way (default:"
                    + " ${DEFAULT-VALUE}).")
    int maxInFlight;

    @Option(names = "--max-late", paramLabel = "TIME", //
            description = "Open loop: count an arrival as unsent if the generator is more than this late to begin it"
                    + " (default: the longer of 1s and a tenth of the run).")
    @Nullable
    Duration maxLate;

    @Option(names = "--threads", paramLabel = "N", //
            description = "Run N event loops (default: half as many as there are processors, at least 1).")
    @Nullable
    Integer threads;

    /**
     * Returns the plan that these options ask for.
     *
     * @param destinations where connections go, at least one
     * @param connections  how each connection is made
     * @param shape        when handshakes begin
     * @param warnings     takes sentences for the user
     * @throws IllegalArgumentException with a sentence for the user
     */
    LoadPlan plan(List<Destination> destinations, ConnectionOptions connections, Prelude prelude, ShapeOptions shape,
            Consumer<String> warnings) {
        var target = destinations.getFirst().target();
        var settings = destinations.getFirst().settings();
        atLeastOne("--resume-uses", resumeUses);
        atLeastOne("--max-in-flight", maxInFlight);
        atLeastOne("--threads", threads);
        atMost("--threads", threads, MOST_THREADS);
        positive("--max-late", maxLate);
        connections.check();
        var kinds = shape.mix;
        if (kinds.resumed() > 0 && !settings.tickets() && !settings.offersUpToTls12()) {
            throw new IllegalArgumentException("--no-tickets leaves TLS 1.3 nothing to resume with; ask for"
                    + " --mix full=1, or leave out --no-tickets");
        }
        var loops = threads == null ? Math.max(1, Runtime.getRuntime().availableProcessors() / 2) : threads;
        var sources = connections.sources(target.socket());
        if (connections.connectionsPerSource != null) {
            // Each event loop has sources of its own.
            loops = Math.min(loops, sources.addresses().size());
        }
        var pacing = shape.pacing(schedule -> new OpenLoop(schedule, maxInFlight,
                maxLate == null ? OptionalLong.empty() : OptionalLong.of(maxLate.toNanos())));
        return LoadPlan.of(destinations).pacing(pacing).end(shape.end()).warmupNanos(warmup.toNanos()).mix(kinds)
                .resumeUses(resumeUses == null ? SessionMemory.AS_THE_VERSION_ASKS : resumeUses)
                .timeouts(connections.timeout.toNanos(), connections.connectTimeout.toNanos())
                .close(connections.close)
                .threads(pacing instanceof ClosedLoop(var slots) ? Math.min(loops, slots) : loops)
                .transport(connections.transport(warnings)).sources(sources)
                .ending(connections.ending(target.host(), settings, kinds)).prelude(prelude).build();
    }

    static void atLeastOne(String option, @Nullable Number value) {
        if (value != null && value.longValue() < 1) {
            throw new IllegalArgumentException(option + " must be at least 1, but is " + value);
        }
    }

    static void atMost(String option, @Nullable Number value, long most) {
        if (value != null && value.longValue() > most) {
            throw new IllegalArgumentException(option + " must be at most " + most + ", but is " + value);
        }
    }

    static void partOfAll(String option, @Nullable Share share) {
        if (share != null && share.value() > 1) {
            throw new IllegalArgumentException(option + " must be from 0 to 1 (100%), but is " + share.text());
        }
    }

    static void positive(String option, @Nullable Duration value) {
        if (value != null && value.isZero()) {
            throw new IllegalArgumentException(option + " must be longer than 0s");
        }
    }
}
