package dev.shakedown.trace;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The names of values that a scan has not determined, as in its results, such as {@code resumption.ticket}. */
final class Undetermined {
    private final Set<String> names = new LinkedHashSet<>();

    void add(String name) {
        names.add(name);
    }

    /** Removes a name whose value is now known, and adds it if the answer is {@code UNKNOWN}. */
    void settle(String name, Answer answer) {
        if (answer == Answer.UNKNOWN) {
            names.add(name);
        } else {
            names.remove(name);
        }
    }

    List<String> names() {
        return List.copyOf(names);
    }
}
