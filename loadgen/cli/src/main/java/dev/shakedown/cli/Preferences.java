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
 * Options that a user has set for more than one call: in environment variables, such as {@code SHAKEDOWN_RATE}, and in
 * a YAML file. The command line comes first, then a plan that it names, the environment, and the file. What comes first
 * also displaces the alternatives of what it sets: {@code --concurrency} a rate of the environment.
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
    /** What is asked of one call only. */
    private static final Set<String> NEVER = Set.of(CONFIG, PRINT, "--list", "--help", "--version");

    /**
     * Where preferences come from.
     *
     * @param environment variables by their names
     * @param home        the user's directory
     */
    record Source(Map<String, String> environment, Path home) {
        /** Nothing is preferred. */
        static final Source NONE = new Source(Map.of(CONFIG_VARIABLE, ""), Path.of(""));

        static Source ofThisProcess() {
            return new Source(System.getenv(), Path.of(System.getProperty("user.home", "")));
        }

        /** The file that is read unless the command line or the environment names another. */
        private Path file() {
            var directory = environment.getOrDefault("XDG_CONFIG_HOME", "");
            return (directory.isEmpty() ? home.resolve(".config") : Path.of(directory)).resolve(FILE);
        }
    }

    private static final String CONFIG_VARIABLE = variable(CONFIG);

    /** One option's value as it would stand on the command line, and where it comes from. */
    private record Preferred(List<String> words, String origin) {}

    private final List<String> typed;
    private final CommandLine command;
    /** How many of the words name the command. */
    private final int named;
    private final Map<String, Preferred> found = new LinkedHashMap<>();
    /** Options that the named plan sets, and their values. */
    private final Map<String, String> planned;

    /**
     * Finds what is preferred for the command that a command line names.
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

    /** Gives {@code --config} and {@code --print-config} to a command and those below it, but not to JMH's. */
    static void addOptions(CommandLine command) {
        var spec = command.getCommandSpec();
        if (command.getSubcommands().isEmpty() && !spec.name().equals("bench")) {
            spec.addOption(OptionSpec.builder(CONFIG).paramLabel("FILE").type(Path.class)
                    .description("Take options from this YAML file instead of ~/.config/shakedown.yaml.").build());
            spec.addOption(OptionSpec.builder(PRINT).type(boolean.class)
                    .description("Print every option with its value and where that comes from, and do nothing else.")
                    .build());
        }
        command.getSubcommands().values().stream().distinct().forEach(Preferences::addOptions);
    }

    /** Whether an option asks something of this one call, such as for help. */
    static boolean isAboutTheCall(OptionSpec option) {
        return NEVER.contains(option.longestName());
    }

    /** Those that can be preferred. */
    private static Stream<OptionSpec> options(CommandLine command) {
        return command.getCommandSpec().options().stream()
                .filter(option -> !option.hidden() && !isAboutTheCall(option));
    }

    /** The command line with what is preferred in it. */
    List<String> arguments() {
        var all = new ArrayList<>(typed.subList(0, named));
        found.values().forEach(each -> all.addAll(each.words));
        all.addAll(typed.subList(named, typed.size()));
        return all;
    }

    /** A complaint, and where those options come from that it speaks of though nobody typed them. */
    String explained(String complaint) {
        var origins = found.entrySet().stream()
                .filter(each -> complaint.matches("(?s).*" + each.getKey() + "\\b(?!-).*"))
                .map(each -> each.getKey() + " is from " + each.getValue().origin).collect(Collectors.joining(", "));
        return origins.isEmpty() ? complaint : complaint + " (" + origins + ")";
    }

    /** Whether nothing is to be done but to print what is preferred. */
    boolean isAsked() {
        return isTyped(PRINT);
    }

    /** Every option of the command with its value and where that comes from, once it has been read. */
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
                : Optional.ofNullable(found.get(option.longestName())).map(Preferred::origin);
    }

    /** As it was given, since that is what whoever gave it looks for. */
    private String given(OptionSpec option) {
        var name = option.longestName();
        if (planned.containsKey(name) && !isTyped(option)) {
            return planned.get(name);
        }
        return option.arity().max() == 0
                ? String.valueOf(option.<Object>getValue())
                : String.join(",", option.originalStringValues());
    }

    /** What help says that it is where nobody sets it. */
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

    /** The variable of an option, such as {@code SHAKEDOWN_MAX_IN_FLIGHT}. */
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
                    : ", line " + e.getLocation().getLineNr()) + ": it is no YAML there", e);
        } catch (IOException e) {
            throw new IllegalArgumentException(CONFIG + " " + file + " cannot be read", e);
        }
        // What stands under a command's name goes before what is for all of them.
        var sections = new ArrayList<JsonNode>();
        var section = root;
        for (var each : path) {
            if (each != path.getFirst()) {
                section = section.path(each.getCommandName());
            }
            // The command line may hold no other command than the one that was typed.
            check(file, section, each == path.getFirst() ? Main.commandLine() : each);
            sections.addFirst(section);
        }
        for (var node : sections) {
            options(command).filter(option -> node.has(name(option)))
                    .forEach(option -> add(option, values(node.get(name(option))), file.toString()));
        }
    }

    /** Everything in a section must be an option of some command below, or a command. */
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
        if (found.containsKey(name) || isDisplaced(option)) {
            return;
        }
        found.put(name, new Preferred(option.arity().max() == 0
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
                        .anyMatch(other -> found.containsKey(other) || isTyped(other));
    }

    private boolean isTyped(OptionSpec option) {
        return Stream.of(option.names()).anyMatch(this::isTyped)
                || option.negatable() && isTyped("--no-" + name(option));
    }

    private boolean isTyped(String name) {
        return typedOptions().anyMatch(word -> word.equals(name) || word.startsWith(name + "="));
    }

    private Stream<String> typedOptions() {
        return typed.stream().skip(named).takeWhile(word -> !word.equals("--"));
    }

    /** What follows an option on the command line; empty where it is not given. */
    private Optional<String> value(String name) {
        var words = typedOptions().toList();
        var at = words.indexOf(name);
        if (at >= 0 && at + 1 < words.size()) {
            return Optional.of(words.get(at + 1));
        }
        return words.stream().filter(word -> word.startsWith(name + "=")).findFirst()
                .map(word -> word.substring(name.length() + 1));
    }

    /** What is wrong with a plan is said when it is used. */
    private Map<String, String> planned() {
        var planned = new LinkedHashMap<String, String>();
        try {
            value(ShapeOptions.PLAN).map(file -> PlanFile.read(ShapeOptions.PLAN, Path.of(file)).options())
                    .ifPresent(options -> options.forEach((name, value) -> planned.put("--" + name, value)));
        } catch (IllegalArgumentException _) {
            // nothing is planned
        }
        return planned;
    }
}
