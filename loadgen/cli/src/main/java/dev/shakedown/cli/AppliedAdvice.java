package dev.shakedown.cli;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A command line changed as an advice says. */
record AppliedAdvice(List<String> arguments) {
    /** What stands for a value that only people know. */
    private static final String PLACEHOLDER = "[A-Z]+";

    /**
     * The arguments with each value that the advice gives; of several for the same option the first. Empty where it
     * gives none that a program could try.
     *
     * @param given arguments of the command, as they were
     */
    static Optional<AppliedAdvice> of(List<String> given, Advice advice) {
        var values = new LinkedHashMap<String, String>();
        for (var piece : advice.pieces()) {
            if (piece instanceof Advice.Value(var setting, var value) && !value.matches(PLACEHOLDER)) {
                values.putIfAbsent(OptionNames.of(setting), value.equals("''") ? "" : value);
            } else if (piece == Setting.NO_TICKETS) {
                values.putIfAbsent(OptionNames.of(Setting.NO_TICKETS), null);
            }
        }
        if (values.isEmpty()) {
            return Optional.empty();
        }
        var arguments = new ArrayList<String>();
        for (var i = 0; i < given.size(); i++) {
            var name = given.get(i).replaceFirst("=.*", "");
            if (!values.containsKey(name)) {
                arguments.add(given.get(i));
            } else if (name.equals(given.get(i)) && values.get(name) != null) {
                i++;
            }
        }
        values.forEach((name, value) -> {
            arguments.add(name);
            if (value != null) {
                arguments.add(value);
            }
        });
        return Optional.of(new AppliedAdvice(arguments));
    }

    /** To be pasted into a shell, behind the program's name. */
    @Override
    public String toString() {
        return arguments.stream().map(TraceLine::quoted).collect(Collectors.joining(" "));
    }
}
