package dev.shakedown.trace;

import dev.shakedown.trace.Scan.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How sessions travel in a fleet of servers: which server takes what which has issued, and up to what age.
 *
 * @param ages one row for each server, kind and age, ascending; empty when none was asked for
 * @param ends one row for each server and kind of which there is any session and an age was asked for
 */
public record Fleet(List<Matrix> matrices, List<Age> ages, List<End> ends) {
    /**
     * Sessions of one kind.
     *
     * @param accepted for each issuing server whether each server took its session; {@code null} where it issues none,
     *                 or where that is unknown
     * @param unknown  of which pairs (issuer, other, both from 0) no answer told anything
     */
    public record Matrix(String kind, List<List<@Nullable Boolean>> accepted, List<List<Integer>> unknown) {}

    /**
     * A session of some age.
     *
     * @param accepted {@code null} where the server issues no such session, or where that is unknown
     * @param unknown  whether no answer told anything
     */
    public record Age(String target, String kind, String age, @Nullable Boolean accepted, boolean unknown) {}

    /**
     * Between which ages sessions stop being taken.
     *
     * @param taken    the greatest age below that, or {@code null} if there is none
     * @param declined the next, or {@code null} if there is none
     */
    public record End(String target, String kind, @Nullable String taken, @Nullable String declined) {
        static End of(List<Age> ascending) {
            var first = ascending.getFirst();
            var taken = ascending.stream().takeWhile(Age::accepted).toList();
            return new End(first.target, first.kind, taken.isEmpty() ? null : taken.getLast().age,
                    taken.size() == ascending.size() ? null : ascending.get(taken.size()).age);
        }
    }

    private static List<End> ends(List<Age> ages) {
        return ages.stream().filter(age -> age.accepted != null)
                .collect(Collectors.groupingBy(age -> List.of(age.target, age.kind), LinkedHashMap::new,
                        Collectors.toList()))
                .values().stream().map(End::of).toList();
    }

    /** What a kind is called in results. */
    private static String label(Kind kind) {
        return switch (kind) {
            case SESSION_ID -> "sessionId";
            case TICKET, PSK -> kind.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Every session of every server to every server. */
    static List<Matrix> matrices(List<Scan> servers) {
        var matrices = new ArrayList<Matrix>();
        for (var kind : Kind.values()) {
            var accepted = new ArrayList<List<@Nullable Boolean>>();
            var unknown = new ArrayList<List<Integer>>();
            for (var issuer : servers) {
                var row = new ArrayList<@Nullable Boolean>();
                for (var other : servers) {
                    // A session may be good for one use only.
                    var issued = issuer.session(kind);
                    var taken = taken(other, kind, issued);
                    if (taken == Answer.UNKNOWN) {
                        unknown.add(List.of(accepted.size(), row.size()));
                    }
                    row.add(issued.answer() == Answer.NO ? null : taken.value());
                }
                accepted.add(row);
            }
            matrices.add(new Matrix(label(kind), accepted, unknown));
        }
        return matrices;
    }

    private static Answer taken(Scan server, Kind kind, Scan.Issued issued) {
        return issued.session().map(session -> server.resumes(kind, session)).orElse(issued.answer());
    }

    private record Waiting(Scan server, String target, Kind kind, String age, long dueNanos, Scan.Issued issued) {}

    /**
     * Whether sessions are taken up at these ages. Each is offered once, when it is just that old.
     *
     * @param ages  ascending
     * @param sleep waits so long
     */
    static List<Age> ages(List<Scan> servers, List<String> targets, List<Duration> ages, List<String> names,
            Consumer<Duration> sleep) {
        var waiting = new ArrayList<Waiting>();
        // The youngest are made last.
        for (var age = ages.size() - 1; age >= 0; age--) {
            for (var i = 0; i < servers.size(); i++) {
                for (var kind : Kind.values()) {
                    var issued = servers.get(i).session(kind);
                    waiting.add(new Waiting(servers.get(i), targets.get(i), kind, names.get(age),
                            System.nanoTime() + ages.get(age).toNanos(), issued));
                }
            }
        }
        waiting.sort(Comparator.comparingLong(Waiting::dueNanos));
        var rows = new ArrayList<Age>();
        for (var each : waiting) {
            sleep.accept(Duration.ofNanos(each.dueNanos - System.nanoTime()));
            var taken = taken(each.server, each.kind, each.issued);
            rows.add(new Age(each.target, label(each.kind), each.age,
                    each.issued.answer() == Answer.NO ? null : taken.value(), taken == Answer.UNKNOWN));
        }
        return rows;
    }

    /**
     * Examines a fleet.
     *
     * @param ages may be empty; ascending, under {@code names}
     */
    public static Fleet of(List<Scan> servers, List<String> targets, List<Duration> ages, List<String> names,
            Consumer<Duration> sleep) {
        var rows = ages.isEmpty() ? List.<Age>of() : ages(servers, targets, ages, names, sleep);
        return new Fleet(servers.size() > 1 ? matrices(servers) : List.of(), rows, ends(rows));
    }
}
