package dev.shakedown.comparison;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.shakedown.results.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What two runs differ in besides what was measured. */
public final class Differences {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What can differ: by these names it is allowed to. */
    public enum Aspect {
        PLAN, MACHINE, CLIENT
    }

    /** @param words what differs, and how */
    public record Difference(Aspect aspect, String words) {}

    private Differences() {}

    /** All of them; the target may differ, since comparing servers is what many compare for. */
    public static List<Difference> between(RunResult one, RunResult other) {
        var differences = new ArrayList<Difference>();
        add(differences, Aspect.PLAN, "plan.", one.plan(), other.plan());
        add(differences, Aspect.MACHINE, "host.", one.host(), other.host());
        add(differences, Aspect.CLIENT, "client.", one.client(), other.client());
        if (one.generator().threads() != other.generator().threads()) {
            differences.add(new Difference(Aspect.CLIENT, "generator.threads is " + one.generator().threads() + " and "
                    + other.generator().threads()));
        }
        if (!one.tool().equals(other.tool())) {
            differences.add(new Difference(Aspect.CLIENT, "tool is " + one.tool().version() + " and "
                    + other.tool().version()));
        }
        return differences;
    }

    private static void add(List<Difference> differences, Aspect aspect, String prefix, Object one, Object other) {
        JsonNode left = JSON.valueToTree(one);
        JsonNode right = JSON.valueToTree(other);
        var names = new TreeSet<String>();
        left.fieldNames().forEachRemaining(names::add);
        right.fieldNames().forEachRemaining(names::add);
        for (var name : names) {
            var before = left.path(name);
            var after = right.path(name);
            // A server is called by its own name.
            if (!before.equals(after) && !name.equals("sni")) {
                differences.add(new Difference(aspect, prefix + name + " is " + before + " and " + after));
            }
        }
    }
}
