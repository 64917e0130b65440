package dev.shakedown.cli;

import dev.shakedown.cli.value.Readers;
import dev.shakedown.run.value.Suggestion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MaxValuesExceededException;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says what is wrong with a command line, in one sentence that also says what would be right. */
final class UsageErrors {
    /** Example values by their labels in the help. */
    private static final Map<String, String> EXAMPLES = Map.ofEntries(Map.entry("HOST:PORT", "127.0.0.1:8443"),
            Map.entry("TIME", "30s"), Map.entry("R", "500"), Map.entry("N", "10"), Map.entry("SHARE", "80%"),
            Map.entry("VERSION", "1.2-1.3"), Map.entry("WEIGHTS", "20/80"), Map.entry("GROUP", "x25519"),
            Map.entry("SUITE", "ECDHE-RSA-AES128-GCM-SHA256"), Map.entry("JAR|COMMIT", "HEAD~1"),
            Map.entry("SERVER", "127.0.0.1:8443"), Map.entry("DIR", "results/runs/before"),
            Map.entry("RESULT", "results/runs/before"));

    private UsageErrors() {}

    /** Returns the sentence. */
    static String of(ParameterException e) {
        return switch (e) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing -> missing(missing);
            case OverwrittenOptionException twice -> givenTwice(Stream.of(name(twice.getOverwritten())));
            case MaxValuesExceededException many when message(many).contains("without '") ->
                message(many).replaceFirst(".*?(--?[\\w-]+).*", "$1 takes no value; leave out what follows the =");
            case MaxValuesExceededException _ -> givenTwice(Stream.empty());
            default -> e.getCause() instanceof TypeConversionException && e.getArgSpec() != null
                    ? (e.getArgSpec() instanceof OptionSpec ? name(e.getArgSpec()) + ": " : "") + reason(e)
                    : message(e).lines().findFirst().orElse("");
        };
    }

    /** Returns the sentence, also from what was typed where that says more than the exception. */
    static String of(ParameterException e, List<String> typed) {
        return e instanceof MaxValuesExceededException && !message(e).contains("without '")
                ? givenTwice(repeated(typed))
                : of(e);
    }

    private static String givenTwice(Stream<String> names) {
        var all = names.collect(Collectors.joining(", "));
        return (all.isEmpty() ? "an option" : all) + " is given twice; give it once";
    }

    private static Stream<String> repeated(List<String> typed) {
        var seen = new HashSet<String>();
        return typed.stream().filter(word -> word.startsWith("--")).map(word -> word.replaceFirst("=.*", ""))
                .filter(name -> !seen.add(name)).distinct();
    }

    private static String message(Throwable e) {
        return Objects.requireNonNullElse(e.getMessage(), "");
    }

    /** Returns why a value was refused; picocli reads flags, our readers everything else. */
    private static String reason(ParameterException e) {
        return e.getArgSpec().typeInfo().isBoolean()
                ? "'" + e.getValue() + "' is neither true nor false"
                : message(e.getCause() == null ? e : e.getCause());
    }

    private static String missing(MissingParameterException e) {
        var missing = e.getMissing();
        if (missing.getFirst() instanceof OptionSpec option && !option.required()
                || message(e).contains("but found")) {
            var name = missing.getFirst();
            return name(name) + " needs a value, " + name.paramLabel() + example(name);
        }
        return e.getCommandLine().getCommandName() + " needs " + missing.stream()
                .map(arg -> (arg instanceof OptionSpec ? name(arg) + " " : "") + arg.paramLabel() + example(arg))
                .collect(Collectors.joining(" and "));
    }

    private static String example(ArgSpec arg) {
        var example = EXAMPLES.get(arg.paramLabel());
        if (example == null) {
            return "";
        }
        return ", such as " + (arg instanceof OptionSpec option ? option.longestName() + " " : "") + example;
    }

    private static String name(ArgSpec arg) {
        return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
    }

    private static String unmatched(UnmatchedArgumentException e) {
        var command = e.getCommandLine();
        // If an option lacked its value, there is no list.
        var stray = e.getUnmatched().isEmpty()
                ? message(e).replaceFirst("[^']*'([^']*)'.*", "$1")
                : e.getUnmatched().getFirst();
        if (stray.startsWith("-") && stray.length() > 1) {
            return option(command.getCommandSpec(), stray.replaceFirst("=.*", ""));
        }
        if (!command.getSubcommands().isEmpty()) {
            return command(command, stray);
        }
        return positional(command.getCommandSpec(), stray);
    }

    /** Explains a word among the options: there are too many, or its reader refuses it, which picocli does not say. */
    private static String positional(CommandSpec command, String stray) {
        if (command.positionalParameters().isEmpty()) {
            return "'" + stray + "' is one too many: " + command.name() + " takes options only"
                    + Suggestion.among("--" + stray, options(command));
        }
        var taken = command.positionalParameters().getFirst();
        return Readers.refusal(taken.auxiliaryTypes()[0], stray).orElseGet(() -> "'" + stray + "' is one too many: "
                + command.name() + " takes " + (taken.arity().max() == 1 ? "one " : "") + taken.paramLabel());
    }

    /** Explains an unknown command. */
    static String command(CommandLine above, String stray) {
        var known = new TreeSet<>(above.getSubcommands().keySet());
        if (above.getParent() == null) {
            known.add(HelpRequests.HELP);
        }
        return "there is no command '" + stray + "'" + (above.getParent() == null
                ? ""
                : " of " + above.getCommandName()) + Suggestion.nearest(stray, known)
                        .map(near -> "; did you mean '" + above.getCommandSpec().qualifiedName() + " " + near + "'?")
                        .orElseGet(() -> "; the commands are " + String.join(", ", known));
    }

    private static String option(CommandSpec command, String stray) {
        var sentence = "there is no option " + stray + (command.parent() == null ? "" : " of " + command.name());
        // Other programs write long options with one hyphen.
        var whole = stray.startsWith("--") ? stray : "-" + stray;
        var own = options(command);
        if (own.contains(whole)) {
            return sentence + "; did you mean " + whole + "?";
        }
        var elsewhere = having(command.parent() == null ? command : Main.commandLine().getCommandSpec(), whole);
        if (!elsewhere.isEmpty()) {
            return sentence + "; it belongs to " + String.join(", ", elsewhere);
        }
        return sentence + (stray.length() == 2 ? "; options are whole words here" : Suggestion.among(whole, own));
    }

    private static List<String> options(CommandSpec command) {
        return command.options().stream().filter(option -> !option.hidden())
                .flatMap(option -> HelpText.names(option).stream()).toList();
    }

    /** Returns the commands that have an option. */
    private static List<String> having(CommandSpec command, String name) {
        var having = new ArrayList<String>();
        if (options(command).contains(name)) {
            having.add("'" + command.qualifiedName() + "'");
        }
        command.subcommands().values().stream().distinct()
                .forEach(below -> having.addAll(having(below.getCommandSpec(), name)));
        return having;
    }
}
