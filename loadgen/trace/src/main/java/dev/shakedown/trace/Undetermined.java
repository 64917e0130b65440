package dev.shakedown.trace;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a scan does not know yet, or never will: names as in its results, such as {@code resumption.ticket}. */
final class Undetermined {
    private final Set<String> names = new LinkedHashSet<>();

    void add(String name) {
        names.add(name);
    }

    /** It is known by now, unless it is {@code UNKNOWN}. */
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
