package dev.shakedown.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Builds a command line that traces one handshake of a load, ready to paste into a shell. */
final class TraceLine {
    /** Options that mean something else in trace, or need others there. */
    private static final Set<String> OTHERWISE = Set.of("--tls", "--request", "--early-data", "--format", "--help",
            "--version");
    /** Brackets are not among these, since a shell may expand them to file names. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:,@%+=-]+");

    private TraceLine() {}

    /**
     * Returns the command line.
     *
     * @param server as {@code HOST:PORT}
     * @param tls    the versions offered
     * @param given  the options of the load; those that trace has are kept
     */
    static String of(String server, String tls, ParseResult given) {
        var known = CommandSpec.forAnnotatedObject(new TraceCommand());
        var words = new ArrayList<>(List.of(Main.NAME, "trace", server, "--tls", tls));
        for (var option : given.matchedOptions()) {
            var name = option.longestName();
            if (!OTHERWISE.contains(name) && known.findOption(name) != null) {
                words.addAll(words(option));
            }
        }
        return words.stream().map(TraceLine::quoted).collect(Collectors.joining(" "));
    }

    private static List<String> words(OptionSpec option) {
        var name = option.longestName();
        if (option.typeInfo().isBoolean()) {
            return List.of(Boolean.TRUE.equals(option.getValue()) ? name : name.replaceFirst("^--", "--no-"));
        }
        return List.of(name, String.join(",", option.originalStringValues()));
    }

    /** Quotes a word for a shell. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
