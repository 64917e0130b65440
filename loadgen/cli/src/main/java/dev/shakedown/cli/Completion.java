package dev.shakedown.cli;

import dev.shakedown.cli.value.Readers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.regex.Pattern;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** Scripts by which shells complete command lines, made from the options that the commands declare. */
final class Completion {
    /** Shells that there is a script for. */
    enum Shell {
        BASH, ZSH, FISH
    }

    /** What zsh has no counterpart of. */
    private static final Pattern COMPOPT = Pattern
            .compile("alias compopt=complete|type compopt &>/dev/null && compopt [-+]o \\w+");

    private Completion() {}

    /** Returns the script, to be sourced by the shell or put where it looks for completions. */
    static String script(Shell shell) {
        return switch (shell) {
            case BASH -> bash();
            // A file of this name in zsh's fpath is the body of a function, whose first call is a completion already.
            case ZSH -> "#compdef " + Main.NAME + "\n" + COMPOPT.matcher(bash()).replaceAll(":")
                    + "[[ -z ${compstate-} ]] || _bash_complete -o default -F _complete_" + Main.NAME + "\n";
            case FISH -> fish();
        };
    }

    /** Picocli's script, which zsh understands as well. It is dated, which would make each build another. */
    private static String bash() {
        var root = new CommandLine(plain(Main.commandLine().getCommandSpec()));
        return AutoComplete.bash(Main.NAME, root).replaceAll("(?m)^# .*(generated|Version|Date).*\n", "");
    }

    /**
     * A command's options and subcommands, and nothing else of it: picocli completes the values of an option only as
     * its annotation lists them.
     */
    private static CommandSpec plain(CommandSpec spec) {
        var plain = CommandSpec.create().name(spec.name());
        spec.options().stream().filter(option -> !option.hidden()).map(Completion::plain).forEach(plain::addOption);
        for (var parameter : spec.positionalParameters()) {
            var values = Readers.values(parameter);
            plain.addPositional(PositionalParamSpec.builder().paramLabel(parameter.paramLabel()).index("0..*")
                    .type(values.isEmpty() && parameter.typeInfo().isMultiValue() ? Path.class : String.class)
                    .completionCandidates(values.isEmpty() ? null : values).build());
        }
        spec.subcommands().forEach((name, below) -> {
            if (name.equals(below.getCommandName())) {
                plain.addSubcommand(name, plain(below.getCommandSpec()));
            }
        });
        return plain;
    }

    private static OptionSpec plain(OptionSpec option) {
        var values = Readers.values(option);
        // Picocli's script keeps an option's values under its label, which several may share.
        var builder = OptionSpec.builder(HelpText.names(option).toArray(String[]::new))
                .paramLabel(option.longestName().replace("-", ""))
                .arity(option.arity().max() == 0 ? "0" : "1").required(false);
        return values.isEmpty()
                ? builder.type(takesFile(option) ? Path.class : String.class).build()
                : builder.type(String.class).completionCandidates(values).build();
    }

    private static boolean takesFile(ArgSpec arg) {
        return arg.auxiliaryTypes()[0] == Path.class || arg.paramLabel().contains("FILE");
    }

    private static String fish() {
        var lines = new ArrayList<String>();
        lines.add("# Completions of " + Main.NAME + " for fish.");
        var root = Main.commandLine();
        lines.add("complete -c " + Main.NAME + " -f");
        fish(root, List.of(), lines);
        return String.join("\n", lines) + "\n";
    }

    /** @param path the names of the command and of those above it, without the first */
    private static void fish(CommandLine command, List<String> path, List<String> lines) {
        var below = new LinkedHashMap<String, CommandLine>();
        command.getSubcommands().values().forEach(each -> below.put(each.getCommandName(), each));
        var seen = path.stream().map("__fish_seen_subcommand_from %s; and "::formatted).reduce("", String::concat);
        var here = "complete -c " + Main.NAME + " -n '" + (below.isEmpty()
                ? seen.replaceFirst("; and $", "")
                : path.isEmpty()
                        ? "__fish_use_subcommand"
                        : seen + "not __fish_seen_subcommand_from " + String.join(" ", below.keySet()))
                + "'";
        below.forEach((name, each) -> lines.add(here + " -a " + name + " -d "
                + quoted(String.join(" ", each.getCommandSpec().usageMessage().header()))));
        command.getCommandSpec().options().stream().filter(option -> !option.hidden())
                .forEach(option -> lines.add(here + fish(option)));
        for (var parameter : command.getCommandSpec().positionalParameters()) {
            var values = Readers.values(parameter);
            if (!values.isEmpty()) {
                lines.add(here + " -a " + quoted(String.join(" ", values)));
            } else if (takesFile(parameter)) {
                lines.add(here + " -F");
            }
        }
        below.forEach((name, each) -> {
            var deeper = new ArrayList<>(path);
            deeper.add(name);
            fish(each, deeper, lines);
        });
    }

    private static String fish(OptionSpec option) {
        var text = new StringBuilder();
        for (var name : HelpText.names(option)) {
            text.append(name.startsWith("--") ? " -l " : " -s ").append(name.replaceFirst("^--?", ""));
        }
        if (option.arity().max() > 0) {
            var values = Readers.values(option);
            text.append(values.isEmpty()
                    ? takesFile(option) ? " -r -F" : " -x"
                    : " -x -a " + quoted(String.join(" ", values)));
        }
        return text.append(" -d ").append(quoted(HelpText.description(option))).toString();
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
