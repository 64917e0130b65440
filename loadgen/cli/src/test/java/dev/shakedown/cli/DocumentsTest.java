package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.shakedown.comparison.GateResult;
import dev.shakedown.experiment.CapacityResult;
import dev.shakedown.experiment.CostResult;
import dev.shakedown.results.RunResult;
import dev.shakedown.trace.ScanReport;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What documents name exists, and what exists is named where people look for it. */
class DocumentsTest {
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)]+)\\)");
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--[a-z][a-z-]*[a-z]");
    private static final Pattern FILE = Pattern.compile("(scripts|results|bench|loadgen)/[\\w./-]+");
    /** Options of the test script. */
    private static final Set<String> OF_SCRIPTS = Set.of("--unit", "--check");
    /** Files that the tool or the build creates. */
    private static final Pattern MADE = Pattern.compile("results/runs(/.*)?|.*/target/.*");

    static List<Document> documents() throws IOException {
        return Document.all();
    }

    @ParameterizedTest
    @MethodSource("documents")
    void linksLeadSomewhere(Document document) throws IOException {
        var links = LINK.matcher(document.prose()).results().map(link -> link.group(1))
                .filter(link -> !link.startsWith("https:")).toList();
        for (var link : links) {
            var parts = link.split("#", 2);
            var file = parts[0].isEmpty()
                    ? Document.root().resolve(document.path())
                    : Document.root().resolve(document.path()).resolveSibling(parts[0]).normalize();
            assertTrue(Files.exists(file), () -> document.path() + " links to " + link);
            if (parts.length == 2) {
                assertTrue(new Document(link, Files.readString(file)).anchors().contains(parts[1]),
                        () -> document.path() + " links to " + link);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namedFilesExist(Document document) {
        var missing = document.quoted().filter(span -> FILE.matcher(span).matches() && !MADE.matcher(span).matches())
                .filter(span -> !Files.exists(Document.root().resolve(span))).toList();
        assertEquals(List.of(), missing, document.path());
    }

    @ParameterizedTest
    @MethodSource("documents")
    void namedOptionsExist(Document document) {
        var known = knownOptions();
        var unknown = Stream.concat(document.quoted(), document.examples().stream().map(Document::joined))
                .flatMap(span -> OPTION.matcher(span).results().map(option -> option.group()))
                .filter(option -> !known.contains(option)).distinct().toList();
        assertEquals(List.of(), unknown, document.path());
    }

    private static Set<String> knownOptions() {
        var names = new HashSet<>(OF_SCRIPTS);
        var left = new ArrayList<>(List.of(Main.commandLine()));
        while (!left.isEmpty()) {
            var command = left.removeLast();
            left.addAll(command.getSubcommands().values());
            for (var option : command.getCommandSpec().options()) {
                names.addAll(Arrays.asList(option.names()));
                if (option.negatable()) {
                    var positive = option.longestName().replaceFirst("^--(no-)?", "--");
                    names.addAll(List.of(positive, positive.replaceFirst("--", "--no-")));
                }
            }
        }
        return names;
    }

    @Test
    void eachCommandHasItsSectionInTheOrderOfTheHelp() throws IOException {
        var commands = List.copyOf(Main.commandLine().getSubcommands().keySet()).stream()
                .filter(name -> primary(name)).toList();
        var manual = document("loadgen/README.md");
        assertEquals(commands, manual.headings().stream().filter(commands::contains).toList());
        for (var command : commands) {
            assertTrue(document("README.md").text().contains("(loadgen/README.md#" + command + ")"), command);
            assertTrue(manual.examples().stream().anyMatch(words -> words.getFirst().equals(command)), command);
        }
    }

    /** Not another name of a command that has one. */
    private static boolean primary(String name) {
        CommandLine command = Main.commandLine().getSubcommands().get(name);
        return command.getCommandName().equals(name) && !command.getCommandSpec().usageMessage().hidden();
    }

    @Test
    void eachOptionThatLoadsIsInTheManual() throws IOException {
        var manual = document("loadgen/README.md").text();
        for (var command : List.of("run", "capacity", "cost", "trace", "scan", "server")) {
            var missing = Main.commandLine().getSubcommands().get(command).getCommandSpec().options().stream()
                    .filter(option -> !option.hidden()).map(option -> option.longestName())
                    .filter(name -> !Set.of("--help", "--version").contains(name))
                    .filter(name -> !manual.contains(name)).toList();
            assertEquals(List.of(), missing, command);
        }
    }

    @ParameterizedTest
    @ValueSource(classes = {RunResult.class, CapacityResult.class, CostResult.class, GateResult.class,
        ScanReport.class})
    void eachNameInResultsIsExplained(Class<?> result) throws IOException {
        var explained = document("results/README.md").quoted()
                .flatMap(span -> Arrays.stream(span.split("[^A-Za-z0-9]+"))).collect(Collectors.toSet());
        var names = new HashSet<String>();
        collect(result, names, new HashSet<>());
        assertTrue(names.size() > 5, names::toString);
        names.removeAll(explained);
        assertEquals(Set.of(), names);
    }

    private static void collect(Type type, Set<String> names, Set<Type> seen) {
        if (type instanceof ParameterizedType several) {
            Arrays.stream(several.getActualTypeArguments()).forEach(part -> collect(part, names, seen));
        } else if (type instanceof Class<?> one && one.isRecord() && seen.add(one)) {
            for (var component : one.getRecordComponents()) {
                if (!takenApart(component)) {
                    names.add(component.getName());
                }
                collect(component.getGenericType(), names, seen);
            }
        }
    }

    /** Whether the file has the parts of this instead. */
    private static boolean takenApart(RecordComponent component) {
        return Arrays.stream(component.getAccessor().getAnnotations())
                .anyMatch(annotation -> annotation.annotationType().getSimpleName().equals("JsonUnwrapped"));
    }

    @Test
    void theFirstPageIsShort() throws IOException {
        assertTrue(document("README.md").text().lines().count() <= 150);
        assertTrue(Files.size(Document.root().resolve(Path.of("results", "report.png"))) < 150_000);
    }

    @Test
    void noDocumentIsForgotten() throws IOException {
        var first = document("README.md").text();
        for (var document : Document.all()) {
            assertTrue(document.path().equals("README.md") || first.contains("(" + document.path()), document.path());
            assertFalse(document.text().contains("\t"), document.path());
        }
    }

    private static Document document(String path) throws IOException {
        return new Document(path, Files.readString(Document.root().resolve(path)));
    }
}
