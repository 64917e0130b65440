package dev.shakedown.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import dev.shakedown.results.Advice;
import dev.shakedown.results.Json;
import dev.shakedown.results.RunResult;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Differences in the setup of two runs. */
public final class Differences {
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

    /** What can differ; users allow differences by these names. */
    public enum Aspect {
        PLAN,
        MACHINE,
        CLIENT,
        /** What the tool was built from; always allowed to differ, but reported. */
        BUILD
    }

    /** @param words what differs, and how */
    public record Difference(Aspect aspect, String words) {}

    /** Thrown where the setup differs in what the user has not allowed. */
    public static final class Refused extends IllegalArgumentException {
        private static final long serialVersionUID = 1;

        private final transient Advice advice;

        private Refused(Advice advice) {
            super(advice.toString());
            this.advice = advice;
        }

        /** Says what differs, and how to allow it. */
        public Advice advice() {
            return advice;
        }
    }

    private Differences() {}

    /**
     * Requires that all differences are allowed.
     *
     * @throws Refused with a sentence that lists the others, and says how to allow them
     */
    static void refuse(List<Named> differences, Set<Aspect> allowed) {
        var refused = differences.stream().filter(
                each -> each.difference.aspect() != Aspect.BUILD && !allowed.contains(each.difference.aspect()))
                .toList();
        if (!refused.isEmpty()) {
            var aspects = refused.stream().map(each -> each.difference.aspect().name().toLowerCase(Locale.ROOT))
                    .distinct().sorted().collect(Collectors.joining(","));
            throw new Refused(Advice.words("more differs than what was measured: "
                    + refused.stream().map(Named::toString).collect(Collectors.joining("; ")))
                    .then(Advice.of("; to compare them all the same, give %s", Setting.DESPITE.to(aspects))));
        }
    }

    /** @param side the name of the side that differs from the first */
    record Named(String side, Difference difference) {
        @Override
        public String toString() {
            return side + ": " + difference.words;
        }
    }

    /**
     * Returns all differences. Other targets are none, since comparing servers is common, but another number of them
     * is.
     */
    public static List<Difference> between(RunResult one, RunResult other) {
        var differences = new ArrayList<Difference>();
        addFields(differences, Aspect.PLAN, "plan.", one.plan(), other.plan());
        add(differences, Aspect.PLAN, "plan.sni", serverName(one), serverName(other));
        var whole = !one.interrupted() && !other.interrupted();
        add(differences, Aspect.PLAN, "loadPhases", loadPhases(one, whole), loadPhases(other, whole));
        add(differences, Aspect.PLAN, "the number of targets", targets(one), targets(other));
        addFields(differences, Aspect.MACHINE, "host.", one.host(), other.host());
        addFields(differences, Aspect.CLIENT, "client.", one.client(), other.client());
        add(differences, Aspect.CLIENT, "generator.threads", one.generator().threads(), other.generator().threads());
        add(differences, Aspect.CLIENT, "tool", one.tool().version(), other.tool().version());
        addKnown(differences, "tool.commit", one.tool().commit(), other.tool().commit());
        addKnown(differences, "tool.netty", one.tool().netty(), other.tool().netty());
        return differences;
    }

    /** Adds a difference unless either side is unknown, as in results of earlier versions of the tool. */
    private static void addKnown(List<Difference> differences, String name, @Nullable String one,
            @Nullable String other) {
        if (one != null && other != null) {
            add(differences, Aspect.BUILD, name, one, other);
        }
    }

    /** Returns the server name asked for, with one text for the target's own name, or none where it is an address. */
    private static String serverName(RunResult run) {
        var host = run.target().host();
        var own = ADDRESS.matcher(host).matches() ? null : host;
        return Objects.equals(run.plan().offer().sni(), own)
                ? "the target's own"
                : String.valueOf(run.plan().offer().sni());
    }

    private static int targets(RunResult run) {
        return run.targets() == null ? 1 : run.targets().size();
    }

    /**
     * Describes the phases of the load, such as {@code ramp 10.0/s to 500.0/s for 5.0 s}.
     *
     * @param whole whether neither run was interrupted, which would shorten phases
     */
    private static String loadPhases(RunResult run, boolean whole) {
        return run.loadPhases() == null
                ? "none"
                : run.loadPhases().stream().map(phase -> phase.name() + " " + phase.fromPerSecond() + "/s to "
                        + phase.toPerSecond() + "/s" + (whole ? " for " + phase.seconds() + " s" : ""))
                        .collect(Collectors.joining(", "));
    }

    private static void addFields(List<Difference> differences, Aspect aspect, String prefix, @Nullable Object one,
            @Nullable Object other) {
        JsonNode left = Json.PLAIN.valueToTree(one);
        JsonNode right = Json.PLAIN.valueToTree(other);
        var names = new TreeSet<String>();
        left.fieldNames().forEachRemaining(names::add);
        right.fieldNames().forEachRemaining(names::add);
        names.remove("sni");
        names.forEach(name -> add(differences, aspect, prefix + name, left.path(name), right.path(name)));
    }

    private static void add(List<Difference> differences, Aspect aspect, String name, Object one, Object other) {
        if (!one.equals(other)) {
            differences.add(new Difference(aspect, name + " is " + one + " and " + other));
        }
    }
}
