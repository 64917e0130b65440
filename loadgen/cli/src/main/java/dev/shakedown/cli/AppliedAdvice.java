package dev.shakedown.cli;

import dev.shakedown.results.Advice;
import dev.shakedown.results.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A command line changed as advised. */
record AppliedAdvice(List<String> arguments) {
    /** A placeholder for a value that only people know. */
    private static final String PLACEHOLDER = "[A-Z]+";

    /**
     * Returns the arguments with each value that the advice gives, the first one if there are several for an option.
     * Empty if it gives none that a program can try.
     *
     * @param given the arguments of the command
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

    /** Returns the arguments ready to paste into a shell, after the name of the command. */
    @Override
    public String toString() {
        return arguments.stream().map(TraceLine::quoted).collect(Collectors.joining(" "));
    }
}
