package dev.shakedown.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.lang3.StringUtils;
import org.apache.commons.text.WordUtils;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Formats help, brief for one screen or in whole, at most 80 columns wide. */
final class HelpText {
    static final int WIDTH = 80;
    /** Lines of the brief help. */
    static final int SCREEN = 24;
    private static final int NAME_COLUMN = 30;
    private static final int DESCRIPTION_COLUMN = 28;
    private static final int MARGIN = 2;
    /** What ends a clause, and then what ends a part of a clause that still makes sense. */
    private static final List<List<String>> CLAUSE_ENDS = List.of(List.of(", ", ": ", " ("),
            List.of(" until ", " if ", " that ", " for ", " and ", " at "));
    /** The options that most people set. */
    private static final List<String> FIRST = List.of("--base", "--head", "--objective", "--rate", "--concurrency",
            "--duration", "--mix", "--tls", "--server-pid");

    private HelpText() {}

    /** Returns the whole help. */
    static String whole(CommandLine command) {
        return command.setUsageHelpWidth(WIDTH).setUsageHelpLongOptionsMaxWidth(NAME_COLUMN)
                .getUsageMessage(Ansi.OFF).lines().map(String::stripTrailing)
                .collect(Collectors.joining("\n", "", "\n"));
    }

    /** Returns the synopsis, a line for each of the first options, the names of the others, and examples. */
    static String brief(CommandLine command) {
        var spec = command.getCommandSpec();
        var usage = spec.usageMessage();
        var lines = new ArrayList<String>();
        lines.addAll(("Usage: " + synopsis(command)).lines().toList());
        lines.addAll(wrapped(String.join(" ", usage.header()), 0));
        var below = command.getSubcommands().values().stream().distinct().toList();
        if (below.isEmpty()) {
            options(spec.options(), lines, Arrays.asList(usage.footer()).size());
        } else {
            lines.add("");
            below.forEach(each -> lines.add("  %-9s %s".formatted(each.getCommandName(),
                    firstClause(String.join(" ", each.getCommandSpec().usageMessage().header()), WIDTH - 12))));
        }
        Arrays.stream(usage.footer()).takeWhile(line -> !line.startsWith("Exit codes"))
                .forEach(line -> lines.addAll(wrapped(line.formatted(), 0)));
        if (!lines.getLast().isEmpty()) {
            lines.add("");
        }
        lines.add("Everything: " + spec.qualifiedName() + " --help all");
        return String.join("\n", lines) + "\n";
    }

    /**
     * Adds options in the order of their {@link #rank}: as many with a line each as leave room for the names of the
     * others.
     */
    private static void options(List<OptionSpec> all, List<String> lines, int footer) {
        var shown = all.stream().filter(option -> !option.hidden() && !Preferences.isAboutTheCall(option))
                .sorted(Comparator.comparingInt(option -> rank(option)))
                .toList();
        var room = SCREEN - lines.size() - footer - 2 * MARGIN;
        var own = shown.size();
        while (own + rest(shown.subList(own, shown.size())).size() > room && own > 0) {
            own--;
        }
        lines.add("");
        shown.subList(0, own).forEach(option -> lines.add("  %-25s %s".formatted(
                option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel()),
                firstClause(String.join(" ", option.description()), WIDTH - DESCRIPTION_COLUMN))));
        lines.addAll(rest(shown.subList(own, shown.size())));
    }

    /** Returns how a command is called, in one line or more. */
    static String synopsis(CommandLine command) {
        var spec = command.getCommandSpec();
        var usage = spec.usageMessage();
        return usage.customSynopsis().length > 0
                ? String.join("\n", usage.customSynopsis())
                : spec.qualifiedName() + (command.getSubcommands().isEmpty()
                        ? " [OPTIONS]" + spec.positionalParameters().stream().map(each -> " " + each.paramLabel())
                                .collect(Collectors.joining())
                        : " " + usage.synopsisSubcommandLabel());
    }

    /** Returns all names of an option, including the one that negates it. */
    static List<String> names(OptionSpec option) {
        var names = new ArrayList<>(Arrays.asList(option.names()));
        if (option.negatable()) {
            names.add("--no-" + option.longestName().substring("--".length()));
        }
        return names;
    }

    /** Returns the description of an option as plain text, on one line. */
    static String description(ArgSpec arg) {
        return plain(String.join(" ", arg.description())).replace("${DEFAULT-VALUE}",
                String.valueOf(arg.defaultValue()));
    }

    private static String plain(String text) {
        return text.replace("%%", "%").replace("%n", " ");
    }

    /** Returns the place of an option: first what most people set, then in the order of groups. */
    private static int rank(OptionSpec option) {
        var first = FIRST.indexOf(option.longestName());
        return first >= 0 ? first - FIRST.size() : option.group() == null ? 0 : 1 + option.group().order();
    }

    private static List<String> rest(List<OptionSpec> options) {
        return options.isEmpty()
                ? List.of()
                : wrapped("also " + options.stream().map(OptionSpec::longestName).collect(Collectors.joining(" ")),
                        MARGIN);
    }

    /** Returns as much of the beginning of a description as fits and makes sense alone. */
    private static String firstClause(String text, int width) {
        var plain = plain(text).strip();
        var end = Stream.of(". ", "; ", " (default").mapToInt(plain::indexOf).filter(at -> at > 0).min()
                .orElse(plain.length());
        var clause = plain.substring(0, end).replaceFirst("[.:]$", "");
        for (var ends : CLAUSE_ENDS) {
            while (clause.length() > width && ends.stream().anyMatch(clause::contains)) {
                var longer = clause;
                clause = longer.substring(0, ends.stream().mapToInt(longer::lastIndexOf).max().orElseThrow());
            }
        }
        return StringUtils.abbreviate(clause, width);
    }

    private static List<String> wrapped(String text, int indent) {
        if (text.length() <= WIDTH - indent) {
            return List.of(" ".repeat(indent) + text);
        }
        return WordUtils.wrap(text, WIDTH - indent).lines().map(line -> " ".repeat(indent) + line).toList();
    }
}
