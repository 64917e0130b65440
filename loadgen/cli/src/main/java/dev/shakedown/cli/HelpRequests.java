package dev.shakedown.cli;

import dev.shakedown.run.value.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.Set;
import picocli.CommandLine;

/**
 * Requests for help, brief or whole, and for lists of values. They are answered before the command line is parsed, so
 * that help comes even if the rest of the line is wrong.
 */
final class HelpRequests {
    static final String HELP = "help";
    private static final String LIST = "--list";
    private static final String ALL = "all";
    private static final String HELP_ALL = "--help=" + ALL;
    private static final Set<String> HELPS = Set.of("-h", "--help");

    private final CommandLine root;
    private final List<String> words;

    HelpRequests(CommandLine root, String... arguments) {
        this.root = root;
        this.words = Arrays.asList(arguments);
    }

    /** Answers a request and returns the exit code; empty if there is no request. */
    OptionalInt answer() {
        if (!words.isEmpty() && words.getFirst().equals(HELP)) {
            var whole = words.size() > 1 && words.getLast().equals(ALL);
            return help(words.subList(1, words.size() - (whole ? 1 : 0)), whole);
        }
        var options = words.stream().takeWhile(word -> !word.equals("--")).toList();
        var help = options.stream().filter(word -> HELPS.contains(word) || word.equals(HELP_ALL)).findFirst();
        if (help.isPresent()) {
            var asked = options.indexOf(help.get());
            return help(words.subList(0, asked), help.get().equals(HELP_ALL)
                    || asked + 1 < words.size() && words.get(asked + 1).equals(ALL));
        }
        var listed = options.stream().filter(word -> word.equals(LIST) || word.startsWith(LIST + "=")).findFirst();
        return listed.map(word -> list(word.equals(LIST)
                ? words.stream().skip(words.indexOf(LIST) + 1L).findFirst().orElse("")
                : word.substring(LIST.length() + 1))).orElseGet(OptionalInt::empty);
    }

    /** Prints the help of the command that these words name, ignoring the command's own arguments. */
    private OptionalInt help(List<String> named, boolean whole) {
        var command = root;
        for (var word : named) {
            if (word.equals(HELP) && command == root) {
                continue;
            }
            var below = command.getSubcommands().get(word);
            if (below == null) {
                // A command with subcommands takes no other words than these and options.
                if (!command.getSubcommands().isEmpty() && !word.startsWith("-")) {
                    Main.complain(root.getErr(), UsageErrors.command(command, word) + Main.see(command));
                    return OptionalInt.of(Main.EXIT_USAGE);
                }
                break;
            }
            command = below;
        }
        print(whole ? HelpText.whole(command) : HelpText.brief(command));
        return OptionalInt.of(0);
    }

    private OptionalInt list(String what) {
        var known = Arrays.stream(ChoiceLists.values()).map(choice -> choice.name().toLowerCase(Locale.ROOT)).toList();
        if (!known.contains(what.toLowerCase(Locale.ROOT))) {
            Main.complain(root.getErr(), LIST + ": '" + what + "' is not one of " + String.join(", ", known)
                    + Suggestion.among(what, known));
            return OptionalInt.of(Main.EXIT_USAGE);
        }
        print(ChoiceLists.valueOf(what.toUpperCase(Locale.ROOT)).text());
        return OptionalInt.of(0);
    }

    private void print(String text) {
        var out = root.getOut();
        out.print(text);
        out.flush();
    }

}
