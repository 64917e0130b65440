package dev.shakedown.load;

import dev.shakedown.results.Interval;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * The same handshakes, told apart in several ways.
 *
 * @param phases   by the phase of the load that they were due in
 * @param servers  by the server; empty where there is one only
 * @param names    by the name that was asked for, with latencies alone; empty where there is one only
 * @param versions by the version that was agreed on, the highest first, likewise; empty where one only was offered
 */
public record Breakdown(List<Interval> phases, List<Interval> servers, List<Interval> names,
        List<Interval> versions) {
    /** What nobody has told apart. */
    static final Breakdown NONE = new Breakdown(List.of(), List.of(), List.of(), List.of());

    public Breakdown {
        phases = List.copyOf(phases);
        servers = List.copyOf(servers);
        names = List.copyOf(names);
        versions = List.copyOf(versions);
    }

    /** With what came later. */
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

    /** Lists of equal length, place by place. */
    static List<Interval> merged(List<List<Interval>> lists) {
        return IntStream.range(0, lists.getFirst().size())
                .mapToObj(place -> Interval.merged(lists.stream().map(list -> list.get(place)).toList())).toList();
    }
}
