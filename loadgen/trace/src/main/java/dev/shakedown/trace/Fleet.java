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
 * How a fleet of servers shares sessions: which server accepts the sessions of which, and up to what age.
 *
 * @param ages one row for each server, kind and age, ascending; empty if no ages were requested
 * @param ends one row for each server and kind with any session, if ages were requested
 */
public record Fleet(List<Matrix> matrices, List<Age> ages, List<End> ends) {
    /**
     * Sessions of one kind.
     *
     * @param accepted for each issuing server, whether each server accepted its session; {@code null} if it issues
     *                 none, or if that is unknown
     * @param unknown  pairs (issuer, other, both from 0) without a conclusive answer
     */
    public record Matrix(String kind, List<List<@Nullable Boolean>> accepted, List<List<Integer>> unknown) {}

    /**
     * The result for a session of some age.
     *
     * @param accepted {@code null} if the server issues no such session, or if that is unknown
     * @param unknown  whether there was no conclusive answer
     */
    public record Age(String target, String kind, String age, @Nullable Boolean accepted, boolean unknown) {}

    /**
     * The ages between which a server stops accepting sessions.
     *
     * @param taken    the highest age up to which all were accepted; {@code null} if there is none
     * @param declined the next age; {@code null} if there is none
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

    /** Returns the name of a kind in results. */
    private static String label(Kind kind) {
        return switch (kind) {
            case SESSION_ID -> "sessionId";
            case TICKET, PSK -> kind.name().toLowerCase(Locale.ROOT);
        };
    }

    /** Offers a session of every kind and server to every server. */
    static List<Matrix> matrices(List<Scan> servers) {
        var matrices = new ArrayList<Matrix>();
        for (var kind : Kind.values()) {
            var accepted = new ArrayList<List<@Nullable Boolean>>();
            var unknown = new ArrayList<List<Integer>>();
            for (var issuer : servers) {
                var row = new ArrayList<@Nullable Boolean>();
                for (var other : servers) {
                    // A session may be valid for only one use.
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
     * Tests whether sessions are accepted at these ages. Each session is offered once, when it has that age.
     *
     * @param ages  ascending
     * @param sleep waits for the given time
     */
    static List<Age> ages(List<Scan> servers, List<String> targets, List<Duration> ages, List<String> names,
            Consumer<Duration> sleep) {
        var waiting = new ArrayList<Waiting>();
        // Sessions for the lowest ages are created last.
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
     * Tests a fleet.
     *
     * @param ages ages in ascending order, with the given {@code names}; may be empty
     */
    public static Fleet of(List<Scan> servers, List<String> targets, List<Duration> ages, List<String> names,
            Consumer<Duration> sleep) {
        var rows = ages.isEmpty() ? List.<Age>of() : ages(servers, targets, ages, names, sleep);
        return new Fleet(servers.size() > 1 ? matrices(servers) : List.of(), rows, ends(rows));
    }
}
