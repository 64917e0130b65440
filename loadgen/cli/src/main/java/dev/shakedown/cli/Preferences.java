package dev.shakedown.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.shakedown.run.PlanFile;
import dev.shakedown.run.TextFile;
import dev.shakedown.run.value.Suggestion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Options that a user has set beforehand, in environment variables such as {@code SHAKEDOWN_RATE} and in a YAML file.
 * The command line takes precedence, then a plan that it names, then the environment, then the file. An option also
 * overrides its alternatives of lower precedence, as {@code --concurrency} does a rate from the environment.
 */
final class Preferences {
    static final String CONFIG = "--config";
    static final String PRINT = "--print-config";

    private static final String PREFIX = "SHAKEDOWN_";
    private static final Path FILE = Path.of("shakedown.yaml");
    /** Options of which only one can be given. */
    private static final List<Set<String>> ALTERNATIVES = List.of(
            Set.of("--concurrency", "--rate", "--ramp", "--steps", "--burst", ShapeOptions.PLAN),
            Set.of("--duration", "--count"), Set.of("--duration", "--ramp"), Set.of("--duration", "--steps"),
            Set.of("--duration", ShapeOptions.PLAN), Set.of("--concurrency", "--arrivals"), Set.of("--out", "--name"));
    private static final Pattern DEFAULT = Pattern.compile("\\(default: (?!\\$)([^()]*)\\)");
    /** Options that concern a single call only. */
    private static final Set<String> NEVER = Set.of(CONFIG, PRINT, "--list", "--help", "--version");

    /**
     * Where preferences come from.
     *
     * @param environment environment variables by name
     * @param home        the user's home directory
     */
    record Source(Map<String, String> environment, Path home) {
        /** No preferences. */
        static final Source NONE = new Source(Map.of(CONFIG_VARIABLE, ""), Path.of(""));

        static Source ofThisProcess() {
            return new Source(System.getenv(), Path.of(System.getProperty("user.home", "")));
        }

        /** Returns the file that is read unless the command line or the environment names another. */
        private Path file() {
            var directory = environment.getOrDefault("XDG_CONFIG_HOME", "");
            return (directory.isEmpty() ? home.resolve(".config") : Path.of(directory)).resolve(FILE);
        }
    }

    private static final String CONFIG_VARIABLE = variable(CONFIG);

    /** The words that set one option on a command line, and where they come from. */
    private record Preferred(List<String> words, String origin) {}

    private final List<String> typed;
    private final CommandLine command;
    /** Number of words that name the command. */
    private final int named;
    private final Map<String, Preferred> preferred = new LinkedHashMap<>();
    /** Options that the plan on the command line sets, with their values. */
    private final Map<String, String> planned;

    /**
     * Finds the preferences for the command that a command line names.
     *
     * @throws IllegalArgumentException with a sentence for the user
     */
    Preferences(CommandLine root, List<String> typed, Source source) {
        this.typed = typed;
        var path = new ArrayList<>(List.of(root));
        for (var word : typed) {
            var below = path.getLast().getSubcommands().get(word);
            if (below == null) {
                break;
            }
            path.add(below);
        }
        this.command = path.getLast();
        this.named = path.size() - 1;
        this.planned = planned();
        if (named > 0) {
            options(command).forEach(option -> fromEnvironment(option, source.environment));
            fromFile(source, path);
        }
    }

    /**
     * Adds {@code --config} and {@code --print-config} to a command and its subcommands, but not to bench, whose
     * options are JMH's.
     */
    static void addOptions(CommandLine command) {
        var spec = command.getCommandSpec();
        if (command.getSubcommands().isEmpty() && !spec.name().equals("bench")) {
            spec.addOption(OptionSpec.builder(CONFIG).paramLabel("FILE").type(Path.class)
                    .description("Read options from this YAML file instead of ~/.config/shakedown.yaml.").build());
            spec.addOption(OptionSpec.builder(PRINT).type(boolean.class)
                    .description("Print every option with its value and origin, and do nothing else.")
                    .build());
        }
        command.getSubcommands().values().stream().distinct().forEach(Preferences::addOptions);
    }

    /** Whether an option concerns a single call only, such as a request for help. */
    static boolean isAboutTheCall(OptionSpec option) {
        return NEVER.contains(option.longestName());
    }

    /** Returns the options that can be set beforehand. */
    private static Stream<OptionSpec> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden() && !isAboutTheCall(option));
    }

    /** Returns the command line with the preferences added. */
    List<String> arguments() {
        var all = new ArrayList<>(typed.subList(0, named));
        preferred.values().forEach(each -> all.addAll(each.words));
        all.addAll(typed.subList(named, typed.size()));
        return all;
    }

    /** Returns an error message followed by the origin of the options in it that nobody typed. */
    String explained(String complaint) {
        var origins = preferred.entrySet().stream()
                .filter(each -> complaint.matches("(?s).*" + each.getKey() + "\\b(?!-).*"))
                .map(each -> each.getKey() + " is from " + each.getValue().origin).collect(Collectors.joining(", "));
        return origins.isEmpty() ? complaint : complaint + " (" + origins + ")";
    }

    /** Whether only to print the options, and do nothing else. */
    boolean isAsked() {
        return isTyped(PRINT);
    }

    /** Returns every option of the command with its value and origin; to be called after parsing. */
    String print() {
        var lines = new StringBuilder();
        options(command).forEach(option -> {
            var origin = origin(option);
            lines.append("%-25s %-25s %s%n".formatted(option.longestName(),
                    origin.isPresent() ? given(option) : standard(option), origin.orElse("default")));
        });
        return lines.toString();
    }

    private Optional<String> origin(OptionSpec option) {
        if (isTyped(option)) {
            return Optional.of("command line");
        }
        return planned.containsKey(option.longestName())
                ? value(ShapeOptions.PLAN)
                : Optional.ofNullable(preferred.get(option.longestName())).map(Preferred::origin);
    }

    /** Returns a value as it was given, which is how the user knows it. */
    private String given(OptionSpec option) {
        var name = option.longestName();
        if (planned.containsKey(name) && !isTyped(option)) {
            return planned.get(name);
        }
        return option.arity().max() == 0
                ? String.valueOf(option.<Object>getValue())
                : String.join(",", option.originalStringValues());
    }

    /** Returns the default of an option, as its help says. */
    private static String standard(OptionSpec option) {
        var told = DEFAULT.matcher(String.join(" ", option.description()));
        var value = option.defaultValueString();
        return option.arity().max() == 0
                ? String.valueOf(option.<Object>getValue())
                : value != null && !value.equals("null") ? value : told.find() ? told.group(1) : "-";
    }

    private void fromEnvironment(OptionSpec option, Map<String, String> environment) {
        var variable = variable(option.longestName());
        var value = environment.get(variable);
        if (value != null) {
            add(option, List.of(value), variable);
        }
    }

    /** Returns the environment variable of an option, such as {@code SHAKEDOWN_MAX_IN_FLIGHT}. */
    static String variable(String option) {
        return PREFIX + option.substring("--".length()).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private void fromFile(Source source, List<CommandLine> path) {
        var given = value(CONFIG).or(() -> Optional.ofNullable(source.environment.get(CONFIG_VARIABLE)));
        var file = given.map(Path::of).orElseGet(source::file);
        if (given.isPresent() ? given.get().isEmpty() : !Files.exists(file)) {
            return;
        }
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(TextFile.read(file));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(file + (e.getLocation() == null
                    ? ""
                    : ", line " + e.getLocation().getLineNr()) + ": this is not valid YAML", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(CONFIG + " " + file + " cannot be read", e);
        }
        // Options under the name of a command take precedence over those for all commands.
        var sections = new ArrayList<JsonNode>();
        var section = root;
        for (var each : path) {
            if (each != path.getFirst()) {
                section = section.path(each.getCommandName());
            }
            // The command line may have only the command that was typed.
            check(file, section, each == path.getFirst() ? Main.commandLine() : each);
            sections.addFirst(section);
        }
        for (var node : sections) {
            options(command).filter(option -> node.has(name(option)))
                    .forEach(option -> add(option, values(node.get(name(option))), file.toString()));
        }
    }

    /** Checks that everything in a section is an option of some command below it, or a command. */
    private static void check(Path file, JsonNode section, CommandLine command) {
        if (!section.isObject()) {
            if (!section.isMissingNode() && !section.isNull()) {
                throw new IllegalArgumentException(file + ": "
                        + (command.getParent() == null ? "it" : command.getCommandName())
                        + " must hold options and their values, such as rate: 500");
            }
            return;
        }
        var known = new TreeSet<>(command.getSubcommands().keySet());
        addOptions(command, known);
        section.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                throw new IllegalArgumentException(file + ": there is no option or command '" + key + "'"
                        + Suggestion.among(key, known));
            }
        });
    }

    private static void addOptions(CommandLine command, Set<String> names) {
        options(command).map(Preferences::name).forEach(names::add);
        command.getSubcommands().values().forEach(below -> addOptions(below, names));
    }

    private static String name(OptionSpec option) {
        return option.longestName().substring("--".length());
    }

    private static List<String> values(JsonNode node) {
        return node.isArray()
                ? StreamSupport.stream(node.spliterator(), false).map(JsonNode::asText).toList()
                : List.of(node.asText());
    }

    private void add(OptionSpec option, List<String> values, String origin) {
        var name = option.longestName();
        if (preferred.containsKey(name) || isDisplaced(option)) {
            return;
        }
        preferred.put(name, new Preferred(option.arity().max() == 0
                ? flag(option, values.getFirst(), origin)
                : values.stream().map(value -> name + "=" + value).toList(), origin));
    }

    private static List<String> flag(OptionSpec option, String value, String origin) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> List.of(option.longestName());
            case "false", "no", "0", "" ->
                option.negatable() ? List.of("--no-" + name(option)) : List.of();
            default -> throw new IllegalArgumentException(origin + " sets " + option.longestName() + " to '" + value
                    + "', which is neither true nor false");
        };
    }

    private boolean isDisplaced(OptionSpec option) {
        var name = option.longestName();
        return isTyped(option) || planned.containsKey(name)
                || ALTERNATIVES.stream().filter(each -> each.contains(name)).flatMap(Set::stream)
                        .anyMatch(other -> preferred.containsKey(other) || isTyped(other));
    }

    private boolean isTyped(OptionSpec option) {
        return HelpText.names(option).stream().anyMatch(this::isTyped);
    }

    private boolean isTyped(String name) {
        return typedOptions().anyMatch(word -> word.equals(name) || word.startsWith(name + "="));
    }

    private Stream<String> typedOptions() {
        return typed.stream().skip(named).takeWhile(word -> !word.equals("--"));
    }

    /** Returns the value of an option on the command line; empty if it is not given. */
    private Optional<String> value(String name) {
        var words = typedOptions().toList();
        var at = words.indexOf(name);
        if (at >= 0 && at + 1 < words.size()) {
            return Optional.of(words.get(at + 1));
        }
        return words.stream().filter(word -> word.startsWith(name + "=")).findFirst()
                .map(word -> word.substring(name.length() + 1));
    }

    /** Returns the options that the plan sets. Errors in the plan are reported when it is used. */
    private Map<String, String> planned() {
        var planned = new LinkedHashMap<String, String>();
        try {
            value(ShapeOptions.PLAN).map(file -> PlanFile.read(ShapeOptions.PLAN, Path.of(file)).options())
                    .ifPresent(options -> options.forEach((name, value) -> planned.put("--" + name, value)));
        } catch (IllegalArgumentException _) {
            // then the plan sets nothing
        }
        return planned;
    }
}
