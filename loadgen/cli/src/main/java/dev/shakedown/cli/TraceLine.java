package dev.shakedown.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The command line that shows, message by message, one handshake of a load, to be pasted into a shell. */
final class TraceLine {
    /** What trace does with these is something else, or needs more. */
    private static final Set<String> OTHERWISE = Set.of("--tls", "--request", "--early-data", "--format", "--help",
            "--version");
    /** Brackets are none of these: a shell may look for files by them. */
    private static final Pattern PLAIN = Pattern.compile("[\\w./:,@%+=-]+");

    private TraceLine() {}

    /**
     * The command line.
     *
     * @param server as {@code HOST:PORT}
     * @param tls    the versions offered
     * @param given  the options of the load, of which trace takes those that it has
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

    /** As a shell takes it for one word. */
    static String quoted(String word) {
        return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
