package dev.shakedown.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What runs this project, or this tool, in continuous integration says what the tool and the service take. */
class WorkflowsTest {
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    static final Path ACTION = Path.of(".github", "actions", "gate-load");
    private static final Pattern PINNED = Pattern.compile("uses: [\\w./-]+@[0-9a-f]{40} # v\\d+\\.\\d+\\.\\d+");
    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{.*?}}");
    private static final Pattern CALL = Pattern.compile("scripts/shakedown\"? ([^>|;&]*)");
    private static final Pattern SCRIPT = Pattern.compile("(?:scripts|\\.ci)/[\\w-]+");
    private static final Pattern INPUT = Pattern.compile("inputs\\.([\\w-]+)");

    static Stream<Path> files() throws IOException {
        var found = new ArrayList<Path>();
        for (var directory : List.of(".github", "scripts/ci")) {
            try (var files = Files.walk(Document.root().resolve(directory))) {
                files.filter(file -> file.toString().endsWith(".yml")).forEach(found::add);
            }
        }
        assertTrue(found.size() >= 5, found::toString);
        return found.stream();
    }

    static JsonNode read(Path file) throws IOException {
        return YAML.readTree(Files.readString(file));
    }

    @ParameterizedTest
    @MethodSource("files")
    void commandLinesAreTheTools(Path file) throws IOException {
        read(file).findValues("run").forEach(run -> calls(run.asText()).forEach(WorkflowsTest::assertParses));
        read(file).findValues("script").forEach(script -> script
                .forEach(line -> calls(line.asText()).forEach(WorkflowsTest::assertParses)));
    }

    @ParameterizedTest
    @MethodSource("files")
    void scriptsExist(Path file) throws IOException {
        for (var run : read(file).findValues("run")) {
            SCRIPT.matcher(run.asText()).results().map(script -> Document.root().resolve(script.group()))
                    .forEach(script -> assertTrue(Files.isExecutable(script), script::toString));
        }
    }

    @Test
    void examplesCallTheTool() throws IOException {
        var calls = new ArrayList<String>();
        for (var file : files().toList()) {
            calls.addAll(calls(Files.readString(file)));
        }
        assertTrue(calls.size() >= 4, calls::toString);
    }

    private static List<String> calls(String script) {
        var plain = EXPRESSION.matcher(script).replaceAll("expression").replace("\\\n", " ");
        return CALL.matcher(plain).results().map(call -> call.group(1)).toList();
    }

    private static void assertParses(String call) {
        // As a shell takes them: quotes around a whole word or none.
        var words = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)").matcher(call.strip()).results()
                .map(WorkflowsTest::word).toArray(String[]::new);
        Main.commandLine().parseArgs(words);
    }

    private static String word(MatchResult word) {
        return Stream.of(1, 2, 3).map(word::group).filter(group -> group != null).findFirst().orElseThrow();
    }

    /** A tag can be moved, and would take our permissions with it. */
    @ParameterizedTest
    @MethodSource("files")
    void othersActionsAreNamedByTheirCommits(Path file) throws IOException {
        if (file.toString().contains(".github")) {
            var loose = Files.readString(file).lines().filter(line -> line.contains("uses: "))
                    .filter(line -> !PINNED.matcher(line).find()).toList();
            assertEquals(List.of(), loose);
        }
    }

    @Test
    void onlyWhatPublishesMayWrite() throws IOException {
        try (var workflows = Files.list(Document.root().resolve(".github/workflows"))) {
            for (var file : workflows.toList()) {
                var workflow = read(file);
                assertEquals("{\"contents\":\"read\"}", workflow.path("permissions").toString(), file::toString);
                workflow.path("jobs").properties().forEach(job -> assertEquals(
                        job.getKey().equals("publish") ? "{\"contents\":\"write\"}" : "",
                        job.getValue().path("permissions").toString(), job::getKey));
                assertFalse(workflow.path("on").isMissingNode(), file::toString);
            }
        }
    }

    /** Inputs reach a shell as variables alone, so that no input is taken for a command. */
    @Test
    void theActionDeclaresWhatItTakesAndGives() throws IOException {
        var action = read(Document.root().resolve(ACTION).resolve("action.yml"));
        var gate = gate(action);
        assertEquals(names(action.path("inputs")), INPUT.matcher(gate.path("env").toString()).results()
                .map(input -> input.group(1)).collect(Collectors.toCollection(TreeSet::new)));
        for (var step : action.path("runs").path("steps")) {
            assertFalse(step.path("run").asText().contains("${{"), step::toString);
        }
        var script = Files.readString(Document.root().resolve(ACTION).resolve("gate-load"));
        names(gate.path("env")).forEach(
                name -> assertTrue(Pattern.compile("\\$\\{?" + name + "\\b").matcher(script).find(), name));
        action.path("outputs").properties().forEach(output -> {
            assertEquals("${{ steps.gate.outputs." + output.getKey() + " }}",
                    output.getValue().path("value").asText());
            assertTrue(script.contains("\"" + output.getKey() + "="), output::getKey);
        });
        action.path("inputs").forEach(input -> assertTrue(input.has("description")
                && input.path("required").asBoolean() != input.has("default"), input::toString));
    }

    static JsonNode gate(JsonNode action) {
        for (var step : action.path("runs").path("steps")) {
            if (step.path("id").asText().equals("gate")) {
                return step;
            }
        }
        throw new AssertionError("no step with the id gate in " + action);
    }

    private static Set<String> names(JsonNode object) {
        var names = new TreeSet<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void theManualUsesTheActionAsItIs() throws IOException {
        var manual = Files.readString(Document.root().resolve("loadgen/README.md"));
        var block = Pattern.compile("(?ms)^```yaml\\n(- uses: .*?)^```$").matcher(manual);
        assertTrue(block.find());
        var use = YAML.readTree(block.group(1)).path(0);
        assertTrue(use.path("uses").asText().contains("/" + ACTION + "@"), use::toString);
        var action = read(Document.root().resolve(ACTION).resolve("action.yml"));
        assertTrue(names(action.path("inputs")).containsAll(names(use.path("with"))), use::toString);
        action.path("inputs").properties().stream().filter(input -> input.getValue().path("required").asBoolean())
                .forEach(input -> assertTrue(use.path("with").has(input.getKey()), input::getKey));
    }
}
