package dev.shakedown.load;

import dev.shakedown.results.Interval;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The results of the same handshakes, broken down in several ways.
 *
 * @param phases   by the phase of the load in which they were due
 * @param servers  by server; empty if there is only one
 * @param names    by the server name requested, latencies only; empty if there is only one
 * @param versions by the version negotiated, the highest first, latencies only; empty if only one was offered
 */
public record Breakdown(List<Interval> phases, List<Interval> servers, List<Interval> names,
        List<Interval> versions) {
    /** Results without a breakdown. */
    static final Breakdown NONE = new Breakdown(List.of(), List.of(), List.of(), List.of());

    public Breakdown {
        phases = List.copyOf(phases);
        servers = List.copyOf(servers);
        names = List.copyOf(names);
        versions = List.copyOf(versions);
    }

    /** Returns the sum of this breakdown and a later one. */
    Breakdown and(Breakdown more) {
        return new Breakdown(sums(more, Breakdown::phases), sums(more, Breakdown::servers),
                sums(more, Breakdown::names), sums(more, Breakdown::versions));
    }

    Breakdown withoutPhases() {
        return new Breakdown(List.of(), servers, names, versions);
    }

    private List<Interval> sums(Breakdown more, Function<Breakdown, List<Interval>> part) {
        return added(part.apply(this), part.apply(more));
    }

    private static List<Interval> added(List<Interval> sums, List<Interval> more) {
        return sums.isEmpty() ? more : more.isEmpty() ? sums : merged(List.of(sums, more));
    }

    /** Merges lists of equal length, element by element. */
    static List<Interval> merged(List<List<Interval>> lists) {
        return IntStream.range(0, lists.getFirst().size())
                .mapToObj(place -> Interval.merged(lists.stream().map(list -> list.get(place)).toList())).toList();
    }
}
